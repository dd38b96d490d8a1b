//! What a replay found, as values and as text: counts, examples, and what changes from one rule set to another.
//!
//! ```text
//! verdicts of a record -> Tally (one a thread) -> merge, in any order -> Report -> text | JSON | Markdown, gates
//! ```
//! Nothing here reads or writes, knows a thread or a clock. A [`Tally`] is bounded by the rule sets and not by the
//! records: it counts by what rules name, and keeps of each organisation the few examples whose verdict ids are smallest,
//! so that the same records give the same report however they were shared out.
//!
//! Not here: which records are read (`replay`), and what a single verdict says (`event`).
#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

mod changes;
mod counts;
mod example;
mod examples;
mod facts;
mod gates;
#[cfg(test)]
mod made_up;
mod numbers;
pub mod render;
mod tally;

pub use changes::{Aspect, Change, Changes, Moved};
pub use counts::{Counter, Counts, OrganizationCount};
pub use example::{Decision, Example, Finding, Place};
pub use examples::Examples;
pub use facts::{Asked, Cost, Ended, Gone, Part, Report, Side};
pub use gates::Gates;
pub use tally::{Judgement, Seen, Tally};
