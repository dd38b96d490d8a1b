//! The shipped lists, held against the exam in `tests/corpus`: every listed body is found, and nobody else is.
//! Posts, registrations and what is judged of them are measured by `tests/quality`.

mod lists;
mod names;
mod news;
mod shipped;
mod stance;
mod variants;

use lists::{corpus, rule_files, shipped_rules};
