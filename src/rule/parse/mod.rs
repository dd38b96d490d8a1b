//! From a tree of texts to what one document says. What a document is, its top-level keys tell.

mod allow;
mod context;
mod imitation;
mod lists;
mod notice;

use super::diagnostic::{Code, Diagnostic};
use super::document::Document;
use super::fields::{Fields, Reading};
use super::source::{At, Source};
use super::suggest;
use super::yaml::{self, Node, Value};
use crate::domain::Domain;
use std::sync::Arc;

type Parse = fn(&mut Reading<'_>, Fields<'_>) -> Option<Document>;

/// The kinds of documents: their top-level keys and who reads them.
const KINDS: [(&str, &[&str], Parse); 7] = [
    ("notice", &["notice", "organizations", "also"], notice::parse),
    ("protected", &["registered", "official", "shared_hosts"], lists::protected),
    ("policy", &["policy"], lists::policy),
    ("canary", &["canary"], lists::canary),
    ("context", &["context"], context::parse),
    ("allow", &["allow"], allow::parse),
    ("imitation", &["imitation"], imitation::parse),
];

/// Reads one document; what is wrong with it goes to `problems`.
pub(super) fn parse(source: &Arc<Source>, problems: &mut Vec<Diagnostic>) -> Option<Document> {
    let root = yaml::read(source, problems)?;
    let mut reading = Reading { source: Arc::clone(source), problems };
    let read = kind(&mut reading, &root)?;
    let fields = Fields::of(&mut reading, &root, "the document")?;
    read(&mut reading, fields)
}

fn kind(reading: &mut Reading<'_>, root: &Node) -> Option<Parse> {
    let Value::Mapping(entries) = &root.value else {
        return reading.wrong_shape(
            root,
            "the document",
            "a mapping with a key that says what it is",
            "something else",
        );
    };
    let mut found: Option<(&str, Parse)> = None;
    for (key, _) in entries {
        let Some((name, _, read)) = KINDS.iter().find(|(_, keys, _)| keys.contains(&key.value.as_str())) else {
            continue;
        };
        match found {
            Some((first, _)) if first != *name => {
                let message = format!("{:?} belongs to a {name} document, and this is a {first} document", key.value);
                reading.problem(Code::UnknownDocument, key.place, message, Some("write two files".to_owned()));
                return None;
            }
            _ => found = Some((name, *read)),
        }
    }
    if found.is_none() {
        let known = || KINDS.iter().flat_map(|(_, keys, _)| keys.iter().copied());
        let (place, written) = entries.first().map_or((root.place, ""), |(key, _)| (key.place, key.value.as_str()));
        reading.problem(
            Code::UnknownDocument,
            place,
            "no key says what the document is",
            suggest::help(written, known()),
        );
    }
    found.map(|(_, read)| read)
}

/// A host name, IDN allowed.
fn domain(reading: &mut Reading<'_>, text: &At<String>) -> Option<At<Domain>> {
    match Domain::parse(&text.value) {
        Ok(domain) => Some(text.with(domain)),
        Err(error) => {
            let help = Some("a host name like example.org: no scheme, port, path, address or wildcard".to_owned());
            reading.problem(Code::BadDomain, text.place, format!("{:?} is not a host name: {error}", text.value), help);
            None
        }
    }
}

/// An http or https URL with a host.
fn url(reading: &mut Reading<'_>, text: &At<String>) -> Option<String> {
    let rest = ["https://", "http://"].iter().find_map(|scheme| text.value.strip_prefix(scheme));
    let host = rest.map_or("", |rest| rest.split(['/', '?', '#', ':']).next().unwrap_or(""));
    let unfit = |c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}');
    if host.contains('.') && !text.value.contains(unfit) {
        return Some(text.value.clone());
    }
    let message = format!("{:?} is not a URL that a reviewer can open", text.value);
    reading.problem(
        Code::BadUrl,
        text.place,
        message,
        Some("it begins with https:// or http:// and a host".to_owned()),
    );
    None
}
