//! Which names can be looked for, and whom a name stands for.

use super::super::diagnostic::{Code, Diagnostic};
use super::super::document::{RawBody, RawName, RawOrganization};
use super::super::index::{Via, is_judged};
use super::super::organization::{BranchOf, Caution};
use super::super::source::At;
use super::Documents;
use crate::text::fold;
use std::collections::{BTreeSet, HashMap};

/// A single character is in every text.
const SHORTEST: usize = 2;
/// The canary fires everywhere, so it must be a string that nobody writes by chance.
const SHORTEST_CANARY: usize = 12;

/// A listed name, and whose it is.
struct Listed<'d> {
    name: &'d RawName,
    organization: &'d RawOrganization,
    /// Of the notices that name it.
    jurisdictions: &'d BTreeSet<&'d str>,
}

pub(super) fn check(documents: &Documents, problems: &mut Vec<Diagnostic>) {
    for organization in documents.organizations() {
        organization.names.iter().for_each(|name| long_enough(&name.text, problems));
        without_full_name(organization, problems);
    }
    let bodies = || {
        let lookalikes = documents.organizations().flat_map(|o| &o.lookalikes);
        documents.protected.iter().flat_map(|d| &d.registered).chain(lookalikes)
    };
    bodies().flat_map(RawBody::names).for_each(|name| long_enough(name, problems));
    canary(documents, problems);
    let jurisdictions = jurisdictions(documents);
    let mut by_fold: HashMap<Vec<u16>, Vec<Listed<'_>>> = HashMap::new();
    for organization in documents.organizations().filter(|o| is_judged(o.status)) {
        let Some(jurisdictions) = jurisdictions.get(organization.id.value.as_str()) else { continue };
        for name in &organization.names {
            by_fold.entry(fold(&name.text.value)).or_default().push(Listed { name, organization, jurisdictions });
        }
    }
    for listed in by_fold.values_mut() {
        listed.sort_by(|a, b| order(a).cmp(&order(b)));
        for (i, later) in listed.iter().enumerate() {
            problems.extend(
                listed[..i].iter().find(|first| are_one_name(first, later)).map(|first| same_name(first, later)),
            );
        }
    }
    for body in bodies().flat_map(RawBody::names) {
        let listed = by_fold.get(&fold(&body.value)).into_iter().flatten();
        problems.extend(listed.filter(|l| !l.may_equal_a_protected_name()).map(|l| protected(l, body)));
    }
}

fn order<'l>(listed: &'l Listed<'_>) -> (&'l str, super::super::source::Place) {
    (&listed.name.text.file.name, listed.name.text.place)
}

/// The jurisdictions of the notices that name each organization.
fn jurisdictions(documents: &Documents) -> HashMap<&str, BTreeSet<&str>> {
    let mut of: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    for document in &documents.notices {
        let ids = document.organizations.iter().map(|o| o.id.value.as_str());
        for id in ids.chain(document.also.iter().map(|id| id.value.as_str())) {
            of.entry(id).or_default().insert(&document.notice.value.jurisdiction);
        }
    }
    of
}

fn long_enough(name: &At<String>, problems: &mut Vec<Diagnostic>) {
    if fold(&name.value).len() < SHORTEST {
        let message = format!("{:?} has fewer than two letters or digits to look for", name.value);
        problems.push(name.problem(Code::ShortName, message));
    }
}

/// An alias that counts beside the full name only, of an organization that has none.
fn without_full_name(organization: &RawOrganization, problems: &mut Vec<Diagnostic>) {
    let full = |name: &&RawName| !name.requires_full_name;
    if organization.names.iter().any(|name| full(&name)) {
        return;
    }
    for name in &organization.names {
        problems.push(name.text.problem(Code::NoName, "this alias waits for a full name, and none is given"));
    }
}

fn canary(documents: &Documents, problems: &mut Vec<Diagnostic>) {
    let canaries = super::in_order(documents.canaries.clone());
    for canary in &canaries {
        if fold(&canary.value.text).len() < SHORTEST_CANARY {
            let message =
                format!("a canary of fewer than {SHORTEST_CANARY} letters or digits could stand in a text by chance");
            problems.push(canary.problem(Code::ShortName, message));
        }
    }
    if let [first, rest @ ..] = &canaries[..] {
        let message = format!("a second canary; the first is at {}", first.whereabouts());
        problems.extend(rest.iter().map(|canary| canary.problem(Code::DuplicateId, message.clone())));
    }
}

impl Listed<'_> {
    fn has(&self, cautions: &[Caution]) -> bool {
        self.organization.caution.iter().any(|c| cautions.contains(c))
    }
    /// The name decides nothing without a second signal.
    fn waits_for_a_second_signal(&self) -> bool {
        use Caution::{EnglishOnly, GenericName, IdenticalToRegistered, ShortName, UnverifiedName};
        self.name.requires_full_name
            || self.has(&[GenericName, ShortName, IdenticalToRegistered, UnverifiedName])
            || self.name.via == Via::Translation && self.has(&[EnglishOnly])
    }
    fn may_equal_a_protected_name(&self) -> bool {
        self.has(&[Caution::IdenticalToRegistered])
            || self.name.via == Via::Translation && self.has(&[Caution::EnglishOnly])
    }
    fn is_branch_of(&self, other: &Listed<'_>) -> bool {
        let parent = self.organization.branch_of.as_ref().map(|at| &at.value);
        matches!(parent, Some(BranchOf::Organization(id)) if **id == *other.organization.id.value)
    }
}

/// Whether one name stands for two organizations, so that a verdict would have to guess. Authors need it to be allowed when it does
/// not decide: both wait for a second signal, or either counts beside its full name only; when the two are a branch and its
/// parent, which a verdict may name together; and when no notice of the one has a jurisdiction of the other.
fn are_one_name(a: &Listed<'_>, b: &Listed<'_>) -> bool {
    let undecided = a.waits_for_a_second_signal() && b.waits_for_a_second_signal();
    let beside = a.name.requires_full_name || b.name.requires_full_name;
    a.organization.id.value != b.organization.id.value
        && !undecided
        && !beside
        && !a.is_branch_of(b)
        && !b.is_branch_of(a)
        && !a.jurisdictions.is_disjoint(b.jurisdictions)
}

fn same_name(first: &Listed<'_>, later: &Listed<'_>) -> Diagnostic {
    let (name, id) = (&later.name.text, &first.organization.id.value);
    let help = "one body: merge the entries (`also`); two bodies: give both a caution that says that the name alone \
                does not decide (generic-name, unverified-name), or make one draft or retired";
    let message = format!("{:?} is also a name of {id:?}, at {}", name.value, first.name.text.whereabouts());
    name.problem(Code::SameName, message).help(help)
}

fn protected(listed: &Listed<'_>, body: &At<String>) -> Diagnostic {
    let name = &listed.name.text;
    let caution = if listed.name.via == Via::Translation {
        "english-only or identical-to-registered"
    } else {
        "identical-to-registered"
    };
    let message = format!("{:?} is also the name of a lawful body, at {}", name.value, body.whereabouts());
    name.problem(Code::ProtectedName, message).help(format!("say so with the caution {caution}"))
}
