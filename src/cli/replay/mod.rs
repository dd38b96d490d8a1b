//! `tripline replay`: what a rule change would do, judged on records that are there already.
//!
//! Records come from the settings' topics or from files; one rule set is counted, two are compared in one pass. The
//! report goes to stdout, also when the reading broke off: then it says so, and the exit code is 3.

mod arguments;
mod bar;
mod files;
mod rules;
mod topics;

use std::io::{Write as _, stdout};
use std::time::Duration;

use jiff::Timestamp;

pub(super) use self::arguments::Arguments;
use self::arguments::{EXAMPLES_ALL, Format};
use self::bar::watched;
use self::files::Files;
use self::rules::RuleSets;
use self::topics::Topics;
use super::color::{ColorChoice, Paint, Palette};
use super::exit::{Exit, Failure, WhileRunning as _};
use super::service::on_signals;
use super::tell::tell;
use crate::replay::{Job, Outcome, Sources, run as replay};
use crate::report::render::{Tint, json, markdown, text};
use crate::report::{Ended, Report};

pub(super) fn run(arguments: &Arguments, color: ColorChoice) -> Result<Exit, Failure> {
    let now = Timestamp::now();
    arguments.check()?;
    let settings = arguments.settings()?;
    let rules = RuleSets::load(arguments, settings.as_ref())?;
    let (outcome, written_to) = match &settings {
        Some(settings) if arguments.files.is_empty() => {
            let topics = Topics::plan(arguments, settings, rules.stamp(settings), now)?;
            let sources = topics.sources();
            let job = job(arguments, &rules, sources, arguments.as_of, topics.output());
            let mut outcome = judged(&job)?;
            outcome.gone = topics.gone();
            (outcome, arguments.output_topic.clone())
        }
        _ => {
            let files = Files::open(arguments)?;
            // A file has no broker's time: whoever judges it asks what holds today.
            let as_of = arguments.as_of.unwrap_or(now);
            (judged(&job(arguments, &rules, Sources::Files(files.all()), Some(as_of), None))?, None)
        }
    };
    report(arguments, &rules, outcome, (now, written_to), color)
}

fn job<'j>(
    arguments: &Arguments,
    rules: &'j RuleSets,
    sources: Sources<'j>,
    as_of: Option<Timestamp>,
    output: Option<crate::replay::Output>,
) -> Job<'j> {
    let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Job {
        sources,
        rules: rules.sets(),
        as_of,
        examples: arguments.examples.unwrap_or(if arguments.format == Format::Json { EXAMPLES_ALL } else { 3 }),
        threads: arguments.threads.unwrap_or_else(cores),
        limit: arguments.limit.unwrap_or(u64::MAX),
        patience: Duration::from_secs(arguments.timeout),
        output,
    }
}

/// Runs under a progress bar until the end, or until Ctrl-C.
fn judged(job: &Job<'_>) -> anyhow::Result<Judged> {
    let (stop, _reload) = on_signals()?;
    let outcome = watched(|progress| replay(job, progress, &|| stop.is_requested()));
    Ok(Judged { gone: Vec::new(), outcome, was_stopped: stop.is_requested() })
}

struct Judged {
    gone: Vec<crate::report::Gone>,
    outcome: Outcome,
    was_stopped: bool,
}

fn report(
    arguments: &Arguments,
    rules: &RuleSets,
    judged: Judged,
    (now, written_to): (Timestamp, Option<String>),
    color: ColorChoice,
) -> Result<Exit, Failure> {
    let Judged { mut gone, outcome, was_stopped } = judged;
    gone.extend(outcome.gone);
    let failure = match (outcome.unwritten, outcome.broken) {
        (Some(error), _) => Some(anyhow::Error::from(error)),
        (None, Some(error)) => Some(anyhow::Error::from(error)),
        (None, None) => None,
    };
    let ended = match &failure {
        Some(error) => Ended::Failed(error.to_string()),
        None if was_stopped => Ended::Interrupted,
        None => Ended::Complete,
    };
    let report = Report {
        parts: outcome.parts,
        gone,
        asked: arguments.asked(now),
        as_of: arguments.as_of.map(|time| time.to_string()),
        sides: rules.sides(),
        tally: outcome.tally,
        cost: outcome.cost,
        ended,
        gates: arguments.gates(),
        written: written_to.map(|topic| (topic, outcome.written)),
    };
    let mut out = stdout().lock();
    out.write_all(rendered(&report, arguments.format, color.palette(&stdout())).as_bytes()).while_running()?;
    out.flush().while_running()?;
    match failure {
        Some(error) => Err(error).while_running(),
        None => Ok(exit(&report)),
    }
}

fn rendered(report: &Report, format: Format, palette: Palette) -> String {
    match format {
        Format::Text => text(report, &|tint, words| palette.paint(paint(tint), words)),
        Format::Json => format!("{:#}\n", json(report)),
        Format::Markdown => markdown(report),
    }
}

const fn paint(tint: Tint) -> Paint {
    match tint {
        Tint::Match => Paint::Match,
        Tint::Strong => Paint::Strong,
        Tint::Place => Paint::Place,
        Tint::Quiet => Paint::Quiet,
        Tint::Good => Paint::Good,
        Tint::Alarm => Paint::Alarm,
    }
}

/// Half a range passes no gate and fails none.
fn exit(report: &Report) -> Exit {
    if report.ended != Ended::Complete {
        tell!("stopped before the end");
        return Exit::Stopped;
    }
    let failures = report.failures();
    for failure in &failures {
        tell!("gate not passed: {failure}");
    }
    if failures.is_empty() { Exit::Clean } else { Exit::Found }
}
