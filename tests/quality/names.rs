//! Pairs of names that others labelled: `contrib/name_bench/cases.csv` of `OpenSanctions`' nomenklatura (MIT), organisation and company rows.
//!
//! The file is fetched, never committed: `make quality-names`, or `TRIPLINE_NAME_BENCH=…/cases.csv`. Where it is absent this says so.
//! Weights and threshold (`names::SAME`) were tuned on one half, told by a hash of the two names; the other half is only measured, and its
//! misses are not printed.

use crate::figures::Share;
use sha2::{Digest as _, Sha256};
use std::{env, fs};
use tripline::names::{Name, SAME, compare};

/// Its authors' best F1, over all their rows.
const THEIR_BEST: f64 = 0.865;
/// What may not be lost again, by half.
const FLOORS: [(Half, f64); 2] = [(Half::Tuning, 0.95), (Half::Held, 0.865)];
/// How often the rows are drawn again for the interval.
const DRAWS: usize = 2_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    /// Looked at, and tuned on.
    Tuning,
    /// Measured.
    Held,
}

struct Pair {
    half: Half,
    left: String,
    right: String,
    is_match: bool,
    score: f64,
}

impl Pair {
    fn says_same(&self) -> bool {
        self.score >= SAME
    }
}

/// Same and same, not same but said so, same but not said so.
#[derive(Clone, Copy, Default)]
struct Counts {
    both: usize,
    said: usize,
    missed: usize,
}

impl Counts {
    fn of<'p>(pairs: impl Iterator<Item = &'p Pair>) -> Self {
        pairs.fold(Self::default(), |mut counts, pair| {
            match (pair.is_match, pair.says_same()) {
                (true, true) => counts.both += 1,
                (false, true) => counts.said += 1,
                (true, false) => counts.missed += 1,
                (false, false) => {}
            }
            counts
        })
    }

    #[expect(clippy::cast_precision_loss, reason = "a few hundred rows")]
    fn f1(self) -> f64 {
        let Self { both, said, missed } = self;
        if both == 0 { 0.0 } else { 2.0 * both as f64 / (2 * both + said + missed) as f64 }
    }
}

/// Where 95 % of the F1 of rows drawn again lie; the same draws in every run.
fn interval(pairs: &[&Pair]) -> (f64, f64) {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        pairs[usize::try_from(state >> 33).expect("31 bits") % pairs.len()]
    };
    let mut values: Vec<f64> = (0..DRAWS).map(|_| Counts::of((0..pairs.len()).map(|_| draw())).f1()).collect();
    values.sort_by(f64::total_cmp);
    (values[DRAWS / 40], values[DRAWS - DRAWS / 40])
}

/// The half is told by the names alone, in either order.
fn half(left: &str, right: &str) -> Half {
    let mut names = [left, right];
    names.sort_unstable();
    let hash = Sha256::digest(names.join("|"));
    if hash[0] & 1 == 0 { Half::Tuning } else { Half::Held }
}

/// The fields of one line of RFC 4180; no field of this file holds a line break.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        let last = fields.last_mut().expect("never empty");
        match c {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => last.push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            _ => last.push(c),
        }
    }
    fields
}

fn pairs(csv: &str) -> Vec<Pair> {
    let rows = csv.lines().map(fields).filter(|row| matches!(row[1].as_str(), "Company" | "Organization"));
    rows.map(|row| Pair {
        half: half(&row[2], &row[3]),
        score: compare(&Name::new(&row[2]), &Name::new(&row[3])).score,
        is_match: row[4] == "true",
        left: row[2].clone(),
        right: row[3].clone(),
    })
    .collect()
}

#[test]
fn names_are_compared_as_well_as_their_best() {
    let Ok(path) = env::var("TRIPLINE_NAME_BENCH") else {
        println!("== names: SKIPPED, no figure: the pairs are not here. `make quality-names` fetches them.\n");
        return;
    };
    let csv = fs::read_to_string(&path).unwrap_or_else(|error| panic!("TRIPLINE_NAME_BENCH={path}: {error}"));
    let pairs = pairs(&csv);
    assert!(
        pairs.len() > 200,
        "{path} has {} rows of organisations and companies: not the file that was meant",
        pairs.len()
    );
    println!(
        "== names: {} pairs of organisations and companies, same from {SAME}; their own best F1, over all rows: {THEIR_BEST}",
        pairs.len()
    );
    for (of, floor) in FLOORS {
        let chosen: Vec<&Pair> = pairs.iter().filter(|pair| pair.half == of).collect();
        let counts = Counts::of(chosen.iter().copied());
        let Counts { both, said, missed } = counts;
        let (low, high) = interval(&chosen);
        println!(
            "{of:?} half, {} pairs: F1 {:.3} (95 % of {DRAWS} draws: {low:.3} to {high:.3})",
            chosen.len(),
            counts.f1()
        );
        println!("  precision {}", Share { hits: both, of: both + said });
        println!("  recall    {}", Share { hits: both, of: both + missed });
        for pair in chosen.iter().filter(|pair| of == Half::Tuning && pair.says_same() != pair.is_match) {
            println!("  wrong: {:.3} {:?} / {:?}", pair.score, pair.left, pair.right);
        }
        assert!(counts.f1() >= floor, "{of:?} half: F1 {:.3} is below {floor}", counts.f1());
    }
}

#[test]
fn a_row_is_read_and_belongs_to_one_half() {
    assert_eq!(fields(r#"a,"b, ""c""",,d"#), ["a", r#"b, "c""#, "", "d"]);
    assert_eq!(half("Invented", "Imagined"), half("Imagined", "Invented"));
}
