//! Protected names, the policy and the canary.

use super::super::diagnostic::Code;
use super::super::document::{Canary, Document, OfficialKind, ProtectedDocument, RawBody, RawCondition, RawOfficial};
use super::super::fields::{Fields, Reading};
use super::super::organization::Status;
use super::super::policy::{Action, Severity};
use super::super::yaml::{Node, Value};
use super::domain;

#[expect(clippy::unnecessary_wraps, reason = "a row of the table of documents")]
pub(super) fn protected(reading: &mut Reading<'_>, mut root: Fields<'_>) -> Option<Document> {
    let registered = root.items(reading, "registered").iter().filter_map(|node| body(reading, node)).collect();
    let official = root.items(reading, "official").iter().filter_map(|node| official(reading, node)).collect();
    let shared = root.texts(reading, "shared_hosts");
    let shared_hosts = shared.iter().filter_map(|text| domain(reading, text)).collect();
    root.finish(reading);
    Some(Document::Protected(ProtectedDocument { registered, official, shared_hosts }))
}

/// A lawful body: `{ name: { zh, en: [..] }, basis }`.
pub(super) fn body(reading: &mut Reading<'_>, node: &Node) -> Option<RawBody> {
    let mut fields = Fields::of(reading, node, "a registered body")?;
    let name = fields.required(reading, "name").and_then(|node| Fields::of(reading, node, "name"));
    let basis = fields.required(reading, "basis").and_then(|node| reading.text(node, "basis"));
    fields.finish(reading);
    let mut name = name?;
    let (zh, en) = (name.text(reading, "zh"), name.text_or_texts(reading, "en"));
    if zh.is_none() && en.is_empty() {
        reading.problem(Code::NoName, name.place, "a registered body without a name", None);
    }
    name.finish(reading);
    Some(RawBody { zh, en, basis: basis.map_or_else(String::new, |b| b.value) })
}

fn official(reading: &mut Reading<'_>, node: &Node) -> Option<RawOfficial> {
    let mut fields = Fields::of(reading, node, "an official channel")?;
    let value = fields.required_text(reading, "value");
    let kind = fields.required_word::<OfficialKind>(reading, "kind");
    let what = fields.prose(reading, "what").unwrap_or_default();
    fields.get("seen");
    fields.finish(reading);
    let (value, kind) = (value?, kind?.value);
    let host = match kind {
        OfficialKind::Domain | OfficialKind::DomainSuffix => Some(domain(reading, &value)?.value),
        _ => None,
    };
    Some(RawOfficial { kind, value, host, what })
}

#[expect(clippy::unnecessary_wraps, reason = "a row of the table of documents")]
pub(super) fn policy(reading: &mut Reading<'_>, mut root: Fields<'_>) -> Option<Document> {
    let conditions = root.items(reading, "policy").iter().filter_map(|node| condition(reading, node)).collect();
    root.finish(reading);
    Some(Document::Policy(conditions))
}

fn condition(reading: &mut Reading<'_>, node: &Node) -> Option<RawCondition> {
    let mut fields = Fields::of(reading, node, "a condition")?;
    let id = fields.required_id(reading, "id");
    let text = fields.required(reading, "text").and_then(|node| reading.scalar(node, "text"));
    let text = text.map(|scalar| scalar.text.trim().to_owned());
    let when = fields.required(reading, "when").and_then(|node| {
        let scalar = reading.scalar(node, "when")?.clone();
        Some(reading.at(node.place, scalar))
    });
    let action = fields.required_word::<Action>(reading, "action");
    let severity = fields.required_word::<Severity>(reading, "severity");
    let status = fields.word::<Status>(reading, "status").map_or(Status::Active, |s| s.value);
    fields.finish(reading);
    if let Some(action) = action.as_ref().filter(|action| action.value == Action::None) {
        let help =
            Some("flag, review or hold; none is what becomes of a mention for which no condition holds".to_owned());
        reading.problem(Code::UnknownValue, action.place, "a condition with the action none decides nothing", help);
    }
    Some(RawCondition {
        id: id?,
        text: text.unwrap_or_default(),
        when: when?,
        action: action.map_or(Action::None, |action| action.value),
        severity: severity.map_or(Severity::Low, |severity| severity.value),
        status,
    })
}

pub(super) fn canary(reading: &mut Reading<'_>, mut root: Fields<'_>) -> Option<Document> {
    let node = root.required(reading, "canary");
    root.finish(reading);
    let node = node?;
    if let Value::Sequence(_) = node.value {
        return reading.wrong_shape(node, "canary", "one id and text", "a list");
    }
    let mut fields = Fields::of(reading, node, "canary")?;
    let (id, text) = (fields.required_id(reading, "id"), fields.required_text(reading, "text"));
    fields.finish(reading);
    let (id, text) = (id?, text?);
    Some(Document::Canary(text.with(Canary { id: id.value, text: text.value.clone() })))
}
