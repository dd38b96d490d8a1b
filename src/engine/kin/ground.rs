//! From a found name to the branch that a verdict shows.

use super::kin_of;
use crate::content::Content;
use crate::engine::candidate::Candidate;
use crate::engine::verdict::Branch;
use crate::rule::Via;
use crate::text::Span;
use std::ops::Range;

/// What stands in each field, in order of place: a branch's name does not reach into its neighbours.
pub(in crate::engine) struct Grounds(Vec<(usize, Range<usize>)>);

impl Grounds {
    /// The grounds of everything that stands.
    pub(in crate::engine) fn of(standing: &[Candidate<'_>]) -> Self {
        let mut taken: Vec<_> = standing.iter().map(|candidate| (candidate.field, candidate.bytes.clone())).collect();
        taken.sort_by_key(|(field, bytes)| (*field, bytes.start, bytes.end));
        Self(taken)
    }

    /// The bytes from what stands before the candidate to what stands behind it.
    fn around(&self, candidate: &Candidate<'_>, field: &str) -> Range<usize> {
        let (from, bytes) = (candidate.field, &candidate.bytes);
        let behind = self.0.partition_point(|(field, taken)| (*field, taken.start) < (from, bytes.end));
        let before = self.0.partition_point(|(field, taken)| (*field, taken.start) < (from, bytes.start));
        let here = |place: Option<usize>| place.and_then(|at| self.0.get(at)).filter(|(field, _)| *field == from);
        let start = here(before.checked_sub(1)).map_or(0, |(_, taken)| taken.end.min(bytes.start));
        start..here(Some(behind)).map_or(field.len(), |(_, taken)| taken.start)
    }
}

/// The branch or preparatory committee that a found name is part of.
pub(in crate::engine) fn branch_of(
    content: &Content<'_>,
    candidate: &Candidate<'_>,
    span: &Span,
    grounds: &Grounds,
) -> Option<Branch> {
    if !matches!(candidate.via(), Via::Name | Via::Alias | Via::Translation | Via::Variant) {
        return None;
    }
    let text: &str = &content.fields[candidate.field].value;
    let kin = kin_of(text, &candidate.bytes, &grounds.around(candidate, text))?;
    let (before, after) = (text.get(kin.bytes.start..span.bytes.start)?, text.get(span.bytes.end..kin.bytes.end)?);
    let count = |text: &str| (text.chars().count(), text.encode_utf16().count());
    let ((chars_before, utf16_before), (chars_after, utf16_after)) = (count(before), count(after));
    Some(Branch {
        kind: kin.kind,
        text: text[kin.bytes.clone()].to_owned(),
        place: kin.place.map(|place| text[place].to_owned()),
        span: Span {
            bytes: kin.bytes,
            chars: span.chars.start - chars_before..span.chars.end + chars_after,
            utf16: span.utf16.start - utf16_before..span.utf16.end + utf16_after,
        },
    })
}
