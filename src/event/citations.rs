//! What a verdict cites: the notices of a rule set, and the name of its canary.

use super::data::CitedNotice;
use crate::rule::{Notice, Organization, RuleSet};

/// The part of a rule set that events need.
#[derive(Clone, Copy, Debug)]
pub struct Citations<'r> {
    /// All notices; organizations refer to them by index.
    pub notices: &'r [Notice],
    /// The id of the canary, when there is one.
    pub canary: Option<&'r str>,
}

impl<'r> From<&'r RuleSet> for Citations<'r> {
    fn from(rules: &'r RuleSet) -> Self {
        Self { notices: rules.notices(), canary: rules.canary().map(|(id, _)| id) }
    }
}

impl Citations<'_> {
    /// Every notice of an organization, earliest first.
    pub(super) fn of(&self, organization: &Organization) -> Vec<CitedNotice> {
        organization.notices.iter().filter_map(|index| self.notices.get(*index)).map(cite).collect()
    }
}

fn cite(notice: &Notice) -> CitedNotice {
    let authority = notice.authority.en.as_ref().or(notice.authority.zh.as_ref());
    CitedNotice {
        id: notice.id.to_string(),
        authority: authority.cloned().unwrap_or_default(),
        published: notice.published.map(|date| date.to_string()),
        url: notice.linked().map(|source| source.url.clone()),
        kind: notice.kind.as_str(),
        source: notice.linked().map(|source| source.kind.as_str()),
    }
}
