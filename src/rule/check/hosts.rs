//! Which domains and accounts may be listed: nobody else's.

use super::super::diagnostic::{Code, Diagnostic};
use super::super::document::OfficialKind;
use super::super::index::{handle_key, is_judged};
use super::super::organization::ListedDomain;
use super::super::source::At;
use super::{Documents, in_order};
use crate::domain::Domain;
use std::collections::HashMap;

pub(super) fn check(documents: &Documents, problems: &mut Vec<Diagnostic>) {
    let shared: Vec<&Domain> = documents.protected.iter().flat_map(|d| &d.shared_hosts).map(|at| &at.value).collect();
    let official: Vec<&Domain> =
        documents.protected.iter().flat_map(|d| &d.official).filter_map(|o| o.host.as_ref()).collect();
    let listed = documents.organizations().flat_map(|o| o.domains.iter().map(|at| (at.clone(), is_judged(o.status))));
    let (mut judged, mut first) = (Vec::new(), HashMap::new());
    for (at, is_judged) in listed {
        if let Some(problem) = unfit(&at, &shared, &official) {
            problems.push(problem);
        } else if is_judged {
            judged.push(at);
        }
    }
    for at in in_order(judged) {
        let domain = at.value.domain.as_ascii().to_owned();
        if let Some(other) = first.get(&domain) {
            let help = "a link can cite one organization: list the domain with the one that ran it";
            problems.push(at.problem(Code::WrongDomain, format!("{domain} is listed already, at {other}")).help(help));
        } else {
            first.insert(domain, at.whereabouts());
        }
    }
    accounts(documents, problems);
}

/// Why a domain may not be listed.
fn unfit(at: &At<ListedDomain>, shared: &[&Domain], official: &[&Domain]) -> Option<Diagnostic> {
    let domain = &at.value.domain;
    let touches = |other: &&&Domain| domain.is_within(other) || other.is_within(domain);
    if let Some(host) = official.iter().find(touches) {
        let message = format!("{domain} belongs to the official channel {host}, which is never flagged");
        return Some(at.problem(Code::OfficialHost, message));
    }
    if let Some(host) = shared.iter().find(touches) {
        let help = "everybody's pages are there; list the account, not the domain";
        return Some(at.problem(Code::SharedHost, format!("{domain} belongs to the shared host {host}")).help(help));
    }
    let Some(registrable) = domain.registrable() else {
        let help = "everybody can register under it";
        return Some(at.problem(Code::PublicSuffix, format!("{domain} is a public suffix")).help(help));
    };
    (registrable != domain.as_ascii()).then(|| {
        let help = format!("list {registrable}: its subdomains follow");
        at.problem(Code::WrongDomain, format!("{domain} is below the domain that is registered")).help(help)
    })
}

fn accounts(documents: &Documents, problems: &mut Vec<Diagnostic>) {
    let official: Vec<String> = documents
        .protected
        .iter()
        .flat_map(|d| &d.official)
        .filter(|o| matches!(o.kind, OfficialKind::Wechat | OfficialKind::AccountName))
        .map(|o| handle_key(&o.value.value))
        .collect();
    let judged = documents.organizations().filter(|o| is_judged(o.status));
    let accounts =
        judged.flat_map(|o| o.accounts.iter().map(|at| at.with((handle_key(&at.value.id), o.id.value.clone()))));
    let mut first: HashMap<String, At<(String, String)>> = HashMap::new();
    for at in in_order(accounts.collect()) {
        let (key, owner) = &at.value;
        if key.is_empty() || official.contains(key) {
            let message = if key.is_empty() {
                "an account without an id"
            } else {
                "the account of an official channel, which is never flagged"
            };
            problems.push(at.problem(Code::WrongAccount, message));
            continue;
        }
        match first.get(key) {
            Some(other) if other.value.1 != *owner => {
                let help = "a handle can cite one organization";
                problems.push(
                    at.problem(
                        Code::WrongAccount,
                        format!("the account is listed already, at {}", other.whereabouts()),
                    )
                    .help(help),
                );
            }
            Some(_) => {}
            None => drop(first.insert(key.clone(), at.clone())),
        }
    }
}
