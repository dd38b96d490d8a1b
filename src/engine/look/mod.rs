//! Where the names, hosts and accounts of the lists stand in a content: candidates, each verified on the original.

mod handle;
mod hidden;
mod imitation;
mod link;
mod nobodys;
mod text;

use self::nobodys::Nobodys;
use super::candidate::Candidate;
use super::resolve::resolve;
use super::verdict::Reason;
use crate::content::{Content, Field, Role};
use crate::matcher::Found;
use crate::rule::RuleSet;
use crate::text::OffsetMap;

/// What one pass over the fields found: candidates that stand, and those that fell.
#[derive(Default)]
pub(super) struct Sightings<'r> {
    pub(super) standing: Vec<Candidate<'r>>,
    pub(super) fallen: Vec<(Candidate<'r>, Reason)>,
}

/// A candidate that stands, or why it does not.
enum Proof<'r> {
    Stands(Candidate<'r>),
    Falls(Candidate<'r>, Reason),
}

impl<'r> Proof<'r> {
    fn map(self, change: impl FnOnce(Candidate<'r>) -> Candidate<'r>) -> Self {
        match self {
            Proof::Stands(candidate) => Proof::Stands(change(candidate)),
            Proof::Falls(candidate, reason) => Proof::Falls(change(candidate), reason),
        }
    }
}

impl<'r> Sightings<'r> {
    fn add(&mut self, proof: Proof<'r>) {
        match proof {
            Proof::Stands(candidate) => self.standing.push(candidate),
            Proof::Falls(candidate, reason) => self.fallen.push((candidate, reason)),
        }
    }

    fn extend(&mut self, other: Sightings<'r>) {
        self.standing.extend(other.standing);
        self.fallen.extend(other.fallen);
    }
}

/// Finds candidates; owns the scratch of one thread.
#[derive(Debug)]
pub(super) struct Finder<'r> {
    rules: &'r RuleSet,
    units: Vec<u16>,
    found: Vec<Found>,
    offsets: OffsetMap,
    nobodys: Nobodys,
}

impl<'r> Finder<'r> {
    /// A finder with empty scratch.
    pub(super) fn new(rules: &'r RuleSet) -> Self {
        Self { rules, units: Vec::new(), found: Vec::new(), offsets: OffsetMap::default(), nobodys: Nobodys::default() }
    }

    /// Finds and verifies candidates in every field, and resolves overlaps within each.
    pub(super) fn look(&mut self, content: &Content<'_>) -> Sightings<'r> {
        let mut sightings = Sightings::default();
        for (index, field) in content.fields.iter().enumerate() {
            match field.role {
                Role::Link => self.look_at_link(index, field, &mut sightings),
                Role::Text => {
                    let dots = self.look_at_text(index, &field.value, &mut sightings);
                    if !dots.is_empty() {
                        self.look_for_imitations(index, &field.value, dots, &mut sightings);
                    }
                }
                Role::Handle => self.look_at_handle(index, field, &mut sightings),
            }
        }
        sightings
    }

    /// A handle is read as text, as handles are written, and as a whole.
    fn look_at_handle(&mut self, index: usize, field: &Field<'_>, sightings: &mut Sightings<'r>) {
        let mut seen = Sightings::default();
        self.look_at_text(index, &field.value, &mut seen);
        let (written, fallen): (Vec<_>, Vec<_>) = seen.fallen.into_iter().partition(|(candidate, reason)| {
            candidate.read_as.is_none() && handle::is_written_in(&field.value, candidate, reason)
        });
        seen.standing.extend(written.into_iter().map(|(candidate, _)| candidate));
        seen.standing.extend(handle::look_for_reading(self.rules, index, field));
        let resolved = resolve(seen.standing, &[]);
        sightings.standing.extend(resolved.standing);
        sightings.fallen.extend(fallen.into_iter().chain(resolved.fallen));
        sightings.standing.extend(handle::look(self.rules, index, field));
    }
}
