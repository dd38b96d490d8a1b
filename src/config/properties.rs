//! librdkafka properties that exclude each other. Which are ours, and which exist, the Kafka client knows.

use std::collections::BTreeMap;

use super::read::Findings;
use super::secret::{HIDDEN, is_secret_property};

/// What the group protocol of KIP-848 decides at the broker, so that librdkafka refuses it.
const CLASSIC_ONLY: &[&str] =
    &["group.protocol.type", "heartbeat.interval.ms", "partition.assignment.strategy", "session.timeout.ms"];

/// Whether a property may be set to a value; the reason if not: it is ours, librdkafka does not know it, or refuses the
/// value.
pub type PropertyCheck<'a> = dyn Fn(&str, &str) -> Result<(), String> + 'a;

/// Notes every property that cannot be used.
pub(super) fn check(properties: &BTreeMap<String, String>, may_be: &PropertyCheck<'_>, found: &mut Findings) {
    let new_protocol = properties.get("group.protocol").is_some_and(|protocol| protocol == "consumer");
    for (name, value) in properties {
        let key = format!("kafka.properties.{name}");
        if let Err(reason) = may_be(name, value) {
            let is_quoted = !value.is_empty() && is_secret_property(name, value);
            found.problem(key, if is_quoted { reason.replace(value, HIDDEN) } else { reason });
        } else if new_protocol && CLASSIC_ONLY.contains(&name.as_str()) {
            found.problem(key, "is not allowed with group.protocol = \"consumer\": the broker decides it");
        }
    }
}
