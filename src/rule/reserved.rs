//! The words that tripline itself says where events and metrics else have the id of a rule: no rule file may take them.
//!
//! A reason `breaker` would be a condition of that name to some readers, and a lowered action to others.

use super::diagnostic::{Code, Diagnostic};
use super::source::At;

/// The reason that a suspected body is no more than a low flag.
pub const SUSPECTED: &str = "suspected";
/// The reason that the test string was found.
pub const CANARY: &str = "canary";
/// The reason that an action is weaker than the policy says.
pub const BREAKER: &str = "breaker";
/// Stands for the notice of a host that imitates an authority's, which no notice names.
pub const OFFICIAL: &str = "official";

/// What the reserved word is taken from, the word, and what it says.
const RESERVED: [(&str, &str, &str); 4] = [
    ("condition", SUSPECTED, "the reason for the cap of a suspected body"),
    ("condition", CANARY, "the reason of the test string"),
    ("condition", BREAKER, "the reason for an action that a breaker lowered"),
    ("notice", OFFICIAL, "what metrics count the imitation of an authority under"),
];

/// What is wrong with an id of this kind, if it is taken by tripline itself.
pub(super) fn problem(of: &str, id: &At<String>) -> Option<Diagnostic> {
    let (_, word, said) = RESERVED.iter().find(|(kind, word, _)| *kind == of && *word == id.value)?;
    let problem = id.problem(Code::ReservedId, format!("the {of} id {word:?} is tripline's own: {said}"));
    Some(problem.help(format!("choose another, say {word}-of-ours; the id stands in verdicts and metrics")))
}
