//! `tripline topics`: the topics that a settings file needs, made and checked, and the rights that this takes.

mod acls;
mod check;
mod create;

use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::exit::{Exit, Failure};
use super::settings::{SettingsFlags, build};
use crate::config::{RuleSource, Settings};
use crate::event::largest_verdict;
use crate::kafka::{Connection, Consumer, Producer, TopicPartition, Topics};
use crate::pipeline::{self, topic_needs, topic_uses};
use crate::stream::{DescribedTopic, TopicNeeds, TopicRole, TopicState};

/// A coordinator answers in milliseconds, and in seconds when the group is the cluster's first.
const ASK_GROUP: Duration = Duration::from_secs(10);

#[derive(Debug, clap::Subcommand)]
#[command(after_long_help = super::example("Example:\n  tripline topics create -c tripline.toml --dry-run"))]
pub(super) enum Command {
    /// Make the topics for verdicts, dead letters and receipts that are missing
    Create(create::Arguments),
    /// Check the topics, and list the ACLs that are needed
    Check(check::Arguments),
    /// List the ACLs that are needed; asks no broker
    Acls(acls::Arguments),
}

pub(super) fn run(command: &Command) -> Result<Exit, Failure> {
    match command {
        Command::Create(arguments) => create::run(arguments),
        Command::Check(arguments) => check::run(arguments),
        Command::Acls(arguments) => acls::run(arguments),
    }
}

/// What all that ask a broker have.
#[derive(Debug, clap::Args)]
struct BrokerFlags {
    #[command(flatten)]
    settings: SettingsFlags,
    /// Time for a broker to answer
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = super::demo::duration)]
    timeout: Duration,
}

/// A cluster that answers, and the topics of the settings as it describes them.
struct Cluster {
    settings: Settings,
    topics: Topics,
    described: Vec<DescribedTopic>,
    needs: TopicNeeds,
    /// Why we cannot use the consumer group, as far as that shows before we join.
    group_fault: Option<String>,
    deadline: Instant,
}

impl BrokerFlags {
    fn cluster(&self) -> anyhow::Result<Cluster> {
        let settings = self.settings.load()?;
        let source = RuleSource::from_paths(&settings.rules.paths);
        let rules = build(&source, &settings.rules.jurisdictions)?;
        let deadline = Instant::now() + self.timeout;
        let connection = pipeline::connection(&settings);
        let servers = &settings.kafka.bootstrap_servers;
        let reached = Producer::new(&connection).and_then(|producer| producer.cluster(self.timeout));
        reached.with_context(|| format!("cannot reach {servers} within {:?}", self.timeout))?;
        let topics = connection.topics()?;
        let uses = topic_uses(&settings);
        let names: Vec<&str> = uses.iter().map(|(topic, _)| topic.as_str()).collect();
        let states = topics.describe(&names, left(deadline)).context("cannot describe the topics")?;
        let group_fault = group_fault(&connection, &uses, &states, left(deadline).min(ASK_GROUP));
        let described = uses.into_iter().zip(states);
        let described = described.map(|((topic, role), state)| DescribedTopic { topic, role, state }).collect();
        let needs = topic_needs(&settings, largest_verdict(&rules, pipeline::longest_field(&settings)));
        Ok(Cluster { settings, topics, described, needs, group_fault, deadline })
    }
}

/// Asks what the group has committed, as `run` does. Where we may not, librdkafka asks again until the time is over.
fn group_fault(
    connection: &Connection,
    uses: &[(String, TopicRole)],
    states: &[TopicState],
    within: Duration,
) -> Option<String> {
    let is_there = |(_, state): &(&(String, TopicRole), &TopicState)| matches!(state, TopicState::Found(_));
    let ((topic, _), _) = uses.iter().zip(states).find(is_there)?;
    let partition = TopicPartition::new(topic.as_str(), 0);
    let answer = Consumer::committed(connection, &[partition], within);
    answer.err().map(|error| error.to_string())
}

fn left(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(100))
}
