//! Posts and honours in an alphabet, by grammar: a noun for a person or a thing that is held, a preposition, the name.
//!
//! `a governor of the Sham Academy`, `a bronze from 某某协会`, `a seat in`. No list holds all nouns for people; their endings do.

use std::ops::Range;

/// What joins the noun and the name.
const JOINS: [&str; 8] = ["of", "at", "in", "for", "from", "with", "to", "by"];
/// How nouns for people end.
const PEOPLE: [&str; 7] = ["er", "or", "ist", "ian", "ee", "arch", "man"];
/// The shortest of them.
const SHORTEST: usize = 5;
/// Other words with such an end, and people who have to do with a body but hold nothing of it.
const OTHERS: [&str; 84] = [
    "letter",
    "poster",
    "flyer",
    "flier",
    "number",
    "banner",
    "order",
    "offer",
    "paper",
    "folder",
    "newspaper",
    "caller",
    "buyer",
    "seller",
    "reader",
    "user",
    "customer",
    "matter",
    "manner",
    "corner",
    "power",
    "under",
    "after",
    "never",
    "other",
    "former",
    "danger",
    "answer",
    "counter",
    "center",
    "headquarter",
    "charter",
    "chapter",
    "cover",
    "register",
    "water",
    "floor",
    "error",
    "mirror",
    "favor",
    "color",
    "visitor",
    "newsletter",
    "rather",
    "whether",
    "together",
    "either",
    "neither",
    "later",
    "earlier",
    "longer",
    "closer",
    "sticker",
    "computer",
    "server",
    "transfer",
    "encounter",
    "tower",
    "theater",
    "dinner",
    "investor",
    "debtor",
    "creditor",
    "competitor",
    "imitator",
    "impostor",
    "dealer",
    "broker",
    "lawyer",
    "prosecutor",
    "reporter",
    "officer",
    "organiser",
    "organizer",
    "owner",
    "recruiter",
    "scammer",
    "fraudster",
    "swindler",
    "sender",
    "committee",
    "guarantee",
    "human",
    "woman",
];
/// What is held, won or hung on a wall.
const THINGS: [&str; 46] = [
    "seat",
    "chair",
    "post",
    "medal",
    "prize",
    "award",
    "gold",
    "silver",
    "bronze",
    "certificate",
    "diploma",
    "badge",
    "plaque",
    "pin",
    "ribbon",
    "rosette",
    "cup",
    "trophy",
    "title",
    "fellowship",
    "scholarship",
    "membership",
    "rank",
    "grade",
    "degree",
    "licence",
    "license",
    "commission",
    "committee",
    "council",
    "board",
    "jury",
    "panel",
    "alumni",
    "alumnus",
    "alumna",
    "affiliation",
    "kitchen",
    "supplier",
    "partner",
    "base",
    "studio",
    "mention",
    "patron",
    "delegate",
    "laureate",
];
/// How far before the name the noun begins, at most, in bytes.
const LONGEST: usize = 40;

/// The noun and its preposition, right before a name.
pub(super) fn held(text: &str, name: &Range<usize>) -> Option<Range<usize>> {
    let before = &text[..name.start];
    let from = before.ceil_char_boundary(before.len().saturating_sub(LONGEST));
    let near = before[from..].trim_end_matches([' ', '"', '“']);
    let near = near.strip_suffix(" the").or_else(|| near.strip_suffix(" The")).unwrap_or(near);
    let (rest, join) = near.rsplit_once(' ')?;
    let noun = rest.rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
    let word = noun.to_ascii_lowercase();
    let singular = word.strip_suffix('s').unwrap_or(&word);
    let is_person = singular.len() >= SHORTEST
        && PEOPLE.iter().any(|end| singular.ends_with(end))
        && !OTHERS.contains(&singular)
        && join != "by";
    let is_held = JOINS.contains(&join) && (is_person || THINGS.contains(&singular));
    (is_held && !noun.is_empty()).then(|| from + rest.len() - noun.len()..from + near.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn posts_and_honours_are_told_from_other_nouns() {
        for (before, expected) in [
            ("by a governor of ", Some("governor of")),
            ("librarian at the ", Some("librarian at")),
            ("brought home a bronze from the \"", Some("bronze from")),
            ("earned him a seat in ", Some("seat in")),
            ("Trustees of ", Some("Trustees of")),
            // nothing that is held
            ("a letter from ", None),
            ("the callers for ", None),
            ("a flyer by ", None),
            ("after ", None),
            ("gold, silver, ", None),
            ("painted by a teacher by ", None),
            ("他说 of ", None),
            ("", None),
        ] {
            let text = format!("{before}Sham");
            let found = held(&text, &(before.len()..text.len()));
            assert_eq!(found.map(|bytes| &text[bytes]), expected, "{before}");
        }
    }
}
