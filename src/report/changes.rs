//! What changes from one rule set to another, record by record.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::counts::Counter;
use super::example::{Decision, organization};
use super::examples::Examples;
use super::tally::Seen;
use crate::engine::{Mention, Verdict};
use crate::rule::{Action, Condition, Severity, Status};

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
    /// In shadow under the base, and neither in shadow nor flagged under the candidate.
    LeftShadow,
}

impl Change {
    /// Every change, in the order of reports.
    pub const ALL: [Change; 5] = [Change::New, Change::Lost, Change::Changed, Change::Shadow, Change::LeftShadow];

    /// The name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Change::New => "new",
            Change::Lost => "lost",
            Change::Changed => "changed",
            Change::Shadow => "shadow",
            Change::LeftShadow => "left_shadow",
        }
    }

    /// It is told only where somebody works in shadow.
    #[must_use]
    pub const fn is_of_shadow(self) -> bool {
        matches!(self, Change::Shadow | Change::LeftShadow)
    }

    /// What people read.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Change::New => "newly flagged",
            Change::Lost => "no longer flagged",
            Change::Changed => "changed",
            Change::Shadow => "newly in shadow",
            Change::LeftShadow => "no longer in shadow",
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

/// Records that something (an organisation, a condition) has come to, that it has left, and that it judges otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// Under the candidate only.
    pub new: u64,
    /// Under the base only.
    pub lost: u64,
    /// Under both: a condition or organisation with another action or severity, or an organisation in other places.
    pub changed: u64,
    /// An organisation in shadow under the candidate only.
    pub shadow_new: u64,
    /// An organisation in shadow under the base only.
    pub shadow_lost: u64,
}

impl Moved {
    const fn count(&mut self, how: Difference) {
        match how {
            Difference::New => self.new += 1,
            Difference::Lost => self.lost += 1,
            Difference::Changed => self.changed += 1,
        }
    }

    /// All of it.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.new + self.lost + self.changed + self.shadow_new + self.shadow_lost
    }
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
    /// No longer in shadow; these are counted above as well.
    pub left_shadow: u64,
    /// Not judged by both.
    pub uncompared: u64,
    /// The changed ones by what differs.
    pub aspects: Counter<Aspect>,
    /// Mentions by organization, whatever the action; those that moved.
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
            left_shadow: 0,
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
            Change::LeftShadow => self.left_shadow,
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
        if is_nothing(base) && !candidate.shadow.is_empty() {
            self.shadow += 1;
            self.example(Change::Shadow, &candidate.shadow, &[], seen, decisions);
        }
        if is_nothing(candidate) && !base.shadow.is_empty() {
            self.left_shadow += 1;
            self.example(Change::LeftShadow, &base.shadow, &[], seen, decisions);
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
        for (id, how) in differences(&by_organization(&base.mentions), &by_organization(&candidate.mentions)) {
            self.organizations.entry((*id).to_owned()).or_default().count(how);
        }
        for (id, how) in differences(&by_organization(&base.shadow), &by_organization(&candidate.shadow)) {
            let moved = self.organizations.entry((*id).to_owned()).or_default();
            match how {
                Difference::New => moved.shadow_new += 1,
                Difference::Lost => moved.shadow_lost += 1,
                Difference::Changed => moved.changed += 1,
            }
        }
        for (condition, how) in differences(&decided(base), &decided(candidate)) {
            self.conditions.entry(condition.clone()).or_default().count(how);
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.new += other.new;
        self.lost += other.lost;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
        self.clean += other.clean;
        self.shadow += other.shadow;
        self.left_shadow += other.left_shadow;
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
        own.changed += moved.changed;
        own.shadow_new += moved.shadow_new;
        own.shadow_lost += moved.shadow_lost;
    }
}

fn organizations<'m>(mentions: &'m [Mention<'_>]) -> BTreeSet<&'m str> {
    mentions.iter().map(organization).collect()
}

type Spot<'m> = (&'m str, &'m str, Option<u32>, usize, usize);

fn spans<'m>(mentions: &'m [Mention<'_>], of: &BTreeSet<&str>) -> BTreeSet<Spot<'m>> {
    let named = mentions.iter().filter(|mention| of.contains(organization(mention)));
    named.map(spot).collect()
}

fn spot<'m>(mention: &'m Mention<'_>) -> Spot<'m> {
    let bytes = &mention.span.bytes;
    (organization(mention), &*mention.field, mention.item, bytes.start, bytes.end)
}

/// What is said of one organisation: its strongest action and severity, and where it stands.
type Said<'m> = (Action, Option<Severity>, BTreeSet<Spot<'m>>);

fn by_organization<'m>(mentions: &'m [Mention<'_>]) -> BTreeMap<&'m str, Said<'m>> {
    let mut all: BTreeMap<&str, Said<'_>> = BTreeMap::new();
    for mention in mentions {
        let said = all.entry(organization(mention)).or_insert((Action::None, None, BTreeSet::new()));
        (said.0, said.1) = (said.0.max(mention.action), said.1.max(mention.severity));
        said.2.insert(spot(mention));
    }
    all
}

/// The conditions that hold for any mention of a record, and what they ask for.
fn decided(verdict: &Verdict<'_>) -> BTreeMap<(Arc<str>, Status), (Action, Severity)> {
    let all = verdict.mentions.iter().chain(&verdict.shadow).flat_map(|mention| &mention.conditions);
    let one = |condition: &&Condition| {
        ((Arc::clone(&condition.id), condition.status), (condition.action, condition.severity))
    };
    all.map(one).collect()
}

#[derive(Clone, Copy)]
enum Difference {
    New,
    Lost,
    Changed,
}

/// What is not the same in both, in the order of the keys.
fn differences<'a, K: Ord, V: PartialEq>(
    before: &'a BTreeMap<K, V>,
    now: &'a BTreeMap<K, V>,
) -> impl Iterator<Item = (&'a K, Difference)> {
    let here = now.iter().filter_map(|(key, value)| match before.get(key) {
        None => Some((key, Difference::New)),
        Some(old) => (old != value).then_some((key, Difference::Changed)),
    });
    here.chain(before.keys().filter(|key| !now.contains_key(key)).map(|key| (key, Difference::Lost)))
}

/// Nothing that anybody would see, in force or in shadow.
fn is_nothing(verdict: &Verdict<'_>) -> bool {
    verdict.shadow.is_empty() && !verdict.is_flagged()
}
