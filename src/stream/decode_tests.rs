use super::super::field_map::SourceFields;
use super::*;
use crate::content::{Kind, Role};

fn map(id: &str, text: &[(&str, &str)], links: &[(&str, &str)]) -> FieldMap {
    let fields = |list: &[(&str, &str)]| list.iter().map(|(n, p)| ((*n).to_owned(), (*p).to_owned())).collect();
    FieldMap::compile(&SourceFields {
        kind: Kind::Post,
        id: (!id.is_empty()).then(|| id.to_owned()),
        author: None,
        time: None,
        region: None,
        attributes: vec![],
        text: fields(text),
        links: fields(links),
    })
    .unwrap()
}

/// The map of most tests: an id, two texts, an account name, and a link for each item.
fn posts() -> FieldMap {
    map("/id", &[("title", "/title"), ("body", "/post/body"), ("handle", "/by/handle")], &[("urls", "/urls/*/href")])
}

fn content<'a>(map: &FieldMap, json: &'a str) -> Content<'a> {
    match decode(map, Some(json.as_bytes())) {
        Decoded::Content(content) => content,
        other => panic!("{json}: {other:?}"),
    }
}

/// `name=value` or `name[item]=value` of each field.
fn fields(map: &FieldMap, json: &str) -> Vec<String> {
    let shown = |f: &Field<'_>| match f.item {
        Some(item) => format!("{}[{item}]={}", f.name, f.value),
        None => format!("{}={}", f.name, f.value),
    };
    content(map, json).fields.iter().map(shown).collect()
}

fn poison(map: &FieldMap, value: &[u8]) -> Poison {
    match decode(map, Some(value)) {
        Decoded::Poison(poison) => poison,
        other => panic!("{:?}: {other:?}", String::from_utf8_lossy(value)),
    }
}

fn nested(levels: usize) -> String {
    "[".repeat(levels) + &"]".repeat(levels)
}

#[test]
fn a_field_is_found_where_its_pointer_leads() {
    for (json, expected) in [
        ("{}", &[][..]),
        (r#"{"title":"t"}"#, &["title=t"]),
        (r#"{"post":{"body":"b"},"title":"t"}"#, &["title=t", "body=b"]),
        (r#" { "x" : [ { "title" : "no" } ] , "title" : "" } "#, &["title="]),
        (r#"{"post":{"title":"no"},"body":"no"}"#, &[]),
        (r#"{"urls":[{"href":"a"},{"href":null},{"alt":"no"},{"href":"b"}]}"#, &["urls[0]=a", "urls[3]=b"]),
        (r#"{"urls":[null,{"href":"b"},null]}"#, &["urls[1]=b"]),
        (r#"{"urls":[],"title":"t"}"#, &["title=t"]),
        ("\u{feff}{\"title\":\"t\"}", &["title=t"]),
    ] {
        assert_eq!(fields(&posts(), json), expected, "{json}");
    }
}

#[test]
fn the_name_of_a_field_tells_how_it_is_read() {
    let json = r#"{"title":"t","by":{"handle":"@h"},"urls":[{"href":"u"}]}"#;
    let roles: Vec<Role> = content(&posts(), json).fields.iter().map(|f| f.role).collect();
    assert_eq!(roles, [Role::Text, Role::Handle, Role::Link]);
}

#[test]
fn a_text_without_escapes_is_not_copied() {
    let json = r#"{"id":"p-1","title":"界","post":{"body":"a\nb"}}"#;
    let content = content(&posts(), json);
    assert!(matches!(content.id, Some(Cow::Borrowed("p-1"))));
    assert!(matches!(content.fields[0].value, Cow::Borrowed("界")));
    assert_eq!(content.fields[1].value, "a\nb");
}

#[test]
fn null_and_nothing_are_absent() {
    for json in [
        r#"{"id":null,"title":null}"#,
        r#"{"post":null,"by":null,"urls":null}"#,
        // What some writers make of an empty object, and of a place that is not known.
        r#"{"post":[],"urls":{},"by":""}"#,
        r#"{"post":false,"by":0,"urls":[]}"#,
    ] {
        let content = content(&posts(), json);
        assert_eq!((content.id, content.fields), (None, vec![]), "{json}");
    }
}

#[test]
fn a_number_as_id_keeps_its_digits() {
    for (json, expected) in [
        (r#"{"id":9007199254740993}"#, "9007199254740993"),
        (r#"{"id":123456789012345678901234567890}"#, "123456789012345678901234567890"),
        (r#"{"id":-7}"#, "-7"),
        (r#"{"id": 1.50 }"#, "1.50"),
        (r#"{"id":1e400}"#, "1e400"),
        (r#"{"id":"007"}"#, "007"),
        (r#"{"id":"a\u0062"}"#, "ab"),
        (r#"{"id":1,"id":2}"#, "2"),
        (r#"{"id":1,"id":null}"#, "1"),
    ] {
        assert_eq!(content(&posts(), json).id.as_deref(), Some(expected), "{json}");
    }
}

#[test]
fn a_fact_may_share_its_pointer_with_a_field() {
    let map = map("/handle", &[("handle", "/handle")], &[]);
    let content = content(&map, r#"{"handle":"h"}"#);
    assert_eq!((content.id.as_deref(), &*content.fields[0].value), (Some("h"), "h"));
    let poison = poison(&map, br#"{"handle":5}"#);
    assert_eq!(poison.message, "/handle: a number where a text is expected");
}

#[test]
fn a_key_that_stands_twice_is_judged_twice() {
    for (json, expected) in [
        (r#"{"title":"a","title":"b"}"#, &["title=a", "title[1]=b"][..]),
        (
            r#"{"post":{"body":"a"},"title":"t","post":{"body":"b"},"post":{"body":"c"}}"#,
            &["title=t", "body=a", "body[1]=b", "body[2]=c"],
        ),
        (r#"{"urls":[{"href":"a"}],"urls":[{"href":"b","href":"c"}]}"#, &["urls[0]=a", "urls[1]=b", "urls[1]=c"]),
        (r#"{"title":"a","\u0074itle":"b"}"#, &["title=a", "title[1]=b"]),
    ] {
        assert_eq!(fields(&posts(), json), expected, "{json}");
    }
}

#[test]
fn items_are_numbered_over_the_whole_record() {
    let map = map("", &[("all", "/a/*/b/*"), ("first", "/c/0"), ("each", "/c/*"), ("lone", "/d/*")], &[]);
    let json = r#"{"a":[{"b":["p","q"]},{"b":[]},{"b":[null,"r"]},{"b":"s"}],"c":["x","y"],"d":"z"}"#;
    assert_eq!(
        fields(&map, json),
        ["all[0]=p", "all[1]=q", "all[3]=r", "all[4]=s", "first=x", "each[0]=x", "each[1]=y", "lone[0]=z"]
    );
}

#[test]
fn a_place_with_two_shapes_may_have_a_pointer_for_each() {
    let map = map("", &[("plain", "/body"), ("rich", "/body/text"), ("many", "/body/*")], &[]);
    assert_eq!(fields(&map, r#"{"body":"a"}"#), ["plain=a"]);
    assert_eq!(fields(&map, r#"{"body":{"text":"a","n":1}}"#), ["rich=a"]);
    assert_eq!(fields(&map, r#"{"body":["a","b"]}"#), ["many[0]=a", "many[1]=b"]);
}

#[test]
fn half_of_a_surrogate_pair_hides_nothing() {
    for (json, expected) in [
        (r#"{"title":"a\ud83d"}"#, "a\u{fffd}"),
        (r#"{"title":"\udc00b\\ud83d"}"#, "\u{fffd}b\\ud83d"),
        (r#"{"title":"\ud83d\ud83d\ude00"}"#, "\u{fffd}😀"),
        (r#"{"\ud83d":1,"title":"c","x":"\ud83d"}"#, "c"),
    ] {
        assert_eq!(content(&posts(), json).fields[0].value, expected, "{json}");
    }
}

#[test]
fn what_cannot_be_judged_is_poison_of_its_class() {
    use PoisonClass::{InvalidJson, InvalidUtf8, NotAnObject, SchemaRegistryFraming, TooDeep, WrongType};
    let deep_field = format!(r#"{{"title":{}}}"#, nested(10_000));
    let deep_skipped = format!(r#"{{"other":{}}}"#, nested(10_000));
    let open = "{\"title\":".repeat(10_000);
    for (value, class) in [
        (&b""[..], InvalidJson),
        (b" \n", InvalidJson),
        (b"{", InvalidJson),
        (br#"{"title":"t"}}"#, InvalidJson),
        (br#"{"title":"t"} x"#, InvalidJson),
        (br#"{"title":"t"}{"title":"u"}"#, InvalidJson),
        (br#"{"title":"t",}"#, InvalidJson),
        (br#"{title:"t"}"#, InvalidJson),
        (b"{\"title\":\"a\nb\"}", InvalidJson),
        (br#"{"title":"\ud83d""#, InvalidJson),
        (br#"{"id":"\x"}"#, InvalidJson),
        (br#"{"id":01}"#, InvalidJson),
        (b"[", InvalidJson),
        (b"hello", InvalidJson),
        (b"{\"title\":\"\xff\"}", InvalidUtf8),
        (b"{\"other\":\"\xed\xa0\x80\"}", InvalidUtf8),
        (b"{\"title\":\"t\"}\xff", InvalidUtf8),
        (b"[]", NotAnObject),
        (br#""{}""#, NotAnObject),
        (b"12", NotAnObject),
        (b"null", NotAnObject),
        (b"true", NotAnObject),
        (b"\0\0\0\0\x07{}", SchemaRegistryFraming),
        (b"\0", SchemaRegistryFraming),
        (br#"{"title":5}"#, WrongType),
        (br#"{"title":true}"#, WrongType),
        (br#"{"title":{}}"#, WrongType),
        (br#"{"title":{"a":"b"}}"#, WrongType),
        (br#"{"title":["a"]}"#, WrongType),
        (br#"{"title":"a","title":5}"#, WrongType),
        (br#"{"id":true}"#, WrongType),
        (br#"{"id":{"$oid":"5"}}"#, WrongType),
        (br#"{"id":["5"]}"#, WrongType),
        (br#"{"post":"{\"body\":\"b\"}"}"#, WrongType),
        (br#"{"post":[{"body":"b"}]}"#, WrongType),
        (br#"{"urls":{"0":{"href":"a"}}}"#, WrongType),
        (br#"{"urls":["a"]}"#, WrongType),
        (br#"{"urls":[{"href":["a"]}]}"#, WrongType),
        (deep_field.as_bytes(), TooDeep),
        (deep_skipped.as_bytes(), TooDeep),
        (open.as_bytes(), TooDeep),
    ] {
        let found = poison(&posts(), value);
        let shown = String::from_utf8_lossy(&value[..value.len().min(80)]);
        assert_eq!(found.class, class, "{shown}: {}", found.message);
    }
    assert_eq!(decode(&posts(), None), Decoded::Empty);
}

#[test]
fn a_poison_names_the_place_and_not_the_words() {
    for (json, message) in [
        (r#"{"title":5}"#, "/title: a number where a text is expected"),
        (r#"{"id":{}}"#, "/id: an object where a text is expected"),
        (r#"{"post":"secret"}"#, "/post/body: a text on the way, where an object is expected"),
        (r#"{"urls":{"a":1}}"#, "/urls/*/href: an object where `*` expects an array"),
        (r#"{"urls":[{"href":false}]}"#, "/urls/*/href: a truth value where a text is expected"),
        ("7", "the value is a number and not an object"),
        ("{} {}", "trailing characters at line 1 column 4"),
        (" ", "the value is empty"),
    ] {
        assert_eq!(poison(&posts(), json.as_bytes()).message, message, "{json}");
    }
    let framed = poison(&posts(), b"\0\0\0\x01\x02\x02abc").message;
    assert!(framed.contains("(schema id 258)"), "{framed}");
    let utf8 = poison(&posts(), b"{\"a\":\"\xff\"}").message;
    assert_eq!(utf8, "invalid UTF-8 at byte 6");
}

#[test]
fn a_record_may_be_as_deep_as_the_limit_says() {
    // The object itself is one level.
    let with = |levels: usize| format!(r#"{{"other":{},"title":"t"}}"#, nested(levels));
    assert_eq!(fields(&posts(), &with(MAX_DEPTH - 1)), ["title=t"]);
    assert_eq!(poison(&posts(), with(MAX_DEPTH).as_bytes()).class, PoisonClass::TooDeep);
    let on_the_way = |levels: usize| {
        let pointer = "/a".repeat(levels);
        let map = map("", &[("deep", pointer.as_str())], &[]);
        let json = "{\"a\":".repeat(levels) + "\"t\"" + &"}".repeat(levels);
        fields(&map, &json)
    };
    assert_eq!(on_the_way(MAX_DEPTH), ["deep=t"]);
}

#[test]
fn brackets_within_texts_are_no_depth() {
    let brackets = "[{".repeat(1_000);
    let json = format!(r#"{{"title":"{brackets}","x":"\"{brackets}","y":[[1],[2]]}}"#);
    assert_eq!(content(&posts(), &json).fields[0].value, brackets);
}

#[test]
fn a_record_of_zero_width_characters_is_decoded() {
    let json = format!(r#"{{"title":"{}"}}"#, "\u{200b}".repeat(1_000_000));
    assert_eq!(content(&posts(), &json).fields[0].value.len(), 3_000_000);
}

#[test]
fn a_record_has_the_time_of_the_broker() {
    let record = Record {
        topic: "posts",
        partition: 0,
        offset: 0,
        timestamp_ms: Some(1_795_334_400_000),
        key: None,
        value: Some(b"{}"),
        headers: vec![],
    };
    let Decoded::Content(content) = decode_record(&posts(), &record) else {
        panic!("an object is a content");
    };
    assert_eq!(content.timestamp.unwrap().to_string(), "2026-11-22T08:00:00Z");
}

/// The decoder once more, over a tree: for documents without repeated keys, and pointers that have one end each.
mod naive {
    use super::super::super::pointer::{self, Token};
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

mod laws {
    use super::*;
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
            // A single text is an array of one for `/a/*` only where no `/a` takes it as what it is.
            prop_assume!(!pointers.iter().any(|p| pointers.contains(&format!("{p}/*"))));
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
}
