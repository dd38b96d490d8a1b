//! What the engine says of a case, and how it compares with what was expected.

use super::exam::{Case, Expected, Place};
use std::fmt::Write as _;
use tripline::engine::{Mention, Scanner, Stance};

/// The verdict on one case.
#[derive(Debug)]
pub struct Judged {
    pub action: &'static str,
    pub found: Vec<Found>,
    /// For each expected mention the index in `found`.
    pub matched: Vec<Option<usize>>,
}

/// A mention that was found.
#[derive(Debug)]
pub struct Found {
    pub who: String,
    pub place: Place,
    pub text: String,
    pub stance: Stance,
}

pub fn judge(scanner: &mut Scanner<'_>, case: &Case) -> Judged {
    let verdict = scanner.scan(&case.content).unwrap_or_else(|_| panic!("{}: the policy does not run", case.id));
    let found: Vec<Found> = verdict.mentions.iter().map(Found::new).collect();
    let matched = case.expected.iter().map(|expected| found.iter().position(|f| f.is(expected))).collect();
    Judged { action: verdict.action.as_str(), found, matched }
}

impl Found {
    fn new(mention: &Mention<'_>) -> Self {
        let imitates = mention.via.as_str() == "impersonation";
        let organization = mention.organization.map_or("canary", |o| &o.id);
        let bytes = mention.span.bytes.clone();
        Self {
            who: if imitates { "impersonation" } else { organization }.to_owned(),
            place: Place { field: mention.field.to_string(), item: mention.item, bytes },
            text: mention.text.clone(),
            stance: mention.stance,
        }
    }

    fn is(&self, expected: &Expected) -> bool {
        self.who == expected.who && expected.places.contains(&self.place)
    }
}

impl Judged {
    /// Something would be emitted.
    pub fn is_flagged(&self) -> bool {
        self.action != "none"
    }

    /// How many of the expected mentions were found, with their exact words.
    pub fn hits(&self) -> usize {
        self.matched.iter().flatten().count()
    }

    /// Found mentions that nobody expected.
    pub fn unexpected<'a>(&'a self, case: &'a Case) -> impl Iterator<Item = &'a Found> {
        self.found.iter().filter(|found| !case.expected.iter().any(|expected| found.is(expected)))
    }

    /// Action and mentions are exactly those expected.
    pub fn is_right(&self, case: &Case) -> bool {
        self.action == case.action && self.hits() == case.expected.len() && self.unexpected(case).next().is_none()
    }

    /// What is wrong, in words of the text: for development halves alone.
    pub fn difference(&self, case: &Case) -> String {
        let mut text = String::new();
        if self.action != case.action {
            let _ = write!(text, " {} instead of {}", self.action, case.action);
        }
        for (expected, _) in case.expected.iter().zip(&self.matched).filter(|(_, matched)| matched.is_none()) {
            let _ = write!(text, " missed {} {:?}", expected.who, expected.line["text"].as_str().unwrap_or_default());
        }
        for found in self.unexpected(case) {
            let _ = write!(text, " found {} {:?}", found.who, found.text);
        }
        for field in &case.content.fields {
            let _ = write!(text, "\n      {}: {}", field.name, field.value.escape_debug());
        }
        text
    }
}
