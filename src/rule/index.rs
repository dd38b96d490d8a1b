//! What a scan looks up: patterns for the automaton, hosts and accounts by hash.

use super::derived::{Derived, derived, near_bodies};
use super::diagnostic::{Code, Diagnostic};
use super::document::{OfficialKind, ProtectedDocument, RawBody};
use super::hidden::HiddenNames;
use super::imitation::Imitation;
use super::names::variants;
use super::neighbourhood::needed;
use super::organization::{Organization, Status, named};
use super::pinyin::readings;
use super::source::{Place, Source};
use crate::domain::Domain;
use crate::matcher::{Automaton, BuildError};
use crate::text::fold;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

named! {
    /// How an organization was found.
    pub Via {
        /// The official name.
        Name = "name",
        /// Another name, or another spelling.
        Alias = "alias",
        /// A rendering in another language.
        Translation = "translation",
        /// A domain.
        Domain = "domain",
        /// An account.
        Account = "account",
        /// A host that imitates a listed or an official one.
        Impersonation = "impersonation",
        /// A name equal but for its legal form or an interchangeable word.
        Variant = "variant",
        /// The deployment test string.
        Canary = "canary",
    }
}

/// What a pattern of the automaton stands for. Draft and retired organizations have no patterns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A name (`via` Name, Alias or Translation) of `organizations()[organization]`.
    Name {
        /// Index of the organization.
        organization: usize,
        /// Which kind of name.
        via: Via,
        /// Counts only in a record that has a full name of the organization, too.
        requires_full_name: bool,
    },
    /// A spelling that nobody listed, derived from a name of `organizations()[organization]`.
    Variant {
        /// Index of the organization.
        organization: usize,
        /// It counts like a name, with less certainty; the others are in shadow for ever.
        counts: bool,
    },
    /// `organizations()[organization].domains[domain]`; the pattern is its fold with the dots dropped, in its Unicode and in its `xn--` form.
    Domain {
        /// Index of the organization.
        organization: usize,
        /// Index in its domains.
        domain: usize,
    },
    /// A lawful body's name or an official account's: what it covers is left alone.
    Protected {
        /// Index of the protected name.
        body: usize,
    },
    /// `organizations()[organization].accounts[account]`; never in the automaton: handles are compared whole.
    Account {
        /// Index of the organization.
        organization: usize,
        /// Index in its accounts.
        account: usize,
    },
    /// A host that imitates another; never in the automaton.
    Imitation(Imitation),
    /// A host whose owner is known, so that it is left alone; never in the automaton.
    KnownHost,
    /// The deployment test string.
    Canary,
}

/// One pattern, in the order of the automaton's ids.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// What it stands for.
    pub target: Target,
    /// As the document writes it; of a name with a bracket, the way it is written here.
    pub text: Arc<str>,
    /// The units are those of the text written backwards.
    pub is_reversed: bool,
}

impl Pattern {
    fn is_protected(&self) -> bool {
        matches!(self.target, Target::Protected { .. })
    }
}

/// A lawful body or official account whose name is left alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtectedName {
    /// One of its names.
    pub name: String,
    /// Where it is said that the body is lawful, or what the account is.
    pub basis: String,
    /// An account's name rather than a body's.
    pub is_channel: bool,
}

/// A way of writing a name with a bracket is only looked for when it is longer than what many names begin with.
const SHORTEST_VARIANT: usize = 4;

/// Whether entries of this status are looked for.
pub(super) fn is_judged(status: Status) -> bool {
    matches!(status, Status::Active | Status::Shadow)
}

/// How a handle is compared: case-insensitive, a leading `@` and blanks around it ignored.
pub(super) fn handle_key(handle: &str) -> String {
    let handle = handle.trim();
    handle.strip_prefix(['@', '＠']).unwrap_or(handle).to_lowercase()
}

/// A domain as it is looked for in folded text, where dots are dropped: in its own letters and as
/// `xn--`, and with a word for each dot.
fn domain_forms(domain: &Domain) -> Vec<Vec<u16>> {
    // A dot is dropped by the fold; these words for it are not.
    const DOTS: [&str; 3] = [".", "点", "dot"];
    let mut forms = Vec::new();
    for spelling in [domain.to_unicode(), domain.as_ascii().to_owned()] {
        forms.extend(DOTS.iter().map(|dot| fold(&spelling.replace('.', dot))));
    }
    forms.sort();
    forms.dedup();
    forms
}

/// Protected names in one order, each fold once: registered bodies, lookalikes, official accounts.
pub(super) fn protected_names(documents: &[&ProtectedDocument], lookalikes: &[&RawBody]) -> Vec<ProtectedName> {
    let bodies = documents.iter().flat_map(|d| &d.registered).chain(lookalikes.iter().copied());
    let names = bodies.flat_map(|body| body.names().map(|name| (name.value.as_str(), body.basis.as_str(), false)));
    let accounts = documents.iter().flat_map(|d| &d.official).filter(|o| o.kind == OfficialKind::AccountName);
    let all = names.chain(accounts.map(|o| (o.value.value.as_str(), o.what.as_str(), true)));
    let mut names: Vec<_> = all
        .map(|(name, basis, is_channel)| ProtectedName { name: name.to_owned(), basis: basis.to_owned(), is_channel })
        .collect();
    names.sort_by(|a, b| (&a.name, &a.basis).cmp(&(&b.name, &b.basis)));
    let mut seen = HashSet::new();
    names.retain(|name| seen.insert(fold(&name.name)));
    names
}

/// Patterns and the automaton over them.
#[derive(Debug)]
pub(super) struct Patterns {
    pub all: Vec<Pattern>,
    pub automaton: Automaton,
    pub hidden: HiddenNames,
}

/// Collects patterns: one per target and fold.
#[derive(Default)]
struct Collector {
    patterns: Vec<Pattern>,
    units: Vec<Vec<u16>>,
}

impl Collector {
    fn add(&mut self, target: Target, text: &str, units: Vec<u16>) {
        self.patterns.push(Pattern { target, text: Arc::from(text), is_reversed: false });
        self.units.push(units);
    }

    /// The names of one organization: a fold that two of them share counts as the more telling one.
    fn names(&mut self, index: usize, organization: &Organization, taken: &HashSet<Vec<u16>>) {
        let mut seen: HashSet<Vec<u16>> = HashSet::new();
        let names = names_of(organization);
        let written = names.iter().map(|name| (name.0.to_owned(), name, false));
        let derived =
            names.iter().flat_map(|name| variants(name.0).into_iter().skip(1).map(move |way| (way, name, true)));
        for (text, &(_, via, requires_full_name), is_derived) in written.chain(derived) {
            let units = fold(&text);
            let unfit = is_derived && (units.len() < SHORTEST_VARIANT || taken.contains(&units));
            if !unfit && seen.insert(units.clone()) {
                self.add(Target::Name { organization: index, via, requires_full_name }, &text, units);
            }
        }
    }

    /// Spellings that nobody listed. One that somebody has for a name is none, and one of two organizations tells neither.
    fn derived(&mut self, all: Vec<(usize, Derived)>, taken: &HashSet<Vec<u16>>, protected: &[ProtectedName]) {
        let mut by_units: BTreeMap<Vec<u16>, Vec<(usize, Derived)>> = BTreeMap::new();
        for (organization, derived) in all {
            let units = fold(&derived.text);
            if !taken.contains(&units) {
                by_units.entry(units).or_default().push((organization, derived));
            }
        }
        for owners in by_units.values_mut() {
            owners.dedup_by_key(|(organization, _)| *organization);
        }
        let is_alone_and_telling = |owners: &[(usize, Derived)]| owners.len() == 1 && owners[0].1.is_telling;
        let telling: Vec<&str> = by_units
            .values()
            .filter(|owners| is_alone_and_telling(owners))
            .map(|owners| owners[0].1.text.as_str())
            .collect();
        let near: HashSet<String> =
            near_bodies(&telling, protected).into_iter().map(|at| telling[at].to_owned()).collect();
        for (units, owners) in by_units {
            let tells = is_alone_and_telling(&owners);
            for (organization, Derived { text, .. }) in owners {
                let counts = tells && !near.contains(&text);
                self.add(Target::Variant { organization, counts }, &text, units.clone());
            }
        }
    }

    fn domains(&mut self, index: usize, organization: &Organization) {
        for (domain, listed) in organization.domains.iter().enumerate() {
            for units in domain_forms(&listed.domain) {
                self.add(Target::Domain { organization: index, domain }, &listed.domain.to_unicode(), units);
            }
        }
    }
}

/// A Han name is only looked for backwards when it is long enough to be no word of its own.
const SHORTEST_REVERSED: usize = 5;

impl Collector {
    /// Every name and host once more, backwards; and the lawful names that hold a listed one.
    fn reversed(&mut self, taken: &HashSet<Vec<u16>>) {
        let listed: Vec<Vec<u16>> =
            self.patterns.iter().zip(&self.units).filter(|(p, _)| !p.is_protected()).map(|(_, u)| u.clone()).collect();
        let mut seen = HashSet::new();
        for index in 0..self.patterns.len() {
            let (pattern, units) = (&self.patterns[index], &self.units[index]);
            let is_wanted = match pattern.target {
                Target::Protected { .. } => listed.iter().any(|name| holds(units, name)),
                Target::Name { .. } | Target::Domain { .. } => true,
                Target::Account { .. }
                | Target::Variant { .. }
                | Target::Imitation(_)
                | Target::KnownHost
                | Target::Canary => false,
            };
            let backwards = fold(&pattern.text.chars().rev().collect::<String>());
            let is_new = backwards != *units && !taken.contains(&backwards);
            let owner = format!("{:?}", pattern.target);
            if is_wanted && is_new && units.len() >= SHORTEST_REVERSED && seen.insert((owner, backwards.clone())) {
                self.patterns.push(Pattern { is_reversed: true, ..pattern.clone() });
                self.units.push(backwards);
            }
        }
    }
}

fn holds(units: &[u16], inner: &[u16]) -> bool {
    !inner.is_empty() && units.windows(inner.len()).any(|window| window == inner)
}

/// All names of an organization, the more telling first: (text, via, requires full name).
pub(super) fn names_of(organization: &Organization) -> Vec<(&str, Via, bool)> {
    let name = organization.name.iter().map(|name| (name.as_str(), Via::Name, false));
    let aliases = organization.aliases.iter().map(|alias| (alias.name.as_str(), Via::Alias, alias.requires_full_name));
    let translations = organization.translations.iter().map(|t| (t.name.as_str(), Via::Translation, false));
    let mut names: Vec<_> = name.chain(aliases).chain(translations).collect();
    names.sort_by_key(|(_, via, requires_full_name)| (*requires_full_name, *via)); // stable
    names
}

/// Makes the automaton.
pub(super) fn patterns(
    organizations: &[Organization],
    protected: &[ProtectedName],
    canary: Option<&str>,
) -> Result<Patterns, Box<Diagnostic>> {
    let judged = || organizations.iter().enumerate().filter(|(_, o)| is_judged(o.status));
    // what a derived way of writing a name must not be: a name that stands for somebody
    let mut taken: HashSet<Vec<u16>> = protected.iter().map(|p| fold(&p.name)).collect();
    taken.extend(judged().flat_map(|(_, o)| names_of(o).into_iter().map(|(text, ..)| fold(text))));
    let mut collector = Collector::default();
    for (index, organization) in judged() {
        collector.names(index, organization, &taken);
        collector.domains(index, organization);
    }
    taken.extend(collector.units.iter().cloned());
    let all = judged().flat_map(|(index, o)| derived(o, &names_of(o)).into_iter().map(move |derived| (index, derived)));
    collector.derived(all.collect(), &taken, protected);
    let too_many = |error: BuildError| {
        let everything = Source::new("all documents together", "");
        Box::new(everything.problem(Code::TooManyNames, Place { line: 1, column: 1, width: 1 }, error.to_string()))
    };
    let needed = needed(protected, &collector.units).map_err(too_many)?;
    for (body, (name, units)) in protected.iter().zip(needed).enumerate() {
        if let Some(units) = units {
            collector.add(Target::Protected { body }, &name.name, units);
        }
    }
    if let Some(text) = canary {
        collector.add(Target::Canary, text, fold(text));
    }
    collector.reversed(&taken);
    let Collector { patterns, units } = collector;
    let hidden = HiddenNames::new(&patterns, &units);
    let automaton = Automaton::new(&units).map_err(too_many)?;
    Ok(Patterns { all: patterns, automaton, hidden })
}

/// Hosts and accounts, looked up by hash.
#[derive(Debug, Default)]
pub(super) struct Lookup {
    pub official_hosts: HashSet<String>,
    pub official_accounts: HashSet<String>,
    pub listed_hosts: HashMap<String, (usize, usize)>,
    pub listed_accounts: HashMap<String, (usize, usize)>,
    pub readings: HashMap<String, usize>,
}

impl Lookup {
    pub fn new(organizations: &[Organization], documents: &[&ProtectedDocument]) -> Self {
        let mut lookup = Self { readings: readings(organizations), ..Self::default() };
        for official in documents.iter().flat_map(|d| &d.official) {
            match (&official.host, official.kind) {
                (Some(host), _) => drop(lookup.official_hosts.insert(host.as_ascii().to_owned())),
                (None, OfficialKind::Wechat | OfficialKind::AccountName) => {
                    lookup.official_accounts.insert(handle_key(&official.value.value));
                }
                _ => {}
            }
        }
        for (index, organization) in organizations.iter().enumerate().filter(|(_, o)| is_judged(o.status)) {
            for (domain, listed) in organization.domains.iter().enumerate() {
                lookup.listed_hosts.insert(listed.domain.as_ascii().to_owned(), (index, domain));
            }
            for (account, listed) in organization.accounts.iter().enumerate() {
                lookup.listed_accounts.entry(handle_key(&listed.id)).or_insert((index, account));
            }
        }
        lookup
    }

    /// The value of a host or of the nearest host that it is within.
    pub fn listed(&self, host: &Domain) -> Option<(usize, usize)> {
        host.ancestors().find_map(|name| self.listed_hosts.get(name).copied())
    }

    pub fn is_official(&self, host: &Domain) -> bool {
        self.official(host).is_some()
    }

    /// The nearest official host that a host is within.
    pub fn official(&self, host: &Domain) -> Option<&str> {
        host.ancestors().find_map(|name| self.official_hosts.get(name)).map(String::as_str)
    }
}
