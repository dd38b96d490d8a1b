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
fn a_single_text_is_taken_once_by_the_field_that_ends_at_it() {
    // `/~1/*/*` would read the empty text as an array of one, but it stands where `/~1/0` ends
    let two = map("", &[("each", "/~1/*/*"), ("first", "/~1/0")], &[]);
    let alone = map("", &[("each", "/~1/*/*")], &[]);
    for (map, json, expected) in [
        (&two, r#"{"/":[""]}"#, &["first="][..]),
        (&alone, r#"{"/":[""]}"#, &["each[0]="]),
        (&two, r#"{"/":["a","b"]}"#, &["each[0]=b", "first=a"]),
        (&two, r#"{"/":[null,["b"]]}"#, &["each[0]=b"]),
    ] {
        assert_eq!(fields(map, json), expected, "{json}");
    }
}

#[test]
fn what_is_only_copied_hides_no_text_from_a_field() {
    let map = map("/tags", &[("tags", "/tags/*")], &[]);
    for (json, id, expected) in [
        (r#"{"tags":"a"}"#, Some("a"), &["tags[0]=a"][..]),
        (r#"{"tags":5}"#, Some("5"), &[]),
        (r#"{"tags":null}"#, None, &[]),
        (r#"{"tags":["a","b"]}"#, None, &["tags[0]=a", "tags[1]=b"]),
    ] {
        assert_eq!(
            (content(&map, json).id.as_deref(), fields(&map, json)),
            (id, expected.iter().map(|f| (*f).to_owned()).collect()),
            "{json}"
        );
    }
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
