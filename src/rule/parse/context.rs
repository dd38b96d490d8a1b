//! Cue words: `context: { language, cues: [{ kind, strength, scope, words }] }`.

use super::super::cue::{CueKind, Scope, Strength};
use super::super::document::{Document, RawCue};
use super::super::fields::{Fields, Reading};
use super::super::yaml::Node;

pub(super) fn parse(reading: &mut Reading<'_>, mut root: Fields<'_>) -> Option<Document> {
    let node = root.required(reading, "context");
    root.finish(reading);
    let mut fields = Fields::of(reading, node?, "context")?;
    fields.required_text(reading, "language");
    fields.required(reading, "cues");
    let groups = fields.items(reading, "cues");
    fields.finish(reading);
    Some(Document::Context(groups.iter().filter_map(|node| group(reading, node)).flatten().collect()))
}

/// Words of one kind, strength and scope.
fn group(reading: &mut Reading<'_>, node: &Node) -> Option<Vec<RawCue>> {
    let mut fields = Fields::of(reading, node, "a group of cues")?;
    let kind = fields.required_word::<CueKind>(reading, "kind");
    let strength = fields.word::<Strength>(reading, "strength").map_or(Strength::Plain, |at| at.value);
    let scope = fields.word::<Scope>(reading, "scope").map_or(Scope::Text, |at| at.value);
    fields.required(reading, "words");
    let words = fields.texts(reading, "words");
    fields.finish(reading);
    let kind = kind?.value;
    Some(words.into_iter().map(|text| RawCue { text, kind, strength, scope }).collect())
}
