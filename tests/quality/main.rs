//! How well is judged: the exams of `tests/corpus`, with figures, intervals and floors.
//!
//! Each test runs one exam through the engine with the shipped rules, prints its tables (`-- --nocapture`, or
//! `make quality`) and compares its figures with `floors.tsv`. `QUALITY_HALF=dev|test|both` chooses the halves, and
//! `QUALITY_EXAM=evasion,benign` the exams. Without either it is a gate: what is not blind any more, and of the test
//! halves those that have a floor. **Of a test half only figures and ids are ever printed.**
//! `QUALITY_RAISE=1` writes better figures into `floors.tsv`; a floor is never lowered by a program.

mod benign;
mod evasion;
mod exam;
mod figures;
mod floors;
mod found;
mod hostile;
#[path = "../rules/lists.rs"]
mod lists;
mod names;
mod posts;
mod registration;
mod stance;
mod suffixes;
mod unicode;

use exam::{Case, Exam, Half};
use figures::Figures;
use std::env;
use std::sync::LazyLock;
use tripline::engine::Scanner;
use tripline::rule::RuleSet;

static RULES: LazyLock<RuleSet> = LazyLock::new(lists::shipped_rules);

/// Runs the halves of an exam that are asked for: `measure` makes the figures of one half, and the floors judge them.
fn run(exam: Exam, measure: impl Fn(Half, &[Case], &mut Figures)) {
    let chosen = env::var("QUALITY_EXAM").unwrap_or_default();
    if !chosen.is_empty() && !chosen.split(',').any(|name| name == exam.name) {
        return;
    }
    let mut broken = Vec::new();
    for half in halves(exam) {
        let Some(cases) = exam.cases(half) else { continue };
        let mut figures = Figures::new(exam, half, cases.len());
        measure(half, &cases, &mut figures);
        println!("\n{figures}{}", floors::goals(exam, half, &figures));
        broken.extend(floors::judge(exam, half, &figures));
    }
    assert!(broken.is_empty(), "below the floor (tests/quality/floors.tsv):\n{}", broken.join("\n"));
}

/// Which halves: those asked for, or those that are no longer blind or have a floor.
fn halves(exam: Exam) -> Vec<Half> {
    match env::var("QUALITY_HALF").as_deref() {
        Ok("dev") => vec![Half::Dev],
        Ok("test") => vec![Half::Test],
        Ok("both") => vec![Half::Dev, Half::Test],
        Ok(other) => panic!("QUALITY_HALF is dev, test or both, not {other:?}"),
        Err(_) if floors::has_any(exam, Half::Test) => vec![Half::Dev, Half::Test],
        Err(_) => vec![Half::Dev],
    }
}

/// Every case with what was found in it.
fn judged(cases: &[Case]) -> Vec<(&Case, found::Judged)> {
    let mut scanner = Scanner::new(&RULES);
    let judge = |case| (case, found::judge(&mut scanner, case));
    cases.iter().map(judge).collect()
}
