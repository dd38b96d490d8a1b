//! What never matches alone: cautious names and short aliases need company in the same record.

use super::candidate::Candidate;
use super::verdict::Reason;
use crate::rule::{Caution, Organization, RuleSet, Status, Target, Via};
use std::collections::{BTreeSet, HashSet};

/// So many different organizations whose names are all weak support each other: a list, not a coincidence.
const A_LIST: usize = 3;

/// What a record has, each kind of sighting once: repeating a name is no second signal, and no work.
#[derive(Debug, Default)]
pub(super) struct Company<'r> {
    signals: Vec<Candidate<'r>>,
}

impl<'r> Company<'r> {
    pub(super) fn of(standing: &[Candidate<'r>]) -> Self {
        let mut seen = HashSet::new();
        // a spelling that nobody listed vouches for nobody
        let named = standing.iter().filter(|c| c.organization().is_some() && c.via() != Via::Variant);
        let once = named.filter(|c| seen.insert((c.organization(), c.via(), c.pattern)));
        Self { signals: once.cloned().collect() }
    }

    /// Why `candidate` may not stand in this company; `None` when it may.
    ///
    /// A second signal is another listed organization, a listed domain or account, or another name of the same
    /// organization. Two organizations that both need company are company only when one notice names both, or when
    /// there are three of them: innocent texts hold two generic names by chance. What is in shadow supports only what
    /// is in shadow: an entry on trial must not change what is emitted.
    pub(super) fn missing_signal(&self, rules: &RuleSet, candidate: &Candidate<'_>) -> Option<Reason> {
        let organization = &rules.organizations()[candidate.organization()?];
        let supporters = || {
            self.signals.iter().filter_map(|other| {
                let index = other.organization()?;
                let rival = &rules.organizations()[index];
                let counts = rival.status == Status::Active || organization.status == Status::Shadow;
                counts.then_some((index, rival, other))
            })
        };
        if let Target::Name { requires_full_name: true, .. } = candidate.target {
            let full = supporters()
                .any(|(index, _, other)| Some(index) == candidate.organization() && other.via() == Via::Name);
            return (!full).then_some(Reason::NeedsFullName);
        }
        if !never_alone(organization, candidate.via()) {
            return None;
        }
        let mut weak: BTreeSet<usize> = candidate.organization().into_iter().collect();
        let supported = supporters().any(|(index, rival, other)| {
            if Some(index) == candidate.organization() {
                return matches!(other.via(), Via::Domain | Via::Account) || other.pattern != candidate.pattern;
            }
            let is_weak = never_alone(rival, other.via())
                || matches!(other.target, Target::Name { requires_full_name: true, .. });
            weak.insert(index);
            let one_notice = || rival.notices.iter().any(|notice| organization.notices.contains(notice));
            !is_weak || weak.len() >= A_LIST || one_notice()
        });
        (!supported).then_some(Reason::NeedsSecondSignal)
    }
}

/// What the entry's caution says of a name found in this way (see the lists' README).
fn never_alone(organization: &Organization, via: Via) -> bool {
    const ANY_NAME: [Caution; 4] =
        [Caution::GenericName, Caution::ShortName, Caution::IdenticalToRegistered, Caution::UnverifiedName];
    match via {
        Via::Domain | Via::Account | Via::Impersonation | Via::Canary => false,
        Via::Translation | Via::Variant if organization.has(Caution::EnglishOnly) => true,
        Via::Name | Via::Alias | Via::Translation | Via::Variant => {
            ANY_NAME.iter().any(|caution| organization.has(*caution))
        }
    }
}
