//! The reloader's thread with real files: what triggers it, what meets, what stays.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use prometheus::{Registry, TextEncoder};
use tempfile::TempDir;
use tokio::sync::oneshot;

use super::{Around, Outcome, Reload, Reloader, RulesHandle, Trigger};
use crate::config::{Layers, Override, RuleSource, RulesState, Settings, Surroundings, load};
use crate::metrics::{Metrics, ReloadResult};
use crate::pipeline::probe::Probe;
use crate::pipeline::shutdown::Stop;
use crate::rule::RuleSet;

/// A reloader at work on a folder of its own.
pub(super) struct Bench {
    pub folder: TempDir,
    pub rules: Arc<RulesHandle>,
    pub reload: Reload,
    pub probe: Arc<Probe>,
    registry: Registry,
    stop: Stop,
}

impl Bench {
    pub fn new(watch: bool) -> Bench {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write_good(folder.path(), 1);
        Bench::on(folder, watch)
    }

    pub fn on(folder: TempDir, watch: bool) -> Bench {
        let settings = settings(folder.path(), watch);
        let (read, rules) = first(folder.path(), &settings.rules.jurisdictions);
        let registry = Registry::new();
        let bench = Bench {
            rules: Arc::new(RulesHandle::new(Arc::new(rules))),
            folder,
            reload: Reload::new(),
            probe: Arc::new(Probe::new()),
            stop: Stop::new(),
            registry: registry.clone(),
        };
        let around = Around {
            rules: Arc::clone(&bench.rules),
            metrics: Metrics::register(&registry).expect("a fresh registry"),
            probe: Arc::clone(&bench.probe),
            requests: bench.reload.clone(),
            stop: bench.stop.clone(),
        };
        Reloader::new(&settings, Some(read), around).spawn().expect("a thread");
        bench
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Asks as HTTP does, and waits.
    pub fn ask(&self) -> Outcome {
        wait(self.reload.ask(Trigger::Http)).expect("it answers")
    }

    pub fn metric(&self, name: &str) -> Option<u64> {
        let text = TextEncoder::new().encode_to_string(&self.registry.gather()).expect("text");
        text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
    }

    fn reloads(&self, result: ReloadResult) -> u64 {
        let name = format!("tripline_rules_reloads_total{{result=\"{}\"}}", result.as_str());
        self.metric(&name).expect("it is touched at start")
    }

    /// As `/ready` shows it, which is told last.
    fn epoch(&self) -> u64 {
        self.probe.snapshot().rule_set.map_or(1, |set| set.epoch)
    }

    fn within(&self, limit: Duration, what: &str, mut holds: impl FnMut(&Bench) -> bool) {
        let deadline = Instant::now() + limit;
        while !holds(self) {
            assert!(Instant::now() < deadline, "{what}: {:?}", self.probe.snapshot());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.stop.request();
    }
}

fn wait(outcome: oneshot::Receiver<Outcome>) -> Option<Outcome> {
    outcome.blocking_recv().ok()
}

fn settings(folder: &Path, watch: bool) -> Settings {
    let over = |(key, value): (&str, String)| Override { key: key.into(), value, flag: "of the test".into() };
    let overrides =
        [("rules.paths", folder.display().to_string()), ("rules.watch", watch.to_string())].map(over).to_vec();
    let file = Some(("tripline.toml".to_owned(), include_str!("../../../deploy/tripline.toml").to_owned()));
    let around = Surroundings { host_name: "test".to_owned(), property: &|_, _| Ok(()), exists: &|path| path.exists() };
    load(&Layers { file, overrides, ..Layers::default() }, &around).expect("these settings are fine")
}

fn first(folder: &Path, jurisdictions: &[String]) -> (RulesState, RuleSet) {
    let source = RuleSource::Paths(vec![folder.to_owned()]);
    let read = source.state();
    let builder = source.builder().expect("it can be read").jurisdictions(jurisdictions);
    (read, builder.build().expect("it is a good set"))
}

/// Good set number `n`: one notice with as many bodies.
pub(super) fn write_good(folder: &Path, n: usize) {
    fs::create_dir_all(folder.join("notices")).expect("a folder");
    fs::write(folder.join("notices/good.yaml"), good(n)).expect("a file");
}

pub(super) fn good(n: usize) -> String {
    let header = "\
notice:
  id: example-2031-1
  authority: { zh: 样例机关, en: Example Authority }
  kind: ban
  jurisdiction: CN
  published: 2031-04-14
  sources: [{ url: https://authority.example/list, kind: official }]
organizations:
";
    let bodies = (0..n).map(|i| format!("  - {{ id: sham-{i}, name: 中国样例第{i}学会, listing: banned }}\n"));
    bodies.fold(header.to_owned(), |text, body| text + &body)
}

#[test]
fn a_request_loads_what_is_there_and_an_equal_set_changes_nothing() {
    let bench = Bench::new(false);
    let before = bench.rules.current();
    assert_eq!(bench.probe.snapshot().last_reload, None);

    let same = bench.ask();
    assert_eq!((same.result, same.epoch, same.reason), (ReloadResult::Unchanged, 1, None));
    assert!(Arc::ptr_eq(&bench.rules.current().rules, &before.rules), "the scanners stay");
    assert!(bench.rules.is_current(&before));

    write_good(bench.path(), 2);
    let next = bench.ask();
    assert_eq!((next.result, next.epoch), (ReloadResult::Loaded, 2));
    assert_eq!(next.digest, bench.rules.current().rules.digest().to_string());
    assert!(!bench.rules.is_current(&before));
    assert_eq!(bench.metric(&format!("tripline_rules_info{{digest=\"{}\",epoch=\"2\"}}", next.digest)), Some(1));
    assert!(bench.metric("tripline_rules_loaded_timestamp_seconds").is_some_and(|seconds| seconds > 1_000_000_000));
    let shown = bench.probe.snapshot();
    assert_eq!(shown.rule_set.expect("it was loaded").epoch, 2);
    assert_eq!(shown.last_reload.expect("there was one").result, "loaded");
}

#[test]
fn a_set_that_fails_is_seen_until_a_good_one_comes() {
    let bench = Bench::new(false);
    fs::write(bench.path().join("notices/bad.yaml"), "notice: { id: 5\n").expect("a file");
    let failed = bench.ask();
    assert_eq!((failed.result, failed.epoch), (ReloadResult::Failed, 1));
    assert_eq!(bench.metric("tripline_rules_reload_successful"), Some(0));
    let shown = bench.probe.snapshot().last_reload.expect("there was one");
    assert_eq!((shown.result, shown.trigger), ("failed", "http"));
    assert!(shown.reason.is_some_and(|reason| reason.contains("bad.yaml:1:")));

    fs::remove_file(bench.path().join("notices/bad.yaml")).expect("it is there");
    assert_eq!(bench.ask().result, ReloadResult::Unchanged);
    assert_eq!(bench.metric("tripline_rules_reload_successful"), Some(1));
    let counts = [ReloadResult::Loaded, ReloadResult::Unchanged, ReloadResult::Failed].map(|r| bench.reloads(r));
    assert_eq!(counts, [0, 1, 1]);
}

#[test]
fn the_files_are_watched_and_each_of_their_states_is_read_once() {
    let limit = Duration::from_secs(20);
    let bench = Bench::new(true);
    write_good(bench.path(), 3);
    bench.within(limit, "a change is loaded", |bench| bench.epoch() == 2);

    fs::write(bench.path().join("notices/good.yaml"), good(3).replace("ban", "bann")).expect("a file");
    bench.within(limit, "a bad set is tried", |bench| bench.reloads(ReloadResult::Failed) > 0);
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(bench.reloads(ReloadResult::Failed), 1, "and not at every look");
    assert_eq!(bench.rules.current().epoch, 2);

    fs::remove_dir_all(bench.path()).expect("it is there");
    bench.within(limit, "that nothing is left is tried", |bench| bench.reloads(ReloadResult::Failed) > 1);
    write_good(bench.path(), 4);
    bench.within(limit, "the next good set is loaded", |bench| bench.epoch() == 3);
    assert_eq!(bench.rules.current().rules.organizations().len(), 4);
    assert_eq!(bench.probe.snapshot().last_reload.expect("there was one").trigger, "watch");
}

#[test]
fn what_was_asked_for_is_not_read_again_by_the_watch() {
    let bench = Bench::new(true);
    write_good(bench.path(), 2);
    assert_eq!(bench.ask().result, ReloadResult::Loaded);
    std::thread::sleep(Duration::from_secs(3));
    let counts = [ReloadResult::Loaded, ReloadResult::Unchanged, ReloadResult::Failed].map(|r| bench.reloads(r));
    assert_eq!(counts, [1, 0, 0]);
}

#[test]
fn without_a_watch_only_who_asks_gets_a_reload() {
    let bench = Bench::new(false);
    write_good(bench.path(), 2);
    std::thread::sleep(Duration::from_millis(2500));
    assert_eq!(bench.rules.current().epoch, 1);
    bench.reload.request(Trigger::Signal);
    bench.within(Duration::from_secs(20), "a signal is asking", |bench| bench.epoch() == 2);
}

#[test]
fn however_many_ask_during_a_build_one_more_answers_them_all() {
    let reload = Reload::new();
    let first = reload.ask(Trigger::Http);
    let building = reload.next(Duration::ZERO).expect("it was asked");
    let during: Vec<_> = (0..50).map(|_| reload.ask(Trigger::Http)).collect();
    reload.request(Trigger::Signal);

    let outcome = |epoch| Outcome {
        result: ReloadResult::Loaded,
        reason: None,
        when: jiff::Timestamp::UNIX_EPOCH,
        trigger: Trigger::Http,
        digest: String::new(),
        epoch,
    };
    building.answer(&outcome(2));
    assert_eq!(wait(first).map(|outcome| outcome.epoch), Some(2));
    reload.next(Duration::ZERO).expect("they asked").answer(&outcome(3));
    assert!(during.into_iter().all(|one| wait(one).is_some_and(|outcome| outcome.epoch == 3)));
    assert!(reload.next(Duration::ZERO).is_none(), "and no other");

    let late = reload.ask(Trigger::Http);
    reload.close();
    assert_eq!((wait(late), wait(reload.ask(Trigger::Http))), (None, None), "nobody waits in vain");
}

#[test]
fn a_set_is_gone_when_its_last_worker_has_left_it() {
    let bench = Bench::new(false);
    let worker = bench.rules.current();
    let old: Weak<RuleSet> = Arc::downgrade(&worker.rules);
    write_good(bench.path(), 2);
    bench.ask();
    assert!(old.upgrade().is_some(), "the worker is in the middle of a batch");
    drop(worker);
    bench.within(Duration::from_secs(20), "it is gone", |_| old.strong_count() == 0);
}

#[test]
#[cfg(unix)]
fn a_swapped_volume_is_loaded() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (version, bodies) in [("..2031_1", 1), ("..2031_2", 2)] {
        fs::create_dir(folder.path().join(version)).expect("a folder");
        fs::write(folder.path().join(version).join("good.yaml"), good(bodies)).expect("a file");
    }
    symlink("..2031_1", folder.path().join("..data")).expect("a link");
    symlink("..data/good.yaml", folder.path().join("good.yaml")).expect("a link");
    let bench = Bench::on(folder, true);

    symlink("..2031_2", bench.path().join("..data_tmp")).expect("a link");
    fs::rename(bench.path().join("..data_tmp"), bench.path().join("..data")).expect("a link can be renamed");
    fs::remove_dir_all(bench.path().join("..2031_1")).expect("the old volume goes");
    bench.within(Duration::from_secs(20), "the new volume is loaded", |bench| bench.epoch() == 2);
    assert_eq!(bench.rules.current().rules.organizations().len(), 2);
}
