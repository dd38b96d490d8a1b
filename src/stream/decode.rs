//! From the bytes of a record to the fields to judge, in one walk and without a tree.
//!
//! `{"id":7,"body":"…","seen":[…]}` with `id = "/id"`, `body = "/body"` -> id `7`, one field, nothing built for `seen`.
//!
//! What is decided here, because a filter that reads a record otherwise than its reader does can be walked around:
//! - A key that stands twice is judged twice (its second value as item 1): which one the site shows is not ours to
//!   guess. Id, author, time and region take the last, as most readers do.
//! - Half of a surrogate pair (`"\ud83d"`, what is left of an emoji cut in two) reads as U+FFFD, as browsers show it.
//! - `null` is an absent value. A pointer that leads nowhere is absent too, but a value on the way that holds text
//!   and fits no pointer is poison: a text nobody judges must be seen by somebody.
//! - An attribute is the text, the number or the truth value that stands there; anything else, one that is long, and one that
//!   stands twice with two values, is absent and never poison.
//! - A number is the text of its literal where an id, an author, a time or a region is expected, digit for digit
//!   (`9007199254740993` stays that); where text is expected it is poison, because fields of text hold texts.
//! - `*` over a single text is an array of that one text, unless the pointer of a judged field ends at that text itself.

use std::borrow::Cow;

use serde::de::IgnoredAny;

use super::field_map::FieldMap;
use super::poison::{Poison, PoisonClass};
use super::record::Record;
use super::walk::walk;
use crate::content::{Content, Field};

/// How many objects and arrays may stand within each other: what `serde_json` goes down without an error, which is
/// far more than a post needs and far less than a stack holds.
pub const MAX_DEPTH: usize = 127;

/// What a value turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decoded<'a> {
    /// Fields to judge; there may be none.
    Content(Content<'a>),
    /// A null value: a deletion in a compacted topic.
    Empty,
    /// Nothing that can be judged: a dead letter.
    Poison(Poison),
}

/// Decodes a record: [`decode`] of its value, with its topic and the broker's time.
#[must_use]
pub fn decode_record<'a>(map: &FieldMap, record: &Record<'a>) -> Decoded<'a> {
    match decode(map, record.value) {
        Decoded::Content(content) => {
            let source = Some(Cow::Borrowed(record.topic));
            Decoded::Content(Content { source, timestamp: record.timestamp(), ..content })
        }
        other => other,
    }
}

/// Decodes a value. Texts without escapes are borrowed from it. Never panics, whatever the bytes.
#[must_use]
pub fn decode<'a>(map: &FieldMap, value: Option<&'a [u8]>) -> Decoded<'a> {
    let Some(bytes) = value else {
        return Decoded::Empty;
    };
    match checked_text(bytes).and_then(|text| decode_text(map, text)) {
        Ok(content) => Decoded::Content(content),
        Err(poison) => Decoded::Poison(poison),
    }
}

/// The value as a text that begins an object and is not too deep.
fn checked_text(bytes: &[u8]) -> Result<&str, Poison> {
    if bytes.first() == Some(&0) {
        return Err(framing(bytes));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let message = format!("invalid UTF-8 at byte {}", error.valid_up_to());
        Poison::new(PoisonClass::InvalidUtf8, message)
    })?;
    // RFC 8259 lets a reader ignore a byte order mark, and some writers cannot be talked out of it.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if is_too_deep(text.as_bytes()) {
        let message = format!("more than {MAX_DEPTH} objects and arrays within each other");
        return Err(Poison::new(PoisonClass::TooDeep, message));
    }
    let start = text.bytes().find(|b| !b" \t\r\n".contains(b));
    match start {
        Some(b'{') => Ok(text),
        Some(first) => Err(no_object(text, first)),
        None => Err(Poison::new(PoisonClass::InvalidJson, "the value is empty")),
    }
}

/// Confluent's wire format: a zero byte, the id of a schema in four bytes, then Avro, Protobuf or JSON Schema data.
fn framing(bytes: &[u8]) -> Poison {
    let id = bytes.get(1..5).map_or(String::new(), |id| {
        let id = id.iter().fold(0_u32, |sum, b| sum << 8 | u32::from(*b));
        format!(" (schema id {id})")
    });
    let message = format!(
        "the value begins with a zero byte, as schema registries frame it{id}; it must be decoded to JSON before it comes here"
    );
    Poison::new(PoisonClass::SchemaRegistryFraming, message)
}

fn no_object(text: &str, first: u8) -> Poison {
    if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
        return Poison::new(PoisonClass::InvalidJson, error.to_string());
    }
    let found = match first {
        b'[' => "an array",
        b'"' => "a text",
        b't' | b'f' => "a truth value",
        b'n' => "null",
        _ => "a number",
    };
    Poison::new(PoisonClass::NotAnObject, format!("the value is {found} and not an object"))
}

/// Counts brackets first, which takes no time: only what could be too deep is walked.
fn is_too_deep(json: &[u8]) -> bool {
    let opens = |b: &u8| matches!(b, b'{' | b'[');
    if json.iter().filter(|b| opens(b)).count() <= MAX_DEPTH {
        return false;
    }
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return true;
        }
    }
    false
}

fn decode_text<'a>(map: &FieldMap, text: &'a str) -> Result<Content<'a>, Poison> {
    walk(map, text).or_else(|poison| {
        if poison.class != PoisonClass::InvalidJson {
            return Err(poison);
        }
        match with_whole_surrogates(text) {
            Some(mended) => walk(map, &mended).map(into_owned),
            None => Err(poison),
        }
    })
}

/// The same JSON with `\ufffd` for every half of a surrogate pair; `None` when there is no such half.
fn with_whole_surrogates(json: &str) -> Option<String> {
    let bytes = json.as_bytes();
    let (mut mended, mut copied, mut at) = (String::new(), 0, 0);
    while let Some(found) = bytes[at..].iter().position(|b| *b == b'\\') {
        at += found;
        match (escaped_unit(bytes, at), escaped_unit(bytes, at + 6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => at += 12,
            (Some(0xd800..=0xdfff), _) => {
                mended.push_str(&json[copied..at]);
                mended.push_str("\\ufffd");
                at += 6;
                copied = at;
            }
            (Some(_), _) => at += 6,
            // The backslash and what it escapes; a character of several bytes there is no JSON anyway.
            (None, _) => at = (at + 2).min(bytes.len()),
        }
    }
    if copied == 0 {
        return None;
    }
    mended.push_str(&json[copied..]);
    Some(mended)
}

/// The code unit of `\uXXXX` at this byte.
fn escaped_unit(json: &[u8], at: usize) -> Option<u16> {
    let digits = json.get(at..at + 6)?.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0, |unit: u16, digit| {
        let value = char::from(*digit).to_digit(16)?;
        Some(unit << 4 | u16::try_from(value).ok()?)
    })
}

fn into_owned(content: Content<'_>) -> Content<'static> {
    let owned = |text: Option<Cow<'_, str>>| text.map(|t| Cow::Owned(t.into_owned()));
    Content {
        kind: content.kind,
        id: owned(content.id),
        author: owned(content.author),
        time: owned(content.time),
        region: owned(content.region),
        source: owned(content.source),
        attributes: content
            .attributes
            .into_iter()
            .map(|(name, value)| (name, Cow::Owned(value.into_owned())))
            .collect(),
        timestamp: content.timestamp,
        fields: content
            .fields
            .into_iter()
            .map(|field| Field {
                name: field.name,
                item: field.item,
                role: field.role,
                value: Cow::Owned(field.value.into_owned()),
            })
            .collect(),
    }
}

#[cfg(test)]
#[path = "decode_laws.rs"]
mod laws;
#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
