//! The composition for one machine: nothing reachable from elsewhere, images pinned, addresses that meet each other, and
//! records of which the shipped lists make something.

use serde_json::Value;
use tripline::config::RuleSource;
use tripline::engine::Scanner;
use tripline::rule::Action;
use tripline::stream::{Decoded, FieldMap, decode};

use crate::yaml::{document, texts};
use crate::{read, root};

fn services() -> Vec<(String, Value)> {
    let compose = document("deploy/compose.yaml");
    compose["services"].as_object().expect("services").clone().into_iter().collect()
}

fn service(name: &str) -> Value {
    services().into_iter().find(|(n, _)| n == name).expect("the service is there").1
}

fn environment(service: &Value) -> Vec<(String, String)> {
    let all = service["environment"].as_object().expect("environment");
    all.iter().map(|(name, value)| (name.clone(), value.as_str().expect("a text").to_owned())).collect()
}

#[test]
fn nothing_is_reachable_from_another_machine_and_every_image_is_pinned() {
    for (name, service) in services() {
        for port in texts(&service["ports"]) {
            assert!(port.starts_with("127.0.0.1:"), "{name}: {port}");
        }
        let image = service["image"].as_str().expect("an image");
        let tag = image.rsplit_once(':').expect("a tag").1;
        assert!(tag.chars().filter(char::is_ascii_digit).count() >= 2 && tag.contains('.'), "{name}: {image}");
    }
}

#[test]
fn what_is_not_pulled_is_built_and_told_a_command_that_exists() {
    let ours: Vec<_> =
        services().into_iter().filter(|(_, s)| s["image"].as_str().unwrap().starts_with("tripline:")).collect();
    assert_eq!(ours.len(), 2);
    for (name, service) in ours {
        let arguments: Vec<String> = texts(&service["command"]).into_iter().map(str::to_owned).collect();
        crate::tripline::assert_is_command(&name, &arguments);
        let context = root().join("deploy").join(service["build"]["context"].as_str().expect("a context"));
        assert!(context.join(service["build"]["dockerfile"].as_str().expect("a Dockerfile")).is_file(), "{name}");
    }
}

#[test]
fn what_is_mounted_exists() {
    for (name, service) in services() {
        for volume in texts(&service["volumes"]) {
            let mut parts = volume.split(':');
            let from = root().join("deploy").join(parts.next().expect("a source"));
            assert!(from.exists(), "{name}: {volume}");
            assert_eq!(parts.next_back(), Some("ro"), "{name}: {volume}");
        }
    }
}

#[test]
fn every_other_service_waited_for_is_there_and_can_be_waited_for() {
    let services = services();
    for (name, service) in &services {
        for (other, how) in service["depends_on"].as_object().into_iter().flatten() {
            let (_, other_service) =
                services.iter().find(|(n, _)| n == other).unwrap_or_else(|| panic!("{name}: {other}"));
            if how["condition"] == "service_healthy" {
                assert!(other_service["healthcheck"].is_object(), "{name} waits for the health of {other}");
            }
        }
    }
}

#[test]
fn tripline_finds_the_broker_and_prometheus_finds_tripline() {
    let tripline = service("tripline");
    let settings = crate::tripline::settings("deploy/tripline.toml", &environment(&tripline));
    let kafka = service("kafka");
    let advertised = &environment(&kafka).into_iter().find(|(n, _)| n == "KAFKA_ADVERTISED_LISTENERS").unwrap().1;
    assert!(advertised.contains(&format!("//{}", settings.kafka.bootstrap_servers)), "{advertised}");
    let port = settings.http.listen.port();
    assert!(settings.http.listen.ip().is_unspecified(), "from outside the container");
    assert_eq!(texts(&tripline["ports"]), [format!("127.0.0.1:{port}:{port}")]);
    let prometheus = document("deploy/compose/prometheus.yaml");
    let scrape = &prometheus["scrape_configs"][0];
    assert_eq!(scrape["job_name"], "tripline", "the alerts ask for this name");
    assert_eq!(texts(&scrape["static_configs"][0]["targets"]), [format!("tripline:{port}")]);
    let grace = tripline["stop_grace_period"].as_str().and_then(|s| s.strip_suffix('s')).expect("seconds");
    assert!(grace.parse::<u64>().unwrap() > settings.shutdown.drain().as_secs());
}

#[test]
fn the_feeder_writes_the_topics_of_the_settings() {
    let settings = crate::tripline::settings("deploy/tripline.toml", &[]);
    let feed = read("deploy/compose/feed/feed.sh");
    for source in &settings.sources {
        assert!(feed.contains(&format!("producer {}", source.topic)), "{}", source.topic);
    }
}

#[test]
fn most_of_what_is_fed_is_clean_and_some_is_not() {
    let settings = crate::tripline::settings("deploy/tripline.toml", &[]);
    let rules = RuleSource::BuiltIn.builder().unwrap().build().unwrap();
    let mut scanner = Scanner::new(&rules);
    let mut actions = |file: &str, source: usize| -> Vec<Action> {
        let map = FieldMap::compile(&settings.sources[source].fields).unwrap();
        let text = read(&format!("deploy/compose/feed/{file}.ndjson"));
        text.lines()
            .map(|line| match decode(&map, Some(line.as_bytes())) {
                Decoded::Content(content) => scanner.scan(&content).unwrap().action,
                _ => panic!("{file}: {line}"),
            })
            .collect()
    };
    let flagged = |actions: &[Action]| actions.iter().filter(|action| **action != Action::None).count();
    let (chat, posts, registrations) = (actions("chat", 0), actions("posts", 0), actions("registrations", 1));
    assert_eq!(flagged(&chat), 0);
    assert_eq!((flagged(&posts), posts.len()), (9, 14));
    assert_eq!((flagged(&registrations), registrations.len()), (3, 10));
}
