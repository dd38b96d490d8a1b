//! Which of several candidates at one place stands: the longest; and a protected name covers what is in it.

use super::candidate::Candidate;
use super::verdict::Reason;
use std::cmp::Reverse;
use std::ops::Range;

/// The candidates of one field that stand, in order of place; the others with the reason.
#[derive(Debug, Default)]
pub(super) struct Resolved<'r> {
    pub(super) standing: Vec<Candidate<'r>>,
    pub(super) fallen: Vec<(Candidate<'r>, Reason)>,
}

/// Resolves overlaps: longer before shorter, protected before listed, earlier before later, then the
/// order of the rule set. Listed names on exactly the same bytes all stand, one per organization.
/// `official` are the bytes of official hosts, with the hosts.
pub(super) fn resolve<'r>(mut candidates: Vec<Candidate<'r>>, official: &[(Range<usize>, String)]) -> Resolved<'r> {
    candidates.sort_by_key(|c| (Reverse(c.bytes.len()), !c.is_protected(), c.bytes.start, c.via(), c.order));
    let mut resolved = Resolved::default();
    for candidate in candidates {
        match obstacle(&candidate, &resolved.standing, official) {
            None => resolved.standing.push(candidate),
            Some(Obstacle::Same) => {}
            Some(Obstacle::Reason(reason)) => resolved.fallen.push((candidate, reason)),
        }
    }
    resolved.standing.sort_by_key(|c| (c.bytes.start, c.order));
    resolved
}

enum Obstacle {
    /// The same organization stands on the same bytes already.
    Same,
    Reason(Reason),
}

fn obstacle(
    candidate: &Candidate<'_>,
    standing: &[Candidate<'_>],
    official: &[(Range<usize>, String)],
) -> Option<Obstacle> {
    if let Some((_, host)) = official.iter().find(|(bytes, _)| overlap(bytes, &candidate.bytes)) {
        return Some(Obstacle::Reason(Reason::OfficialHost { host: host.clone() }));
    }
    let rival = standing.iter().find(|other| {
        overlap(&other.bytes, &candidate.bytes)
            && (other.bytes != candidate.bytes
                || other.is_protected()
                || other.organization() == candidate.organization())
    })?;
    let name = rival.pattern.to_owned();
    Some(if rival.is_protected() {
        if candidate.is_protected() { Obstacle::Same } else { Obstacle::Reason(Reason::Protected { by: name }) }
    } else if rival.bytes == candidate.bytes {
        Obstacle::Same
    } else {
        Obstacle::Reason(Reason::InsideLonger { name })
    })
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}
