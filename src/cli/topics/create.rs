//! `tripline topics create`: what is missing is made with the right settings, what is there is left alone.

use std::io::{Write as _, stdout};

use serde_json::json;

use super::super::exit::{Exit, Failure, WhileRunning as _};
use super::super::scan::Format;
use super::{BrokerFlags, left};
use crate::kafka::{Class, Created, Error};
use crate::stream::{CreateOptions, NewTopic, TopicState, missing_topics};

#[derive(Debug, clap::Args)]
#[command(after_long_help = super::super::example("\
What is made, and why:
  verdicts      as many partitions as the largest source; cleanup.policy=delete
                (compaction would delete verdicts); max.message.bytes that the
                largest verdict fits; retention.ms as long as the longest source
                and at least 7 days, so that an audit finds every verdict
  dead letters  3 partitions; cleanup.policy=delete; max.message.bytes that the
                largest record of a source fits; retention.ms 30 days or more: a
                dead letter waits for a person
  receipts      1 partition: a few small records a second; cleanup.policy=delete;
                retention.ms as for verdicts, so that an audit covers every record
A topic that is there is never changed: tripline topics check says what is wrong
with it, and with which command it is mended.

Example:
  tripline topics create -c tripline.toml --dry-run

A topic that could not be made counts as found: exit code 1."))]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    broker: BrokerFlags,
    /// Of the verdicts [default: largest source's]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(1..))]
    partitions: Option<i32>,
    /// Replicas [default: the broker's own]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(1..=32767))]
    replication_factor: Option<i32>,
    /// Make missing sources too, for a first try
    #[arg(long)]
    sources: bool,
    /// Only say what would be made
    #[arg(long)]
    dry_run: bool,
    /// text or json
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_possible_values = true)]
    format: Format,
}

/// What is said of one topic.
struct Line {
    topic: String,
    role: &'static str,
    result: &'static str,
    made: Option<NewTopic>,
    error: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let cluster = arguments.broker.cluster()?;
    let options = CreateOptions {
        partitions: arguments.partitions,
        replication_factor: arguments.replication_factor,
        sources: arguments.sources,
    };
    let missing = missing_topics(&cluster.described, &cluster.needs, &options);
    let answers = match missing.as_slice() {
        [] => Vec::new(),
        missing => cluster.topics.create(missing, arguments.dry_run, left(cluster.deadline)).while_running()?,
    };
    let mut made: Vec<_> = missing.into_iter().zip(answers).collect();
    let mut out = stdout().lock();
    let mut exit = Exit::Clean;
    for described in &cluster.described {
        let at = made.iter().position(|(topic, _)| topic.topic == described.topic);
        let line = match at.map(|at| made.swap_remove(at)) {
            Some((topic, answer)) => answered(topic, answer, arguments.dry_run),
            None => Line {
                topic: described.topic.clone(),
                role: described.role.as_str(),
                result: match described.state {
                    TopicState::Found(_) => "exists",
                    TopicState::Missing => "missing",
                    TopicState::Denied => "denied",
                },
                made: None,
                error: None,
            },
        };
        if matches!(line.result, "failed" | "denied") {
            exit = Exit::Found;
        }
        let text = match arguments.format {
            Format::Text => text(&line),
            Format::Json => json_line(&line),
        };
        writeln!(out, "{text}").while_running()?;
    }
    Ok(exit)
}

fn answered(topic: NewTopic, answer: Result<Created, Error>, dry_run: bool) -> Line {
    let (result, error) = match answer {
        Ok(Created::Made) if dry_run => ("would create", None),
        Ok(Created::Made) => ("created", None),
        Ok(Created::Existed) => ("exists", None),
        Err(error) if error.class() == Class::Denied => {
            ("failed", Some(format!("{error}; allow Create on topic {}: tripline topics acls", topic.topic)))
        }
        Err(error) => ("failed", Some(error.to_string())),
    };
    Line { topic: topic.topic.clone(), role: topic.role.as_str(), result, made: Some(topic), error }
}

fn text(line: &Line) -> String {
    let mut text = format!("{:<12}  {}  ({})", line.result, line.topic, line.role);
    if let Some(error) = &line.error {
        text = format!("{text}: {error}");
    } else if let Some(made) = line.made.as_ref().filter(|_| line.result != "exists") {
        let settings = made.settings.iter().map(|set| format!("{}={}", set.name, set.value));
        let all: Vec<_> = std::iter::once(format!("partitions={}", made.partitions)).chain(settings).collect();
        text = format!("{text}  {}", all.join(" "));
    } else if line.result == "missing" {
        text = format!("{text}: whoever writes it makes it; for a first try, --sources");
    }
    text
}

fn json_line(line: &Line) -> String {
    let made = line.made.as_ref().filter(|_| line.result != "exists").map(|made| {
        let settings =
            made.settings.iter().map(|set| (set.name.to_owned(), json!({ "value": set.value, "why": set.why })));
        json!({
            "partitions": made.partitions,
            "replication_factor": made.replication_factor,
            "settings": settings.collect::<serde_json::Map<_, _>>(),
        })
    });
    let result = line.result.replace(' ', "-");
    json!({ "topic": line.topic, "role": line.role, "result": result, "made": made, "error": line.error }).to_string()
}
