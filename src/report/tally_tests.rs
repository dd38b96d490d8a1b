//! What a tally counts, and that it does not matter who counted which record.

use proptest::prelude::*;

use super::*;
use crate::engine::Scanner;
use crate::report::made_up::{rules_of, yaml_of};
use crate::report::{Aspect, Change, Moved};
use crate::rule::{Action, Status};

const BASE: &[(&str, &str, &str)] =
    &[("amber", "Amber Society", "active"), ("birch", "Birch Academy", "active"), ("cedar", "Cedar Union", "draft")];
const CANDIDATE: &[(&str, &str, &str)] = &[
    ("amber", "Amber Society", "active"),
    ("birch", "Birch Academy", "retired"),
    ("cedar", "Cedar Union", "active"),
    ("dune", "Dune Council", "shadow"),
];

const POLICY: &str = "policy:
  - { id: any, text: Any mention, when: 'true', action: flag, severity: low }
";

/// Judges texts by two rule sets, in this order, with the index as place and rank.
fn tally<'t>(texts: impl IntoIterator<Item = (usize, &'t str)>) -> Tally {
    judged(&rules_of(BASE), &rules_of(CANDIDATE), texts)
}

fn compared<'t>(base: &RuleSet, candidate: &RuleSet, texts: impl IntoIterator<Item = &'t str>) -> Tally {
    judged(base, candidate, texts.into_iter().enumerate())
}

fn judged<'t>(base: &RuleSet, candidate: &RuleSet, texts: impl IntoIterator<Item = (usize, &'t str)>) -> Tally {
    let rules = [base, candidate];
    let mut scanners = rules.map(Scanner::new);
    let mut tally = Tally::of(&rules, 2);
    for (index, text) in texts {
        let content = Content::post(text);
        let judged = scanners.each_mut().map(|scanner| scanner.scan(&content).map_err(|_| PoisonClass::Policy));
        tally.judged(&[&judged[0], &judged[1]], &rules, text.is_empty(), || Seen {
            place: Place::File { file: "posts".into(), line: Some(index as u64) },
            rank: index as u128,
            content: &content,
        });
    }
    tally
}

#[test]
fn each_record_has_its_place_among_the_changes() {
    // text -> new, lost, changed, unchanged, clean, newly in shadow
    for (text, expected) in [
        ("nobody", [0, 0, 0, 0, 1, 0]),
        ("Amber Society", [0, 0, 0, 1, 0, 0]),
        ("Birch Academy", [0, 1, 0, 0, 0, 0]),
        ("Cedar Union", [1, 0, 0, 0, 0, 0]),
        ("Dune Council", [0, 0, 0, 0, 1, 1]),
        ("Amber Society, Cedar Union", [0, 0, 1, 0, 0, 0]),
        ("Birch Academy, Cedar Union", [0, 0, 1, 0, 0, 0]),
        ("Amber Society, Dune Council", [0, 0, 0, 1, 0, 0]),
        ("Birch Academy, Dune Council", [0, 1, 0, 0, 0, 0]),
    ] {
        let changes = tally([(1, text)]).changes.unwrap();
        let found = [changes.new, changes.lost, changes.changed, changes.unchanged, changes.clean, changes.shadow];
        assert_eq!(found, expected, "{text}");
        assert_eq!(changes.compared(), 1, "{text}");
    }
}

#[test]
fn what_moved_is_told_by_organisation_condition_and_aspect() {
    let changes = tally([(1, "Birch Academy, Cedar Union"), (2, "Cedar Union"), (3, "Dune Council")]).changes.unwrap();
    let moved = |id: &str| changes.organizations.get(id).map(|moved| (moved.new, moved.lost));
    assert_eq!(moved("cedar"), Some((2, 0)));
    assert_eq!(moved("birch"), Some((0, 1)));
    assert_eq!(moved("dune"), Some((0, 0)), "in shadow is not found");
    assert_eq!(changes.organizations["dune"].shadow_new, 1, "but told");
    assert_eq!(Aspect::ALL.map(|aspect| changes.aspects.get(&aspect)), [0, 0, 1, 0]);
    let conditions: Vec<_> =
        changes.conditions.iter().map(|((id, status), m)| (&**id, *status, m.new, m.lost)).collect();
    assert_eq!(conditions, [("mention-in-post", Status::Active, 2, 0)], "a mention in shadow fulfils conditions too");
    let examples = |change, id: &str| changes.examples.of(&(change, id.to_owned())).len();
    assert_eq!(
        (examples(Change::New, "cedar"), examples(Change::Changed, "cedar"), examples(Change::Shadow, "dune")),
        (1, 1, 1)
    );
    assert_eq!((examples(Change::Changed, "birch"), examples(Change::Lost, "birch")), (0, 0));
}

#[test]
fn what_leaves_the_shadow_and_what_is_judged_otherwise_is_told() {
    let old = RuleSet::builder().add_yaml("policy.yaml", POLICY);
    let new =
        RuleSet::builder().add_yaml("policy.yaml", &POLICY.replace("flag, severity: low", "review, severity: low"));
    let [base, candidate] = [(old, "shadow"), (new, "retired")].map(|(builder, dune)| {
        let organizations = [("amber", "Amber Society", "active"), ("dune", "Dune Council", dune)];
        builder.add_yaml("made-up.yaml", &yaml_of(&organizations)).build().unwrap()
    });
    let changes = compared(&base, &candidate, ["tea", "Amber Society", "Dune Council"]).changes.unwrap();
    assert_eq!((changes.changed, changes.shadow, changes.left_shadow), (1, 0, 1));
    let amber = Moved { changed: 1, ..Moved::default() };
    let dune = Moved { shadow_lost: 1, ..Moved::default() };
    assert_eq!((changes.organizations["amber"], changes.organizations["dune"]), (amber, dune));
    let any: Vec<_> = changes.conditions.iter().map(|((id, _), moved)| (&**id, moved.lost, moved.changed)).collect();
    assert_eq!(any, [("any", 1, 1)]);
    assert_eq!(changes.examples.of(&(Change::LeftShadow, "dune".to_owned())).len(), 1);
}

#[test]
fn one_rule_set_is_counted_in_every_respect() {
    let counts =
        &tally([(1, "Amber Society and A m b e r Society"), (2, "Amber Society"), (3, "tea"), (4, "")]).sides[0];
    assert_eq!((counts.clean, counts.flagged, counts.shadow, counts.judged()), (2, 2, 0, 4));
    assert_eq!(counts.actions.get(&Action::Flag), 2);
    let amber = &counts.organizations["amber"];
    assert_eq!((amber.records, amber.mentions, amber.shadow, amber.listing), (2, 3, 0, "banned"));
    assert_eq!(counts.notices.iter().map(|(id, n)| (&**id, n)).collect::<Vec<_>>(), [("made-up-1", 2)]);
    assert_eq!(counts.via.total(), 3);
    let conditions: Vec<_> = counts.conditions.iter().map(|((id, _), n)| (&**id, n)).collect();
    assert!(conditions.contains(&("mention-in-post", 2)) && conditions.contains(&("mention-in-registration", 0)));
}

#[test]
fn a_record_that_one_rule_set_cannot_judge_is_not_compared() {
    let rules = rules_of(BASE);
    let rules = [&rules, &rules];
    let mut tally = Tally::of(&rules, 2);
    let content = Content::post("Amber Society");
    let judged = Scanner::new(rules[0]).scan(&content).map_err(|_| PoisonClass::Policy);
    let place = Place::File { file: "posts".into(), line: None };
    tally.judged(&[&judged, &Err(PoisonClass::ScanPanic)], &rules, false, || Seen {
        place,
        rank: 1,
        content: &content,
    });
    let changes = tally.changes.as_ref().unwrap();
    assert_eq!((changes.uncompared, changes.compared(), tally.read()), (1, 0, 1));
    assert_eq!(tally.sides[1].failed.get(&PoisonClass::ScanPanic), 1);
}

const TEXTS: &[&str] = &[
    "tea",
    "",
    "Amber Society",
    "Birch Academy",
    "Cedar Union",
    "Dune Council",
    "Amber Society, Birch Academy",
    "Cedar Union and Dune Council",
    "A·m·b·e·r Society",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn however_records_are_shared_out_over_threads_the_report_is_the_same(
        records in prop::collection::vec((0..TEXTS.len(), 0_usize..4), 0..40),
        reversed in any::<bool>(),
    ) {
        let of = |thread: Option<usize>| {
            let mine = records.iter().enumerate().filter(|(_, (_, t))| thread.is_none_or(|thread| thread == *t));
            tally(mine.map(|(index, (text, _))| (index, TEXTS[*text])))
        };
        let mut parts: Vec<Tally> = (0..4).map(|thread| of(Some(thread))).collect();
        if reversed {
            parts.reverse();
        }
        let mut merged = tally([]);
        for part in parts {
            merged.merge(part);
        }
        prop_assert_eq!(merged, of(None));
    }
}
