//! librdkafka properties: which are ours, and which exclude each other.

use std::collections::BTreeMap;

use super::read::Findings;

/// Properties on which our promises rest, and what to use instead.
const OWNED: &[(&str, &str)] = &[
    ("acks", "a verdict counts when all in-sync replicas have it"),
    ("auto.commit.enable", "offsets are committed behind acknowledged verdicts"),
    ("auto.commit.interval.ms", "offsets are committed behind acknowledged verdicts"),
    ("auto.offset.reset", "set kafka.start"),
    ("bootstrap.servers", "set kafka.bootstrap_servers"),
    ("delivery.report.only.error", "every acknowledgement is needed"),
    ("enable.auto.commit", "offsets are committed behind acknowledged verdicts"),
    ("enable.auto.offset.store", "offsets are committed behind acknowledged verdicts"),
    ("enable.idempotence", "the producer is always idempotent"),
    ("enable.partition.eof", "the consumer needs it as it is"),
    ("group.id", "set kafka.group_id"),
    ("group.instance.id", "several consumers of one process would share it"),
    ("isolation.level", "only committed records are read"),
    ("metadata.broker.list", "set kafka.bootstrap_servers"),
    ("partition.assignment.strategy", "rebalances are cooperative"),
    ("request.required.acks", "a verdict counts when all in-sync replicas have it"),
    ("statistics.interval.ms", "the metrics need it as it is"),
    ("transactional.id", "set kafka.instance"),
];

/// What the group protocol of KIP-848 decides at the broker, so that librdkafka refuses it.
const CLASSIC_ONLY: &[&str] = &["group.protocol.type", "heartbeat.interval.ms", "session.timeout.ms"];

/// Whether librdkafka would take this property; the reason if not.
pub type PropertyCheck<'a> = dyn Fn(&str, &str) -> Result<(), String> + 'a;

/// Notes every property that cannot be used.
pub(super) fn check(properties: &BTreeMap<String, String>, known: &PropertyCheck<'_>, found: &mut Findings) {
    let new_protocol = properties.get("group.protocol").is_some_and(|protocol| protocol == "consumer");
    for (name, value) in properties {
        let key = format!("kafka.properties.{name}");
        if let Some((_, instead)) = OWNED.iter().find(|(owned, _)| owned == name) {
            found.problem(key, format!("is tripline's own: {instead}"));
        } else if new_protocol && CLASSIC_ONLY.contains(&name.as_str()) {
            found.problem(key, "is not allowed with group.protocol = \"consumer\": the broker decides it");
        } else if let Err(reason) = known(name, value) {
            found.problem(key, reason);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_owned_properties_is_sorted_and_has_no_double() {
        assert!(OWNED.is_sorted_by(|a, b| a.0 < b.0));
        assert!(CLASSIC_ONLY.is_sorted());
    }
}
