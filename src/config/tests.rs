//! The settings reference as tables: what is read, from where, and what is refused with which words.

mod laws;
mod shown;

use super::*;

const MINIMAL: &str = "[[source]]\ntopic = \"posts\"\nkind = \"post\"\ntext = { body = \"/body\" }\n";

fn load_layers(file: &str, environment: &[(&str, &str)], flags: &[(&str, &str)]) -> Result<Settings, Problems> {
    let layers = Layers {
        file: Some(("tripline.toml".into(), file.into())),
        environment: environment.iter().map(|(k, v)| (k.into(), v.into())).collect(),
        overrides: flags
            .iter()
            .map(|(key, value)| Override {
                key: (*key).into(),
                value: (*value).into(),
                flag: format!("--set {key}={value}"),
            })
            .collect(),
    };
    let property = |name: &str, _: &str| match name {
        "group.id" => Err("tripline owns this property: see kafka.group_id".to_owned()),
        "ssl.ca.lokation" => Err("librdkafka does not know this property".to_owned()),
        _ => Ok(()),
    };
    let around = Surroundings {
        host_name: "host-1".into(),
        property: &property,
        exists: &|path| path == std::path::Path::new("rules"),
    };
    load(&layers, &around)
}

fn problems(file: &str, environment: &[(&str, &str)], flags: &[(&str, &str)]) -> Vec<String> {
    match load_layers(file, environment, flags) {
        Ok(_) => Vec::new(),
        Err(Problems(list)) => list.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn a_minimal_file_gets_the_defaults_of_the_reference() {
    let settings = load_layers(MINIMAL, &[], &[]).unwrap();
    assert_eq!(settings.kafka.bootstrap_servers, "localhost:9092");
    assert_eq!(settings.kafka.group_id, "tripline");
    assert_eq!(settings.kafka.instance, "host-1");
    assert_eq!(settings.kafka.start.to_string(), "earliest");
    assert_eq!(settings.kafka.gaps, Gaps::Stop);
    assert!(settings.kafka.threads() > 0);
    assert_eq!(settings.verdicts.topic, "verdicts");
    assert_eq!(settings.verdicts.emit, Emit::Flagged);
    assert_eq!(settings.dead_letters.topic, "tripline.dead-letters");
    assert_eq!(settings.receipts.topic, "tripline.receipts");
    assert_eq!(settings.rules.paths, [std::path::PathBuf::from("rules")]);
    assert_eq!(settings.rules.jurisdictions, ["CN"]);
    assert_eq!(settings.http.listen.to_string(), "127.0.0.1:9464");
    assert_eq!(settings.sources.len(), 1);
}

#[test]
fn the_commented_settings_file_is_read_and_says_nothing_but_the_defaults() {
    let shipped = load_layers(include_str!("../../deploy/tripline.toml"), &[], &[]).unwrap();
    let minimal = load_layers(MINIMAL, &[], &[]).unwrap();
    assert_eq!(shipped.kafka, minimal.kafka);
    assert_eq!(shipped.verdicts, minimal.verdicts);
    assert_eq!(shipped.dead_letters, minimal.dead_letters);
    assert_eq!(shipped.receipts, minimal.receipts);
    assert_eq!(shipped.rules, minimal.rules);
    assert_eq!(shipped.http, minimal.http);
    assert_eq!(shipped.log, minimal.log);
    assert_eq!(shipped.shutdown, minimal.shutdown);
    let topics: Vec<_> = shipped.sources.iter().map(|source| source.topic.as_str()).collect();
    assert_eq!(topics, ["posts", "registrations"]);
}

#[test]
fn the_environment_goes_over_the_file_and_flags_over_both() {
    let file = format!("[kafka]\ngroup_id = \"file\"\ninstance = \"file\"\nstart = \"latest\"\n{MINIMAL}");
    let environment = [
        ("TRIPLINE__KAFKA__GROUP_ID", "environment"),
        ("TRIPLINE__KAFKA__INSTANCE", "environment"),
        ("TRIPLINE__KAFKA__CONSUMERS", "3"),
        ("TRIPLINE__RULES__JURISDICTIONS", "CN, HK"),
        ("TRIPLINE__KAFKA__PROPERTIES__SECURITY_PROTOCOL", "SASL_SSL"),
        ("TRIPLINE__KAFKA__PROPERTIES__LOG_LEVEL", "7"),
        ("HOME", "/root"),
        ("TRIPLINE_OTHER", "ignored"),
    ];
    let flags = [
        ("kafka.group_id", "flag"),
        ("kafka.properties.ssl.ca.location", "/ca.pem"),
        ("source[0].text.title", "/title"),
        ("source[1].topic", "more"),
        ("source[1].kind", "registration"),
        ("source[1].links.website", "/website"),
    ];
    let settings = load_layers(&file, &environment, &flags).unwrap();
    assert_eq!(settings.kafka.group_id, "flag");
    assert_eq!(settings.kafka.instance, "environment");
    assert_eq!(settings.kafka.start.to_string(), "latest");
    assert_eq!(settings.kafka.consumers, 3);
    assert_eq!(settings.rules.jurisdictions, ["CN", "HK"]);
    let properties: Vec<_> = settings.kafka.properties.iter().map(|(k, v)| format!("{k}={v}")).collect();
    assert_eq!(properties, ["log_level=7", "security.protocol=SASL_SSL", "ssl.ca.location=/ca.pem"]);
    assert_eq!(settings.sources[0].fields.text.len(), 2);
    assert_eq!(settings.sources[1].topic, "more");
}

#[test]
fn fields_keep_the_order_of_the_file() {
    let file = "[[source]]\ntopic = \"t\"\nkind = \"post\"\ntext = { z = \"/z\", a = \"/a\", m = \"/m\" }\n";
    let settings = load_layers(file, &[], &[]).unwrap();
    let names: Vec<_> = settings.sources[0].fields.text.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["z", "a", "m"]);
}

#[test]
fn properties_may_be_written_without_quotes_and_with_their_own_types() {
    let file = format!(
        "[kafka.properties]\nssl.ca.location = \"/ca.pem\"\n\"socket.keepalive.enable\" = true\nlinger.ms = 5\n{MINIMAL}"
    );
    let settings = load_layers(&file, &[], &[]).unwrap();
    let properties: Vec<_> = settings.kafka.properties.iter().map(|(k, v)| format!("{k}={v}")).collect();
    assert_eq!(properties, ["linger.ms=5", "socket.keepalive.enable=true", "ssl.ca.location=/ca.pem"]);
}

/// Each line of settings (put before a minimal file) and the one problem that it is.
const REFUSED: &[(&str, &str)] = &[
    (
        "[kafka]\nbootstrap_server = \"a:1\"",
        "kafka.bootstrap_server: unknown key; did you mean bootstrap_servers? (tripline.toml:2)",
    ),
    ("[kafak]\ngroup_id = \"g\"", "kafak: unknown key; did you mean kafka? (tripline.toml:2)"),
    ("[http]\nbanana = 1", "http.banana: unknown key; known here: listen, token (tripline.toml:2)"),
    ("[kafka]\ngroup_id = 7", "kafka.group_id: must be a text, not the number 7 (tripline.toml:2)"),
    ("[kafka]\ngroup_id = \" \"", "kafka.group_id: must not be empty (tripline.toml:2)"),
    ("[kafka]\nconsumers = \"4\"", "kafka.consumers: must be a whole number, not \"4\" (tripline.toml:2)"),
    (
        "[kafka]\nconsumers = -1",
        "kafka.consumers: must be a whole number from 0 to 256, not the number -1 (tripline.toml:2)",
    ),
    ("[kafka]\nconsumers = 1.5", "kafka.consumers: must be a whole number, not the number 1.5 (tripline.toml:2)"),
    ("[kafka]\nconsumers = true", "kafka.consumers: must be a whole number, not the boolean true (tripline.toml:2)"),
    (
        "[kafka]\nstart = \"tomorrow\"",
        "kafka.start: must be earliest, latest or an RFC 3339 time such as 2026-11-22T08:00:00Z, not \"tomorrow\" (tripline.toml:2)",
    ),
    (
        "[kafka]\nbootstrap_servers = \"a:1,:2\"",
        "kafka.bootstrap_servers: must be host:port, comma separated, not \":2\" (tripline.toml:2)",
    ),
    ("[kafka]\ngaps = \"ignore\"", "kafka.gaps: must be stop or continue, not \"ignore\" (tripline.toml:2)"),
    (
        "[kafka.properties]\n\"group.id\" = \"g\"",
        "kafka.properties.group.id: tripline owns this property: see kafka.group_id (tripline.toml:2)",
    ),
    (
        "[kafka.properties]\n\"ssl.ca.lokation\" = \"/ca\"",
        "kafka.properties.ssl.ca.lokation: librdkafka does not know this property (tripline.toml:2)",
    ),
    (
        "[kafka.properties]\n\"debug\" = [1]",
        "kafka.properties.debug: must be a text, a number or a boolean, not a list (tripline.toml:2)",
    ),
    (
        "[kafka.properties]\n\"group.protocol\" = \"consumer\"\n\"session.timeout.ms\" = 9000",
        "kafka.properties.session.timeout.ms: is not allowed with group.protocol = \"consumer\": the broker decides it (tripline.toml:3)",
    ),
    (
        "[verdicts]\nmode = \"Binary\"",
        "verdicts.mode: must be binary or structured, not \"Binary\" (did you mean binary?) (tripline.toml:2)",
    ),
    ("[verdicts]\nemit = \"some\"", "verdicts.emit: must be flagged or all, not \"some\" (tripline.toml:2)"),
    ("[verdicts]\ntopic = \"posts\"", "verdicts.topic: \"posts\" is already source[0].topic (tripline.toml:2)"),
    (
        "[dead_letters]\ntopic = \"verdicts\"",
        "dead_letters.topic: \"verdicts\" is already verdicts.topic (tripline.toml:2)",
    ),
    (
        "[receipts]\ntopic = \"a b\"",
        "receipts.topic: \"a b\" is no topic name: only ASCII letters, digits, '.', '_' and '-' are allowed (tripline.toml:2)",
    ),
    (
        "[verdicts]\nheaders = [\"traceparent\", \"Ce_id\"]",
        "verdicts.headers: \"Ce_id\" cannot be passed through: headers that begin with ce_ are the attributes of the verdict event (tripline.toml:2)",
    ),
    (
        "[verdicts]\nheaders = [\"content-type\"]",
        "verdicts.headers: \"content-type\" cannot be passed through: content-type says how the verdict is written (tripline.toml:2)",
    ),
    (
        "[verdicts]\nheaders = [\"tripline.stub\"]",
        "verdicts.headers: \"tripline.stub\" cannot be passed through: headers that begin with tripline. are ours (tripline.toml:2)",
    ),
    ("[receipts]\ntopic = \"..\"", "receipts.topic: \"..\" is no topic name: it is a dot (tripline.toml:2)"),
    (
        "[rules]\npaths = [\"rules\", \"gone\"]",
        "rules.paths: gone does not exist; [] means the lists built into the program (tripline.toml:2)",
    ),
    ("[rules]\npaths = \"rules\"", "rules.paths: must be a list of texts, not \"rules\" (tripline.toml:2)"),
    (
        "[rules]\njurisdictions = [\"CN\", 1]",
        "rules.jurisdictions[1]: must be a text, not the number 1 (tripline.toml:2)",
    ),
    (
        "[kafka]\ncompression = \"brotli\"",
        "kafka.compression: must be none or gzip or snappy or lz4 or zstd, not \"brotli\" (tripline.toml:2)",
    ),
    ("[rules]\nwatch = \"yes\"", "rules.watch: must be true or false, not \"yes\" (tripline.toml:2)"),
    ("[http]\ntoken = 1", "http.token: must be a text (tripline.toml:2)"),
    (
        "[http]\nlisten = \"9464\"",
        "http.listen: must be an address and a port such as 127.0.0.1:9464 or [::]:9464, not \"9464\" (tripline.toml:2)",
    ),
    (
        "[log]\nlevel = \"inof\"",
        "log.level: must be off, error, warn, info, debug, trace, or directives such as info,tripline::kafka=debug, not \"inof\" (tripline.toml:2)",
    ),
    ("[log]\nformat = \"xml\"", "log.format: must be text or json, not \"xml\" (tripline.toml:2)"),
    (
        "[shutdown]\ndrain_ms = 3600001",
        "shutdown.drain_ms: must be a whole number from 0 to 3600000, not the number 3600001 (tripline.toml:2)",
    ),
    ("kafka = 1", "kafka: must be a table, not the number 1 (tripline.toml:1)"),
    (
        "[[source]]\ntopic = \"posts\"\nkind = \"post\"\ntext = { body = \"/b\" }",
        "source[1].topic: \"posts\" is already source[0].topic (tripline.toml:6)",
    ),
    ("[[source]]\nkind = \"post\"\ntext = { body = \"/b\" }", "source[0].topic: is missing (tripline.toml:1)"),
    ("[[source]]\ntopic = \"t\"\ntext = { body = \"/b\" }", "source[0].kind: is missing (tripline.toml:1)"),
    (
        "[[source]]\ntopic = \"t\"\nkind = \"posts\"\ntext = { body = \"/b\" }",
        "source[0].kind: must be post or registration, not \"posts\" (did you mean post?) (tripline.toml:3)",
    ),
    (
        "[[source]]\ntopic = \"t\"\nkind = \"post\"",
        "source[0].text: a source needs at least one field under `text` or `links` (tripline.toml:1)",
    ),
    (
        "[[source]]\ntopic = \"t\"\nkind = \"post\"\ntext = { body = 1 }",
        "source[0].text.body: must be a text, not the number 1 (tripline.toml:4)",
    ),
];

#[test]
fn each_refusal_is_one_problem_with_its_key_and_its_source() {
    for (text, expected) in REFUSED {
        let found = problems(&format!("{text}\n{MINIMAL}"), &[], &[]);
        assert!(found.contains(&(*expected).to_owned()), "{text}\n-> {found:#?}\n!= {expected}");
    }
}

#[test]
fn a_pointer_that_is_not_one_is_named_with_its_key() {
    let file = "[[source]]\ntopic = \"posts\"\nkind = \"post\"\ntext = { body = \"body\" }\n";
    let found = problems(file, &[], &[]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("source[0].text.body: "), "{found:?}");
    assert!(found[0].ends_with(" (tripline.toml:4)"), "{found:?}");
}

#[test]
fn exactly_once_is_refused_and_not_downgraded() {
    let found = problems(&format!("[kafka]\ndelivery = \"exactly-once\"\n{MINIMAL}"), &[], &[]);
    assert_eq!(found.len(), 1);
    assert!(found[0].contains("not built yet"), "{found:?}");
}

#[test]
fn a_problem_names_the_variable_or_the_flag_that_it_came_from() {
    let found = problems(
        MINIMAL,
        &[
            ("TRIPLINE__KAFKA__CONSUMERS", "many"),
            ("TRIPLINE__KAFKA__GROUPID", "g"),
            ("TRIPLINE__SOURCE__0__TOPIC", "t"),
            ("TRIPLINE_KAFKA__GROUP_ID", "g"),
            ("TRIPLINE_HTTP_PORT", "tcp://10.0.0.1:80"),
        ],
        &[("http.listen", "nowhere"), ("kafka group", "g"), ("source[500].topic", "t")],
    );
    for expected in [
        "kafka.consumers: must be a whole number from 0 to 256, not \"many\" (environment variable TRIPLINE__KAFKA__CONSUMERS)",
        "kafka.groupid: unknown key; did you mean group_id? (environment variable TRIPLINE__KAFKA__GROUPID)",
        "source.0.topic: [[source]] is a list, which the environment cannot address: use the file, or --set source[0].topic=… (environment variable TRIPLINE__SOURCE__0__TOPIC)",
        "kafka.group_id: this variable is not read: its name is TRIPLINE__KAFKA__GROUP_ID (environment variable TRIPLINE_KAFKA__GROUP_ID)",
        "http.listen: must be an address and a port such as 127.0.0.1:9464 or [::]:9464, not \"nowhere\" (flag --set http.listen=nowhere)",
        "kafka group: not a key: write section.key, or source[0].key (flag --set kafka group=g)",
        "source[500].topic: not a key: write section.key, or source[0].key (flag --set source[500].topic=t)",
    ] {
        assert!(found.contains(&expected.to_owned()), "{expected}\nnot in {found:#?}");
    }
    assert_eq!(found.len(), 7, "{found:#?}");
}

#[cfg(unix)]
#[test]
fn a_variable_of_ours_that_is_not_utf8_is_a_problem_and_any_other_is_none_of_our_business() {
    use std::os::unix::ffi::OsStrExt as _;
    let latin = std::ffi::OsStr::from_bytes(b"caf\xe9").to_owned();
    let mut name = std::ffi::OsString::from("TRIPLINE__KAFKA__");
    name.push(&latin);
    let layers = Layers {
        file: Some(("tripline.toml".into(), MINIMAL.into())),
        environment: vec![
            ("TRIPLINE__KAFKA__GROUP_ID".into(), latin.clone()),
            (name, "x".into()),
            ("HOME".into(), latin.clone()),
            (latin, "x".into()),
        ],
        overrides: Vec::new(),
    };
    let around = Surroundings { host_name: "h".into(), property: &|_, _| Ok(()), exists: &|_| true };
    let found: Vec<_> = load(&layers, &around).unwrap_err().0.iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "kafka.group_id: the value of this variable is not UTF-8 (environment variable TRIPLINE__KAFKA__GROUP_ID)",
            "kafka.caf\u{fffd}: the name of this variable is not UTF-8 (environment variable TRIPLINE__KAFKA__caf\u{fffd})",
        ]
    );
}

#[test]
fn a_secret_is_in_no_problem() {
    for (file, flag) in [
        ("[http]\ntoken = 53378\n", ("http.listen", "x")),
        ("[http]\ntoken = [\"53378\"]\n", ("http.listen", "x")),
        ("[http]\ntoken = \"53378\n", ("http.listen", "x")),
    ] {
        let found = problems(&format!("{file}{MINIMAL}"), &[], &[flag]);
        assert!(!found.is_empty() && !found.join("\n").contains("53378"), "{found:?}");
    }
}

#[test]
fn text_from_a_flag_is_not_coerced_where_a_text_is_meant() {
    let settings = load_layers(MINIMAL, &[("TRIPLINE__KAFKA__GROUP_ID", "yes")], &[("kafka.instance", "1")]).unwrap();
    assert_eq!(settings.kafka.group_id, "yes");
    assert_eq!(settings.kafka.instance, "1");
}

#[test]
fn a_syntax_error_is_one_problem_with_file_line_and_column() {
    let found = problems("[kafka]\ngroup_id = \n", &[("TRIPLINE__KAFKA__START", "latest")], &[]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("tripline.toml: TOML parse error at line 2, column 12"), "{found:?}");
}

#[test]
fn no_source_at_all_is_a_problem() {
    assert_eq!(problems("", &[], &[]), ["source: is missing: at least one [[source]] says which topic to read"]);
}

#[test]
fn all_problems_come_in_one_run() {
    let file = "[kafka]\nstart = 1\ngroup = \"g\"\n[http]\nlisten = \"x\"\n";
    assert_eq!(problems(file, &[], &[]).len(), 4);
}

#[test]
fn the_digest_is_the_same_for_replicas_and_another_for_other_judgements() {
    let digest = |flags: &[(&str, &str)]| load_layers(MINIMAL, &[], flags).unwrap().digest();
    let plain = digest(&[]);
    assert!(plain.starts_with("sha256:") && plain.len() == 7 + 64, "{plain}");
    for same in [
        ("kafka.instance", "b"),
        ("kafka.properties.sasl.password", "secret"),
        ("http.listen", "[::]:1"),
        ("log.level", "debug"),
    ] {
        assert_eq!(digest(&[same]), plain, "{same:?}");
    }
    for other in [
        ("source[0].text.body", "/text"),
        ("source[0].topic", "others"),
        ("verdicts.emit", "all"),
        ("rules.jurisdictions", "HK"),
        ("kafka.start", "latest"),
    ] {
        assert_ne!(digest(&[other]), plain, "{other:?}");
    }
}
