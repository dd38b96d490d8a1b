//! Which of several candidates at one place stands: the longest; and a protected name covers what is in it.

use super::candidate::Candidate;
use super::verdict::Reason;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

/// The candidates of one field that stand, in order of place; the others with the reason.
#[derive(Debug, Default)]
pub(super) struct Resolved<'r> {
    pub(super) standing: Vec<Candidate<'r>>,
    pub(super) fallen: Vec<(Candidate<'r>, Reason)>,
}

/// Resolves overlaps: longer before shorter, protected before listed, earlier before later, then the order of the rule set; and
/// last of all what is on trial, so that it takes nothing from others. Listed names on exactly the same bytes all stand, one per organization.
/// `official` are the bytes of official hosts, with the hosts.
pub(super) fn resolve<'r>(mut candidates: Vec<Candidate<'r>>, official: &[(Range<usize>, String)]) -> Resolved<'r> {
    candidates
        .sort_by_key(|c| (c.is_on_trial(), Reverse(c.bytes.len()), !c.is_protected(), c.bytes.start, c.via(), c.order));
    let mut ground = Ground::default();
    let mut resolved = Resolved::default();
    for candidate in candidates {
        match obstacle(&candidate, &resolved.standing, &ground, official) {
            None => {
                ground.taken.entry(candidate.bytes.start).or_default().push(resolved.standing.len());
                resolved.standing.push(candidate);
            }
            Some(Obstacle::Same) => {}
            Some(Obstacle::Reason(reason)) => resolved.fallen.push((candidate, reason)),
        }
    }
    resolved.standing.sort_by_key(|c| (c.bytes.start, c.order));
    resolved
}

/// What stands where: by first byte, the candidates (indices) on the same bytes. Different entries never overlap.
#[derive(Default)]
struct Ground {
    taken: BTreeMap<usize, Vec<usize>>,
}

enum Obstacle {
    /// The same organization stands on the same bytes already.
    Same,
    Reason(Reason),
}

fn obstacle(
    candidate: &Candidate<'_>,
    standing: &[Candidate<'_>],
    ground: &Ground,
    official: &[(Range<usize>, String)],
) -> Option<Obstacle> {
    // Hosts do not overlap and come in order.
    let behind = official.partition_point(|(bytes, _)| bytes.end <= candidate.bytes.start);
    if let Some((_, host)) = official.get(behind).filter(|(bytes, _)| overlap(bytes, &candidate.bytes)) {
        return Some(Obstacle::Reason(Reason::OfficialHost { host: host.clone() }));
    }
    // What stands does not overlap, so the last two places before its end are all that can reach into the candidate.
    let places = ground.taken.range(..candidate.bytes.end).rev().take(2);
    let rival = places.flat_map(|(_, here)| here).map(|&index| &standing[index]).find(|other| {
        overlap(&other.bytes, &candidate.bytes)
            && (other.bytes != candidate.bytes
                || other.is_protected()
                || other.organization() == candidate.organization())
    })?;
    if candidate.is_on_trial() && !rival.is_protected() {
        return Some(Obstacle::Same); // what is listed says more
    }
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
