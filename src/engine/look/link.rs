//! A link field: its host, where that sends the reader, and whose these are.

use super::{Finder, Sightings};
use crate::content::Field;
use crate::domain::{HostFound, hosts_of_link};
use crate::engine::candidate::Candidate;
use crate::rule::{RuleSet, Target};

impl<'r> Finder<'r> {
    /// Adds the listed domains that the link's host, or a target in its query, is or lies below. What is no link is read
    /// as running text, for its hosts alone.
    pub(super) fn look_at_link(&mut self, index: usize, field: &Field<'_>, sightings: &mut Sightings<'r>) {
        let hosts = hosts_of_link(&field.value);
        let Some(own) = hosts.own else {
            self.look_for_hosts(index, &field.value, sightings);
            self.look_for_imitations(index, &field.value, 0..field.value.len(), sightings);
            return;
        };
        self.look_for_imitation(index, &own, &mut *sightings);
        if self.rules.is_official_host(&own.domain) {
            return;
        }
        let all = [own].into_iter().chain(hosts.targets);
        let found: Vec<Candidate<'r>> = all.filter_map(|host| listed(self.rules, index, &host)).collect();
        // `官网sham.example` could be a host of its own letters; without a scheme it is a word in front of one.
        if found.is_empty() && !field.value.is_ascii() && !field.value.contains("//") {
            self.look_for_hosts(index, &field.value, sightings);
        }
        sightings.standing.extend(found);
    }
}

/// The listed domain that the host is or lies below.
fn listed<'r>(rules: &'r RuleSet, index: usize, found: &HostFound) -> Option<Candidate<'r>> {
    let (organization, domain) = rules.listed_domain(&found.domain)?;
    let listed = &rules.organizations()[organization].domains[domain].domain;
    Some(Candidate {
        target: Target::Domain { organization, domain },
        pattern: listed.as_ascii(),
        order: usize::MAX,
        field: index,
        bytes: found.bytes_of(listed),
        in_email: found.in_email,
        undone: found.folds_of(listed),
        read_as: None,
    })
}
