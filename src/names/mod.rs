//! Are two names of one organisation? A number from 0 to 1, and why.
//!
//! ```
//! use tripline::names::{How, Name, compare};
//!
//! let same = compare(&Name::new("Invented Widgets Ltd."), &Name::new("INVENTED WIDGETS LIMITED"));
//! assert!(same.score > 0.95);
//! let other = compare(&Name::new("Invented Widgets Ltd."), &Name::new("Imagined Gadgets Ltd."));
//! assert!(other.score < 0.5 && other.parts.iter().any(|part| part.how == How::Left));
//! ```
//!
//! Promise: the result is symmetric, equal for equal names, and made of a few tables: legal forms ([`FORMS`]), words that stand for each
//! other ([`words_alike`]), how rare a word is (`words.tsv`, with its sources), and one table of weights. No model, no network. The cost is
//! bounded: a name is read as far as [`MOST_WORDS`] words.
//!
//! Not here: whether a name is listed, and what follows from it. Two lawful bodies can have names as near as any (研究会 and 学会 of one
//! subject): nearness is a reason to look, never a verdict.
#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

mod alike;
mod compare;
mod form;
mod han;
mod near;
mod pair;
mod rarity;
mod typo;
mod weights;
mod word;

pub use alike::{Exchange, exchanges, han_exchanges, words_alike};
pub use compare::{Comparison, How, Part, compare};
pub use form::{FORMS, Family, Form};
pub use near::Near;
pub use rarity::rarity;
pub use weights::SAME;
pub use word::{MOST_WORDS, Name};
