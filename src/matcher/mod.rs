//! Many patterns in one pass over folded units.
//!
//! [`Automaton`] reports every occurrence of every pattern, also those within and across each other: patterns `国学` and `中国国学院` in
//! `中国国学院` -> both. Which of them is a mention is not decided here, nor are patterns folded here.
#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

mod alphabet;
mod automaton;
mod found;
#[cfg(test)]
mod naive;
mod sieve;
mod trie;

pub use automaton::{Automaton, BuildError};
pub use found::{Found, PatternId};
pub use sieve::Sieve;
pub use trie::{Node, Trie};
