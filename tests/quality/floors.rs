//! What a figure may not fall below (`>=`) or rise above (`<=`): `floors.tsv`, a line a measure.

use super::exam::{Exam, Half};
use super::figures::Figures;
use super::lists::root;
use std::path::PathBuf;
use std::{env, fs};

/// Half of the last digit that is written.
const SLACK: f64 = 0.000_05;

/// What the exams are to reach: exam, half, measure, and the bound as in `floors.tsv`. Shown beside the figures; a floor
/// is what keeps it once it is reached.
#[rustfmt::skip]
const GOALS: [&str; 16] = [
    "evasion-generated\tdev\trecall\t>=\t0.995",
    "evasion\ttest\trecall\t>=\t0.95",
    "benign\tdev\tflagged registered or official\t<=\t0",
    "benign\tdev\tflagged per 1,000 elsewhere\t<=\t2",
    "benign\tdev\tabove flag\t<=\t0",
    "benign\ttest\tflagged registered or official\t<=\t0",
    "benign\ttest\tflagged per 1,000 elsewhere\t<=\t2",
    "benign\ttest\tabove flag\t<=\t0",
    "benign-generated\tdev\tflagged registered or official\t<=\t0",
    "benign-generated\tdev\tflagged per 1,000 elsewhere\t<=\t2",
    "benign-generated\tdev\tabove flag\t<=\t0",
    "stance-third\ttest\tmacro-F1\t>=\t0.9",
    "stance-third\ttest\tpromotion called report\t<=\t0.03",
    "stance-third\ttest\treport called promotion\t<=\t0.03",
    "stance-third\ttest\tlaunderings caught\t>=\t0.9",
    "posts\ttest\tright\t>=\t1",
];

/// A line of the table.
#[derive(Clone, Debug, PartialEq)]
struct Floor {
    exam: String,
    half: String,
    measure: String,
    at_most: bool,
    bound: f64,
}

fn path() -> PathBuf {
    root().join("tests/quality/floors.tsv")
}

impl Floor {
    fn parse(line: &str) -> Option<Self> {
        let columns: Vec<&str> = line.split('\t').collect();
        let [exam, half, measure, sign @ (">=" | "<="), bound] = columns[..] else { return None };
        let [exam, half, measure] = [exam, half, measure].map(ToOwned::to_owned);
        Some(Self { exam, half, measure, at_most: sign == "<=", bound: bound.parse().ok()? })
    }

    fn is_of(&self, exam: Exam, half: Half) -> bool {
        self.exam == exam.name && self.half == half.as_str()
    }

    fn holds(&self, value: f64) -> bool {
        if self.at_most { value <= self.bound + SLACK } else { value >= self.bound - SLACK }
    }

    fn line(&self) -> String {
        let sign = if self.at_most { "<=" } else { ">=" };
        format!("{}\t{}\t{}\t{sign}\t{}", self.exam, self.half, self.measure, (self.bound * 1e4).round() / 1e4)
    }
}

fn table() -> Vec<String> {
    fs::read_to_string(path()).expect("the floors can be read").lines().map(str::to_owned).collect()
}

fn floors() -> Vec<Floor> {
    let lines = table();
    let rows = lines.iter().filter(|line| !line.starts_with('#') && !line.is_empty());
    rows.map(|line| Floor::parse(line).unwrap_or_else(|| panic!("floors.tsv: {line:?}"))).collect()
}

pub fn has_any(exam: Exam, half: Half) -> bool {
    floors().iter().any(|floor| floor.is_of(exam, half))
}

/// A line for each goal of this half: reached or not.
pub fn goals(exam: Exam, half: Half, figures: &Figures) -> String {
    let own = GOALS.iter().filter_map(|line| Floor::parse(line)).filter(|goal| goal.is_of(exam, half));
    own.filter_map(|goal| {
        let value = figures.measures().get(&goal.measure)?;
        let (sign, verdict) =
            (if goal.at_most { "<=" } else { ">=" }, if goal.holds(*value) { "reached" } else { "MISSED" });
        Some(format!("goal: {} {sign} {}: {value:.4}, {verdict}\n", goal.measure, goal.bound))
    })
    .collect()
}

/// What is below its floor. With `QUALITY_RAISE` the floors of this half that can rise do.
pub fn judge(exam: Exam, half: Half, figures: &Figures) -> Vec<String> {
    if env::var_os("QUALITY_RAISE").is_some() {
        raise(exam, half, figures);
    }
    let own = floors().into_iter().filter(|floor| floor.is_of(exam, half));
    own.filter_map(|floor| match figures.measures().get(&floor.measure) {
        Some(value) if floor.holds(*value) => None,
        Some(value) => Some(format!("{} (now {value:.4})", floor.line().replace('\t', " "))),
        None => Some(format!("{}: no such measure", floor.line().replace('\t', " "))),
    })
    .collect()
}

/// Rewrites the floors whose figure is better by now; limits (`<=`) are set by hand. One test at a time: run it with `--test-threads 1`.
fn raise(exam: Exam, half: Half, figures: &Figures) {
    let better = |line: String| {
        let Some(mut floor) = Floor::parse(&line).filter(|f| f.is_of(exam, half) && !f.at_most) else { return line };
        let Some(value) = figures.measures().get(&floor.measure) else { return line };
        floor.bound = floor.bound.max(*value);
        floor.line()
    };
    let lines: Vec<String> = table().into_iter().map(better).collect();
    fs::write(path(), lines.join("\n") + "\n").expect("the floors can be written");
}

#[test]
fn a_floor_holds_what_is_as_good_and_not_what_is_worse() {
    let floor = |line| Floor::parse(line).expect("a floor");
    for (line, value, holds) in [
        ("a\tdev\trecall\t>=\t0.9", 0.9, true),
        ("a\tdev\trecall\t>=\t0.6667", 2.0 / 3.0, true),
        ("a\tdev\tflagged\t<=\t0", 0.0, true),
        ("a\tdev\trecall\t>=\t0.9", 0.899, false),
        ("a\tdev\tflagged\t<=\t0", 1.0, false),
    ] {
        assert_eq!(floor(line).holds(value), holds, "{line} {value}");
        assert_eq!(floor(line).line(), line);
    }
    assert!(GOALS.iter().all(|line| Floor::parse(line).is_some()));
    for line in ["", "a\tdev\trecall\t>\t0.9", "a\tdev\trecall\t>=", "a dev recall >= 0.9"] {
        assert_eq!(Floor::parse(line), None, "{line}");
    }
}
