//! Deciding: from a content and a rule set to a verdict with evidence.
//!
//! ```text
//! field -> fold -> candidates -> verified on the original -> resolved (longest wins, protected names
//! and official hosts cover) -> second signals -> branches by their grammar -> stance of each mention -> policy -> verdict
//! ```
//!
//! A clean text, 98 of 100, ends after the first two steps and allocates nothing. Everything below
//! `scanner` is a plain function over values, so that `explain` can show each step.
//!
//! Not here: what stands in the lists (`rule`), how a verdict is written as an event (`event`).
#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

mod allow;
mod candidate;
mod certainty;
mod decide;
mod degrade;
mod gaps;
mod imitation;
mod kin;
mod look;
mod reading;
mod resolve;
mod scanner;
mod second_signal;
mod stance;
mod verdict;

#[cfg(test)]
mod tests;

pub use decide::failing_parts;
pub use degrade::{Degraded, text_key};
pub use kin::Kinship;
pub use scanner::{ScanError, Scanner};
pub use stance::Ground;
pub use verdict::{
    Branch, CueFound, Imitates, LeftAlone, MAX_CUES, MAX_CUES_IN_ALL, MAX_MENTIONS, Mention, Reason, Stance, Subject,
    Verdict,
};
