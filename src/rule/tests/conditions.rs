//! Policy conditions: what is refused at load, and what the others decide.

use super::super::*;
use super::told;
use insta::assert_snapshot;

fn policy(when: &str) -> String {
    format!("policy:\n  - id: made-up\n    text: Made up.\n    action: flag\n    severity: low\n    when: {when}\n")
}

/// The condition as it is, from column 11 on.
fn block(when: &str) -> String {
    policy(&format!("|-\n          {when}"))
}

/// The first line of each problem and where it points: `unknown-fact 6:19+7 unknown fact mention.lisitng`.
fn problems(when: &str) -> Vec<String> {
    let Err(Diagnostics(problems)) = RuleSet::builder().add_yaml("p.yaml", &block(when)).build() else {
        return Vec::new();
    };
    problems.iter().map(|p| format!("{} {}+{} {}", p.code, p.column, p.width, p.message)).collect()
}

#[test]
fn a_condition_in_order_is_accepted() {
    for when in [
        "true",
        "mention.listing == \"banned\"",
        "!(mention.branch) && record.kind != 'post'",
        "mention.score >= 0.5 || mention.score > 1 || size(mention.notices) > 1",
        "mention.via in ['name', \"alias\"] && !('short-name' in mention.caution)",
        "mentions.exists(m, m.organization != mention.organization && m.via == \"domain\")",
        "mentions.all(m, m.score < 1.0) && mentions.exists_one(m, m.branch)",
        "size(mentions.filter(m, m.listing == 'suspected')) == 0",
        "\"CN\" in mentions.map(m, m.organization) || mention.field.startsWith('display')",
        "mention.field.endsWith('_name') || mention.field.contains('name') || mention.focus.size() > 2",
        "mention.branch ? record.region == 'CN' : mention.in_email",
        "mention.focus.exists(f, f == \"state-name\") && mentions.exists(m, m.focus.exists(f, f in mention.focus))",
        "record.region in []",
    ] {
        assert_eq!(problems(when), [""; 0], "{when}");
    }
}

#[test]
fn a_condition_that_could_fail_or_never_hold_is_refused_at_its_place() {
    for (when, expected) in [
        ("mention.lisitng == \"banned\"", "unknown-fact 19+7 unknown fact mention.lisitng"),
        ("mention.listing == \"baned\"", "unknown-value 30+7 \"baned\" is never a value of it"),
        ("\"baned\" == mention.listing || true", "unknown-value 11+7 \"baned\" is never a value of it"),
        ("mention.listing in [\"banned\", \"baned\"]", "unknown-value 41+7 \"baned\" is never a value of it"),
        ("mention.caution.exists(c, c == 'shortname')", "unknown-value 42+11 \"shortname\" is never a value of it"),
        ("('shortname' in mention.caution)", "unknown-value 12+11 \"shortname\" is never a value of it"),
        ("mention.score == \"x\"", "condition-type 25+2 a number is compared with a text"),
        ("mention.listing == 3", "condition-type 27+2 a word is compared with a number"),
        ("mention.listing", "condition-type 19+7 a condition is true or false, and this is a word"),
        ("mention.branch && mention.score", "condition-type 37+5 this is a number, where true or false is expected"),
        ("mentoin.branch", "unknown-fact 11+7 unknown variable mentoin"),
        ("record.branch", "unknown-fact 18+6 unknown fact record.branch"),
        ("mentions.exists(m, m.brunch)", "unknown-fact 32+6 unknown fact mention.brunch"),
        ("mentions.exists(mention, true)", "condition-type 27+7 the name mention is taken"),
        ("mentions.exists(m.x, true)", "condition-type 29+1 the first argument is the name of each item"),
        ("mention.exists(m, true)", "condition-type 11+7 a list is expected, and this is a mention"),
        ("mentions.branch", "condition-type 20+6 a list of mentions has no fields"),
        ("mention.listing.size", "condition-type 27+4 a word has no fields"),
        ("mention.listing < 1", "condition-type 19+7 this is a word, where a number is expected"),
        ("mention == mention", "condition-type 11+7 a mention cannot be compared as a whole"),
        ("mention.focus == ['state-name']", "condition-type 19+5 a list of words cannot be compared as a whole"),
        (
            "mention.score in mention.focus",
            "condition-type 25+2 a number is looked for in a list of another type (a word)",
        ),
        ("mention.score in mention.score", "condition-type 36+5 in needs a list, and this is a number"),
        ("mention.score in [1, 'x']", "condition-type 32+3 a text in a list that begins with a number"),
        ("mention.branch ? 1 : 'x'", "condition-type 32+3 this is a text, and the other branch is a number"),
        ("size(mention.branch) == 1", "condition-type 24+6 true or false has no size"),
        ("mention.score.startsWith('x')", "condition-type 19+5 this is a number, where a text is expected"),
        // parts of CEL that can fail for a record
        ("mentions[0].branch", "condition-call 19+1 an index cannot be used in a condition"),
        ("mention.score / 2 > 1", "condition-call 25+1 / cannot be used in a condition"),
        ("int(mention.field) == 1", "condition-call 11+3 int cannot be used in a condition"),
        ("mention.field.matches('x')", "condition-call 25+7 matches cannot be used in a condition"),
        ("has(mention.field)", "condition-call 11+3 has cannot be used in a condition"),
        ("mentions.existsOne(m, m.branch)", "condition-call 20+9 existsOne cannot be used in a condition"),
        ("size()", "condition-call 11+4 size is called in another way"),
        ("mention.listing == null", "condition-call 30+4 null (no fact is ever null) cannot be used in a condition"),
        (
            "mentions.all(a, mentions.all(b, mentions.all(c, c.branch)))",
            "condition-call 56+1 a macro within a macro within a macro",
        ),
        // not CEL
        ("mention.branch =", "condition-syntax 26+1 not CEL: token recognition error at: '='"),
        ("mention.branch &&", "condition-syntax 28+1 not CEL: mismatched input 'end'"),
        ("mention.?branch", "condition-syntax 18+1 not CEL: unsupported syntax '.?'"),
        ("(mention.branch", "condition-syntax 26+1 not CEL: missing ')' at 'end'"),
    ] {
        assert_eq!(problems(when), [expected], "{when}");
    }
}

#[test]
fn a_caret_finds_its_token_in_a_block_scalar_after_wide_characters() {
    let when = "|\n      mention.organization == \"假名\" &&\n\n        mention.stauts == \"active\"";
    assert_snapshot!(told(&[("policy.yaml", &policy(when))]));
    let when = "\"record.region == \\\"假\\u540d\\\" && record.knd == 'post'\"";
    assert_snapshot!(told(&[("policy.yaml", &policy(when))]));
}

fn holding(when: &str, record: &RecordFacts<'_>, mentions: &[MentionFacts<'_>]) -> Vec<bool> {
    let set = RuleSet::builder().add_yaml("p.yaml", &block(when)).build().unwrap();
    let holding = set.policy().evaluate(record, mentions).unwrap();
    holding.into_iter().map(|indices| indices == [0]).collect()
}

#[test]
fn a_condition_is_judged_for_each_mention() {
    let record = RecordFacts { kind: "post", region: "CN", ..RecordFacts::default() };
    let name = MentionFacts {
        organization: "a",
        listing: "banned",
        via: "name",
        score: 1.0,
        focus: vec!["state-name"],
        ..Default::default()
    };
    let domain = MentionFacts {
        organization: "b",
        listing: "suspected",
        via: "domain",
        score: 0.5,
        branch: true,
        ..Default::default()
    };
    let mentions = [name, domain];
    for (when, expected) in [
        ("mention.via == \"name\"", [true, false]),
        ("mention.branch", [false, true]),
        ("mention.score > 0.75", [true, false]),
        ("mention.score >= 1", [true, false]),
        ("size(mention.focus) == 0", [false, true]),
        ("mention.focus.size() < 0.5", [false, true]),
        ("mention.listing in ['banned', 'deregistered']", [true, false]),
        ("mentions.exists(m, m.via == 'domain' && m.organization != mention.organization)", [true, false]),
        ("mentions.exists_one(m, m.branch)", [true, true]),
        ("mentions.all(m, m.branch)", [false, false]),
        ("size(mentions.filter(m, m.branch)) == 1", [true, true]),
        ("mentions.map(m, m.organization).exists(o, o == 'b')", [true, true]),
        ("record.kind == 'post' && record.region == 'CN'", [true, true]),
        ("record.kind == 'registration'", [false, false]),
        ("mention.organization.startsWith('b')", [false, true]),
        ("mention.branch ? mention.score > 1.0 : mention.score <= 1.0", [true, false]),
    ] {
        assert_eq!(holding(when, &record, &mentions), expected, "{when}");
    }
    assert!(holding("true", &record, &[]).is_empty());
}

#[test]
fn the_shipped_policy_reviews_who_registers_as_listed_and_flags_the_rest() {
    let set = RuleSet::builder().build().unwrap();
    let actions = |kind, mention: MentionFacts<'_>| {
        let holding = set.policy().evaluate(&RecordFacts { kind, ..RecordFacts::default() }, &[mention]).unwrap();
        let strongest =
            holding[0].iter().map(|&i| &set.policy().conditions()[i]).max_by_key(|c| (c.action, c.severity));
        strongest.map_or((Action::None, None), |c| (c.action, Some(c.severity)))
    };
    let (flag, review) = ((Action::Flag, Some(Severity::Low)), (Action::Review, Some(Severity::Medium)));
    for (kind, via, field, role, branch, caution, expected) in [
        ("post", "name", "body", "text", false, "", flag),
        ("post", "domain", "urls", "link", false, "", flag),
        ("post", "canary", "body", "text", false, "", flag),
        ("registration", "name", "display_name", "text", false, "", review),
        ("registration", "alias", "organization", "text", false, "", review),
        ("registration", "translation", "handle", "handle", false, "", review),
        ("registration", "account", "handle", "handle", false, "", review),
        ("registration", "domain", "website", "link", false, "", review),
        ("registration", "domain", "email", "link", false, "", review),
        ("registration", "name", "bio", "text", false, "", flag),
        ("registration", "domain", "bio", "text", false, "", flag),
        ("registration", "name", "display_name", "text", true, "", flag),
        ("registration", "domain", "website", "link", true, "", flag),
        ("registration", "account", "handle", "handle", false, "unverified-name", flag),
        ("registration", "name", "display_name", "text", false, "near-registered", flag),
        ("registration", "canary", "display_name", "text", false, "", flag),
        ("", "name", "body", "text", false, "", (Action::None, None)),
    ] {
        let caution = if caution.is_empty() { vec![] } else { vec![caution] };
        let mention = MentionFacts { caution, via, field, role, branch, ..Default::default() };
        assert_eq!(actions(kind, mention), expected, "{kind} {via} {field} {branch}");
    }
}

#[test]
fn a_condition_of_any_depth_or_length_is_read_or_refused_without_a_crash() {
    for (when, fits) in [
        ("(".repeat(20) + "true" + &")".repeat(20), true),
        ("(".repeat(5_000) + "true" + &")".repeat(5_000), false),
        ("!".repeat(5_000) + "true", true),
        (vec!["mention.branch"; 500].join(" && "), true),
        ("mention.branch ? ".to_owned() + &"mention.branch ? true : ".repeat(500) + "true : false", false),
        (format!("mention.via in [{}]", vec!["'name'"; 2_000].join(", ")), true),
    ] {
        assert_eq!(problems(&when).is_empty(), fits, "{}", &when[..40]);
    }
}

#[test]
fn drafts_are_checked_and_not_judged() {
    let entry = |id: &str, status: &str| {
        format!("  - {{ id: {id}, text: X., when: 'true', action: flag, severity: low, status: {status} }}\n")
    };
    let yaml = format!(
        "policy:\n{}{}{}{}",
        entry("d", "draft"),
        entry("c", "shadow"),
        entry("b", "retired"),
        entry("a", "active")
    );
    let set = RuleSet::builder().add_yaml("p.yaml", &yaml).build().unwrap();
    let kept: Vec<_> = set.policy().conditions().iter().map(|c| (&*c.id, c.position, c.status)).collect();
    assert_eq!(kept, [("a", 0, Status::Active), ("c", 1, Status::Shadow)]);
    let broken = yaml.replace("id: d, text: X., when: 'true'", "id: d, text: X., when: 'tru'");
    assert!(told(&[("p.yaml", &broken)]).contains("unknown variable tru"));
}
