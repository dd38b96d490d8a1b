//! Hosts that are made to look like a listed or an official one.

use super::{Finder, Sightings};
use crate::domain::{Domain, HostFound, find_hosts_unless, is_part_of_address};
use crate::engine::candidate::Candidate;
use crate::engine::verdict::Reason;
use crate::rule::{Imitated, Imitation, RuleSet, Target};
use std::ops::Range;

impl<'r> Finder<'r> {
    /// Adds the hosts of running text that imitate another.
    pub(super) fn look_for_imitations(
        &mut self,
        index: usize,
        text: &str,
        dots: Range<usize>,
        sightings: &mut Sightings<'r>,
    ) {
        for host in find_hosts_unless(text, dots, |host| self.nobodys.contains(host)) {
            if !is_part_of_address(text, &host.bytes) && !is_cut(&text[host.bytes.end..]) {
                self.look_for_imitation(index, &host, sightings);
            }
        }
    }

    /// Adds the host when it imitates another; one that is left alone says why.
    pub(super) fn look_for_imitation(&mut self, index: usize, host: &HostFound, sightings: &mut Sightings<'r>) {
        if self.nobodys.contains(host.domain.as_ascii()) {
            return;
        }
        let candidate = |target, pattern| Candidate {
            target,
            pattern,
            order: usize::MAX,
            field: index,
            bytes: host.bytes.clone(),
            in_email: host.in_email,
            undone: host.folds,
            read_as: None,
        };
        if let Some(official) = self.rules.official_host(&host.domain) {
            let reason = Reason::OfficialHost { host: official.to_owned() };
            sightings.fallen.push((candidate(Target::KnownHost, official), reason));
            return;
        }
        let Some(imitation) = imitation(self.rules, &host.domain) else {
            self.nobodys.insert(host.domain.as_ascii());
            return;
        };
        let pattern = imitated(self.rules, imitation.of);
        if self.rules.imitations().is_known(&host.domain) {
            let reason = Reason::KnownHost { like: pattern.to_owned() };
            sightings.fallen.push((candidate(Target::KnownHost, pattern), reason));
        } else {
            sightings.standing.push(candidate(Target::Imitation(imitation), pattern));
        }
    }
}

/// What a host imitates that is not itself within a listed domain.
fn imitation(rules: &RuleSet, host: &Domain) -> Option<Imitation> {
    if rules.listed_domain(host).is_some() {
        return None;
    }
    rules.imitations().seen(host)
}

/// The host or the short name that is imitated.
fn imitated(rules: &RuleSet, of: Imitated) -> &str {
    match of {
        Imitated::Listed { organization, domain } => {
            rules.organizations()[organization].domains[domain].domain.as_ascii()
        }
        Imitated::Official(index) | Imitated::Token(index) => {
            rules.imitations().authority(index).map_or("", |authority| authority.id.as_str())
        }
    }
}

/// An address that a page has shortened: `chinanpo.mc…` is the beginning of another host.
fn is_cut(after: &str) -> bool {
    after.starts_with('…') || after.starts_with("...")
}
