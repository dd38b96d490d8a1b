//! The few numbers of librdkafka's statistics that lag and readiness need; the rest is skipped while parsing.
//!
//! The committed and stored offsets that it knows are not used: a later transaction does not move them, so lag is
//! computed against our own frontier.

use std::collections::HashMap;

use serde::Deserialize;

/// A snapshot of one client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// At least one broker connection is up.
    pub connected: bool,
    /// The group has settled and knows our assignment, which may be empty.
    pub joined: bool,
    /// The partitions that this client reads.
    pub partitions: Vec<PartitionStatistics>,
}

/// What librdkafka knows of a partition; -1 or less means "not known yet".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionStatistics {
    /// The topic's name.
    pub topic: String,
    /// The partition's number.
    pub partition: i32,
    /// The last stable offset: what a `read_committed` reader may read up to.
    pub last_stable: i64,
    /// The next offset to fetch; passes over transaction markers and compacted records.
    pub next_fetch: i64,
    /// The next offset after the last record that was handed out.
    pub handed_out: i64,
    /// Records that wait to be handed out.
    pub waiting: i64,
}

impl PartitionStatistics {
    /// Records between the last stable offset and `frontier`. Zero when nothing is left but transaction markers and
    /// holes, which have offsets and never become records. `None` while the last stable offset is not known.
    #[must_use]
    pub fn lag(&self, frontier: i64) -> Option<i64> {
        if self.last_stable < 0 {
            return None;
        }
        let read_to_the_end = self.next_fetch >= self.last_stable && self.waiting == 0;
        if read_to_the_end && frontier >= self.handed_out {
            return Some(0);
        }
        Some((self.last_stable - frontier).max(0))
    }
}

#[derive(Deserialize)]
struct Raw {
    #[serde(default)]
    brokers: HashMap<String, RawBroker>,
    #[serde(default)]
    topics: HashMap<String, RawTopic>,
    cgrp: Option<RawGroup>,
}

#[derive(Deserialize)]
struct RawBroker {
    #[serde(default)]
    nodeid: i64,
    #[serde(default)]
    state: String,
}

#[derive(Deserialize)]
struct RawTopic {
    topic: String,
    #[serde(default)]
    partitions: HashMap<String, RawPartition>,
}

#[derive(Deserialize)]
struct RawPartition {
    partition: i32,
    #[serde(default)]
    desired: bool,
    fetchq_cnt: i64,
    next_offset: i64,
    app_offset: i64,
    ls_offset: i64,
}

#[derive(Deserialize)]
struct RawGroup {
    state: String,
    join_state: String,
}

impl Statistics {
    /// Reads librdkafka's JSON; `None` when it is not what its documentation says.
    pub(super) fn parse(json: &[u8]) -> Option<Self> {
        let raw: Raw = serde_json::from_slice(json).ok()?;
        Some(Self {
            connected: raw.brokers.values().any(|b| b.nodeid >= 0 && b.state == "UP"),
            joined: raw.cgrp.is_some_and(|g| g.state == "up" && g.join_state == "steady"),
            partitions: raw.topics.into_values().flat_map(partitions).collect(),
        })
    }
}

fn partitions(topic: RawTopic) -> Vec<PartitionStatistics> {
    let RawTopic { topic, partitions } = topic;
    let read = partitions.into_values().filter(|p| p.partition >= 0 && p.desired);
    read.map(|p| PartitionStatistics {
        topic: topic.clone(),
        partition: p.partition,
        last_stable: p.ls_offset,
        next_fetch: p.next_offset,
        handed_out: p.app_offset,
        waiting: p.fetchq_cnt,
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partition(last_stable: i64, next_fetch: i64, handed_out: i64, waiting: i64) -> PartitionStatistics {
        PartitionStatistics { topic: "t".into(), partition: 0, last_stable, next_fetch, handed_out, waiting }
    }

    #[test]
    fn lag_is_the_last_stable_offset_minus_our_frontier() {
        let table = [
            // statistics, frontier, lag
            (partition(100, 100, 100, 0), 100, Some(0)),
            (partition(100, 100, 100, 0), 40, Some(60)),
            (partition(100, 60, 40, 20), 40, Some(60)),
            // Markers at the end: all is read and done, though the offsets differ.
            (partition(100, 100, 98, 0), 98, Some(0)),
            // The same, but one record is still being judged.
            (partition(100, 100, 98, 0), 97, Some(3)),
            // Read to the end but not handed out.
            (partition(100, 100, 90, 8), 90, Some(10)),
            // Older than our frontier: never negative.
            (partition(100, 90, 90, 0), 120, Some(0)),
            // Not known yet.
            (partition(-1001, -1001, -1001, 0), 0, None),
        ];
        for (statistics, frontier, lag) in table {
            assert_eq!(statistics.lag(frontier), lag, "{statistics:?} at {frontier}");
        }
    }

    #[test]
    fn what_we_need_is_read_and_the_rest_is_skipped() {
        let json = br#"{"name":"x","brokers":{"a":{"nodeid":-1,"state":"UP"},"b":{"nodeid":1,"state":"UP"}},
            "topics":{"posts":{"topic":"posts","partitions":{
              "0":{"partition":0,"desired":true,"fetchq_cnt":2,"next_offset":9,"app_offset":7,"ls_offset":12,"more":{}},
              "1":{"partition":1,"desired":false,"fetchq_cnt":0,"next_offset":-1001,"app_offset":-1001,"ls_offset":-1001},
              "-1":{"partition":-1,"desired":false,"fetchq_cnt":0,"next_offset":-1,"app_offset":-1,"ls_offset":-1}}}},
            "cgrp":{"state":"up","join_state":"steady","rebalance_cnt":1}}"#;
        let statistics = Statistics::parse(json).expect("this is librdkafka's shape");
        assert!(statistics.connected && statistics.joined);
        assert_eq!(statistics.partitions.len(), 1);
        assert_eq!(statistics.partitions[0].lag(7), Some(5));
    }

    #[test]
    fn what_is_no_statistics_is_no_panic() {
        for json in ["", "[]", "{\"topics\":3}", "{\"topics\":{\"t\":{}}}"] {
            assert_eq!(Statistics::parse(json.as_bytes()), None, "{json}");
        }
        let bootstrap_only = br#"{"brokers":{"a":{"nodeid":-1,"state":"UP"}}}"#;
        assert!(!Statistics::parse(bootstrap_only).expect("valid").connected);
    }
}
