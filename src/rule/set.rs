//! The builder takes documents in any order; the set is immutable, `Send + Sync`, and has a digest.

use super::allow;
use super::check::{self, Documents};
use super::condition::Compiled;
use super::cue::{self, Cues};
use super::date::PartialDate;
use super::diagnostic::{Code, Diagnostic, Diagnostics};
use super::digest::{Digest, Digester};
use super::document::{Canary, Document, NoticeDocument, ProtectedDocument, RawBody, RawOrganization};
use super::hidden::HiddenNames;
use super::imitation::Imitations;
use super::index::{self, Lookup, Pattern, Patterns, ProtectedName, Via, handle_key};
use super::organization::{Alias, Bilingual, Notice, Organization, Status, Translation};
use super::parse;
use super::policy::{self, Policy};
use super::source::{Place, Source};
use super::standing::Standing;
use super::suggest;
use crate::domain::Domain;
use crate::matcher::Automaton;
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// The policy of a set that brings none.
const SHIPPED_POLICY: (&str, &str) = ("rules/policy.yaml", include_str!("../../rules/policy.yaml"));
/// The cue words of a set that brings none.
const SHIPPED_CUES: [(&str, &str); 2] = [
    ("rules/context/en.yaml", include_str!("../../rules/context/en.yaml")),
    ("rules/context/zh.yaml", include_str!("../../rules/context/zh.yaml")),
];

/// What is imitated, for a set that does not say.
const SHIPPED_IMITATION: (&str, &str) = ("rules/imitation.yaml", include_str!("../../rules/imitation.yaml"));

/// Everything that is judged, checked, in an order that does not depend on the order of files.
#[derive(Debug)]
pub struct RuleSet {
    digest: Digest,
    notices: Vec<Notice>,
    organizations: Vec<Organization>,
    left_out: usize,
    by_id: HashMap<Arc<str>, usize>,
    policy: Policy,
    patterns: Patterns,
    protected: Vec<ProtectedName>,
    lookup: Lookup,
    canary: Option<Canary>,
    cues: Arc<Cues>,
    imitations: Imitations,
}

impl RuleSet {
    /// Begins an empty set.
    #[must_use]
    pub fn builder() -> RuleSetBuilder {
        RuleSetBuilder::default()
    }
    /// Changes with every value that a verdict depends on or shows, and with nothing else.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }
    /// The notices of the selected jurisdictions, earliest first.
    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }
    /// The organizations that they name, by id, drafts and retired ones too.
    #[must_use]
    pub fn organizations(&self) -> &[Organization] {
        &self.organizations
    }
    /// Organizations that only notices of other jurisdictions name.
    #[must_use]
    pub const fn left_out(&self) -> usize {
        self.left_out
    }
    /// The organization of an id.
    #[must_use]
    pub fn organization(&self, id: &str) -> Option<&Organization> {
        self.by_id.get(id).map(|&index| &self.organizations[index])
    }
    /// Which findings become which action.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }
    /// What the patterns of the automaton stand for, by their ids.
    #[must_use]
    pub fn patterns(&self) -> &[Pattern] {
        &self.patterns.all
    }
    /// All patterns, ready to be looked for.
    #[must_use]
    pub fn automaton(&self) -> &Automaton {
        &self.patterns.automaton
    }
    /// The names once more, for where something hides them.
    #[must_use]
    pub fn hidden_names(&self) -> &HiddenNames {
        &self.patterns.hidden
    }
    /// The protected name of a [`super::Target::Protected`].
    ///
    /// # Panics
    /// When `body` does not come from a pattern of this set.
    #[must_use]
    pub fn protected(&self, body: usize) -> &ProtectedName {
        &self.protected[body]
    }
    /// All names that are left alone.
    #[must_use]
    pub fn protected_names(&self) -> &[ProtectedName] {
        &self.protected
    }
    /// The host is an official channel's or within one (`.gov.cn` and all below it). Hash look-ups over the host's ancestors.
    #[must_use]
    pub fn is_official_host(&self, host: &Domain) -> bool {
        self.lookup.is_official(host)
    }
    /// The entry of the official host that `host` is or lies below.
    #[must_use]
    pub fn official_host(&self, host: &Domain) -> Option<&str> {
        self.lookup.official(host)
    }
    /// The listed domain that `host` is within: (organization index, domain index). For link fields. Hash look-ups over the host's ancestors.
    #[must_use]
    pub fn listed_domain(&self, host: &Domain) -> Option<(usize, usize)> {
        self.lookup.listed(host)
    }
    /// The listed account that a handle names (case-insensitive, a leading @ ignored): (organization index, account index).
    #[must_use]
    pub fn listed_account(&self, handle: &str) -> Option<(usize, usize)> {
        self.lookup.listed_accounts.get(&handle_key(handle)).copied()
    }
    /// The organization whose official name these letters are the reading of, run together and in lower case. One hash look-up.
    #[must_use]
    pub fn named_by_reading(&self, letters: &str) -> Option<usize> {
        self.lookup.readings.get(letters).copied()
    }
    /// The handle of an official channel.
    #[must_use]
    pub fn is_official_account(&self, handle: &str) -> bool {
        self.lookup.official_accounts.contains(&handle_key(handle))
    }
    /// The deployment test string, when a document gives one: (id, text).
    #[must_use]
    pub fn canary(&self) -> Option<(&str, &str)> {
        self.canary.as_ref().map(|canary| (canary.id.as_str(), canary.text.as_str()))
    }
    /// Cue words, by which a stance is judged; those that ship when no document gives any.
    #[must_use]
    pub fn cues(&self) -> &Cues {
        &self.cues
    }
    /// Who may be imitated by a host.
    #[must_use]
    pub const fn imitations(&self) -> &Imitations {
        &self.imitations
    }
    /// How many organizations have each status (for `rules check`).
    #[must_use]
    pub fn count(&self, status: Status) -> usize {
        self.organizations.iter().filter(|organization| organization.status == status).count()
    }
}

/// Takes documents; errors are kept for [`RuleSetBuilder::build`].
#[derive(Debug, Default)]
pub struct RuleSetBuilder {
    documents: Documents,
    problems: Vec<Diagnostic>,
    has_policy: bool,
    only: BTreeSet<String>,
}

impl RuleSetBuilder {
    /// Adds one document; what it is (notice, protected, policy, allow, canary, context) is told by its top-level key.
    /// Errors are kept: `build` reports all of them.
    #[must_use]
    pub fn add_yaml(mut self, file: &str, yaml: &str) -> Self {
        let source = Arc::new(Source::new(file, yaml));
        match parse::parse(&source, &mut self.problems) {
            Some(Document::Notice(document)) => self.documents.notices.push(*document),
            Some(Document::Protected(document)) => self.documents.protected.push(document),
            Some(Document::Canary(canary)) => self.documents.canaries.push(canary),
            Some(Document::Context(cues)) => self.documents.cues.extend(cues),
            Some(Document::Allow(entries)) => self.documents.allows.extend(entries),
            Some(Document::Imitation(document)) => self.documents.imitations.push(document),
            Some(Document::Policy(conditions)) => {
                self.has_policy = true;
                self.documents.conditions.extend(conditions);
            }
            None => self.documents.has_unread = true,
        }
        self
    }

    /// Only notices of these jurisdictions are judged; empty = all. A country stands for its parts, too.
    #[must_use]
    pub fn jurisdictions(mut self, only: &[String]) -> Self {
        self.only.extend(only.iter().cloned());
        self
    }

    /// All problems of all documents, or the set. A set without a policy document takes the shipped one.
    ///
    /// # Errors
    /// Everything that is wrong with the documents, in order of file and place.
    pub fn build(mut self) -> Result<RuleSet, Diagnostics> {
        if !self.has_policy {
            self = self.add_yaml(SHIPPED_POLICY.0, SHIPPED_POLICY.1);
        }
        if self.documents.imitations.is_empty() {
            self = self.add_yaml(SHIPPED_IMITATION.0, SHIPPED_IMITATION.1);
        }
        let Self { mut documents, mut problems, only, .. } = self;
        standing(&documents, &only).lower(&mut documents);
        check::check(&documents, &mut problems);
        if problems.is_empty() {
            selected(&documents, &only, &mut problems);
        }
        let compiled = policy::check(&documents.conditions, &mut problems);
        let compiled_allows = allow::check(&documents.allows, &mut problems);
        if !problems.is_empty() {
            return Err(Diagnostics::sorted(problems));
        }
        documents.notices.sort_by(|a, b| published(&a.notice.value).cmp(&published(&b.notice.value)));
        let standing = standing(&documents, &only);
        assemble(documents, (compiled, compiled_allows), &standing, &only)
            .map_err(|problem| Diagnostics(vec![*problem]))
    }
}

fn standing(documents: &Documents, only: &BTreeSet<String>) -> Standing {
    let selected = |document: &&NoticeDocument| is_selected(&document.notice.value.jurisdiction, only);
    Standing::of(documents.notices.iter().filter(selected))
}

/// Earliest first; a notice without a date last.
fn published(notice: &Notice) -> (Reverse<bool>, Option<jiff::Timestamp>, &str) {
    (Reverse(notice.published.is_some()), notice.published.map(PartialDate::begins), &notice.id)
}

/// A country stands for its parts: `CN` selects `CN-44`.
fn is_selected(jurisdiction: &str, only: &BTreeSet<String>) -> bool {
    let country = jurisdiction.split('-').next().unwrap_or(jurisdiction);
    only.is_empty() || only.contains(jurisdiction) || only.contains(country)
}

/// A slip in the settings must not switch the lists off.
fn selected(documents: &Documents, only: &BTreeSet<String>, problems: &mut Vec<Diagnostic>) {
    let known: BTreeSet<&str> = documents.notices.iter().map(|d| d.notice.value.jurisdiction.as_str()).collect();
    for (index, chosen) in only.iter().enumerate() {
        if !known.iter().any(|jurisdiction| is_selected(jurisdiction, &BTreeSet::from([chosen.clone()]))) {
            let choice = Source::new(
                "the choice of jurisdictions",
                &only.iter().map(String::as_str).collect::<Vec<_>>().join("\n"),
            );
            let place = Place { line: index + 1, column: 1, width: chosen.chars().count() };
            let help = suggest::help(chosen, known.iter().copied());
            problems.push(
                choice
                    .problem(Code::UnknownJurisdiction, place, format!("no notice is of {chosen:?}"))
                    .maybe_help(help),
            );
        }
    }
}

fn assemble(
    documents: Documents,
    (compiled, compiled_allows): (Vec<Option<Compiled>>, Vec<Option<Compiled>>),
    standing: &Standing,
    only: &BTreeSet<String>,
) -> Result<RuleSet, Box<Diagnostic>> {
    let Documents {
        notices: notice_documents,
        protected: protected_documents,
        conditions,
        canaries,
        cues,
        allows,
        imitations: imitation_documents,
        ..
    } = documents;
    let cues = if cues.is_empty() { shipped_cues()? } else { Arc::new(cue::build(&cues)?) };
    let protected_documents: Vec<&ProtectedDocument> = protected_documents.iter().collect();
    let lookalikes: Vec<&RawBody> =
        notice_documents.iter().flat_map(|d| &d.organizations).flat_map(|o| &o.lookalikes).collect();
    let protected = index::protected_names(&protected_documents, &lookalikes);

    let mut notices = Vec::new();
    let mut cited: HashMap<&str, Vec<usize>> = HashMap::new();
    for document in notice_documents.iter().filter(|d| is_selected(&d.notice.value.jurisdiction, only)) {
        let ids = document.organizations.iter().map(|o| &o.id).chain(&document.also);
        let ids = ids.filter(|id| standing.cites(&id.value, document.notice.value.status));
        ids.for_each(|id| cited.entry(id.value.as_str()).or_default().push(notices.len()));
        notices.push(document.notice.value.clone());
    }
    let raw = notice_documents.iter().flat_map(|d| &d.organizations);
    let mut organizations: Vec<Organization> =
        raw.filter_map(|raw| Some(organization(raw, cited.remove(raw.id.value.as_str())?))).collect();
    organizations.sort_by(|a, b| a.id.cmp(&b.id));
    let all: usize = notice_documents.iter().map(|document| document.organizations.len()).sum();

    let canary = canaries.into_iter().next().map(|at| at.value);
    let patterns = index::patterns(&organizations, &protected, canary.as_ref().map(|c| c.text.as_str()))?;
    let lookup = Lookup::new(&organizations, &protected_documents);
    let mut digester = Digester::new();
    digester.set(only.iter().map(String::as_str));
    digester.list(&notices, Digester::notice).list(&organizations, |d, o| d.organization(o, &notices));
    digester.set(protected.iter().map(|name| name.name.as_str()));
    digester.set(lookup.official_hosts.iter().map(String::as_str));
    digester.set(lookup.official_accounts.iter().map(String::as_str));
    digester.optional(canary.as_ref().map(|c| c.id.as_str())).optional(canary.as_ref().map(|c| c.text.as_str()));
    policy::digest(&conditions, &compiled, &mut digester);
    cues.digest(&mut digester);
    allow::digest(&allows, &compiled_allows, &mut digester);
    let imitations = Imitations::new(&organizations, &protected_documents, &imitation_documents)?;
    imitations.digest(&mut digester);
    Ok(RuleSet {
        digest: digester.finish(),
        by_id: organizations.iter().enumerate().map(|(index, o)| (Arc::clone(&o.id), index)).collect(),
        policy: policy::build(conditions, compiled, allows, compiled_allows),
        notices,
        left_out: all.saturating_sub(organizations.len()),
        organizations,
        patterns,
        protected,
        lookup,
        canary,
        cues,
        imitations,
    })
}

fn shipped_cues() -> Result<Arc<Cues>, Box<Diagnostic>> {
    cue::shipped(|| {
        let (mut cues, mut problems) = (Vec::new(), Vec::new());
        for (file, yaml) in SHIPPED_CUES {
            if let Some(Document::Context(more)) = parse::parse(&Arc::new(Source::new(file, yaml)), &mut problems) {
                cues.extend(more);
            }
        }
        cue::check(&cues, &mut problems);
        problems.into_iter().next().map_or_else(|| cue::build(&cues), |problem| Err(Box::new(problem)))
    })
}

fn organization(raw: &RawOrganization, notices: Vec<usize>) -> Organization {
    let of = |via: Via| raw.names.iter().filter(move |name| name.via == via);
    let bilingual = |body: &RawBody| Bilingual {
        zh: body.zh.as_ref().map(|name| name.value.clone()),
        en: body.en.first().map(|name| name.value.clone()),
    };
    Organization {
        id: Arc::from(raw.id.value.as_str()),
        name: of(Via::Name).map(|name| name.text.value.clone()).next(),
        translations: of(Via::Translation)
            .map(|name| Translation {
                language: name.language.clone().unwrap_or_default(),
                name: name.text.value.clone(),
            })
            .collect(),
        aliases: of(Via::Alias)
            .map(|name| Alias { name: name.text.value.clone(), requires_full_name: name.requires_full_name })
            .collect(),
        branch_of: raw.branch_of.as_ref().map(|at| at.value.clone()),
        listing: raw.listing,
        focus: raw.focus.clone(),
        domains: raw.domains.iter().map(|at| at.value.clone()).collect(),
        accounts: raw.accounts.iter().map(|at| at.value.clone()).collect(),
        registered_lookalikes: raw.lookalikes.iter().map(bilingual).collect(),
        caution: raw.caution.clone(),
        effective: raw.effective.clone(),
        status: raw.status,
        notices,
        note: raw.note.clone(),
    }
}
