//! Why a name stands there: confusion of the five stances, macro-F1, launderings.

use super::exam::{Case, Half, SECOND_STANCE, STANCE, THIRD_STANCE, WORDINGS};
use super::figures::{Figures, Share, Shares, aligned};
use super::found::Judged;
use super::{judged, run};
use tripline::engine::Stance;

/// One more column than stances: expected and not found.
const MISSED: usize = Stance::ALL.len();

/// How often the records are drawn anew for the interval of the macro-F1.
const DRAWS: usize = 1000;

#[test]
fn promotions_and_reports_are_told_apart() {
    run(STANCE, measure);
}

#[test]
fn promotions_and_reports_are_told_apart_in_the_second_set() {
    run(SECOND_STANCE, measure);
}

#[test]
fn promotions_and_reports_are_told_apart_in_other_words() {
    run(WORDINGS, measure);
}

#[test]
fn promotions_and_reports_are_told_apart_in_the_third_set() {
    run(THIRD_STANCE, measure);
}

/// Mentions by wanted and given stance.
type Confusion = [[usize; MISSED + 1]; MISSED];

fn measure(_: Half, cases: &[Case], figures: &mut Figures) {
    let judged = judged(cases);
    let records: Vec<Confusion> = judged.iter().map(|(case, verdict)| confusion(case, verdict)).collect();
    let total = sum(records.iter());
    figures.say("mentions, wanted stance down, given stance across:");
    figures.say(&table(&total));
    let (low, high) = interval(&records);
    figures.say(&format!("macro-F1: {:.4} [{low:.4}, {high:.4}]", macro_f1(&total)));
    figures.measure("macro-F1", macro_f1(&total));
    for (name, wanted, given) in [
        ("promotion called report", Stance::Promotion, Stance::Report),
        ("report called promotion", Stance::Report, Stance::Promotion),
    ] {
        let row = total[place(wanted)];
        figures.share(name, Share { hits: row[place(given)], of: row.iter().sum() });
    }
    let caught = judged.iter().filter(|(case, _)| case.key("trap") == "laundering");
    figures
        .share("launderings caught", Share::of(caught.map(|(case, verdict)| wrong_mentions(case, verdict).is_empty())));
    figures.share("right action", Share::of(judged.iter().map(|(case, verdict)| verdict.action == case.action)));
    figures.count("unexpected mentions", judged.iter().map(|(case, verdict)| verdict.unexpected(case).count()).sum());
    figures.say("mentions with the right stance, by trap:");
    figures.say(&by_trap(&judged).table("trap"));
    for (case, verdict) in &judged {
        let wrong = wrong_mentions(case, verdict);
        if !wrong.is_empty() {
            figures.wrong(&case.id, || format!(" {}{}", wrong.join(", "), verdict.difference(case)));
        }
    }
}

fn place(stance: Stance) -> usize {
    Stance::ALL.iter().position(|own| *own == stance).expect("ALL has every stance")
}

/// Pairs of wanted and given stance, `None` for a mention that was not found.
fn pairs<'a>(case: &'a Case, verdict: &'a Judged) -> impl Iterator<Item = (Stance, Option<Stance>)> + 'a {
    case.expected.iter().zip(&verdict.matched).map(|(expected, matched)| {
        let wanted = Stance::ALL.into_iter().find(|stance| expected.line["stance"] == stance.as_str());
        (
            wanted.unwrap_or_else(|| panic!("{}: no such stance", case.id)),
            matched.map(|index| verdict.found[index].stance),
        )
    })
}

fn wrong_mentions(case: &Case, verdict: &Judged) -> Vec<String> {
    let wrong = pairs(case, verdict).filter(|(wanted, given)| Some(*wanted) != *given);
    let words = |(wanted, given): (Stance, Option<Stance>)| {
        format!("{} called {}", wanted.as_str(), given.map_or("nothing", Stance::as_str))
    };
    wrong.map(words).collect()
}

fn confusion(case: &Case, verdict: &Judged) -> Confusion {
    let mut confusion = Confusion::default();
    for (wanted, given) in pairs(case, verdict) {
        confusion[place(wanted)][given.map_or(MISSED, place)] += 1;
    }
    confusion
}

fn sum<'a>(records: impl Iterator<Item = &'a Confusion>) -> Confusion {
    let mut total = Confusion::default();
    for record in records {
        let cells = total.iter_mut().flatten().zip(record.iter().flatten());
        cells.for_each(|(sum, own)| *sum += own);
    }
    total
}

/// The mean over the five stances; a mention that was not found counts against the recall of its stance.
#[expect(clippy::cast_precision_loss, reason = "counts of lines are small")]
fn macro_f1(confusion: &Confusion) -> f64 {
    let f1 = |stance: usize| {
        let hits = confusion[stance][stance];
        let wanted: usize = confusion[stance].iter().sum();
        let given: usize = confusion.iter().map(|row| row[stance]).sum();
        if wanted + given == 0 { 0.0 } else { 2.0 * hits as f64 / (wanted + given) as f64 }
    };
    (0..MISSED).map(f1).sum::<f64>() / MISSED as f64
}

/// The middle 95 % of the macro-F1 over records drawn with replacement; the same draws every time.
fn interval(records: &[Confusion]) -> (f64, f64) {
    let mut state: u64 = 20_261_122;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((state >> 33) % records.len() as u64).expect("an index")
    };
    let mut values: Vec<f64> =
        (0..DRAWS).map(|_| macro_f1(&sum((0..records.len()).map(|_| &records[draw()])))).collect();
    values.sort_by(f64::total_cmp);
    (values[DRAWS / 40], values[DRAWS - 1 - DRAWS / 40])
}

fn table(confusion: &Confusion) -> String {
    let names = Stance::ALL.map(Stance::as_str);
    let heading = [""].iter().chain(&names).chain(&["not found", "all"]).map(ToString::to_string).collect();
    let row = |(name, cells): (&&str, &[usize; MISSED + 1])| {
        let all: usize = cells.iter().sum();
        [(*name).to_owned()].into_iter().chain(cells.iter().chain([&all]).map(ToString::to_string)).collect()
    };
    aligned(&[heading].into_iter().chain(names.iter().zip(confusion).map(row)).collect::<Vec<Vec<String>>>())
}

fn by_trap(judged: &[(&Case, Judged)]) -> Shares {
    let mut traps = Shares::default();
    for (case, verdict) in judged {
        let trap = if case.key("trap").is_empty() { "none" } else { case.key("trap") };
        pairs(case, verdict).for_each(|(wanted, given)| traps.add(trap, wanted.as_str(), given == Some(wanted)));
    }
    traps
}

#[test]
fn the_macro_f1_is_the_mean_over_stances() {
    let mut confusion = Confusion::default();
    assert!(macro_f1(&confusion).abs() < 1e-9, "of nothing");
    confusion.iter_mut().enumerate().for_each(|(stance, row)| row[stance] = 4);
    assert!((macro_f1(&confusion) - 1.0).abs() < 1e-9);
    // Two reports are called promotions, and two neutrals are not found: F1 of 4/6 x 2, ...
    confusion[0] = [2, 0, 2, 0, 0, 0];
    confusion[4] = [0, 0, 0, 0, 2, 2];
    let expected = (2.0 * 2.0 / 6.0 + 1.0 + 2.0 * 4.0 / 10.0 + 1.0 + 2.0 * 2.0 / 6.0) / 5.0;
    assert!((macro_f1(&confusion) - expected).abs() < 1e-9);
}
