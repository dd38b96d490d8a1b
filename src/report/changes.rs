//! What changes from one rule set to another, record by record.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::counts::{Counter, conditions};
use super::example::{Decision, organization};
use super::examples::Examples;
use super::tally::Seen;
use crate::engine::{Mention, Verdict};
use crate::rule::Status;

/// What becomes of a record that both rule sets judged and that does not stay as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Flagged by the candidate, and not by the base.
    New,
    /// Flagged by the base, and not by the candidate.
    Lost,
    /// Flagged by both, in another way: see [`Aspect`].
    Changed,
    /// In shadow under the candidate, and neither in shadow nor flagged under the base.
    Shadow,
}

impl Change {
    /// Every change, in the order of reports.
    pub const ALL: [Change; 4] = [Change::New, Change::Lost, Change::Changed, Change::Shadow];

    /// The name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Change::New => "new",
            Change::Lost => "lost",
            Change::Changed => "changed",
            Change::Shadow => "shadow",
        }
    }

    /// What people read.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Change::New => "newly flagged",
            Change::Lost => "no longer flagged",
            Change::Changed => "changed",
            Change::Shadow => "newly in shadow",
        }
    }
}

/// In what two verdicts that both flag a record differ. One record may differ in several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// Another action.
    Action,
    /// Another severity.
    Severity,
    /// Other organisations are named.
    Organizations,
    /// An organisation that both name was found in other places.
    Spans,
}

impl Aspect {
    /// Every aspect, in the order of reports.
    pub const ALL: [Aspect; 4] = [Aspect::Action, Aspect::Severity, Aspect::Organizations, Aspect::Spans];

    /// The name in JSON and in texts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Aspect::Action => "action",
            Aspect::Severity => "severity",
            Aspect::Organizations => "organisations",
            Aspect::Spans => "spans",
        }
    }
}

/// Records that something (an organisation, a condition) has come to, and records that it has left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// Under the candidate only.
    pub new: u64,
    /// Under the base only.
    pub lost: u64,
}

/// What changes from the base to the candidate. Every record that both judged is in exactly one of `new`, `lost`,
/// `changed`, `unchanged` and `clean`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// Newly flagged.
    pub new: u64,
    /// No longer flagged.
    pub lost: u64,
    /// Flagged by both, otherwise.
    pub changed: u64,
    /// Flagged by both, alike.
    pub unchanged: u64,
    /// Flagged by neither.
    pub clean: u64,
    /// Newly in shadow; these are counted above as well.
    pub shadow: u64,
    /// Not judged by both.
    pub uncompared: u64,
    /// The changed ones by what differs.
    pub aspects: Counter<Aspect>,
    /// Active mentions by organization, whatever the action; those that moved.
    pub organizations: BTreeMap<String, Moved>,
    /// Conditions that hold, active and in shadow; those that moved.
    pub conditions: BTreeMap<(Arc<str>, Status), Moved>,
    /// Of each change and organization.
    pub examples: Examples<(Change, String)>,
}

impl Changes {
    /// Nothing compared yet.
    #[must_use]
    pub const fn at_most(examples: usize) -> Self {
        Self {
            new: 0,
            lost: 0,
            changed: 0,
            unchanged: 0,
            clean: 0,
            shadow: 0,
            uncompared: 0,
            aspects: Counter::none(),
            organizations: BTreeMap::new(),
            conditions: BTreeMap::new(),
            examples: Examples::at_most(examples),
        }
    }

    /// The records of a change.
    #[must_use]
    pub const fn get(&self, change: Change) -> u64 {
        match change {
            Change::New => self.new,
            Change::Lost => self.lost,
            Change::Changed => self.changed,
            Change::Shadow => self.shadow,
        }
    }

    /// Records that both rule sets judged.
    #[must_use]
    pub const fn compared(&self) -> u64 {
        self.new + self.lost + self.changed + self.unchanged + self.clean
    }

    /// Compares two verdicts on one record.
    pub(super) fn add(&mut self, base: &Verdict<'_>, candidate: &Verdict<'_>, seen: &Seen<'_>, decisions: &[Decision]) {
        match (base.is_flagged(), candidate.is_flagged()) {
            (false, false) => self.clean += 1,
            (false, true) => {
                self.new += 1;
                self.example(Change::New, &candidate.mentions, &base.mentions, seen, decisions);
            }
            (true, false) => {
                self.lost += 1;
                self.example(Change::Lost, &base.mentions, &candidate.mentions, seen, decisions);
            }
            (true, true) => self.both(base, candidate, seen, decisions),
        }
        if base.shadow.is_empty() && !base.is_flagged() && !candidate.shadow.is_empty() {
            self.shadow += 1;
            self.example(Change::Shadow, &candidate.shadow, &[], seen, decisions);
        }
        self.moves(base, candidate);
    }

    fn both(&mut self, base: &Verdict<'_>, candidate: &Verdict<'_>, seen: &Seen<'_>, decisions: &[Decision]) {
        let mut differs = false;
        for aspect in Aspect::ALL.into_iter().filter(|aspect| aspect.differs(base, candidate)) {
            self.aspects.add(aspect);
            differs = true;
        }
        if !differs {
            self.unchanged += 1;
            return;
        }
        self.changed += 1;
        let (now, before) = (organizations(&candidate.mentions), organizations(&base.mentions));
        // A name that only the base found is shown where it was found.
        if now.is_subset(&before) && now != before {
            self.example(Change::Changed, &base.mentions, &candidate.mentions, seen, decisions);
        } else {
            self.example(Change::Changed, &candidate.mentions, &base.mentions, seen, decisions);
        }
    }

    /// One example under one organisation: the first that the other rule set does not name, else the first.
    fn example(
        &mut self,
        change: Change,
        mentions: &[Mention<'_>],
        others: &[Mention<'_>],
        seen: &Seen<'_>,
        decisions: &[Decision],
    ) {
        let known = organizations(others);
        let own = mentions.iter().find(|mention| !known.contains(organization(mention)));
        if let Some(mention) = own.or(mentions.first()) {
            let key = (change, organization(mention).to_owned());
            if self.examples.wants(&key, seen.rank) {
                self.examples.add(key, seen.example(mention, decisions.to_vec()));
            }
        }
    }

    fn moves(&mut self, base: &Verdict<'_>, candidate: &Verdict<'_>) {
        let (before, now) = (organizations(&base.mentions), organizations(&candidate.mentions));
        for mention in candidate.mentions.iter().filter(first_of_its(&before)) {
            self.organization(mention).new += 1;
        }
        for mention in base.mentions.iter().filter(first_of_its(&now)) {
            self.organization(mention).lost += 1;
        }
        let (before, now) = (conditions(base), conditions(candidate));
        for condition in now.difference(&before) {
            self.conditions.entry(condition.clone()).or_default().new += 1;
        }
        for condition in before.difference(&now) {
            self.conditions.entry(condition.clone()).or_default().lost += 1;
        }
    }

    fn organization(&mut self, mention: &Mention<'_>) -> &mut Moved {
        self.organizations.entry(organization(mention).to_owned()).or_default()
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.new += other.new;
        self.lost += other.lost;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
        self.clean += other.clean;
        self.shadow += other.shadow;
        self.uncompared += other.uncompared;
        self.aspects.merge(other.aspects);
        merge_moves(&mut self.organizations, other.organizations);
        merge_moves(&mut self.conditions, other.conditions);
        self.examples.merge(other.examples);
    }
}

impl Aspect {
    fn differs(self, base: &Verdict<'_>, candidate: &Verdict<'_>) -> bool {
        match self {
            Aspect::Action => base.action != candidate.action,
            Aspect::Severity => base.severity != candidate.severity,
            Aspect::Organizations => organizations(&base.mentions) != organizations(&candidate.mentions),
            Aspect::Spans => {
                let (before, now) = (organizations(&base.mentions), organizations(&candidate.mentions));
                let common: BTreeSet<&str> = before.intersection(&now).copied().collect();
                spans(&base.mentions, &common) != spans(&candidate.mentions, &common)
            }
        }
    }
}

fn merge_moves<K: Ord>(own: &mut BTreeMap<K, Moved>, other: BTreeMap<K, Moved>) {
    for (key, moved) in other {
        let own = own.entry(key).or_default();
        own.new += moved.new;
        own.lost += moved.lost;
    }
}

fn organizations<'m>(mentions: &'m [Mention<'_>]) -> BTreeSet<&'m str> {
    mentions.iter().map(organization).collect()
}

type Spot<'m> = (&'m str, &'m str, Option<u32>, usize, usize);

fn spans<'m>(mentions: &'m [Mention<'_>], of: &BTreeSet<&str>) -> BTreeSet<Spot<'m>> {
    let named = mentions.iter().filter(|mention| of.contains(organization(mention)));
    named.map(|m| (organization(m), &*m.field, m.item, m.span.bytes.start, m.span.bytes.end)).collect()
}

/// Lets through the first mention of each organization that is not among the `known`.
fn first_of_its<'m, 'r: 'm>(known: &BTreeSet<&'m str>) -> impl FnMut(&&'m Mention<'r>) -> bool {
    let mut seen = known.clone();
    move |mention| seen.insert(organization(mention))
}
