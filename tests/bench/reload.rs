//! What a reload costs those who judge meanwhile: the longest batch while 10,000 names are loaded every second.
//!
//! One process, one consumer, a topic that it catches up with, on two cores shared with the broker. The same run without a
//! reload stands beside it, in turns. The program itself says how long each batch took (`log.level`, trace), because the
//! buckets of the histogram are too coarse for a longest one. On a shared machine a longest batch is mostly bad luck, so rounds are
//! several, and what is compared are the medians of the rounds' longest.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use serde_json::json;
use tempfile::TempDir;

use crate::http::ask;
use crate::kafka::{Broker, Message, unique};
use crate::made_up::{Volume, name};
use crate::records::texts;
use crate::rounds::median;

const NAMES: usize = 10_000;
const SETS: usize = 2;
const COUNT: usize = 400_000;
/// The same records several times: a run is to last several reloads.
const TIMES: usize = 4;
const PARTITIONS: i32 = 8;
const ROUNDS: usize = 9;
const EVERY: Duration = Duration::from_secs(1);
const LIMIT: Duration = Duration::from_secs(300);

/// The longest batch with reloads and without.
pub fn under_load() {
    let broker = Broker::shared();
    let topics = Topics::fill(broker);
    println!("\nreload of {NAMES} names every second ({} records a round, {ROUNDS} rounds in turns)", COUNT * TIMES);
    let mut without = Vec::new();
    let mut with = Vec::new();
    for round in 0..=ROUNDS {
        let (quiet, _) = Run::start(broker, &topics).batches(false);
        let (busy, reloads) = Run::start(broker, &topics).batches(true);
        if round > 0 {
            println!(
                "  round {round}: longest {:.2} ms without, {:.2} ms with {reloads} reloads",
                quiet.longest, busy.longest
            );
            without.push(quiet);
            with.push(busy);
        }
    }
    for (what, of) in [
        ("longest batch", (|batches| batches.longest) as fn(&Batches) -> f64),
        ("longest way from batch to batch", |batches| batches.longest_turn),
        ("99.9 % of batches", |batches| batches.permille_999),
        ("half of batches", |batches| batches.half),
        ("the whole run, seconds", |batches| batches.seconds),
    ] {
        let middle = |runs: &[Batches]| median(runs.iter().map(of).collect());
        let (quiet, busy) = (middle(&without), middle(&with));
        println!("  {what:<34} {quiet:>9.3} without {busy:>9.3} with   {:>6.3} x", busy / quiet);
    }
    println!("  (milliseconds, medians of the rounds; target: the longest batch at most 1.2 x)");
}

struct Topics {
    posts: String,
    others: [String; 3],
}

impl Topics {
    fn fill(broker: &Broker) -> Topics {
        let topics = Topics { posts: unique("bench-posts"), others: ["verdicts", "letters", "receipts"].map(unique) };
        broker.create_topic(&topics.posts, PARTITIONS, &[]);
        for topic in &topics.others {
            broker.create_topic(topic, PARTITIONS, &[]);
        }
        let post = |(n, text): (usize, String)| {
            // One of fifty names a body of each set, so that every set has as much to say.
            let names = if n.is_multiple_of(50) { name(0, n % NAMES) + &name(1, n % NAMES) } else { String::new() };
            let partition = i32::try_from(n).expect("it is small") % PARTITIONS;
            let value = json!({ "id": format!("p-{n}"), "title": "日常", "body": text + &names }).to_string();
            Message::to(&topics.posts).partition(partition).value(value)
        };
        let records: Vec<Message> = texts(COUNT, 0).into_iter().enumerate().map(post).collect();
        (0..TIMES).for_each(|_| broker.produce(&records));
        topics
    }
}

/// One process of `tripline run` from the beginning of the topic to its end.
struct Run {
    process: Child,
    http: SocketAddr,
    volume: Volume,
    folder: TempDir,
}

/// How long the batches of a run took, in milliseconds.
struct Batches {
    longest: f64,
    /// From the end of one batch to the end of the next: with everything that is done between two.
    longest_turn: f64,
    permille_999: f64,
    half: f64,
    seconds: f64,
}

impl Run {
    fn start(broker: &Broker, topics: &Topics) -> Run {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let rules = folder.path().join("rules");
        fs::create_dir(&rules).expect("it is writable");
        let volume = Volume::make(&rules, SETS, NAMES);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        let http = listener.local_addr().expect("it is bound");
        drop(listener);
        let file = folder.path().join("tripline.toml");
        fs::write(&file, settings(broker, topics, &rules, http)).expect("settings can be written");
        let log = fs::File::create(folder.path().join("log")).expect("a log can be made");
        let process = Command::new(env!("CARGO_BIN_EXE_tripline"))
            .args(["run".as_ref(), "-c".as_ref(), file.as_os_str()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("tripline runs");
        Run { process, http, volume, folder }
    }

    /// Runs to the end of the topic, and says how long batches took and how many sets were loaded meanwhile.
    fn batches(self, reload: bool) -> (Batches, usize) {
        let deadline = Instant::now() + LIMIT;
        let mut reloads = 0;
        let mut due = None;
        while self.judged() < COUNT * TIMES {
            assert!(Instant::now() < deadline, "tripline does not come to the end");
            if self.judged() > 0 && due.is_none() {
                due = Some(Instant::now() + EVERY / 2);
            }
            if let Some(time) = due
                && reload
                && Instant::now() >= time
            {
                reloads += 1;
                due = Some(time + EVERY);
                self.volume.show(reloads % SETS);
                let answer = ask(self.http, "POST", "/-/reload").expect("it answers");
                assert!(answer.contains(r#""result":"loaded""#), "{answer}");
            }
            thread::sleep(Duration::from_millis(50));
        }
        (Batches::of(&fs::read_to_string(self.folder.path().join("log")).expect("the log can be read")), reloads)
    }

    /// The sum of `tripline_records_total`; 0 while nobody answers.
    fn judged(&self) -> usize {
        let metrics = ask(self.http, "GET", "/metrics").unwrap_or_default();
        let series = metrics.lines().filter(|line| line.starts_with("tripline_records_total{"));
        series.filter_map(|line| line.rsplit(' ').next()?.parse::<usize>().ok()).sum()
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Batches {
    /// From lines such as `2026-01-01T00:00:00.000000Z TRACE …: batch judged records=1000 took_us=2100`.
    fn of(log: &str) -> Batches {
        let lines = log.lines().filter_map(|line| {
            let ended: jiff::Timestamp = line.split(' ').next()?.parse().ok()?;
            let took: f64 = line.rsplit_once("took_us=")?.1.parse().ok()?;
            Some((ended, took / 1000.0))
        });
        let (ends, mut took): (Vec<jiff::Timestamp>, Vec<f64>) = lines.unzip();
        let turns = ends.windows(2).map(|two| (two[1] - two[0]).total(jiff::Unit::Millisecond).unwrap_or_default());
        let longest_turn = turns.fold(0.0, f64::max);
        took.sort_by(f64::total_cmp);
        let all = *ends.last().expect("there were batches") - ends[0];
        Batches {
            longest: took[took.len() - 1],
            longest_turn,
            permille_999: took[took.len() - 1 - took.len() / 1000],
            half: took[took.len() / 2],
            seconds: all.total(jiff::Unit::Second).unwrap_or_default(),
        }
    }
}

fn settings(broker: &Broker, topics: &Topics, rules: &Path, http: SocketAddr) -> String {
    let [verdicts, letters, receipts] = &topics.others;
    format!(
        r#"
[kafka]
bootstrap_servers = "{bootstrap}"
group_id = "{group}"
instance = "bench"
consumers = 1
[[source]]
topic = "{posts}"
kind = "post"
id = "/id"
text = {{ title = "/title", body = "/body" }}
[verdicts]
topic = "{verdicts}"
[dead_letters]
topic = "{letters}"
[receipts]
topic = "{receipts}"
[rules]
paths = ["{rules}"]
[http]
listen = "{http}"
[log]
level = "off,tripline::pipeline::worker=trace"
"#,
        bootstrap = broker.bootstrap(),
        group = unique("bench"),
        posts = topics.posts,
        rules = rules.display(),
    )
}
