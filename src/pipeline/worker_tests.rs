//! The loop of one consumer thread against a scripted source: in which order it writes, commits and lets go.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use super::batch::Batch;
use super::beginning::{Before, Beginnings};
use super::breaker::Breaker;
use super::commit::{Clock, Delivery, Done};
use super::judge::{Plan, PlannedSource};
use super::probe::Probe;
use super::reload::RulesHandle;
use super::run::Fatal;
use super::shutdown::Stop;
use super::worker::{Shared, Worker};
use crate::config::{Emit, Gaps};
use crate::content::Kind;
use crate::event::Mode;
use crate::kafka::{Arrival, Class, Error, Event, Offsets, Position, Source, TopicPartition};
use crate::metrics::Metrics;
use crate::rule::RuleSet;
use crate::stream::{BreakerLimits, FieldMap, Record, SourceFields, Start};

/// What the source does next.
#[derive(Clone, Debug)]
enum Step {
    Event(Event),
    /// Lends the records of these offsets of partition 0.
    Records(std::ops::Range<i64>),
    Error(Class),
    /// The log begins here from now on.
    Low(i64),
}

/// Everything that source and delivery were asked, in order.
type Log = Rc<RefCell<Vec<String>>>;

struct Script {
    steps: RefCell<VecDeque<Step>>,
    /// What the group has committed of partition 0.
    committed: Cell<Option<i64>>,
    /// Answers to commits; `None`: commits are refused.
    answers: RefCell<Option<VecDeque<Event>>>,
    low: RefCell<i64>,
    stop: Stop,
    log: Log,
}

impl Script {
    fn say(&self, what: impl Into<String>) {
        self.log.borrow_mut().push(what.into());
    }
}

fn named(positions: &[Position]) -> String {
    let each: Vec<_> = positions.iter().map(|p| format!(" {}@{}", p.at, p.next)).collect();
    each.concat()
}

impl Source for Script {
    fn take(
        &self,
        _max: usize,
        _wait: Duration,
        _within: Duration,
        each: &mut dyn FnMut(&Arrival<'_>),
    ) -> Result<usize, Error> {
        let mut steps = self.steps.borrow_mut();
        match steps.pop_front() {
            Some(Step::Records(offsets)) => {
                for offset in offsets {
                    each(&Arrival::of(record(offset)));
                }
            }
            Some(Step::Error(class)) => return Err(Error::new(class, "scripted")),
            Some(Step::Low(low)) => *self.low.borrow_mut() = low,
            Some(step @ Step::Event(_)) => steps.push_front(step),
            None => self.stop.request(),
        }
        Ok(0)
    }

    fn event(&self) -> Option<Event> {
        let answer = self.answers.borrow_mut().as_mut().and_then(VecDeque::pop_front);
        if answer.is_some() {
            return answer;
        }
        let mut steps = self.steps.borrow_mut();
        match steps.pop_front() {
            Some(Step::Event(event)) => Some(event),
            Some(step) => {
                steps.push_front(step);
                None
            }
            None => None,
        }
    }

    fn offsets(&self, partitions: &[TopicPartition], _: Option<i64>, _: Duration) -> Result<Vec<Offsets>, Error> {
        let (committed, low) = (self.committed.get(), *self.low.borrow());
        let one = |at: &TopicPartition| Offsets { at: at.clone(), committed, low, high: 100, at_time: None };
        Ok(partitions.iter().map(one).collect())
    }

    fn assign(&self, positions: &[Position]) -> Result<(), Error> {
        self.say(format!("assign{}", named(positions)));
        Ok(())
    }

    fn unassign(&self, partitions: &[TopicPartition]) -> Result<(), Error> {
        let each: Vec<_> = partitions.iter().map(|at| format!(" {at}")).collect();
        self.say(format!("unassign{}", each.concat()));
        Ok(())
    }

    fn commit(&self, positions: &[Position]) -> Result<(), Error> {
        self.say(format!("commit{}", named(positions)));
        let mut answers = self.answers.borrow_mut();
        let Some(answers) = answers.as_mut() else {
            return Err(Error::new(Class::StaleGeneration, "scripted"));
        };
        self.committed.set(Some(positions[0].next));
        answers.push_back(Event::Committed { result: Ok(()), positions: positions.to_vec() });
        Ok(())
    }

    fn commit_now(&self, positions: &[Position], _: Duration) -> Result<(), Error> {
        self.say(format!("commit now{}", named(positions)));
        self.committed.set(Some(positions[0].next));
        Ok(())
    }

    fn pause(&self, _: &[TopicPartition]) -> Result<(), Error> {
        self.say("pause");
        Ok(())
    }

    fn resume(&self, _: &[TopicPartition]) -> Result<(), Error> {
        self.say("resume");
        Ok(())
    }
}

/// Writes everything at the second look, or nothing at all.
struct Writer {
    batches: Vec<Batch>,
    is_stuck: bool,
    log: Log,
}

impl Delivery for Writer {
    fn accept(&mut self, batch: Batch) {
        let receipts = batch.parts.iter().filter_map(|part| part.receipt.as_ref());
        let ranges: Vec<_> = receipts.map(|r| format!(" {}..{}", r.first, r.next)).collect();
        self.log.borrow_mut().push(format!("judged{}", ranges.concat()));
        self.batches.push(batch);
    }

    fn wait(&mut self, _wait: Duration) {}

    fn progress(&mut self, _clock: Clock) -> Result<Vec<Done>, Fatal> {
        if self.is_stuck {
            return Ok(Vec::new());
        }
        let done = self.batches.drain(..).map(|batch| Done { parts: batch.parts, tally: batch.tally });
        Ok(done.collect())
    }

    fn has_room(&self) -> bool {
        true
    }

    fn age(&self, _now: std::time::Instant) -> Option<Duration> {
        None
    }
}

fn record(offset: i64) -> Record<'static> {
    let value = Some(&br#"{"body":"nothing of note"}"#[..]);
    Record { topic: "posts", partition: 0, offset, timestamp_ms: None, key: None, value, headers: vec![] }
}

/// One run of a worker.
struct Run {
    steps: Vec<Step>,
    committed: Option<i64>,
    low: i64,
    gaps: Gaps,
    is_stuck: bool,
    commits_are_refused: bool,
    before: Before,
}

impl Run {
    fn of(steps: &[Step]) -> Run {
        Run {
            steps: steps.to_vec(),
            committed: Some(10),
            low: 0,
            gaps: Gaps::Stop,
            is_stuck: false,
            commits_are_refused: false,
            before: Before::default(),
        }
    }

    fn log(self) -> (Vec<String>, Result<(), Fatal>) {
        let (log, stop) = (Log::default(), Stop::new());
        let source = Script {
            steps: RefCell::new(self.steps.into()),
            committed: Cell::new(self.committed),
            answers: RefCell::new((!self.commits_are_refused).then(VecDeque::new)),
            low: RefCell::new(self.low),
            stop: stop.clone(),
            log: Rc::clone(&log),
        };
        let delivery = Writer { batches: Vec::new(), is_stuck: self.is_stuck, log: Rc::clone(&log) };
        let shared = Arc::new(shared(stop, self.gaps, self.before));
        let worker = Worker::new(shared, Probe::new().worker(), source, delivery);
        let (_, _, result) = worker.run();
        let log = log.borrow().clone();
        (log, result)
    }
}

fn shared(stop: Stop, gaps: Gaps, before: Before) -> Shared {
    let metrics = Metrics::register(&prometheus::Registry::new()).expect("a fresh registry");
    let fields = SourceFields {
        kind: Kind::Post,
        id: None,
        author: None,
        time: None,
        region: None,
        attributes: vec![],
        text: vec![("body".into(), "/body".into())],
        links: vec![],
    };
    let map = FieldMap::compile(&fields).expect("a pointer");
    let rules = RuleSet::builder().build().expect("no rules are fine rules");
    let plan = Plan {
        cluster: "c".into(),
        sources: vec![PlannedSource { topic: "posts".into(), kind: Kind::Post, map }],
        verdicts: "verdicts".into(),
        mode: Mode::Binary,
        emit: Emit::Flagged,
        headers: Vec::new(),
        dead_letters: "dead".into(),
        settings: "sha256:00".into(),
        max_verdict: 1_000_000,
        max_dead_letter: 1_000_000,
        observer: None,
        metrics: metrics.clone(),
        breaker: Breaker::new(BreakerLimits { texts: 0, window_ms: 1 }),
    };
    let beginnings = Beginnings { start: Start::Earliest, gaps, before, metrics: metrics.clone() };
    let rules = Arc::new(RulesHandle::new(Arc::new(rules)));
    Shared { plan, rules, beginnings, metrics, stop, drain: Duration::from_millis(150) }
}

fn posts() -> Vec<TopicPartition> {
    vec![TopicPartition::new("posts", 0)]
}

fn assigned() -> Step {
    Step::Event(Event::Assigned(posts()))
}

/// A round without a record, in which answers are read.
const NOTHING: Step = Step::Records(0..0);

fn revoked(lost: bool) -> Step {
    Step::Event(Event::Revoked { partitions: posts(), lost })
}

#[test]
fn a_revocation_finishes_and_commits_before_it_lets_go() {
    let (log, result) = Run::of(&[assigned(), Step::Records(10..13), revoked(false)]).log();
    assert!(result.is_ok());
    assert_eq!(log, ["assign posts/0@10", "judged 10..13", "commit now posts/0@13", "unassign posts/0"]);
}

#[test]
fn a_lost_partition_commits_nothing() {
    let (log, result) = Run::of(&[assigned(), Step::Records(10..13), revoked(true)]).log();
    assert!(result.is_ok());
    assert_eq!(log, ["assign posts/0@10", "judged 10..13", "unassign posts/0"]);
}

#[test]
fn what_is_not_written_by_the_deadline_is_not_committed() {
    let run = Run { is_stuck: true, ..Run::of(&[assigned(), Step::Records(10..13), revoked(false)]) };
    let (log, result) = run.log();
    assert!(result.is_ok());
    assert_eq!(log, ["assign posts/0@10", "judged 10..13", "unassign posts/0"]);
}

#[test]
fn a_stop_finishes_and_commits_what_is_under_way() {
    let (log, result) = Run::of(&[assigned(), Step::Records(10..13), Step::Records(13..20)]).log();
    assert!(result.is_ok());
    assert_eq!(log, ["assign posts/0@10", "judged 10..13", "judged 13..20", "commit now posts/0@20"]);
}

#[test]
fn receipts_cover_holes_and_records_that_come_twice_are_judged_once() {
    let steps = [assigned(), Step::Records(12..14), Step::Records(13..16), Step::Records(10..12)];
    let (log, _) = Run::of(&steps).log();
    assert_eq!(log, ["assign posts/0@10", "judged 10..14", "judged 14..16", "commit now posts/0@16"]);
}

#[test]
fn a_record_of_a_partition_that_is_not_ours_is_left_alone() {
    let steps = [Step::Records(10..13), assigned(), NOTHING, revoked(false), Step::Records(10..13)];
    let (log, _) = Run::of(&steps).log();
    assert_eq!(log, ["assign posts/0@10", "unassign posts/0"]);
}

#[test]
fn a_first_beginning_is_committed_at_once_so_that_start_holds_once() {
    let run = Run { committed: None, low: 7, ..Run::of(&[assigned(), NOTHING]) };
    let (log, _) = run.log();
    assert_eq!(log, ["assign posts/0@7", "commit posts/0@7"]);
}

#[test]
fn a_first_commit_that_is_refused_is_asked_again_though_no_record_comes() {
    let run = Run { committed: None, low: 7, commits_are_refused: true, ..Run::of(&[assigned()]) };
    let (log, _) = run.log();
    assert_eq!(log, ["assign posts/0@7", "commit posts/0@7", "commit now posts/0@7"]);
}

#[test]
fn a_gap_that_is_allowed_is_committed_so_that_it_is_told_once() {
    let steps = [assigned(), NOTHING, revoked(false), assigned()];
    let (log, result) = Run { low: 20, gaps: Gaps::Continue, ..Run::of(&steps) }.log();
    assert!(result.is_ok());
    assert_eq!(log, ["assign posts/0@20", "commit posts/0@20", "unassign posts/0", "assign posts/0@20"]);
}

#[test]
fn where_nobody_ever_read_nothing_is_missing() {
    let mut before = Before::default();
    before.note("posts".into(), 0, []);
    let run = Run { committed: None, low: 20, before, ..Run::of(&[assigned(), NOTHING]) };
    let (log, result) = run.log();
    assert!(result.is_ok(), "a new partition whose first records went before we came: {result:?}");
    assert_eq!(log, ["assign posts/0@20", "commit posts/0@20"]);
}

#[test]
fn a_gap_stops_unless_the_settings_allow_it() {
    let gap = |gaps| Run { low: 20, gaps, ..Run::of(&[assigned(), NOTHING]) }.log();
    let (log, result) = gap(Gaps::Stop);
    assert!(matches!(result, Err(Fatal::Gap { .. })));
    assert_eq!(log, ["assign"], "the assignment is declined, so that closing does not wait for it");
    let (log, result) = gap(Gaps::Continue);
    assert!(result.is_ok());
    assert_eq!(log, ["assign posts/0@20", "commit posts/0@20"]);
}

#[test]
fn retention_that_overtakes_us_while_we_read_takes_the_same_path() {
    let steps =
        [assigned(), Step::Records(10..13), Step::Low(50), Step::Error(Class::OutOfRange), Step::Records(50..52)];
    let (log, result) = Run { gaps: Gaps::Continue, ..Run::of(&steps) }.log();
    assert!(result.is_ok());
    let whole = [
        "assign posts/0@10",
        "judged 10..13",
        "commit now posts/0@13",
        "unassign posts/0",
        "assign posts/0@50",
        "commit posts/0@50",
        "judged 50..52",
        "commit now posts/0@52",
    ];
    assert_eq!(log, whole, "no receipt covers what nobody judged");
    let (log, result) = Run::of(&steps).log();
    assert!(matches!(result, Err(Fatal::Gap { .. })), "{result:?}");
    assert_eq!(log, whole[..4]);
}

#[test]
fn out_of_range_without_a_gap_goes_on_where_it_was() {
    let steps = [assigned(), Step::Records(10..13), Step::Error(Class::OutOfRange), Step::Records(13..14)];
    let (log, _) = Run::of(&steps).log();
    let again =
        ["commit now posts/0@13", "unassign posts/0", "assign posts/0@13", "judged 13..14", "commit now posts/0@14"];
    assert_eq!(log[2..], again);
}

#[test]
fn trouble_that_may_pass_stops_nobody_and_a_broken_client_does() {
    for (class, goes_on) in
        [(Class::Transient, true), (Class::Denied, true), (Class::Broken, false), (Class::Fenced, false)]
    {
        let (_, result) = Run::of(&[assigned(), Step::Error(class)]).log();
        assert_eq!(result.is_ok(), goes_on, "{class:?} from a poll");
        let (_, result) = Run::of(&[Step::Event(Event::Trouble(Error::new(class, "scripted")))]).log();
        assert_eq!(result.is_ok(), goes_on, "{class:?} as an event");
    }
}
