//! `tripline topics check`: what is wrong with the topics, how it is mended, and the rights that are needed.

use std::io::{self, Write, stdout};

use serde_json::{Value, json};

use super::super::exit::{Exit, Failure, WhileRunning as _};
use super::super::scan::Format;
use super::{BrokerFlags, Cluster, acls};
use crate::stream::{DescribedTopic, FaultLevel, TopicFault, TopicState, check_topics};

#[derive(Debug, clap::Args)]
#[command(after_long_help = super::super::example("\
error    it does not work, or verdicts would be lost: missing, not permitted,
         compacted, min.insync.replicas above the replicas
warning  it works until a large record comes: max.message.bytes
note     worth knowing: retention, one replica, few partitions, hidden settings
The commands at the end grant what run needs, no more.

Example:
  tripline topics check -c tripline.toml --principal User:moderation

Errors and warnings count as found: exit code 1. Notes do not."))]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    broker: BrokerFlags,
    /// Who runs tripline
    #[arg(long, value_name = "PRINCIPAL", default_value = acls::PRINCIPAL)]
    principal: String,
    /// text or json
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_possible_values = true)]
    format: Format,
}

pub(super) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let cluster = arguments.broker.cluster()?;
    let faults = check_topics(&cluster.described, &cluster.needs);
    let mut out = stdout().lock();
    match arguments.format {
        Format::Text => write_text(&mut out, &cluster, &faults, &arguments.principal).while_running()?,
        Format::Json => writeln!(out, "{}", as_json(&cluster, &faults, &arguments.principal)).while_running()?,
    }
    let is_found = cluster.group_fault.is_some() || faults.iter().any(|fault| fault.level > FaultLevel::Note);
    Ok(if is_found { Exit::Found } else { Exit::Clean })
}

fn write_text(out: &mut impl Write, cluster: &Cluster, faults: &[TopicFault], principal: &str) -> io::Result<()> {
    for topic in &cluster.described {
        writeln!(out, "{} ({}): {}", topic.topic, topic.role.as_str(), state(topic))?;
        for fault in faults.iter().filter(|fault| fault.topic == topic.topic) {
            writeln!(out, "  {}: {}", fault.level.as_str(), fault.message)?;
            if !fault.help.is_empty() {
                writeln!(out, "    help: {}", fault.help)?;
            }
        }
    }
    if let Some(reason) = &cluster.group_fault {
        writeln!(out, "{} (consumer group): no answer", cluster.settings.kafka.group_id)?;
        writeln!(out, "  error: its coordinator does not tell what it has committed: {reason}")?;
        writeln!(
            out,
            "    help: allow Read on group {}, without which it never does",
            cluster.settings.kafka.group_id
        )?;
    }
    writeln!(out)?;
    writeln!(out, "ACLs that these settings need:")?;
    acls::write_commands(out, &cluster.settings, principal)
}

fn state(topic: &DescribedTopic) -> String {
    match &topic.state {
        TopicState::Missing => "missing".to_owned(),
        TopicState::Denied => "not permitted".to_owned(),
        TopicState::Found(facts) => {
            format!("{}, {}", counted(facts.partitions, "partition"), counted(facts.replicas, "replica"))
        }
    }
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn as_json(cluster: &Cluster, faults: &[TopicFault], principal: &str) -> Value {
    let fault = |fault: &TopicFault| json!({ "level": fault.level.as_str(), "code": fault.code, "message": fault.message, "help": fault.help });
    let topic = |topic: &DescribedTopic| {
        let (state, facts) = match &topic.state {
            TopicState::Missing => ("missing", None),
            TopicState::Denied => ("denied", None),
            TopicState::Found(facts) => ("found", Some(facts)),
        };
        let faults: Vec<Value> = faults.iter().filter(|fault| fault.topic == topic.topic).map(fault).collect();
        json!({
            "topic": topic.topic,
            "role": topic.role.as_str(),
            "state": state,
            "partitions": facts.map(|facts| facts.partitions),
            "replicas": facts.map(|facts| facts.replicas),
            "faults": faults,
        })
    };
    json!({
        "topics": cluster.described.iter().map(topic).collect::<Vec<_>>(),
        "group": { "id": cluster.settings.kafka.group_id, "fault": cluster.group_fault },
        "largest_verdict_bytes": cluster.needs.largest_verdict,
        "acls": acls::as_json(&cluster.settings, principal),
    })
}
