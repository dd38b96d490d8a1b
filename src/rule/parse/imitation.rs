//! Imitated authorities: `imitation: { tokens: [{ token, of, what }], known_hosts, claims, denials }`.

use super::super::document::{Document, ImitationDocument, RawToken};
use super::super::fields::{Fields, Reading};
use super::super::yaml::Node;
use super::domain;

pub(super) fn parse(reading: &mut Reading<'_>, mut root: Fields<'_>) -> Option<Document> {
    let node = root.required(reading, "imitation");
    root.finish(reading);
    let mut fields = Fields::of(reading, node?, "imitation")?;
    let tokens = fields.items(reading, "tokens").iter().filter_map(|node| token(reading, node)).collect();
    let known_hosts = fields.texts(reading, "known_hosts");
    let known_hosts = known_hosts.iter().filter_map(|text| domain(reading, text)).collect();
    let (claims, denials) = (fields.texts(reading, "claims"), fields.texts(reading, "denials"));
    fields.finish(reading);
    Some(Document::Imitation(ImitationDocument { tokens, known_hosts, claims, denials }))
}

fn token(reading: &mut Reading<'_>, node: &Node) -> Option<RawToken> {
    let mut fields = Fields::of(reading, node, "a token")?;
    let token = fields.required_text(reading, "token");
    let of = fields.text(reading, "of").and_then(|text| domain(reading, &text));
    let what = fields.required_text(reading, "what");
    fields.finish(reading);
    Some(RawToken { token: token?, of, what: what?.value })
}
