//! What one rule set made of the records.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::example::{Decision, Example, Finding, id, name, organization};
use super::examples::Examples;
use super::tally::{Judgement, Seen};
use crate::engine::{Mention, Verdict};
use crate::rule::{Action, RuleSet, Severity, Status, Via};
use crate::stream::PoisonClass;
use crate::text::Fold;

/// How often each value came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counter<K>(BTreeMap<K, u64>);

impl<K> Default for Counter<K> {
    fn default() -> Self {
        Self::none()
    }
}

impl<K> Counter<K> {
    /// Nothing counted yet.
    #[must_use]
    pub const fn none() -> Self {
        Self(BTreeMap::new())
    }
}

impl<K: Ord> Counter<K> {
    /// One more.
    pub fn add(&mut self, key: K) {
        *self.0.entry(key).or_default() += 1;
    }

    /// How many of one value.
    #[must_use]
    pub fn get(&self, key: &K) -> u64 {
        self.0.get(key).copied().unwrap_or(0)
    }

    /// All of them.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }

    /// Each value that came, in its order.
    pub fn iter(&self) -> impl Iterator<Item = (&K, u64)> {
        self.0.iter().map(|(key, count)| (key, *count))
    }

    /// The value came, or might have come.
    #[must_use]
    pub fn knows(&self, key: &K) -> bool {
        self.0.contains_key(key)
    }

    /// Makes a value known that may not come.
    pub(super) fn touch(&mut self, key: K) {
        self.0.entry(key).or_default();
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (key, count) in other.0 {
            *self.0.entry(key).or_default() += count;
        }
    }
}

/// How often an organization was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrganizationCount {
    /// Its name for people.
    pub name: String,
    /// How it stands on the lists; `canary` for the canary.
    pub listing: &'static str,
    /// Records with an active mention.
    pub records: u64,
    /// Active mentions.
    pub mentions: u64,
    /// Records with a mention in shadow.
    pub shadow: u64,
}

/// What one rule set made of the records. Records are counted once for each value; mentions one by one, without the
/// repetitions that a verdict leaves out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Nothing found.
    pub clean: u64,
    /// With an action.
    pub flagged: u64,
    /// In shadow only: what the entries and conditions in shadow would have done.
    pub shadow: u64,
    /// Could not be judged, by reason; faults of the policy or of ours.
    pub failed: Counter<PoisonClass>,
    /// Flagged records by action.
    pub actions: Counter<Action>,
    /// Flagged records by severity.
    pub severities: Counter<Severity>,
    /// By organization.
    pub organizations: BTreeMap<String, OrganizationCount>,
    /// Records with an active mention, by each notice that names the organization.
    pub notices: Counter<Arc<str>>,
    /// Active mentions, by what was found of the organization.
    pub via: Counter<Via>,
    /// Active mentions, by each way in which the words differ from the official spelling.
    pub folds: Counter<Fold>,
    /// Active mentions, by each way that hides the name.
    pub evasion: Counter<Fold>,
    /// Records for which a policy condition holds, also in shadow and also when none.
    pub conditions: Counter<(Arc<str>, Status)>,
    /// Of each organization, active and in shadow.
    pub examples: Examples<(String, Status)>,
}

impl Counts {
    /// Nothing counted yet; every condition of the policy is known.
    #[must_use]
    pub fn of(rules: &RuleSet, examples: usize) -> Self {
        let mut conditions = Counter::default();
        for condition in rules.policy().conditions() {
            conditions.touch((Arc::clone(&condition.id), condition.status));
        }
        Self {
            clean: 0,
            flagged: 0,
            shadow: 0,
            failed: Counter::default(),
            actions: Counter::default(),
            severities: Counter::default(),
            organizations: BTreeMap::new(),
            notices: Counter::default(),
            via: Counter::default(),
            folds: Counter::default(),
            evasion: Counter::default(),
            conditions,
            examples: Examples::at_most(examples),
        }
    }

    /// Records that were judged.
    #[must_use]
    pub fn judged(&self) -> u64 {
        self.clean + self.flagged + self.shadow
    }

    /// Counts one record.
    pub(super) fn add(&mut self, judgement: &Judgement<'_>, rules: &RuleSet, seen: &Seen<'_>, decisions: &[Decision]) {
        let verdict = match judgement {
            Err(class) => return self.failed.add(*class),
            Ok(verdict) => verdict,
        };
        self.outcome(verdict);
        for mention in &verdict.mentions {
            self.mention(mention);
        }
        self.by_organization(verdict, seen, decisions);
        for notice in notices(verdict, rules) {
            self.notices.add(notice);
        }
        for condition in conditions(verdict) {
            self.conditions.add(condition);
        }
    }

    fn outcome(&mut self, verdict: &Verdict<'_>) {
        if verdict.action > Action::None {
            self.flagged += 1;
            self.actions.add(verdict.action);
            verdict.severity.into_iter().for_each(|severity| self.severities.add(severity));
        } else if verdict.shadow.is_empty() {
            self.clean += 1;
        } else {
            self.shadow += 1;
        }
    }

    fn mention(&mut self, mention: &Mention<'_>) {
        self.via.add(mention.via);
        mention.folds.iter().for_each(|fold| self.folds.add(fold));
        mention.evasion.iter().for_each(|fold| self.evasion.add(fold));
        self.organization(mention).mentions += 1;
    }

    fn organization(&mut self, mention: &Mention<'_>) -> &mut OrganizationCount {
        let id = organization(mention);
        if !self.organizations.contains_key(id) {
            let listing = mention.subject().listing();
            let name = name(mention).to_owned();
            self.organizations
                .insert(id.to_owned(), OrganizationCount { name, listing, ..OrganizationCount::default() });
        }
        self.organizations.entry(id.to_owned()).or_default()
    }

    fn by_organization(&mut self, verdict: &Verdict<'_>, seen: &Seen<'_>, decisions: &[Decision]) {
        for (mentions, status) in [(&verdict.mentions, Status::Active), (&verdict.shadow, Status::Shadow)] {
            let mut counted = BTreeSet::new();
            for mention in mentions {
                if !counted.insert(organization(mention)) {
                    continue;
                }
                let count = self.organization(mention);
                *(if status == Status::Active { &mut count.records } else { &mut count.shadow }) += 1;
                let key = (organization(mention).to_owned(), status);
                if self.examples.wants(&key, seen.rank) {
                    self.examples.add(key, seen.example(mention, decisions.to_vec()));
                }
            }
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.clean += other.clean;
        self.flagged += other.flagged;
        self.shadow += other.shadow;
        self.failed.merge(other.failed);
        self.actions.merge(other.actions);
        self.severities.merge(other.severities);
        for (id, count) in other.organizations {
            let own = self.organizations.entry(id).or_default();
            (own.name, own.listing) = (count.name, count.listing);
            own.records += count.records;
            own.mentions += count.mentions;
            own.shadow += count.shadow;
        }
        self.notices.merge(other.notices);
        self.via.merge(other.via);
        self.folds.merge(other.folds);
        self.evasion.merge(other.evasion);
        self.conditions.merge(other.conditions);
        self.examples.merge(other.examples);
    }
}

/// The notices that name what a record mentions, each once.
fn notices(verdict: &Verdict<'_>, rules: &RuleSet) -> BTreeSet<Arc<str>> {
    let named = verdict.mentions.iter().filter_map(|mention| mention.organization);
    let indices = named.flat_map(|organization| &organization.notices);
    indices.filter_map(|index| rules.notices().get(*index)).map(|notice| Arc::clone(&notice.id)).collect()
}

/// The conditions that hold for any mention of a record, each once.
fn conditions(verdict: &Verdict<'_>) -> BTreeSet<(Arc<str>, Status)> {
    let all = verdict.mentions.iter().chain(&verdict.shadow).flat_map(|mention| &mention.conditions);
    all.map(|condition| (Arc::clone(&condition.id), condition.status)).collect()
}

impl Seen<'_> {
    /// This record as an example of a mention.
    pub(super) fn example(&self, mention: &Mention<'_>, decisions: Vec<Decision>) -> Example {
        Example {
            rank: self.rank,
            place: self.place.clone(),
            id: id(self.content),
            kind: self.content.kind,
            decisions,
            finding: Finding::of(mention, self.content),
        }
    }
}
