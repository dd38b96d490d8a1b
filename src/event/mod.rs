//! The verdict event: what is said of a record to the world, as an event of CloudEvents 1.0, type `tripline.verdict.v1`.
//!
//! ```text
//! verdict on posts/3/1289 -> ce_id = UUIDv5(cluster, topic, partition, offset), data = who, where, by which notices
//! ```
//! One record has one verdict id, whatever rules judged it and however often: consumers tell a repetition by its
//! id. Each mention has a `finding` id, which labels and revocations refer to.
//!
//! The form of `data` is promised by a JSON Schema ([`schema`]), against which every event of our tests is held.
//! Not here: the whole text of the record, and anything of its author but the id.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod citations;
mod cloud_event;
mod data;
mod identity;
mod largest;
mod passed;

pub use citations::Citations;
pub use cloud_event::{EVENT_TYPE, Mode, VerdictEvent, verdict_event};
pub use data::{
    BranchData, CitedNotice, ContextData, CueData, MAX_BRANCH_CHARS, MAX_CUE_CHARS, MAX_FACT_CHARS, MAX_PLACE_CHARS,
    MAX_TEXT_CHARS, MentionData, ReasonData, RecordData, RuleSetData, SpanData, VerdictData, own_reason,
};
pub use identity::{Origin, finding_id, verdict_id};
pub use largest::largest_verdict;
pub use passed::{MAX_PASSED_BYTES, OMITTED, passed_headers, refused_name};

pub use crate::stream::RuleSetStamp;

/// The JSON Schema of `data`, draft 2020-12.
#[must_use]
pub const fn schema() -> &'static str {
    include_str!("../../deploy/schema/verdict.v1.schema.json")
}

/// The JSON Schema of the whole event in structured mode; it refers to that of `data` by its file name.
#[must_use]
pub const fn envelope_schema() -> &'static str {
    include_str!("../../deploy/schema/verdict.v1.cloudevent.schema.json")
}

/// The JSON Schema of a receipt.
#[must_use]
pub const fn receipt_schema() -> &'static str {
    include_str!("../../deploy/schema/receipt.v1.schema.json")
}

#[cfg(test)]
mod imitation_tests;
#[cfg(test)]
mod tests;
