//! Who may be imitated by a host, and which words claim an authority.
//!
//! `{ token: mca, of: mca.gov.cn }` and `claims: [官方, official*]` -> what [`Imitations::seen`] and
//! [`Imitations::claim`] look up. Listed domains and official hosts need no document of their own: they are known.

use super::diagnostic::{Code, Diagnostic};
use super::digest::Digester;
use super::document::{ImitationDocument, ProtectedDocument};
use super::index::is_judged;
use super::organization::{Organization, named};
use super::source::{Place, Source};
use crate::domain::{Disguise, Domain, Imitable, Lookalikes};
use crate::matcher::Automaton;
use crate::text::{OffsetMap, fold, fold_into, is_han_like, is_word_boundary};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

named! {
    /// What kind of host is imitated.
    pub ImitatedKind {
        /// A listed organization's domain.
        Listed = "listed",
        /// An official host.
        Official = "official",
        /// The short name of an authority.
        Token = "token",
    }
}

/// What a host imitates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Imitated {
    /// `organizations()[organization].domains[domain]`.
    Listed {
        /// Index of the organization.
        organization: usize,
        /// Index in its domains.
        domain: usize,
    },
    /// An official host, by its place in [`Imitations::authority`].
    Official(usize),
    /// The short name of an authority, by its place in [`Imitations::authority`].
    Token(usize),
}

impl Imitated {
    /// Which kind it is.
    #[must_use]
    pub const fn kind(self) -> ImitatedKind {
        match self {
            Imitated::Listed { .. } => ImitatedKind::Listed,
            Imitated::Official(_) => ImitatedKind::Official,
            Imitated::Token(_) => ImitatedKind::Token,
        }
    }
}

/// An authority whose host or short name is imitated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// The host, or the short name: what identifies it in verdicts.
    pub id: String,
    /// The host that is imitated; `None` for a short name that stands for none.
    pub host: Option<String>,
    /// Who that is, for people.
    pub what: String,
}

/// What a host is made to look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imitation {
    /// What is imitated.
    pub of: Imitated,
    /// In which way.
    pub disguise: Disguise,
    /// It says so by itself; what is not sure needs a second signal.
    pub is_sure: bool,
}

/// Whoever and whatever may be imitated, ready to be looked up.
#[derive(Debug)]
pub struct Imitations {
    lookalikes: Lookalikes,
    imitated: Vec<Imitated>,
    authorities: Vec<Authority>,
    /// Short names, by their letters.
    tokens: HashMap<String, usize>,
    known_hosts: HashSet<String>,
    claims: Claims,
}

/// Words that claim an authority, and longer words in which they claim nothing.
#[derive(Debug)]
struct Claims {
    automaton: Automaton,
    words: Vec<Word>,
}

#[derive(Debug)]
struct Word {
    text: String,
    is_denial: bool,
    is_open: bool,
}

/// What may stand beside a short name in one run of letters: `cngov`, `wwwmca`.
const BESIDE: [&str; 6] = ["www", "china", "cn", "zhongguo", "zg", "m"];

/// A short name that is so long is found within a longer word.
const LONG_TOKEN: usize = 6;

impl Imitations {
    pub(super) fn new(
        organizations: &[Organization],
        protected: &[&ProtectedDocument],
        documents: &[ImitationDocument],
    ) -> Result<Self, Box<Diagnostic>> {
        let mut hosts = Vec::new();
        let (mut imitated, mut authorities) = (Vec::new(), Vec::new());
        for (organization, entry) in organizations.iter().enumerate().filter(|(_, o)| is_judged(o.status)) {
            for (domain, listed) in entry.domains.iter().enumerate() {
                hosts.push(Imitable { host: listed.domain.clone(), is_registrable: true });
                imitated.push(Imitated::Listed { organization, domain });
            }
        }
        let mut official: Vec<_> = protected.iter().flat_map(|d| &d.official).collect();
        official.sort_by(|a, b| (&a.host, &a.what).cmp(&(&b.host, &b.what)));
        official.dedup_by(|a, b| a.host == b.host);
        for (host, what) in official.into_iter().filter_map(|entry| Some((entry.host.as_ref()?, &entry.what))) {
            hosts.push(Imitable { host: host.clone(), is_registrable: false });
            imitated.push(Imitated::Official(authorities.len()));
            let id = host.as_ascii().to_owned();
            authorities.push(Authority { host: Some(id.clone()), id, what: what.clone() });
        }
        let mut tokens = HashMap::new();
        let mut raw: Vec<_> = documents.iter().flat_map(|document| &document.tokens).collect();
        raw.sort_by(|a, b| a.token.value.cmp(&b.token.value));
        for token in raw {
            tokens.entry(token.token.value.clone()).or_insert(authorities.len());
            let host = token.of.as_ref().map(|of| of.value.as_ascii().to_owned());
            authorities.push(Authority { id: token.token.value.clone(), host, what: token.what.clone() });
        }
        let shared = protected.iter().flat_map(|document| &document.shared_hosts);
        let known = documents.iter().flat_map(|document| &document.known_hosts).chain(shared);
        Ok(Self {
            lookalikes: Lookalikes::new(&hosts),
            imitated,
            authorities,
            tokens,
            known_hosts: known.map(|host| host.value.as_ascii().to_owned()).collect(),
            claims: Claims::new(documents)?,
        })
    }

    /// What `host`, which is neither listed nor official, is made to look like.
    #[must_use]
    pub fn seen(&self, host: &Domain) -> Option<Imitation> {
        let likeness = self.lookalikes.likeness(host).map(|likeness| Imitation {
            of: self.imitated[likeness.of],
            disguise: likeness.disguise,
            is_sure: likeness.is_sure,
        });
        likeness.or_else(|| {
            let token = host.name_runs().find_map(|run| self.token(run))?;
            Some(Imitation { of: Imitated::Token(token), disguise: Disguise::Token, is_sure: false })
        })
    }

    /// The short name that a run of letters or of digits is.
    fn token(&self, run: &str) -> Option<usize> {
        if let Some(token) = self.tokens.get(run) {
            return Some(*token);
        }
        let mut longer = self.tokens.iter().filter(|(token, _)| token.len() >= LONG_TOKEN && !is_digits(token));
        if let Some((_, token)) = longer.find(|(token, _)| run.contains(token.as_str())) {
            return Some(*token);
        }
        let rest = BESIDE.iter().filter_map(|word| run.strip_prefix(word).or_else(|| run.strip_suffix(word)));
        rest.filter(|rest| !is_digits(rest)).find_map(|rest| self.tokens.get(rest).copied())
    }

    /// The host belongs to somebody else, who is known: an authority of any country, or an entry of the lists.
    #[must_use]
    pub fn is_known(&self, host: &Domain) -> bool {
        host.is_governmental() || host.ancestors().any(|name| self.known_hosts.contains(name))
    }

    /// The authority of an [`Imitated::Official`] or [`Imitated::Token`].
    #[must_use]
    pub fn authority(&self, index: usize) -> Option<&Authority> {
        self.authorities.get(index)
    }

    /// The first words of `text` that claim an authority or offer what only one gives.
    #[must_use]
    pub fn claim(&self, text: &str) -> Option<Range<usize>> {
        self.claims.first(text)
    }

    pub(super) fn digest(&self, digester: &mut Digester) {
        // Listed and official hosts are fed by their owners.
        let tokens = self.tokens.values().map(|index| &self.authorities[*index]);
        let mut tokens: Vec<&Authority> = tokens.collect();
        tokens.sort_by(|a, b| a.id.cmp(&b.id));
        digester.list(&tokens, |d, token| {
            d.text(&token.id).optional(token.host.as_deref()).text(&token.what);
        });
        let official: Vec<&Authority> =
            self.authorities.iter().filter(|authority| !self.tokens.contains_key(&authority.id)).collect();
        digester.list(&official, |d, authority| {
            d.text(&authority.id).text(&authority.what);
        });
        digester.set(self.known_hosts.iter().map(String::as_str));
        digester.set(self.claims.words.iter().filter(|word| !word.is_denial).map(|word| word.text.as_str()));
        digester.set(self.claims.words.iter().filter(|word| word.is_denial).map(|word| word.text.as_str()));
    }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

impl Claims {
    fn new(documents: &[ImitationDocument]) -> Result<Self, Box<Diagnostic>> {
        let claims = documents.iter().flat_map(|d| &d.claims).map(|text| (text, false));
        let denials = documents.iter().flat_map(|d| &d.denials).map(|text| (text, true));
        let words: Vec<Word> = claims
            .chain(denials)
            .map(|(text, is_denial)| Word { text: text.value.clone(), is_denial, is_open: text.value.ends_with('*') })
            .collect();
        let units: Vec<Vec<u16>> = words.iter().map(|word| fold(&word.text)).collect();
        let automaton = Automaton::new(&units).map_err(|error| {
            let everything = Source::new("all claims together", "");
            Box::new(everything.problem(Code::TooManyNames, Place { line: 1, column: 1, width: 1 }, error.to_string()))
        })?;
        Ok(Self { automaton, words })
    }

    fn first(&self, text: &str) -> Option<Range<usize>> {
        let mut units = Vec::new();
        fold_into(text, &mut units);
        let mut found = Vec::new();
        self.automaton.for_each(&units, |occurrence| found.push(occurrence));
        if found.is_empty() {
            return None;
        }
        let mut offsets = OffsetMap::default();
        offsets.rebuild(text);
        let words = found.into_iter().filter_map(|occurrence| {
            let word = self.words.get(usize::try_from(occurrence.pattern.0).ok()?)?;
            let bytes = offsets.source(occurrence.start..occurrence.end)?;
            word.stands_at(text, &bytes).then_some((word, bytes))
        });
        let (denials, claims): (Vec<_>, Vec<_>) = words.partition(|(word, _)| word.is_denial);
        let is_denied =
            |bytes: &Range<usize>| denials.iter().any(|(_, d)| d.start <= bytes.start && bytes.end <= d.end);
        claims.into_iter().map(|(_, bytes)| bytes).filter(|bytes| !is_denied(bytes)).min_by_key(|b| (b.start, b.end))
    }
}

impl Word {
    /// Words of an alphabet begin and end at a word's edge, unless the end is open.
    fn stands_at(&self, text: &str, bytes: &Range<usize>) -> bool {
        let inside = &text[bytes.clone()];
        let is_letter = |c: Option<char>| c.is_some_and(|c| !is_han_like(c));
        (!is_letter(inside.chars().next()) || is_word_boundary(text, bytes.start))
            && (self.is_open || !is_letter(inside.chars().next_back()) || is_word_boundary(text, bytes.end))
    }
}

/// Tokens and claims that cannot be looked for.
pub(super) fn check(documents: &[ImitationDocument], problems: &mut Vec<Diagnostic>) {
    for token in documents.iter().flat_map(|document| &document.tokens) {
        let text = &token.token.value;
        let is_run = text.bytes().all(|b| b.is_ascii_lowercase()) || is_digits(text);
        if text.len() < 3 || !is_run {
            let message =
                format!("{text:?} is no part of a host that can be told: three letters a-z, or three digits, at least");
            problems.push(token.token.problem(Code::ShortName, message));
        }
    }
    for word in documents.iter().flat_map(|document| document.claims.iter().chain(&document.denials)) {
        if fold(&word.value).len() < 2 {
            problems.push(word.problem(Code::ShortName, format!("{:?} stands in every text", word.value)));
        }
    }
}
