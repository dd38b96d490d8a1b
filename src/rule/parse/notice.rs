//! A notice, the organizations that it names first, and the ids of those that it names again.
//!
//! A value that is missing or wrong has been told, and the set will not be built; something stands in for it, so that the checks
//! across documents see the entry and do not tell its absence as well.

use super::super::date::Effective;
use super::super::diagnostic::Code;
use super::super::document::{Document, NoticeDocument, RawBody, RawName, RawOrganization};
use super::super::fields::{Fields, Reading, id};
use super::super::index::Via;
use super::super::organization::{
    Account, Bilingual, BranchOf, ListedDomain, Listing, Notice, NoticeKind, NoticeSource, SourceKind, Status,
};
use super::super::source::At;
use super::super::yaml::{Node, Value};
use super::{domain, lists, url};
use std::sync::Arc;

#[expect(clippy::unnecessary_wraps, reason = "a row of the table of documents")]
pub(super) fn parse(reading: &mut Reading<'_>, mut root: Fields<'_>) -> Option<Document> {
    let place = root.place;
    let header = root.required(reading, "notice").and_then(|node| notice(reading, node));
    let organizations: Vec<_> =
        root.items(reading, "organizations").iter().filter_map(|node| organization(reading, node)).collect();
    let also: Vec<_> = root.items(reading, "also").iter().filter_map(|node| id(reading, node, "also")).collect();
    root.finish(reading);
    let notice = header.unwrap_or_else(|| reading.at(place, unknown_notice()));
    if notice.value.kind == NoticeKind::Statistics
        && let Some(listed) = organizations.iter().map(|o| &o.id).chain(&also).next()
    {
        let help = Some("give the notice the kind that its list has".to_owned());
        reading.problem(Code::WrongList, listed.place, "a notice of kind statistics lists nobody", help);
    }
    Some(Document::Notice(Box::new(NoticeDocument { notice, organizations, also })))
}

fn notice(reading: &mut Reading<'_>, written: &Node) -> Option<At<Notice>> {
    let mut fields = Fields::of(reading, written, "notice")?;
    let id = fields.required_id(reading, "id");
    let authority = fields.required(reading, "authority").and_then(|node| bilingual(reading, node, "authority"));
    let kind = fields.required_word(reading, "kind");
    let jurisdiction = fields.required(reading, "jurisdiction").and_then(|node| jurisdiction(reading, node));
    let (title, batch) = (fields.prose(reading, "title"), fields.text(reading, "batch").map(|t| t.value));
    let published = fields.date(reading, "published").map(|d| d.value);
    let announced = fields.count(reading, "announced");
    let sources = sources(reading, &mut fields);
    let status = fields.word::<Status>(reading, "status").map_or(Status::Active, |s| s.value);
    let note = fields.prose(reading, "note");
    let place = fields.place;
    fields.finish(reading);
    let id = id.unwrap_or_else(|| reading.at(place, String::new()));
    let unknown = unknown_notice();
    Some(id.with(Notice {
        id: Arc::from(id.value.as_str()),
        authority: authority.unwrap_or(unknown.authority),
        title,
        kind: kind.map_or(unknown.kind, |kind| kind.value),
        jurisdiction: jurisdiction.unwrap_or(unknown.jurisdiction),
        published,
        batch,
        announced,
        sources,
        status,
        note,
    }))
}

/// What stands in for a header that could not be read.
fn unknown_notice() -> Notice {
    Notice {
        id: Arc::from(""),
        authority: Bilingual::default(),
        title: None,
        kind: NoticeKind::Ban,
        jurisdiction: String::new(),
        published: None,
        batch: None,
        announced: None,
        sources: Vec::new(),
        status: Status::Active,
        note: None,
    }
}

/// At least one: a notice is something that anyone can look up.
fn sources(reading: &mut Reading<'_>, fields: &mut Fields<'_>) -> Vec<NoticeSource> {
    let Some(node) = fields.required(reading, "sources") else { return Vec::new() };
    let items = reading.items(node, "sources");
    if items.is_empty() && matches!(node.value, Value::Sequence(_)) {
        let help = Some("a notice is something that anyone can look up".to_owned());
        reading.problem(Code::MissingKey, node.place, "a notice without a source", help);
    }
    items.iter().filter_map(|node| source(reading, node)).collect()
}

/// ISO 3166: a country, or one of its parts (`CN-44`).
fn jurisdiction(reading: &mut Reading<'_>, node: &Node) -> Option<String> {
    let text = reading.text(node, "jurisdiction")?;
    let (country, part) = text.value.split_once('-').unwrap_or((&text.value, "X"));
    let country = country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase());
    let part = (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if country && part {
        return Some(text.value);
    }
    let help = Some("the two capital letters of ISO 3166, as CN; a part as CN-44".to_owned());
    reading.problem(Code::UnknownValue, text.place, format!("{:?} is not a jurisdiction", text.value), help);
    None
}

fn source(reading: &mut Reading<'_>, node: &Node) -> Option<NoticeSource> {
    let mut fields = Fields::of(reading, node, "a source")?;
    let url = fields.required_text(reading, "url").and_then(|text| url(reading, &text));
    let kind = fields.required_word::<SourceKind>(reading, "kind");
    fields.finish(reading);
    Some(NoticeSource { url: url?, kind: kind?.value })
}

fn bilingual(reading: &mut Reading<'_>, node: &Node, what: &str) -> Option<Bilingual> {
    let mut fields = Fields::of(reading, node, what)?;
    let text =
        Bilingual { zh: fields.text(reading, "zh").map(|t| t.value), en: fields.text(reading, "en").map(|t| t.value) };
    if text == Bilingual::default() {
        reading.problem(Code::MissingKey, fields.place, format!("{what} has neither zh nor en"), None);
    }
    fields.finish(reading);
    Some(text)
}

fn organization(reading: &mut Reading<'_>, written: &Node) -> Option<RawOrganization> {
    let mut fields = Fields::of(reading, written, "an organization")?;
    let id = fields.required_id(reading, "id");
    let names = names(reading, &mut fields);
    let branch_of = fields.get("branch_of").and_then(|node| branch_of(reading, node));
    let listing = fields.required_word::<Listing>(reading, "listing");
    let focus = fields.words(reading, "focus");
    let domains = fields.items(reading, "domains").iter().filter_map(|node| listed_domain(reading, node)).collect();
    let accounts = fields.items(reading, "accounts").iter().filter_map(|node| account(reading, node)).collect();
    let lookalikes: Vec<RawBody> =
        fields.items(reading, "registered_lookalikes").iter().filter_map(|node| lists::body(reading, node)).collect();
    let caution = fields.words(reading, "caution");
    let effective = fields.get("effective").map_or_else(Effective::default, |node| effective(reading, node));
    let status = fields.word::<Status>(reading, "status").map_or(Status::Active, |s| s.value);
    let note = fields.prose(reading, "note");
    let place = fields.place;
    fields.finish(reading);
    if !names.iter().any(|name| matches!(name.via, Via::Name | Via::Translation)) {
        let at = id.as_ref().map_or(place, |id| id.place);
        let help = Some("give its name, or a translation where no source shows the name".to_owned());
        reading.problem(Code::NoName, at, "an organization without a name", help);
    }
    Some(RawOrganization {
        id: id?,
        names,
        branch_of,
        listing: listing.map_or(Listing::Suspected, |listing| listing.value),
        focus,
        domains,
        accounts,
        lookalikes,
        caution,
        effective,
        status,
        note,
    })
}

fn names(reading: &mut Reading<'_>, fields: &mut Fields<'_>) -> Vec<RawName> {
    let name = |text, via| RawName { text, via, requires_full_name: false, language: None };
    let mut names: Vec<RawName> = fields.text(reading, "name").map(|text| name(text, Via::Name)).into_iter().collect();
    names.extend(fields.items(reading, "aliases").iter().filter_map(|node| alias(reading, node)));
    names.extend(fields.texts(reading, "spellings").into_iter().map(|text| name(text, Via::Alias)));
    if let Some(node) = fields.get("translations") {
        names.extend(translations(reading, node));
    }
    names
}

fn alias(reading: &mut Reading<'_>, node: &Node) -> Option<RawName> {
    let mut fields = Fields::of(reading, node, "an alias")?;
    let text = fields.required_text(reading, "name");
    let requires_full_name = fields.flag(reading, "requires_full_name");
    fields.finish(reading);
    Some(RawName { text: text?, via: Via::Alias, requires_full_name, language: None })
}

/// `{ en: [..], fr: .. }`, in order of the language tags, so that the order of keys does not matter.
fn translations(reading: &mut Reading<'_>, node: &Node) -> Vec<RawName> {
    let Value::Mapping(entries) = &node.value else {
        return reading
            .wrong_shape::<Vec<_>>(node, "translations", "a mapping from language to names", "another thing")
            .unwrap_or_default();
    };
    let mut names = Vec::new();
    for (language, node) in entries {
        let tag = language.value.as_str();
        if !(2..=3).contains(&tag.len()) || !tag.bytes().all(|b| b.is_ascii_lowercase()) {
            let help = Some("two or three lower-case letters of ISO 639, as en".to_owned());
            reading.problem(Code::UnknownValue, language.place, format!("{tag:?} is not a language"), help);
            continue;
        }
        let texts: Vec<_> = match &node.value {
            Value::Scalar(scalar) if !scalar.is_null() => reading.text(node, tag).into_iter().collect(),
            _ => reading.items(node, tag).iter().filter_map(|n| reading.text(n, tag)).collect(),
        };
        let language = Some(tag.to_owned());
        names.extend(texts.into_iter().map(|text| RawName {
            text,
            via: Via::Translation,
            requires_full_name: false,
            language: language.clone(),
        }));
    }
    names.sort_by(|a, b| a.language.cmp(&b.language)); // stable: the order within a language is the author's
    names
}

fn branch_of(reading: &mut Reading<'_>, node: &Node) -> Option<At<BranchOf>> {
    let mut fields = Fields::of(reading, node, "branch_of")?;
    let listed = fields.get("organization").and_then(|node| id(reading, node, "organization"));
    let unlisted = fields.text(reading, "unlisted_name");
    let place = fields.place;
    fields.finish(reading);
    match (listed, unlisted) {
        (Some(id), None) => Some(id.with(BranchOf::Organization(Arc::from(id.value.as_str())))),
        (None, Some(name)) => Some(name.with(BranchOf::Unlisted(name.value.clone()))),
        (None, None) => None, // each has been told already, or the mapping is empty
        (Some(_), Some(_)) => {
            reading.problem(Code::WrongShape, place, "branch_of has both organization and unlisted_name", None);
            None
        }
    }
}

fn listed_domain(reading: &mut Reading<'_>, node: &Node) -> Option<At<ListedDomain>> {
    let mut fields = Fields::of(reading, node, "a domain")?;
    let domain = fields.required_text(reading, "domain").and_then(|text| domain(reading, &text));
    let last_seen = fields.date(reading, "last_seen").map(|d| d.value);
    let source = fields.text(reading, "source");
    source.map(|text| url(reading, &text));
    fields.prose(reading, "note");
    fields.finish(reading);
    domain.map(|at| at.with(ListedDomain { domain: at.value.clone(), last_seen }))
}

fn account(reading: &mut Reading<'_>, node: &Node) -> Option<At<Account>> {
    let mut fields = Fields::of(reading, node, "an account")?;
    let platform = fields.required_id(reading, "platform");
    let id = fields.required_text(reading, "id");
    fields.finish(reading);
    let id = id?;
    Some(id.with(Account { platform: platform?.value, id: id.value.clone() }))
}

fn effective(reading: &mut Reading<'_>, node: &Node) -> Effective {
    let Some(mut fields) = Fields::of(reading, node, "effective") else { return Effective::default() };
    let (from, until) = (fields.date(reading, "from"), fields.date(reading, "until"));
    fields.finish(reading);
    let effective = Effective { from: from.map(|d| d.value), until: until.as_ref().map(|d| d.value) };
    if let Some(until) = until.filter(|_| !effective.is_ever()) {
        let help = Some("a partial date counts from its end: from 2021 is from 1 January 2022".to_owned());
        reading.problem(Code::NeverInEffect, until.place, "it ends before it begins", help);
    }
    effective
}
