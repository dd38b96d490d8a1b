//! What is shown of settings: every key, its value, where it came from; and no secret.

use super::*;

/// Key, value as it may be shown, where it came from.
fn shown(file: &str, environment: &[(&str, &str)], flags: &[Override]) -> Vec<(String, String, String)> {
    let layers = Layers {
        file: Some(("t.toml".into(), file.into())),
        environment: environment.iter().map(|(k, v)| (k.into(), v.into())).collect(),
        overrides: flags.to_vec(),
    };
    let around = Surroundings { host_name: "h".into(), property: &|_, _| Ok(()), exists: &|_| true };
    let value = |value: &ShownValue| match value {
        ShownValue::Value(value) => value.to_string(),
        other => format!("{other:?}"),
    };
    let origin = |origin: &Option<Origin>| origin.as_ref().map_or("default".into(), ToString::to_string);
    inspect(&layers, &around).0.iter().map(|it| (it.key.clone(), value(&it.value), origin(&it.origin))).collect()
}

#[test]
fn every_key_is_shown_with_its_value_and_where_it_came_from() {
    let file = format!(
        "[kafka]\ngaps = \"continue\"\nconsumers = \"x\"\n[kafka.properties]\nsasl.password = \"s\"\nsasl.username = \"u\"\n{MINIMAL}"
    );
    let flag = Override { key: "source[0].id".into(), value: "/id".into(), flag: "--set source[0].id".into() };
    let all = shown(&file, &[("TRIPLINE__RULES__JURISDICTIONS", "CN, HK"), ("TRIPLINE__HTTP__TOKEN", "t")], &[flag]);
    for (key, value, origin) in [
        ("kafka.bootstrap_servers", "\"localhost:9092\"", "default"),
        ("kafka.gaps", "\"continue\"", "t.toml:2"),
        ("kafka.consumers", "Wrong", "t.toml:3"),
        ("kafka.properties.sasl.password", "Hidden", "t.toml:5"),
        ("kafka.properties.sasl.username", "\"u\"", "t.toml:6"),
        ("source[0].topic", "\"posts\"", "t.toml:8"),
        ("source[0].id", "\"/id\"", "flag --set source[0].id"),
        ("source[0].author", "Unset", "default"),
        ("source[0].text.body", "\"/body\"", "t.toml:10"),
        ("rules.jurisdictions", "[\"CN\", \"HK\"]", "environment variable TRIPLINE__RULES__JURISDICTIONS"),
        ("http.token", "Hidden", "environment variable TRIPLINE__HTTP__TOKEN"),
    ] {
        let expected = (key.to_owned(), value.to_owned(), origin.to_owned());
        assert!(all.contains(&expected), "{expected:?} in {all:#?}");
    }
    // an empty token is no secret, and that it is empty is worth seeing
    assert!(shown(MINIMAL, &[], &[]).contains(&("http.token".into(), "\"\"".into(), "default".into())));
}

#[test]
fn a_property_with_quotes_and_without_is_one_property() {
    let file = format!("[kafka.properties]\nssl.ca.location = \"/file\"\n{MINIMAL}");
    let environment = [("TRIPLINE__KAFKA__PROPERTIES__SSL_CA_LOCATION", "/environment")];
    let settings = load_layers(&file, &environment, &[]).unwrap();
    assert_eq!(settings.kafka.properties["ssl.ca.location"], "/environment");
    let all = shown(&file, &environment, &[]);
    assert_eq!(all.iter().filter(|(key, _, _)| key == "kafka.properties.ssl.ca.location").count(), 1, "{all:#?}");
    let twice = file.replace("ssl.ca", "\"ssl.ca.location\" = \"/x\"\nssl.ca");
    let expected = "kafka.properties.ssl.ca.location: is set twice, with quotes and without (tripline.toml:3)";
    assert_eq!(problems(&twice, &[], &[]), [expected]);
}
