//! Topics as a replay reads them: which, from where to where, and where verdicts may go.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use jiff::Timestamp;

use super::arguments::Arguments;
use crate::config::{Emit, Settings, Source};
use crate::event::RuleSetStamp;
use crate::kafka::Connection;
use crate::pipeline::connection;
use crate::replay::{Bound, Output, Plan, Scope, Sources, check_order, plan};
use crate::report::Gone;
use crate::stream::FieldMap;

/// What there is to read, and how.
pub(super) struct Topics {
    connection: Connection,
    maps: Vec<FieldMap>,
    plan: Plan,
    output: Option<Output>,
}

impl Topics {
    /// Checks what was asked for, and asks the brokers what there is.
    pub fn plan(
        arguments: &Arguments,
        settings: &Settings,
        stamp: RuleSetStamp,
        now: Timestamp,
    ) -> anyhow::Result<Self> {
        let sources = chosen(&arguments.topic, settings)?;
        let output = output(arguments, settings, stamp)?;
        let (from, to) = (arguments.from.unwrap_or(Bound::Earliest), arguments.to.unwrap_or(Bound::Latest));
        check_order(from.at(now), to.at(now)).map_err(anyhow::Error::msg)?;
        let connection = connection(settings);
        connection.check().context("cannot use the settings of [kafka]")?;
        let maps = sources.iter().map(|source| compile(source)).collect::<anyhow::Result<_>>()?;
        let scope = Scope {
            topics: sources.iter().map(|source| source.topic.as_str().into()).collect(),
            partitions: arguments.partition.clone(),
            from,
            to,
            output: output.as_ref().map(|output| Arc::clone(&output.topic)),
        };
        let plan = plan(&connection, &scope, now, Duration::from_secs(arguments.timeout))?;
        Ok(Self { connection, maps, plan, output })
    }

    pub fn sources(&self) -> Sources<'_> {
        Sources::Topics { connection: &self.connection, plan: &self.plan, maps: self.maps.iter().collect() }
    }

    pub fn output(&self) -> Option<Output> {
        self.output.clone()
    }

    /// What retention had removed before the start.
    pub fn gone(&self) -> Vec<Gone> {
        self.plan.gone.clone()
    }
}

fn chosen<'s>(topics: &[String], settings: &'s Settings) -> anyhow::Result<Vec<&'s Source>> {
    let is_source = |topic: &&String| settings.sources.iter().any(|source| source.topic == **topic);
    if let Some(unknown) = topics.iter().find(|topic| !is_source(topic)) {
        let known: Vec<_> = settings.sources.iter().map(|source| source.topic.as_str()).collect();
        bail!("--topic {unknown}: the settings have no such source, only {}", known.join(", "));
    }
    let is_chosen = |source: &&Source| topics.is_empty() || topics.contains(&source.topic);
    Ok(settings.sources.iter().filter(is_chosen).collect())
}

fn compile(source: &Source) -> anyhow::Result<FieldMap> {
    FieldMap::compile(&source.fields).map_err(|faults| {
        let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
        anyhow::Error::msg(lines.join("\n")).context(format!("cannot use the fields of source {}", source.topic))
    })
}

/// A replay must never be taken for the service.
fn output(arguments: &Arguments, settings: &Settings, stamp: RuleSetStamp) -> anyhow::Result<Option<Output>> {
    let Some(topic) = &arguments.output_topic else {
        return Ok(None);
    };
    let sources = settings.sources.iter().map(|source| (source.topic.as_str(), "a source"));
    let taken = sources.chain([
        (settings.verdicts.topic.as_str(), "the topic of the live verdicts"),
        (settings.dead_letters.topic.as_str(), "the topic of the dead letters"),
        (settings.receipts.topic.as_str(), "the topic of the receipts"),
    ]);
    if let Some((_, what)) = taken.into_iter().find(|(name, _)| *name == topic.as_str()) {
        bail!("--output-topic {topic} is {what} in the settings: name a topic of its own");
    }
    Ok(Some(Output {
        topic: topic.as_str().into(),
        mode: settings.verdicts.mode,
        all: settings.verdicts.emit == Emit::All,
        headers: settings.verdicts.headers.clone(),
        stamp,
    }))
}
