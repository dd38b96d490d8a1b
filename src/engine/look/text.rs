//! Running text: every pattern of the rule set, found in its fold and proved on the original.

use super::{Finder, Proof, Sightings};
use crate::domain::find_hosts;
use crate::engine::candidate::{Candidate, Verified, verify};
use crate::engine::reading::Reading;
use crate::engine::resolve::resolve;
use crate::matcher::PatternId;
use crate::rule::Target;
use crate::text::{FoldSet, Seen, fold_into};
use std::ops::Range;

/// Official hosts with the bytes that they stand on.
type Hosts = Vec<(Range<usize>, String)>;

impl<'r> Finder<'r> {
    /// Adds what stands in `text`, the value of the field at `index`, however it is read. Says where dots of hosts may be.
    pub(super) fn look_at_text(&mut self, index: usize, text: &str, sightings: &mut Sightings<'r>) -> Range<usize> {
        let (mut seen, written) = self.search(index, text);
        let mut official = if seen.standing.is_empty() { Vec::new() } else { self.official_hosts(text) };
        match Reading::of(text, written.signs) {
            None => self.search_hidden(index, text, None, &written, &mut seen),
            Some(reading) => {
                let read = self.search_reading(index, &reading, &mut seen, &mut official);
                self.search_hidden(index, text, Some(&reading), &read, &mut seen);
            }
        }
        if seen.standing.is_empty() {
            sightings.extend(seen);
            return written.dots;
        }
        let resolved = resolve(seen.standing, &official);
        sightings.standing.extend(resolved.standing);
        sightings.fallen.extend(seen.fallen.into_iter().chain(resolved.fallen));
        written.dots
    }

    /// Adds what only a reading of the text shows, at its place in the original. What the original shows, too, is seen already. Says which
    /// signs the reading has.
    fn search_reading(
        &mut self,
        index: usize,
        reading: &Reading,
        seen: &mut Sightings<'r>,
        official: &mut Hosts,
    ) -> Seen {
        let (read, written) = self.search(index, reading.text());
        let shown = |mut candidate: Candidate<'r>| {
            let said = reading.text()[candidate.bytes.clone()].to_owned();
            let (bytes, undone) = reading.written(&candidate.bytes);
            (candidate.bytes, candidate.undone, candidate.read_as) =
                (bytes, candidate.undone.union(undone), Some(said));
            (!undone.is_empty()).then_some(candidate)
        };
        seen.fallen.extend(read.fallen.into_iter().filter_map(|(c, reason)| Some((shown(c)?, reason))));
        if !read.standing.is_empty() {
            let hosts = self.official_hosts(reading.text());
            official.extend(hosts.into_iter().map(|(bytes, host)| (reading.written(&bytes).0, host)));
            in_order(official);
        }
        seen.standing.extend(read.standing.into_iter().filter_map(shown));
        written
    }

    /// Adds the listed domains that stand in `text`, and nothing else of it.
    pub(super) fn look_for_hosts(&mut self, index: usize, text: &str, sightings: &mut Sightings<'r>) {
        let (mut seen, _) = self.search(index, text);
        seen.standing.retain(|candidate| matches!(candidate.target, Target::Domain { .. }));
        if !seen.standing.is_empty() {
            let resolved = resolve(seen.standing, &self.official_hosts(text));
            sightings.standing.extend(resolved.standing);
            sightings.fallen.extend(resolved.fallen);
        }
    }

    /// The candidates of one text, before overlaps are resolved, and the signs that the text has.
    fn search(&mut self, index: usize, text: &str) -> (Sightings<'r>, Seen) {
        let mut seen = Sightings::default();
        let signs = fold_into(text, &mut self.units);
        self.found.clear();
        let found = &mut self.found;
        self.rules.automaton().for_each(&self.units, |occurrence| found.push(occurrence));
        if self.found.is_empty() {
            return (seen, signs);
        }
        self.offsets.rebuild(text);
        for occurrence in &self.found {
            let Some(bytes) = self.offsets.source(occurrence.start..occurrence.end) else { continue };
            let candidate = self.candidate(index, occurrence.pattern, bytes);
            seen.add(self.verified(candidate, text));
        }
        (seen, signs)
    }

    /// Proves a candidate on the text that it was found in; one that was found backwards, on the text as it reads backwards.
    pub(super) fn verified(&self, candidate: Candidate<'r>, text: &str) -> Proof<'r> {
        if self.rules.patterns()[candidate.order].is_reversed {
            return self.verified_backwards(candidate, text);
        }
        match verify(self.rules, &candidate.target, candidate.pattern, text, candidate.bytes.clone()) {
            Ok(Verified { bytes, in_email, undone }) => {
                Proof::Stands(Candidate { bytes, in_email, undone: candidate.undone.union(undone), ..candidate })
            }
            Err(reason) => Proof::Falls(candidate, reason),
        }
    }

    pub(super) fn candidate(&self, field: usize, pattern: PatternId, bytes: Range<usize>) -> Candidate<'r> {
        let order = pattern.0 as usize;
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

    fn official_hosts(&self, text: &str) -> Hosts {
        let hosts = find_hosts(text).into_iter().filter(|host| self.rules.is_official_host(&host.domain));
        hosts.map(|host| (host.bytes, host.domain.to_string())).collect()
    }
}

/// Orders hosts by place; of those that overlap one is left, on the bytes of all.
fn in_order(hosts: &mut Hosts) {
    hosts.sort_by_key(|(bytes, _)| bytes.start);
    hosts.dedup_by(|next, kept| {
        let overlaps = next.0.start < kept.0.end;
        kept.0.end = if overlaps { kept.0.end.max(next.0.end) } else { kept.0.end };
        overlaps
    });
}
