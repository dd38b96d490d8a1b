//! A link field: its host, and whose it is.

use crate::content::Field;
use crate::domain::host_of_link;
use crate::engine::candidate::Candidate;
use crate::rule::{RuleSet, Target};
use crate::text::FoldSet;

/// The listed domain that the link's host is or lies below.
pub(super) fn look<'r>(rules: &'r RuleSet, index: usize, field: &Field<'_>) -> Option<Candidate<'r>> {
    let found = host_of_link(&field.value)?;
    if rules.is_official_host(&found.domain) {
        return None;
    }
    let (organization, domain) = rules.listed_domain(&found.domain)?;
    let listed = &rules.organizations()[organization].domains[domain].domain;
    Some(Candidate {
        target: Target::Domain { organization, domain },
        pattern: listed.as_ascii(),
        order: usize::MAX,
        field: index,
        bytes: found.bytes_of(&field.value, listed),
        in_email: found.in_email,
        undone: FoldSet::EMPTY,
        read_as: None,
    })
}
