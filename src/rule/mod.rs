//! Rules as data: notices, organizations, protected names and the policy; read, checked, and made one immutable set.
//!
//! Promise: a [`RuleSet`] that was built holds no doubt. Every id that it names exists, every date is real, every domain is one
//! that may be listed, and every policy condition can be evaluated for every record. What is wrong is said by [`Diagnostics`],
//! all of it in one run, with file, line, column and a caret:
//!
//! ```text
//! error[unknown-value]: "baned" is not a value of listing
//!   --> notices/web-2021-2.yaml:9:14
//!    |
//!  9 |     listing: baned
//!    |              ^^^^^
//!    = help: did you mean "banned"?
//! ```
//!
//! Not here: files (a caller reads them and gives their names and texts), and the judgement of a text (`engine`).

#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

mod allow;
mod check;
mod condition;
mod conjuncts;
mod cue;
mod date;
mod derived;
mod diagnostic;
mod digest;
mod document;
mod facts;
mod fields;
mod hidden;
mod imitation;
mod index;
mod names;
mod neighbourhood;
mod organization;
mod parse;
mod pinyin;
mod policy;
mod register;
pub(crate) mod reserved;
mod set;
mod source;
mod standing;
mod suggest;
#[cfg(test)]
mod tests;
mod wording;
mod yaml;

pub use allow::Allow;
pub use cue::{Cue, CueKind, CuePart, Cues, Scope, Strength};
pub use date::{Effective, PartialDate};
pub use diagnostic::{Code, Diagnostic, Diagnostics};
pub use digest::Digest;
pub use facts::{FACTS, Fact, MentionFacts, RecordFacts};
pub use hidden::{GRAM, HiddenNames, TAIL_KEY, Tail, squeeze};
pub use imitation::{Authority, Imitated, ImitatedKind, Imitation, Imitations};
pub use index::{Pattern, ProtectedName, Target, Via};
pub use organization::*;
pub use policy::*;
pub use register::{BadLine, Register, RegisteredBody};
pub use set::{RuleSet, RuleSetBuilder};
pub use wording::Gap;
