//! What would a reader see? Text folded to what it looks like, and the way back.
//!
//! Everybody who compares texts compares their folds: `中 國 雷·锋` and `中国雷锋` have the same ([`fold_into`]). Whoever finds something in a
//! fold goes back to the original ([`OffsetMap`]) and asks there what made the two alike ([`folds_between`]) and whether words end
//! where they should ([`is_word_boundary`]).
//!
//! The table behind it is generated, committed and compared by a test, so that nothing here depends on the Unicode version
//! of the standard library. Not here: homophones, split radicals, reversed text, anything that needs context.
#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

mod boundary;
mod difference;
mod folds;
#[cfg(test)]
mod generate;
#[cfg(test)]
mod laws;
mod normalizer;
mod offset_map;
mod pinyin;
mod printable;
mod signs;
mod span;
mod table;
#[cfg(test)]
mod variants;

pub use boundary::{dropped_as, is_dropped, is_han_like, is_word_boundary};
pub use difference::folds_between;
pub use folds::{Fold, FoldSet, TECHNIQUES, Technique};
pub use normalizer::{fold, fold_into, unit_of};
pub use offset_map::OffsetMap;
pub use pinyin::{begins_with, readings, readings_behind, reads_as};
pub use printable::printable;
pub use signs::{Seen, Signs};
pub use span::{Span, Spans};
