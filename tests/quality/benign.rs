//! Texts in which nothing may be flagged: how many are, for each class.

use super::exam::{BENIGN, Case, Half, NEAR};
use super::figures::{Figures, Share, aligned};
use super::found::Judged;
use super::{judged, run};
use std::collections::BTreeMap;

/// Classes of which nothing at all may be flagged.
const UNTOUCHABLE: [&str; 2] = ["registered", "official"];

#[test]
fn the_innocent_are_left_alone() {
    run(BENIGN, measure);
}

#[test]
fn what_only_resembles_a_listed_name_is_left_alone() {
    run(NEAR, measure);
}

fn measure(_: Half, cases: &[Case], figures: &mut Figures) {
    let judged = judged(cases);
    let mut classes: BTreeMap<&str, Vec<&Judged>> = BTreeMap::new();
    for (case, verdict) in &judged {
        classes.entry(case.key("class")).or_default().push(verdict);
    }
    let rows = classes.iter().map(|(class, verdicts)| row(class, verdicts));
    let heading = ["class", "records", "flagged", "per 1,000", "above flag"].map(str::to_owned).to_vec();
    figures.say(&aligned(&[heading].into_iter().chain(rows).collect::<Vec<_>>()));
    let untouchable = |case: &Case| UNTOUCHABLE.contains(&case.key("class"));
    let flagged = |group: bool| {
        Share::of(judged.iter().filter(|(case, _)| untouchable(case) == group).map(|(_, verdict)| verdict.is_flagged()))
    };
    figures.count("flagged registered or official", flagged(true).hits);
    figures.say(&format!("flagged elsewhere: {}", flagged(false)));
    figures.measure("flagged per 1,000 elsewhere", flagged(false).ratio() * 1000.0);
    figures.count("above flag", judged.iter().filter(|(_, verdict)| is_above_flag(verdict)).count());
    for (case, verdict) in judged.iter().filter(|(_, verdict)| verdict.is_flagged()) {
        figures.wrong(&format!("{} {}", case.id, case.key("class")), || verdict.difference(case));
    }
}

fn row(class: &str, verdicts: &[&Judged]) -> Vec<String> {
    let flagged = Share::of(verdicts.iter().map(|verdict| verdict.is_flagged()));
    let above = verdicts.iter().filter(|verdict| is_above_flag(verdict)).count();
    let per_thousand = format!("{:.1}", flagged.ratio() * 1000.0);
    vec![class.to_owned(), flagged.of.to_string(), flagged.hits.to_string(), per_thousand, above.to_string()]
}

fn is_above_flag(verdict: &Judged) -> bool {
    !matches!(verdict.action, "none" | "flag")
}
