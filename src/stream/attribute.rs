//! What the settings of a source take from a record for allow-lists: a badge, a role; never what is judged.
//!
//! `verified = "/author/verified"` and `{"author":{"verified":true}}` -> `verified` = `true`. Whatever else stands there is no
//! attribute, and no reason to put the record aside: without an attribute a record is judged as everybody's is.

use std::borrow::Cow;
use std::sync::Arc;

/// The most bytes of an attribute: a longer one is no badge and no role, and part of it could equal one.
const MAX_ATTRIBUTE: usize = 256;

/// Of two that differ neither counts: which one is true is not ours to guess, and an attribute can only make us laxer.
pub(super) fn put<'a>(attributes: &mut Vec<(Arc<str>, Cow<'a, str>)>, name: &Arc<str>, value: Cow<'a, str>) {
    let value = if value.len() > MAX_ATTRIBUTE { Cow::Borrowed("") } else { value };
    match attributes.iter_mut().find(|(known, _)| known == name) {
        Some((_, known)) if *known != value => *known = Cow::Borrowed(""),
        Some(_) => {}
        None => attributes.push((Arc::clone(name), value)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::decode::{Decoded, decode};
    use super::super::field_map::{FieldMap, SourceFields};
    use crate::content::Kind;

    fn source(attributes: &[(&str, &str)]) -> SourceFields {
        SourceFields {
            kind: Kind::Post,
            id: None,
            author: Some("/by/id".into()),
            time: None,
            region: None,
            attributes: attributes.iter().map(|(name, pointer)| ((*name).to_owned(), (*pointer).to_owned())).collect(),
            text: vec![("body".into(), "/body".into())],
            links: vec![],
        }
    }

    #[test]
    fn attributes_may_read_what_is_judged_and_lead_to_one_value() {
        for (name, pointer, expected) in [
            ("badge", "/by/badges/0", ""),
            ("same", "/body", ""),
            ("body", "/by", ""),
            ("badge", "by", r#"attributes.badge = "by": a pointer begins with `/`, as in `/author/id`"#),
            (
                "badge",
                "/badges/*",
                r#"attributes.badge = "/badges/*": `*` leads to many values; only fields under `text` and `links` may have it"#,
            ),
            ("", "/by", r#"attributes. = "/by": a field needs a name"#),
        ] {
            let errors = FieldMap::compile(&source(&[(name, pointer)])).err().unwrap_or_default();
            let told: Vec<_> = errors.iter().map(ToString::to_string).collect();
            assert_eq!(told.join("\n"), expected, "{name} {pointer}");
        }
    }

    #[test]
    fn an_attribute_is_a_short_word_or_absent_and_never_poison() {
        let map =
            FieldMap::compile(&source(&[("badge", "/by/badges/0"), ("verified", "/by/verified"), ("id", "/by/id")]))
                .expect("sound");
        let long = "n".repeat(256);
        let longer = format!(r#"{{"by":{{"badges":["{long}n"]}},"body":"b"}}"#);
        let fits = format!(r#"{{"by":{{"badges":["{long}"]}},"body":"b"}}"#);
        let fits_told = format!("badge={long}");
        for (json, expected) in [
            (r#"{"by":{"id":7,"badges":["news","old"],"verified":true},"body":"b"}"#, "id=7 badge=news verified=true"),
            (r#"{"by":{"verified":false},"body":"b"}"#, "verified=false"),
            (r#"{"by":{"verified":1.0},"body":"b"}"#, "verified=1.0"),
            (r#"{"by":{"badges":[]},"body":"b"}"#, ""),
            (r#"{"by":{"badges":"news"},"body":"b"}"#, ""),
            (r#"{"by":{"badges":[{"kind":"news"}],"verified":[true]},"body":"b"}"#, ""),
            (r#"{"by":{"badges":[null],"verified":null},"body":"b"}"#, ""),
            (r#"{"by":"somebody","body":"b"}"#, ""),
            (r#"{"by":true,"body":"b"}"#, ""),
            (r#"{"body":"b"}"#, ""),
            (r#"{"by":{"verified":true,"verified":true},"body":"b"}"#, "verified=true"),
            (r#"{"by":{"verified":true,"verified":false,"verified":true},"body":"b"}"#, "verified="),
            (r#"{"by":{"badges":["n\u0065ws"]},"body":"b"}"#, "badge=news"),
            (&longer, "badge="),
            (&fits, &fits_told),
        ] {
            let Decoded::Content(content) = decode(&map, Some(json.as_bytes())) else { panic!("{json}") };
            let told: Vec<_> = content.attributes.iter().map(|(name, value)| format!("{name}={value}")).collect();
            assert_eq!(told.join(" "), expected, "{json}");
            assert_eq!(content.fields.len(), 1, "{json}");
        }
        for json in [r#"{"by":{"id":{}},"body":"b"}"#, r#"{"by":{"id":true},"body":"b"}"#, r#"{"by":{},"body":true}"#] {
            assert!(matches!(decode(&map, Some(json.as_bytes())), Decoded::Poison(_)), "{json}");
        }
    }
}
