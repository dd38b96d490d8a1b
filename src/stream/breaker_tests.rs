//! Breakers as facts: what opens one, what must not, and the laws that hold for any stream.

use super::*;
use proptest::prelude::*;

const HOUR: i64 = 3_600_000;
const LIMITS: BreakerLimits = BreakerLimits { texts: 4, window_ms: HOUR };

/// Raises texts by one condition at these minutes: `.` passed, `!` opened, `_` lowered; `)` before it: closed.
fn told(limits: BreakerLimits, raised: &[(i64, u64)]) -> String {
    let (mut breakers, rule) = (Breakers::new(limits), Arc::from("r"));
    let mut told = String::new();
    for (minute, text) in raised {
        breakers.advance(minute * 60_000).iter().for_each(|turn| told.push(if turn.is_open { '(' } else { ')' }));
        told.push(match breakers.raise(&rule, *text) {
            Raised::Passed => '.',
            Raised::Opened => '!',
            Raised::Lowered => '_',
        });
    }
    told
}

#[test]
fn many_texts_open_a_breaker_and_one_text_many_times_does_not() {
    let different = |minutes: &[i64]| minutes.iter().copied().zip(0..).collect::<Vec<_>>();
    for (what, raised, expected) in [
        ("four texts", different(&[0, 1, 2, 3]), "...."),
        ("a fifth", different(&[0, 1, 2, 3, 4, 5]), "....!_"),
        ("one text ten times", vec![(0, 7); 10], ".........."),
        ("four texts, each again", different(&[0, 0, 0, 0]).repeat(3), "............"),
        ("a known text while open", vec![(0, 1), (0, 2), (0, 3), (0, 4), (0, 5), (0, 1)], "....!_"),
        ("a fifth in the next half", different(&[0, 10, 20, 29, 31]), "....!"),
        ("a fifth in the half after that", different(&[0, 10, 20, 29, 60]), "....."),
        ("slowly, for ever", different(&[0, 29, 30, 59, 60, 89, 90, 119, 120, 149]), ".........."),
        ("the same text across halves is one", vec![(0, 1), (29, 2), (31, 1), (32, 2), (33, 3), (34, 4)], "......"),
        ("late records count as now", different(&[60, 0, 30, 59, 10]), "....!"),
        ("before 1970", different(&[-90, -89, -88, -87, -86]), "....!"),
    ] {
        assert_eq!(told(LIMITS, &raised), expected, "{what}");
    }
}

#[test]
fn a_breaker_closes_by_itself_when_half_a_window_was_quiet() {
    let open = [(0, 1), (0, 2), (0, 3), (0, 4), (0, 5)];
    for (what, then, expected) in [
        ("nothing for a whole half", vec![(60, 6)], "....!)."),
        ("one text in a half", vec![(31, 6), (61, 7)], "....!_)."),
        ("one text often in a half", vec![(31, 6), (32, 6), (33, 6), (61, 7)], "....!___)."),
        ("two in a half are too many", vec![(31, 6), (32, 7), (61, 8)], "....!___"),
        ("at the rate that opened it", vec![(31, 6), (32, 7), (61, 8), (62, 9), (91, 10)], "....!_____"),
        ("a new flood", vec![(90, 6), (90, 7), (90, 8), (90, 9), (90, 10)], "....!)....!"),
        ("the half that opened it does not close it", vec![(29, 6), (30, 7)], "....!__"),
    ] {
        let raised: Vec<_> = open.into_iter().chain(then).collect();
        assert_eq!(told(LIMITS, &raised), expected, "{what}");
    }
}

#[test]
fn limits_at_their_ends() {
    let five = [(0, 1), (0, 2), (0, 3), (0, 4), (0, 5)];
    for (texts, window_ms, expected) in
        [(0, HOUR, "....."), (1, HOUR, ".!___"), (5, HOUR, "....."), (2, 1, "..!__"), (2, i64::MAX, "..!__")]
    {
        assert_eq!(told(BreakerLimits { texts, window_ms }, &five), expected, "{texts} {window_ms}");
    }
}

#[test]
fn each_condition_has_a_breaker_of_its_own_and_a_changed_one_begins_anew() {
    let (mut breakers, bad, good): (_, Arc<str>, Arc<str>) = (Breakers::new(LIMITS), "bad".into(), "good".into());
    breakers.advance(0);
    let opened = (0..6).map(|text| breakers.raise(&bad, text)).filter(|r| *r == Raised::Opened).count();
    assert_eq!((opened, breakers.is_open("bad"), breakers.is_open("good")), (1, true, false));
    assert_eq!(breakers.raise(&good, 1), Raised::Passed);
    assert_eq!(breakers.keep(|_| true), []);
    assert_eq!(breakers.raise(&bad, 1), Raised::Lowered);
    assert_eq!(breakers.keep(|rule| rule == "good"), [BreakerTurn { rule: Arc::clone(&bad), is_open: false }]);
    assert_eq!(breakers.raise(&bad, 1), Raised::Passed);
}

#[test]
fn what_is_over_is_forgotten() {
    let mut breakers = Breakers::new(LIMITS);
    for rule in 0..100 {
        breakers.advance(0);
        assert!((0..10).any(|text| breakers.raise(&Arc::from(format!("r{rule}")), text) == Raised::Opened));
    }
    assert_eq!(breakers.advance(HOUR / 2).len(), 0);
    assert_eq!(breakers.advance(HOUR).len(), 100, "all close");
    assert!(breakers.rules.is_empty());
}

proptest! {
    /// The laws of any stream of one condition: what opens and closes alternate; nothing passes while it is open and
    /// everything does while it is closed; in two neighbouring halves no more distinct texts pass than the limit; memory
    /// is bounded by the limit; and the same records make the same decisions again.
    #[test]
    fn a_breaker_bounds_what_passes_and_its_memory(
        limit in 1_usize..20,
        raised in prop::collection::vec((0_i64..400, 0_u64..60), 0..400),
    ) {
        let limits = BreakerLimits { texts: limit, window_ms: HOUR };
        let (mut breakers, rule): (_, Arc<str>) = (Breakers::new(limits), "r".into());
        let (mut passed, mut clock): (BTreeMap<i64, BTreeSet<u64>>, i64) = (BTreeMap::new(), i64::MIN);
        for (minute, text) in &raised {
            clock = clock.max(minute * 60_000);
            let was_open = breakers.is_open("r");
            let turns = breakers.advance(minute * 60_000);
            prop_assert!(turns.iter().all(|turn| !turn.is_open));
            prop_assert!(turns.is_empty() || was_open);
            let was_open = breakers.is_open("r");
            match breakers.raise(&rule, *text) {
                Raised::Passed => {
                    prop_assert!(!was_open && !breakers.is_open("r"));
                    passed.entry(clock.div_euclid(HOUR / 2)).or_default().insert(*text);
                }
                Raised::Opened => prop_assert!(!was_open && breakers.is_open("r")),
                Raised::Lowered => prop_assert!(was_open && breakers.is_open("r")),
            }
            let breaker = &breakers.rules["r"];
            prop_assert!(breaker.now.len() <= limit && breaker.before.len() <= limit);
            prop_assert_eq!(breaker.fresh, breaker.now.difference(&breaker.before).count());
        }
        for (half, texts) in &passed {
            let both = texts.union(passed.get(&(half + 1)).unwrap_or(&BTreeSet::new())).count();
            prop_assert!(both <= limit, "{both} in half {half}");
        }
        prop_assert_eq!(told(limits, &raised), told(limits, &raised));
    }

    /// A stream that never has more texts than the limit in a window is never touched.
    #[test]
    fn a_quiet_stream_is_left_alone(raised in prop::collection::vec((0_i64..400, 0_u64..4), 0..200)) {
        prop_assert!(told(LIMITS, &raised).chars().all(|c| c == '.'));
    }
}
