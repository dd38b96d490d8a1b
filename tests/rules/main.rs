//! The shipped lists, held against the exam in `tests/corpus`: every listed body is found, and nobody else is.
//! Posts, registrations and what is judged of them are measured by `tests/quality`.

mod lists;
mod names;
mod news;
mod policy;
mod shipped;
mod stance;
mod variants;
mod words;

use lists::{corpus, rule_files, shipped_rules};

/// A producer sends a million bytes and a topic takes a little more, unless somebody says otherwise.
#[test]
fn the_largest_verdict_fits_a_message_by_default() {
    let largest = tripline::event::largest_verdict(&lists::shipped_rules(), "organization".len());
    assert!((500_000..1_000_000).contains(&largest), "{largest}");
}
