//! Names that something hides between their characters, that are written backwards, or that have lost their head.

use super::{Finder, Proof, Sightings};
use crate::engine::candidate::{Candidate, Verified, verify};
use crate::engine::reading::{Hidden, Reading, beheaded, hidden};
use crate::text::{Fold, Seen};
use std::ops::Range;

/// What is looked at before and behind a name to prove it, in bytes: as far as any rule reaches.
const BEFORE: usize = 480;
const BEHIND: usize = 64;

impl<'r> Finder<'r> {
    /// Adds what the text hides, as far as it is read; the units of this reading, and its signs, are those of the last search.
    pub(super) fn search_hidden(
        &self,
        index: usize,
        original: &str,
        reading: Option<&Reading>,
        signs: &Seen,
        seen: &mut Sightings<'r>,
    ) {
        let names = self.rules.hidden_names();
        let text = reading.map_or(original, Reading::text);
        let (hidden, beheaded) = (hidden(names, text, &self.units, signs), beheaded(names, text, signs));
        if hidden.is_empty() && beheaded.is_empty() {
            return;
        }
        let place = |mut candidate: Candidate<'r>| {
            if let Some(reading) = reading {
                let (bytes, undone) = reading.written(&candidate.bytes);
                (candidate.bytes, candidate.undone) = (bytes, candidate.undone.union(undone));
            }
            candidate
        };
        // What stands as it is written is not read otherwise: `中国质量「监督」中心` is the body with these letters.
        let plain = Reach::of(&seen.standing);
        let is_plain = |candidate: &Candidate<'r>| plain.covers(&candidate.bytes);
        let mut add = |proof: Proof<'r>| match proof.map(place) {
            Proof::Stands(candidate) if is_plain(&candidate) => {}
            proof => seen.add(proof),
        };
        for found in hidden {
            add(self.unhidden(index, found, text));
        }
        for (pattern, bytes, lost) in beheaded {
            let mut candidate = self.candidate(index, pattern, bytes);
            let head: String = candidate.pattern.chars().take(lost).collect();
            candidate.undone.insert(Fold::Truncated);
            candidate.read_as = Some(head + &text[candidate.bytes.clone()]);
            add(self.verified(candidate, text));
        }
    }

    /// Proves a hidden name on the text as it is read.
    fn unhidden(&self, index: usize, found: Hidden, text: &str) -> Proof<'r> {
        let Hidden { pattern, bytes, read_as, undone } = found;
        let around = around(text, &bytes);
        let read = format!("{}{read_as}{}", &text[around.start..bytes.start], &text[bytes.end..around.end]);
        let start = bytes.start - around.start;
        let candidate =
            Candidate { bytes: start..start + read_as.len(), ..self.candidate(index, pattern, bytes.clone()) };
        let back = |candidate: Candidate<'r>| Candidate {
            bytes: bytes.clone(),
            undone: candidate.undone.union(undone),
            read_as: Some(candidate.read_as.unwrap_or_else(|| read_as.clone())),
            ..candidate
        };
        self.verified(candidate, &read).map(back)
    }

    /// Proves a name that was found backwards on the text around it, turned round.
    pub(super) fn verified_backwards(&self, mut candidate: Candidate<'r>, text: &str) -> Proof<'r> {
        let around = around(text, &candidate.bytes);
        let turned: String = text[around.clone()].chars().rev().collect();
        let start = around.end - candidate.bytes.end;
        let bytes = start..start + candidate.bytes.len();
        candidate.undone.insert(Fold::Reversed);
        candidate.read_as = Some(turned[bytes.clone()].to_owned());
        match verify(self.rules, &candidate.target, candidate.pattern, &turned, bytes) {
            Ok(Verified { in_email, undone, .. }) => {
                Proof::Stands(Candidate { in_email, undone: candidate.undone.union(undone), ..candidate })
            }
            Err(reason) => Proof::Falls(candidate, reason),
        }
    }
}

/// Where the bytes of some candidates begin, in order, each with the farthest end of those up to it.
struct Reach(Vec<(usize, usize)>);

impl Reach {
    fn of(candidates: &[Candidate<'_>]) -> Self {
        let mut reach: Vec<_> =
            candidates.iter().map(|candidate| (candidate.bytes.start, candidate.bytes.end)).collect();
        reach.sort_unstable();
        let mut farthest = 0;
        for (_, end) in &mut reach {
            farthest = farthest.max(*end);
            *end = farthest;
        }
        Self(reach)
    }

    /// One of them holds all these bytes.
    fn covers(&self, bytes: &Range<usize>) -> bool {
        let behind = self.0.partition_point(|(start, _)| *start <= bytes.start);
        behind > 0 && bytes.end <= self.0[behind - 1].1
    }
}

/// The bytes around a place, on character boundaries.
fn around(text: &str, bytes: &Range<usize>) -> Range<usize> {
    text.floor_char_boundary(bytes.start.saturating_sub(BEFORE))
        ..text.ceil_char_boundary((bytes.end + BEHIND).min(text.len()))
}
