use super::*;
use crate::content::{Content, Kind, Role};
use crate::engine::{CueFound, Ground, MAX_MENTIONS, Mention, Scanner, Stance, Verdict};
use crate::rule::{
    Action, Bilingual, CueKind, Effective, Focus, Listing, Notice, NoticeKind, NoticeSource, Organization, PartialDate,
    RuleSet, Severity, SourceKind, Status, Via,
};
use crate::text::{Fold, FoldSet, Span};
use serde_json::{Value, json};

mod schemas;

const BODY: &str = "😀欢迎加入示例·協會（招募）";
const DIGEST: &str = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

fn notices() -> Vec<Notice> {
    let notice =
        |id: &str, authority: (Option<&str>, Option<&str>), published, sources: &[(&str, SourceKind)]| Notice {
            id: id.into(),
            authority: Bilingual { zh: authority.0.map(str::to_owned), en: authority.1.map(str::to_owned) },
            title: None,
            kind: NoticeKind::Ban,
            jurisdiction: "XX".into(),
            published,
            batch: None,
            announced: None,
            sources: sources.iter().map(|(url, kind)| NoticeSource { url: (*url).to_owned(), kind: *kind }).collect(),
            status: Status::Active,
            note: None,
        };
    let (official, mirror) =
        (("https://authority.example/1", SourceKind::Official), ("https://copy.example/1", SourceKind::Mirror));
    vec![
        notice(
            "made-up-1",
            (Some("示例部"), Some("Ministry of Examples")),
            Some(PartialDate { year: 2021, month: Some(4), day: Some(14) }),
            &[mirror, official],
        ),
        notice("never-cited", (None, Some("Nobody")), None, &[]),
        notice(
            "made-up-2",
            (Some("示例局"), None),
            Some(PartialDate { year: 2020, month: Some(9), day: None }),
            &[mirror],
        ),
    ]
}

fn organization(listing: Listing) -> Organization {
    Organization {
        id: "made-up-body".into(),
        name: Some("示例协会".into()),
        translations: vec![],
        aliases: vec![],
        branch_of: None,
        listing,
        focus: vec![Focus::StateName],
        domains: vec![],
        accounts: vec![],
        registered_lookalikes: vec![],
        caution: vec![],
        effective: Effective::default(),
        status: Status::Active,
        notices: vec![2, 0],
        note: None,
    }
}

fn mention(organization: Option<&Organization>, item: Option<u32>) -> Mention<'_> {
    let mut folds = FoldSet::EMPTY;
    folds.insert(Fold::Separator);
    let evasion = folds;
    folds.insert(Fold::Traditional);
    let start = BODY.find("示例").unwrap();
    let end = BODY.find('（').unwrap();
    Mention {
        organization,
        imitates: None,
        pattern: "示例协会",
        via: if organization.is_some() { Via::Name } else { Via::Canary },
        field: "body".into(),
        item,
        role: Role::Text,
        in_email: false,
        text: BODY[start..end].to_owned(),
        span: Span::new(BODY, start..end),
        folds,
        evasion,
        branch: None,
        score: 0.97,
        stance: Stance::Neutral,
        ground: Ground::default(),
        cues: vec![],
        status: Status::Active,
        action: Action::Flag,
        severity: Some(Severity::Low),
        conditions: vec![],
        allows: vec![],
        capped: false,
    }
}

fn verdict(mentions: Vec<Mention<'_>>) -> Verdict<'_> {
    let action = mentions.iter().map(|m| m.action).max().unwrap_or(Action::None);
    let severity = mentions.iter().filter_map(|m| m.severity).max();
    Verdict { action, severity, mentions, ..Verdict::clean() }
}

fn content() -> Content<'static> {
    Content { id: Some("p-123".into()), author: Some("u-42".into()), ..Content::post(BODY) }
}

fn stamp() -> RuleSetStamp {
    RuleSetStamp { digest: DIGEST.into(), epoch: 42, engine: "0.1.0", settings: DIGEST.into() }
}

const ORIGIN: Origin<'static> =
    Origin { cluster: "abc-DEF_1", topic: "posts", partition: 3, offset: 1289, timestamp_ms: Some(1_795_334_400_000) };

fn event_of(content: &Content<'_>, verdict: &Verdict<'_>) -> VerdictEvent {
    let notices = notices();
    let citations = Citations { notices: &notices, canary: Some("tripline-canary") };
    verdict_event(&ORIGIN, content, verdict, citations, &stamp())
}

fn suspected_event() -> VerdictEvent {
    let organization = organization(Listing::Suspected);
    event_of(&content(), &verdict(vec![mention(Some(&organization), None)]))
}

fn parse(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

fn validator(schema: &str) -> jsonschema::Validator {
    let data = jsonschema::Resource::from_contents(parse(super::schema()));
    let registry = jsonschema::Registry::new().add("json-schema:///verdict.v1.schema.json", data).unwrap();
    let registry = registry.prepare().unwrap();
    jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .with_registry(&registry)
        .build(&parse(schema))
        .unwrap()
}

/// What the schema has against a value.
fn faults(schema: &str, value: &Value) -> Vec<String> {
    validator(schema).iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect()
}

fn assert_valid(event: &VerdictEvent) {
    let structured = parse(&event.to_json_line());
    assert_eq!(faults(envelope_schema(), &structured), Vec::<String>::new());
    // As a consumer would: the schema of the data needs no other file.
    assert!(jsonschema::is_valid(&parse(schema()), &structured["data"]));
}

#[test]
fn the_event_has_the_shape_that_was_promised() {
    let event = suspected_event();
    assert_valid(&event);
    let start = BODY.find("示例").unwrap();
    let finding = finding_id(event.id, "made-up-body", "body", None, &(start..start + 14));
    let expected = json!({
        "specversion": "1.0",
        "id": verdict_id(&ORIGIN).to_string(),
        "source": "/tripline/abc-DEF_1",
        "type": "tripline.verdict.v1",
        "subject": "posts/3/1289",
        "time": "2026-11-22T08:00:00Z",
        "datacontenttype": "application/json",
        "data": {
            "record": {
                "topic": "posts", "partition": 3, "offset": 1289, "timestamp": "2026-11-22T08:00:00Z",
                "kind": "post", "id": "p-123", "author": "u-42",
            },
            "action": "flag", "severity": "low", "action_before_breaker": "flag",
            "reasons": [{
                "rule": "suspected",
                "text": "Suspected, not banned: an authority suspects a mentioned organization, which alone is never more \
                         than a low flag.",
            }],
            "rule_set": {"digest": DIGEST, "epoch": 42, "engine": "0.1.0", "settings": DIGEST},
            "mentions": [{
                "finding": finding.to_string(),
                "organization": "made-up-body", "name": "示例协会",
                "listing": "suspected", "status": "active", "focus": ["state-name"],
                "notices": [
                    {"id": "made-up-2", "authority": "示例局", "published": "2020-09", "url": null,
                     "kind": "ban", "source": null},
                    {"id": "made-up-1", "authority": "Ministry of Examples", "published": "2021-04-14",
                     "url": "https://authority.example/1", "kind": "ban", "source": "official"},
                ],
                "field": "body", "text": "示例·協會",
                "span": {"bytes": [16, 30], "chars": [5, 10], "utf16": [6, 11]},
                "via": "name", "listed_as": "示例协会", "folds": ["traditional", "separator"], "evasion": ["separator"], "score": 0.97,
                "context": {"stance": "neutral", "cues": []},
            }],
            "mentions_total": 1,
        },
    });
    assert_eq!(parse(&event.to_json_line()), expected);
}

#[test]
fn a_binary_message_has_the_attributes_as_headers() {
    let event = suspected_event();
    let out = event.to_outgoing(Mode::Binary, &"verdicts".into(), Some(b"k"));
    let text = |value: &Option<Vec<u8>>| String::from_utf8(value.clone().unwrap()).unwrap();
    let headers: Vec<(&str, String)> = out.headers.iter().map(|(n, v)| (n.as_str(), text(v))).collect();
    let id = event.id.to_string();
    let expected = [
        ("content-type", "application/json"),
        ("ce_specversion", "1.0"),
        ("ce_id", &id),
        ("ce_source", "/tripline/abc-DEF_1"),
        ("ce_type", "tripline.verdict.v1"),
        ("ce_subject", "posts/3/1289"),
        ("ce_time", "2026-11-22T08:00:00Z"),
    ];
    assert_eq!(headers, expected.map(|(n, v)| (n, v.to_owned())));
    assert_eq!(out.key.as_deref(), Some(&b"k"[..]));
    let data: Value = serde_json::from_slice(&out.payload.unwrap()).unwrap();
    assert_eq!(data, parse(&event.to_json_line())["data"]);
}

#[test]
fn a_structured_message_is_the_whole_event() {
    let event = suspected_event();
    let out = event.to_outgoing(Mode::Structured, &"verdicts".into(), None);
    assert_eq!(out.headers.len(), 1);
    assert_eq!(out.header("content-type"), Some("application/cloudevents+json; charset=UTF-8"));
    assert_eq!(out.key, None, "a null key stays null");
    assert_eq!(out.payload.unwrap(), event.to_json_line().into_bytes());
    assert!(!event.to_json_line().contains('\n'));
}

#[test]
fn a_record_without_anything_is_a_verdict_too() {
    let nothing = Content::new(Kind::Registration);
    let origin = Origin { timestamp_ms: None, ..ORIGIN };
    let citations = Citations { notices: &[], canary: None };
    let event = verdict_event(&origin, &nothing, &Verdict::clean(), citations, &stamp());
    assert_valid(&event);
    let value = parse(&event.to_json_line());
    assert_eq!(value.get("time"), None);
    let data = &value["data"];
    assert_eq!((&data["action"], &data["severity"]), (&json!("none"), &Value::Null));
    assert_eq!(data["record"]["timestamp"], Value::Null);
    assert_eq!((&data["record"]["id"], &data["record"]["kind"]), (&Value::Null, &json!("registration")));
    let out = event.to_outgoing(Mode::Binary, &"v".into(), None);
    assert_eq!(out.header("ce_time"), None);
}

#[test]
fn the_canary_names_nobody() {
    let event = event_of(&content(), &verdict(vec![mention(None, None)]));
    assert_valid(&event);
    let data = &parse(&event.to_json_line())["data"];
    let mention = &data["mentions"][0];
    for (key, expected) in [
        ("organization", json!("tripline-canary")),
        ("name", json!("tripline-canary")),
        ("listing", json!("canary")),
        ("via", json!("canary")),
        ("focus", json!([])),
        ("notices", json!([])),
    ] {
        assert_eq!(mention[key], expected, "{key}");
    }
    assert_eq!(data["reasons"][0]["rule"], "canary");
}

#[test]
fn what_the_record_says_of_itself_is_copied_and_bounded() {
    let content = Content {
        id: Some("界".repeat(1_001).into()),
        author: Some("a".repeat(1_000).into()),
        time: Some("yesterday".into()),
        region: Some("CN".into()),
        ..content()
    };
    let event = event_of(&content, &Verdict::clean());
    assert_valid(&event);
    let record = &event.data.record;
    assert_eq!(record.id.as_deref(), Some("界".repeat(1_000).as_str()));
    assert_eq!(record.truncated, ["id"]);
    assert_eq!((record.time.as_deref(), record.region.as_deref()), (Some("yesterday"), Some("CN")));
}

#[test]
fn no_verdict_exceeds_a_message() {
    let organization = organization(Listing::Suspected);
    // The worst that JSON makes of a character: six bytes of escape.
    let words = "\u{1}".repeat(5_000);
    let cue = CueFound {
        kind: CueKind::Endorsement,
        field: "body".into(),
        item: Some(4_000_000_000),
        text: words.clone(),
        span: Span::new(&words, 4_000..4_999),
    };
    let cues = vec![cue; 2]; // as many as a mention in a long list shows
    let mentions: Vec<Mention<'_>> = (0..u32::try_from(MAX_MENTIONS).unwrap())
        .map(|item| Mention { text: words.clone(), cues: cues.clone(), ..mention(Some(&organization), Some(item)) })
        .collect();
    let content = Content { id: Some(words.clone().into()), author: Some(words.clone().into()), ..content() };
    let event = event_of(&content, &Verdict { omitted: 700, ..verdict(mentions) });
    assert_valid(&event);
    assert_eq!((event.data.mentions.len(), event.data.mentions_total), (MAX_MENTIONS, MAX_MENTIONS + 700));
    let first = &event.data.mentions[0];
    assert!(first.text_truncated);
    assert_eq!(first.text.chars().count(), MAX_TEXT_CHARS);
    assert_eq!(first.context.cues[0].text.chars().count(), MAX_CUE_CHARS);
    assert_eq!(first.span.bytes, [16, 30], "the span is that of all the words");
    for mode in Mode::ALL {
        let out = event.to_outgoing(mode, &"verdicts".into(), None);
        assert!(out.size() < 1_000_000, "{mode:?}: {}", out.size());
    }
}

#[test]
fn a_cluster_id_of_any_form_makes_a_uri() {
    for (cluster, source) in
        [("lkc-1a2b", "/tripline/lkc-1a2b"), ("a b/界", "/tripline/a%20b%2F%E7%95%8C"), ("", "/tripline/")]
    {
        let origin = Origin { cluster, ..ORIGIN };
        let citations = Citations { notices: &[], canary: None };
        let event = verdict_event(&origin, &content(), &Verdict::clean(), citations, &stamp());
        assert_eq!(event.source, source);
        assert_valid(&event);
    }
}

#[test]
fn a_time_that_rfc_3339_cannot_write_is_left_out() {
    for (ms, expected) in [
        (Some(0), Some("1970-01-01T00:00:00Z")),
        (Some(1), Some("1970-01-01T00:00:00.001Z")),
        (Some(120), Some("1970-01-01T00:00:00.120Z")),
        (Some(253_402_300_799_999), None),
        (Some(-62_167_219_200_001), None),
        (Some(i64::MAX), None),
        (Some(-1_500), Some("1969-12-31T23:59:58.500Z")),
    ] {
        let origin = Origin { timestamp_ms: ms, ..ORIGIN };
        let citations = Citations { notices: &[], canary: None };
        let event = verdict_event(&origin, &content(), &Verdict::clean(), citations, &stamp());
        assert_eq!(event.time.as_deref(), expected, "{ms:?}");
        assert_valid(&event);
    }
}

const RULES: &str = r#"
notice:
  id: made-up-notice
  authority: { zh: 示例部, en: Ministry of Examples }
  kind: ban
  jurisdiction: CN
  published: 2021-04
  sources: [{ url: "https://authority.example/1", kind: press }]
organizations:
  - id: made-up-body
    name: 示例虚构联合协会
    listing: banned
    status: active
  - id: made-up-suspect
    name: 示例虚构评奖中心
    listing: suspected
    status: active
"#;

const POLICY: &str = r#"
policy:
  - { id: second, text: In a title, when: 'mention.field == "title"', action: review, severity: medium }
  - { id: first, text: Mentioned, when: 'record.kind == "post"', action: flag, severity: low }
  - { id: watched, text: Not yet, when: 'record.kind == "post"', action: hold, severity: high, status: shadow }
"#;

#[test]
fn what_the_engine_decides_is_what_the_event_says() {
    let rules = RuleSet::builder().add_yaml("notice.yaml", RULES).add_yaml("policy.yaml", POLICY).build().unwrap();
    let content =
        Content::post("示例虚構聯合協會").with_field("title", Role::Text, "示例虚构评奖中心、示例虚构联合协会");
    let verdict = Scanner::new(&rules).scan(&content).unwrap();
    let event = verdict_event(&ORIGIN, &content, &verdict, &rules, &stamp());
    assert_valid(&event);
    assert_eq!((event.data.action, event.data.severity), ("review", Some("medium")));
    let reasons: Vec<&str> = event.data.reasons.iter().map(|r| r.rule.as_str()).collect();
    let in_policy_order = rules.policy().conditions().iter().filter(|c| c.status == Status::Active).map(|c| &*c.id);
    assert_eq!(reasons, in_policy_order.chain(["suspected"]).collect::<Vec<_>>());
    let found: Vec<_> = event.data.mentions.iter().map(|m| (m.organization.as_str(), m.field.as_str())).collect();
    assert_eq!(found, [("made-up-body", "body"), ("made-up-suspect", "title"), ("made-up-body", "title")]);
    let notice = &event.data.mentions[0].notices[0];
    assert_eq!((notice.id.as_str(), notice.published.as_deref()), ("made-up-notice", Some("2021-04")));
}
