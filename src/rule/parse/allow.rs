//! Allow-lists.

use super::super::allow::RawAllow;
use super::super::diagnostic::Code;
use super::super::document::Document;
use super::super::facts::STANCES;
use super::super::fields::{Fields, Reading, id};
use super::super::organization::Status;
use super::super::policy::Action;
use super::super::source::At;
use super::super::suggest;
use super::super::yaml::Node;

#[expect(clippy::unnecessary_wraps, reason = "a row of the table of documents")]
pub(super) fn parse(reading: &mut Reading<'_>, mut root: Fields<'_>) -> Option<Document> {
    let entries = root.items(reading, "allow").iter().filter_map(|node| entry(reading, node)).collect();
    root.finish(reading);
    Some(Document::Allow(entries))
}

fn entry(reading: &mut Reading<'_>, node: &Node) -> Option<RawAllow> {
    let mut fields = Fields::of(reading, node, "an allow entry")?;
    let entry_id = fields.required_id(reading, "id");
    let text = fields.required_text(reading, "text");
    let when = fields.required(reading, "when").and_then(|node| {
        let scalar = reading.scalar(node, "when")?.clone();
        Some(reading.at(node.place, scalar))
    });
    let effect = fields.required_word::<Action>(reading, "effect");
    let organizations = fields.items(reading, "organizations");
    let organizations = organizations.iter().filter_map(|node| id(reading, node, "organizations")).collect();
    let stances = stances(reading, &mut fields);
    let until = fields.date(reading, "until").map(|date| date.value);
    let basis = fields.required(reading, "basis").and_then(|node| reading.scalar(node, "basis"));
    let basis = basis.map(|scalar| scalar.text.trim().to_owned());
    let status = fields.word::<Status>(reading, "status").map_or(Status::Active, |s| s.value);
    fields.finish(reading);
    if let Some(effect) = effect.as_ref().filter(|effect| effect.value > Action::Flag) {
        let help = Some("none: it is left alone; flag: it is told, and nobody is asked to review it".to_owned());
        reading.problem(Code::UnknownValue, effect.place, "an allow-list only lowers: none or flag", help);
    }
    Some(RawAllow {
        id: entry_id?,
        text: text.map_or_else(String::new, |text| text.value),
        when: when?,
        effect: effect.map_or(Action::Flag, |effect| effect.value),
        organizations,
        stances,
        until,
        status,
        basis: basis.unwrap_or_default(),
    })
}

fn stances(reading: &mut Reading<'_>, fields: &mut Fields<'_>) -> Vec<At<String>> {
    let stances = fields.texts(reading, "stances");
    for stance in stances.iter().filter(|stance| !STANCES.contains(&stance.value.as_str())) {
        let help = suggest::help(&stance.value, STANCES.iter().copied());
        reading.problem(Code::UnknownValue, stance.place, format!("{:?} is not a stance", stance.value), help);
    }
    stances
}
