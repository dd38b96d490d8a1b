//! Running text: every pattern of the rule set, found in its fold and proved on the original.

use super::{Finder, Sightings};
use crate::domain::find_hosts;
use crate::engine::candidate::{Candidate, verify};
use crate::engine::resolve::resolve;
use crate::matcher::Found;
use crate::text::{FoldSet, fold_into};
use std::ops::Range;

impl<'r> Finder<'r> {
    /// Adds what stands in `text`, the value of the field at `index`.
    pub(super) fn look_at_text(&mut self, index: usize, text: &str, sightings: &mut Sightings<'r>) {
        let seen = self.search(index, text);
        if seen.standing.is_empty() {
            sightings.extend(seen);
            return;
        }
        let official = self.official_hosts(text);
        let resolved = resolve(seen.standing, &official);
        sightings.standing.extend(resolved.standing);
        sightings.fallen.extend(seen.fallen.into_iter().chain(resolved.fallen));
    }

    /// The candidates of one text, before overlaps are resolved.
    fn search(&mut self, index: usize, text: &str) -> Sightings<'r> {
        let mut seen = Sightings::default();
        fold_into(text, &mut self.units);
        self.found.clear();
        let found = &mut self.found;
        self.rules.automaton().for_each(&self.units, |occurrence| found.push(occurrence));
        if self.found.is_empty() {
            return seen;
        }
        self.offsets.rebuild(text);
        for occurrence in &self.found {
            let Some(bytes) = self.offsets.source(occurrence.start..occurrence.end) else { continue };
            let candidate = self.candidate(index, occurrence, bytes);
            match verify(self.rules, &candidate.target, candidate.pattern, text, candidate.bytes.clone()) {
                Ok((bytes, in_email)) => seen.standing.push(Candidate { bytes, in_email, ..candidate }),
                Err(reason) => seen.fallen.push((candidate, reason)),
            }
        }
        seen
    }

    fn candidate(&self, field: usize, occurrence: &Found, bytes: Range<usize>) -> Candidate<'r> {
        let order = occurrence.pattern.0 as usize;
        let pattern = &self.rules.patterns()[order];
        Candidate {
            target: pattern.target.clone(),
            pattern: &pattern.text,
            order,
            field,
            bytes,
            in_email: false,
            undone: FoldSet::EMPTY,
            read_as: None,
        }
    }

    fn official_hosts(&self, text: &str) -> Vec<(Range<usize>, String)> {
        let hosts = find_hosts(text).into_iter().filter(|host| self.rules.is_official_host(&host.domain));
        hosts.map(|host| (host.bytes, host.domain.to_string())).collect()
    }
}
