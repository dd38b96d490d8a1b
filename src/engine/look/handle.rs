//! A handle: an account, compared whole.

use crate::content::Field;
use crate::engine::candidate::Candidate;
use crate::rule::{RuleSet, Target};
use crate::text::FoldSet;

/// The listed account that the handle is.
pub(super) fn look<'r>(rules: &'r RuleSet, index: usize, field: &Field<'_>) -> Option<Candidate<'r>> {
    if rules.is_official_account(&field.value) {
        return None;
    }
    let (organization, account) = rules.listed_account(&field.value)?;
    Some(Candidate {
        target: Target::Account { organization, account },
        pattern: &rules.organizations()[organization].accounts[account].id,
        order: usize::MAX,
        field: index,
        bytes: 0..field.value.len(),
        in_email: false,
        undone: FoldSet::EMPTY,
        read_as: None,
    })
}
