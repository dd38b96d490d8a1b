//! Which record a verdict is on, and the ids that follow from it.

use uuid::Uuid;

/// Where a record came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin<'a> {
    /// The id of the cluster; of files, a name that they are given.
    pub cluster: &'a str,
    /// The topic.
    pub topic: &'a str,
    /// The partition.
    pub partition: i32,
    /// The offset.
    pub offset: i64,
    /// The broker's time in milliseconds since 1970.
    pub timestamp_ms: Option<i64>,
}

/// The name space of verdict ids, a random UUID chosen once. Changing it would make every verdict a new one.
const VERDICTS: Uuid = Uuid::from_u128(0x0d3f_6b1e_52c8_4f0e_9a3b_7c64_18e2_a5d7);

/// The `UUIDv5` of cluster, topic, partition and offset. No rule set goes into it: a record judged again has the same id.
#[must_use]
pub fn verdict_id(origin: &Origin<'_>) -> Uuid {
    // A NUL stands in no cluster id and in no topic name, so no two origins make one text.
    let name = format!("{}\0{}\0{}\0{}", origin.cluster, origin.topic, origin.partition, origin.offset);
    Uuid::new_v5(&VERDICTS, name.as_bytes())
}

/// The `UUIDv5`, within the verdict, of organization, field, item and bytes of the span.
#[must_use]
pub fn finding_id(
    verdict: Uuid,
    organization: &str,
    field: &str,
    item: Option<u32>,
    bytes: &std::ops::Range<usize>,
) -> Uuid {
    let item = item.map_or_else(String::new, |item| item.to_string());
    let name = format!("{organization}\0{field}\0{item}\0{}\0{}", bytes.start, bytes.end);
    Uuid::new_v5(&verdict, name.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const ORIGIN: Origin<'static> =
        Origin { cluster: "c", topic: "posts", partition: 3, offset: 1289, timestamp_ms: Some(1) };

    #[test]
    fn an_id_never_changes() {
        // By another implementation of RFC 9562. Consumers tell repetitions by these across versions of tripline.
        let verdict = verdict_id(&ORIGIN);
        assert_eq!(verdict.to_string(), "ddc26fc7-2c90-5657-8e79-eec61c9aa12c");
        assert_eq!(
            finding_id(verdict, "some-body", "body", None, &(12..35)).to_string(),
            "b24e47c8-3eee-5c4c-a623-1058fa361c3a"
        );
    }

    #[test]
    fn only_the_place_of_a_record_makes_its_id() {
        assert_eq!(verdict_id(&ORIGIN), verdict_id(&Origin { timestamp_ms: None, ..ORIGIN }));
        let ids: BTreeSet<Uuid> = [
            ORIGIN,
            Origin { cluster: "d", ..ORIGIN },
            Origin { topic: "post", ..ORIGIN },
            Origin { partition: 31, offset: 289, ..ORIGIN },
            Origin { offset: 1290, ..ORIGIN },
        ]
        .iter()
        .map(verdict_id)
        .collect();
        assert_eq!(ids.len(), 5);
    }

    #[test]
    fn every_part_of_a_finding_tells() {
        let verdict = verdict_id(&ORIGIN);
        let ids: BTreeSet<Uuid> = [
            finding_id(verdict, "a", "body", None, &(1..2)),
            finding_id(verdict, "b", "body", None, &(1..2)),
            finding_id(verdict, "a", "bio", None, &(1..2)),
            finding_id(verdict, "a", "body", Some(0), &(1..2)),
            finding_id(verdict, "a", "body", Some(1), &(1..2)),
            finding_id(verdict, "a", "body", None, &(1..3)),
            finding_id(verdict, "a", "body", None, &(0..2)),
            finding_id(Uuid::nil(), "a", "body", None, &(1..2)),
        ]
        .into();
        assert_eq!(ids.len(), 8);
    }
}
