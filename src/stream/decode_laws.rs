//! Laws of the decoder, against a reader of trees that is too simple to be wrong.

use super::*;
use crate::content::Kind;
use crate::stream::field_map::SourceFields;
use crate::stream::pointer::{self, Token};
use proptest::prelude::*;
use serde_json::Value;

/// Few keys, so that pointers and documents meet.
fn key() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "0", "1", "", "~", "/", "界"]).prop_map(str::to_owned)
}

fn pointer() -> impl Strategy<Value = String> {
    let step = prop_oneof![
        4 => key().prop_map(|k| k.replace('~', "~0").replace('/', "~1")),
        1 => Just("*".to_owned()),
    ];
    (key(), prop::collection::vec(step, 0..3)).prop_map(|(first, rest)| {
        let first = first.replace('~', "~0").replace('/', "~1");
        std::iter::once(first).chain(rest).fold(String::new(), |p, token| p + "/" + &token)
    })
}

fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        8 => any::<String>().prop_map(Value::from),
    ];
    let value = leaf.prop_recursive(4, 40, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key(), inner, 0..4).prop_map(|m| Value::Object(m.into_iter().collect())),
        ]
    });
    prop::collection::btree_map(key(), value, 0..5).prop_map(|m| Value::Object(m.into_iter().collect()))
}

/// One pointer alone: where several pass one place, a shape that fits one of them is no misfit for another.
fn one_field() -> impl Strategy<Value = Vec<(String, String)>> {
    pointer().prop_map(|p| vec![("f".to_owned(), p)])
}

fn compiled(pointers: &[(String, String)]) -> Option<FieldMap> {
    FieldMap::compile(&SourceFields {
        kind: Kind::Post,
        id: None,
        author: None,
        time: None,
        region: None,
        attributes: vec![],
        text: pointers.to_vec(),
        links: Vec::new(),
    })
    .ok()
}

/// A map for bytes of any kind.
fn posts() -> FieldMap {
    let pointers = [("title", "/title"), ("urls", "/urls/*/href")].map(|(n, p)| (n.to_owned(), p.to_owned()));
    compiled(&pointers).expect("sound pointers")
}

/// Whether `many` ends in a `*` at a place that `one` leads to itself: `/a/*` and `/a`, `/a/*/*` and `/a/0`. A single text there is
/// an array of one for the first only where the second does not take it as what it is.
fn takes_the_single_text(one: &str, many: &str) -> bool {
    let (one, many) = (pointer::parse(one).expect("a pointer"), pointer::parse(many).expect("a pointer"));
    let Some((Token::Each, place)) = many.split_last() else { return false };
    let meet = |(a, b): (&Token, &Token)| match (a, b) {
        (Token::Each, Token::Key(key)) | (Token::Key(key), Token::Each) => pointer::index(key).is_some(),
        (a, b) => a == b,
    };
    one.len() == place.len() && one.iter().zip(place).all(meet)
}

fn found(content: &Content<'_>) -> naive::Fields {
    content.fields.iter().map(|f| (f.name.to_string(), f.item, f.value.to_string())).collect()
}

/// What breaks JSON most.
const SIGNS: &[u8] = b"\\\"{}[],:u~d8";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_walk_agrees_with_a_tree(pointers in one_field(), document in document(), pretty in any::<bool>()) {
        let map = compiled(&pointers).unwrap();
        let json = if pretty { format!("{document:#}") } else { document.to_string() };
        let expected = naive::fields(&pointers, &document);
        match decode(&map, Some(json.as_bytes())) {
            Decoded::Content(content) => prop_assert_eq!(Some(found(&content)), expected),
            Decoded::Poison(poison) => {
                prop_assert_eq!(poison.class, PoisonClass::WrongType);
                prop_assert_eq!(expected, None);
            }
            Decoded::Empty => prop_assert!(false, "a value is not a deletion"),
        }
    }

    /// Together, pointers find at least what each finds alone, in the order of the settings.
    #[test]
    fn pointers_do_not_disturb_each_other(
        pointers in prop::collection::btree_set(pointer(), 1..5),
        document in document(),
    ) {
        prop_assume!(!pointers.iter().any(|one| pointers.iter().any(|many| takes_the_single_text(one, many))));
        let named: Vec<_> = pointers.into_iter().enumerate().map(|(i, p)| (format!("f{i}"), p)).collect();
        let map = compiled(&named).unwrap();
        let Some(expected) = naive::fields(&named, &document) else { return Ok(()) };
        match decode(&map, Some(document.to_string().as_bytes())) {
            Decoded::Content(content) => prop_assert_eq!(found(&content), expected),
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = decode(&posts(), Some(&bytes));
    }

    #[test]
    fn no_damage_makes_it_panic(
        pointers in one_field(),
        document in document(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..3), 1..6),
    ) {
        let map = compiled(&pointers).unwrap();
        let mut bytes = document.to_string().into_bytes();
        for (index, byte, how) in damage {
            let at = index.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, SIGNS[usize::from(byte) % SIGNS.len()]),
                _ => bytes.truncate(at + 1),
            }
        }
        match decode(&map, Some(&bytes)) {
            // What we read, a reader that is not ours reads too.
            Decoded::Content(_) => prop_assert!(serde_json::from_slice::<IgnoredAny>(&bytes).is_ok()),
            Decoded::Poison(poison) => prop_assert!(!poison.message.is_empty()),
            Decoded::Empty => prop_assert!(false, "a value is not a deletion"),
        }
    }
}

/// The decoder once more, over a tree: for documents without repeated keys, and pointers that have one end each.
mod naive {
    use crate::stream::pointer::{self, Token};
    use serde_json::Value;

    pub type Fields = Vec<(String, Option<u32>, String)>;

    /// `None` = a value of the wrong type.
    pub fn fields(pointers: &[(String, String)], document: &Value) -> Option<Fields> {
        let mut all = Vec::new();
        for (name, pointer) in pointers {
            let tokens = pointer::parse(pointer).unwrap();
            let (mut items, mut found) = (0, Vec::new());
            follow(document, &tokens, None, &mut items, &mut found)?;
            all.extend(found.into_iter().map(|(item, text)| (name.clone(), item, text)));
        }
        Some(all)
    }

    fn follow(
        value: &Value,
        tokens: &[Token],
        item: Option<u32>,
        items: &mut u32,
        found: &mut Vec<(Option<u32>, String)>,
    ) -> Option<()> {
        let is_empty = match value {
            Value::Null => return Some(()),
            Value::String(text) => text.is_empty(),
            Value::Array(list) => list.is_empty(),
            Value::Object(map) => map.is_empty(),
            Value::Bool(_) | Value::Number(_) => true,
        };
        match (tokens, value) {
            ([], Value::String(text)) => found.push((item, text.clone())),
            ([], _) | ([Token::Each], Value::Bool(_) | Value::Number(_)) => return None,
            ([Token::Each, rest @ ..], Value::Array(list)) => {
                for value in list {
                    let number = *items;
                    if !rest.contains(&Token::Each) {
                        *items += 1;
                    }
                    follow(value, rest, Some(number), items, found)?;
                }
            }
            ([Token::Each], Value::String(text)) => {
                found.push((Some(*items), text.clone()));
                *items += 1;
            }
            ([Token::Key(key), rest @ ..], Value::Object(map)) => {
                if let Some(value) = map.get(key) {
                    follow(value, rest, item, items, found)?;
                }
            }
            ([Token::Key(key), rest @ ..], Value::Array(list)) if pointer::index(key).is_some() => {
                if let Some(value) = list.get(pointer::index(key).unwrap()) {
                    follow(value, rest, item, items, found)?;
                }
            }
            _ if is_empty => {}
            _ => return None,
        }
        Some(())
    }
}
