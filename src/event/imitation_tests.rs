//! What an event says of a host that imitates another.

use super::{Origin, verdict_event};
use crate::content::Content;
use crate::engine::Scanner;
use crate::rule::RuleSet;
use crate::stream::RuleSetStamp;
use serde_json::{Value, json};

const RULES: &str = r#"
notice:
  id: demo-1
  authority: { en: Example Authority }
  kind: ban
  jurisdiction: CN
  published: 2021-04-14
  sources: [{ url: "https://authority.example/1", kind: official }]
organizations:
  - id: sample-house
    name: 中国样例屋学会
    listing: banned
    domains: [{ domain: samplehouse.cn, last_seen: 2021-11 }]
"#;
const OFFICIAL: &str =
    "official: [{ value: mca.gov.cn, kind: domain, what: Ministry of Civil Affairs, seen: made up }]";

/// The data of the event on a post, valid by its schema.
fn data(body: &str) -> Value {
    let rules = RuleSet::builder().add_yaml("demo.yaml", RULES).add_yaml("protected.yaml", OFFICIAL);
    let rules = rules.build().expect("the rules of the tests are sound");
    let content = Content::post(body);
    let verdict = Scanner::new(&rules).scan(&content).expect("the policy runs");
    let origin = Origin { cluster: "c", topic: "posts", partition: 0, offset: 1, timestamp_ms: None };
    let digest = rules.digest().to_string();
    let stamp = RuleSetStamp { digest: digest.clone(), epoch: 1, engine: "0.1.0", settings: digest };
    let event = verdict_event(&origin, &content, &verdict, &rules, &stamp);
    let event: Value = serde_json::from_str(&event.to_json_line()).expect("JSON");
    let schema: Value = serde_json::from_str(super::schema()).expect("JSON");
    let faults: Vec<String> = jsonschema::validator_for(&schema)
        .expect("a schema")
        .iter_errors(&event["data"])
        .map(|e| e.to_string())
        .collect();
    assert_eq!(faults, [""; 0], "{body}");
    event["data"].clone()
}

#[test]
fn an_imitation_says_whose_host_it_takes_and_how() {
    for (body, organization, name, listing, impersonates) in [
        (
            "mca.gov.cn.query.example",
            "mca.gov.cn",
            "Ministry of Civil Affairs",
            "official",
            json!({ "host": "mca.gov.cn", "kind": "official", "technique": "subdomain", "signal": null }),
        ),
        (
            "samplehouse.test",
            "sample-house",
            "中国样例屋学会",
            "banned",
            json!({ "host": "samplehouse.cn", "kind": "listed", "technique": "other-tld", "signal": null }),
        ),
        (
            "官方投诉 315-help.example",
            "315",
            "consumer rights day and its complaints",
            "official",
            json!({ "host": null, "kind": "token", "technique": "authority-token", "signal": "官方" }),
        ),
    ] {
        let data = data(body);
        let mention = &data["mentions"][0];
        assert_eq!(mention["organization"], organization, "{body}");
        assert_eq!(mention["name"], name, "{body}");
        assert_eq!(mention["listing"], listing, "{body}");
        assert_eq!(mention["via"], "impersonation", "{body}");
        assert_eq!(mention["impersonates"], impersonates, "{body}");
        assert_eq!(data["action"], "flag", "{body}");
        assert_eq!(data["reasons"][0]["rule"], "imitation-in-post", "{body}");
    }
}

#[test]
fn what_imitates_nobody_has_no_such_key() {
    let data = data("samplehouse.cn");
    assert!(data["mentions"][0].get("impersonates").is_none());
    assert_eq!(data["mentions"][0]["via"], "domain");
}
