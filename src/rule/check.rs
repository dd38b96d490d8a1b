//! What no document can know alone: ids, references, hosts, accounts and names across all of them.

mod hosts;
mod names;

use super::allow::RawAllow;
use super::cue;
use super::diagnostic::{Code, Diagnostic};
use super::document::{
    Canary, ImitationDocument, NoticeDocument, ProtectedDocument, RawCondition, RawCue, RawOrganization,
};
use super::imitation;
use super::organization::BranchOf;
use super::reserved;
use super::source::At;
use super::suggest;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// All documents, sorted by what they are.
#[derive(Debug, Default)]
pub(super) struct Documents {
    pub notices: Vec<NoticeDocument>,
    pub protected: Vec<ProtectedDocument>,
    pub conditions: Vec<RawCondition>,
    pub canaries: Vec<At<Canary>>,
    pub cues: Vec<RawCue>,
    pub allows: Vec<RawAllow>,
    pub imitations: Vec<ImitationDocument>,
    /// A file could not be read at all; what it defines is not known.
    pub has_unread: bool,
}

impl Documents {
    pub fn organizations(&self) -> impl Iterator<Item = &RawOrganization> {
        self.notices.iter().flat_map(|document| &document.organizations)
    }
}

/// Checks across documents; what is wrong goes to `problems`.
pub(super) fn check(documents: &Documents, problems: &mut Vec<Diagnostic>) {
    unique("notice", documents.notices.iter().map(|d| d.notice.with(d.notice.value.id.to_string())), problems);
    let canaries = documents.canaries.iter().map(|canary| canary.with(canary.value.id.clone()));
    unique("organization", documents.organizations().map(|o| o.id.clone()).chain(canaries), problems);
    let conditions = documents.conditions.iter().map(|c| c.id.clone());
    unique("condition", conditions.chain(documents.allows.iter().map(|a| a.id.clone())), problems);
    references(documents, problems);
    branch_cycles(documents, problems);
    hosts::check(documents, problems);
    names::check(documents, problems);
    cue::check(&documents.cues, problems);
    imitation::check(&documents.imitations, problems);
}

/// Things in order of file and place, whatever the order in which files were added.
fn in_order<T>(mut items: Vec<At<T>>) -> Vec<At<T>> {
    items.sort_by(|a, b| (&a.file.name, a.place).cmp(&(&b.file.name, b.place)));
    items
}

/// Every id of one kind stands once, and none is a word that tripline itself uses in its place.
fn unique(what: &str, ids: impl Iterator<Item = At<String>>, problems: &mut Vec<Diagnostic>) {
    let mut first: HashMap<String, At<String>> = HashMap::new();
    for id in in_order(ids.filter(|id| !id.value.is_empty()).collect()) {
        problems.extend(reserved::problem(what, &id));
        if let Some(other) = first.get(&id.value) {
            let message = format!("the {what} id {:?} is taken, at {}", id.value, other.whereabouts());
            problems.push(id.problem(Code::DuplicateId, message).help("an id is unique across all files and overlays"));
        } else {
            first.insert(id.value.clone(), id);
        }
    }
}

fn references(documents: &Documents, problems: &mut Vec<Diagnostic>) {
    let ids: BTreeSet<&str> = documents.organizations().map(|o| o.id.value.as_str()).collect();
    let known = |id: &At<String>, problems: &mut Vec<Diagnostic>| {
        if !documents.has_unread && !ids.contains(id.value.as_str()) {
            let help = suggest::nearest(&id.value, ids.iter().copied()).map(|near| format!("did you mean {near:?}?"));
            let message = format!("no organization has the id {:?}", id.value);
            problems.push(id.problem(Code::UnknownOrganization, message).maybe_help(help));
        }
    };
    for document in &documents.notices {
        let mut named: BTreeSet<&str> = document.organizations.iter().map(|o| o.id.value.as_str()).collect();
        for id in &document.also {
            known(id, problems);
            if !named.insert(&id.value) {
                problems.push(id.problem(Code::WrongList, format!("the notice names {:?} twice", id.value)));
            }
        }
    }
    documents.allows.iter().flat_map(|allow| &allow.organizations).for_each(|id| known(id, problems));
    for organization in documents.organizations() {
        if let Some(at) = &organization.branch_of
            && let BranchOf::Organization(parent) = &at.value
        {
            known(&at.with(parent.to_string()), problems);
        }
    }
}

/// A chain of branches that comes back to its beginning; told once for each member of the circle.
fn branch_cycles(documents: &Documents, problems: &mut Vec<Diagnostic>) {
    let mut parents: BTreeMap<&str, &str> = BTreeMap::new();
    for organization in documents.organizations() {
        if let Some(At { value: BranchOf::Organization(parent), .. }) = &organization.branch_of {
            parents.insert(&organization.id.value, parent);
        }
    }
    for organization in documents.organizations() {
        let start = organization.id.value.as_str();
        let ancestors = std::iter::successors(parents.get(start), |id| parents.get(*id));
        let chain: Vec<&str> = ancestors.take(parents.len()).copied().collect();
        if let (Some(at), Some(back)) = (&organization.branch_of, chain.iter().position(|id| *id == start)) {
            let steps = chain[..=back].join(" of ");
            problems.push(at.problem(Code::BranchCycle, format!("{start:?} is a branch of itself: of {steps}")));
        }
    }
}
