//! No settings make us panic.

use super::*;

/// Lines that do not go together, in every order: a file may be anything.
const SHARDS: &[&str] = &[
    "[kafka]",
    "[kafka.properties]",
    "[source]",
    "[[source]]",
    "[source.text]",
    "[[kafka]]",
    "[http]",
    "[rules]",
    "kafka = 1",
    "source = []",
    "source = [1, {}]",
    "http = []",
    "gaps = []",
    "consumers = 1e400",
    "consumers = -0",
    "start = 1979-05-27",
    "topic = {}",
    "topic = \"\"",
    "kind = 1",
    "text = { a = 1, b = { c = 2 } }",
    "links = 7",
    "properties = { a = [1], b.c = true, \"b.c\" = 1 }",
    "properties = 1",
    "paths = [1, [2], \"\"]",
    "listen = \"\"",
    "token = { a = 1 }",
    "watch = \"true\"",
    "\"\" = 1",
    "\"a.b[9]\" = { c = 1 }",
];
const PLACES: &[&str] = &[
    "kafka",
    "source",
    "source[0]",
    "source[2].text",
    "source[0].text.a",
    "kafka.properties",
    "kafka.properties.a.b",
    "kafka.consumers.x",
    "http.token",
    "rules.paths[3]",
    "",
    ".",
    "a",
    "source[0].topic",
];

proptest::proptest! {
    #[test]
    fn no_file_variable_or_flag_makes_us_panic(
        lines in proptest::collection::vec(proptest::sample::select(SHARDS), 0..12),
        flags in proptest::collection::vec((proptest::sample::select(PLACES), "[a-z0-9/,]{0,3}"), 0..4),
        text in proptest::prelude::any::<String>(),
    ) {
        let flags: Vec<_> = flags.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let names: Vec<_> = flags.iter().map(|(key, _)| format!("TRIPLINE__{}", key.replace('.', "__"))).collect();
        let environment: Vec<_> = names.iter().map(|name| (name.as_str(), "x")).collect();
        let _ = load_layers(&lines.join("\n"), &[], &flags);
        let _ = load_layers(&lines.join("\n"), &environment, &[]);
        let _ = load_layers(&text, &environment, &flags);
    }
}
