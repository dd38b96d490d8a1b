//! Short posts and registrations: exact mentions and the action, half of them about people to be left alone.

use super::exam::{Case, Half, POSTS};
use super::figures::{Figures, Share};
use super::found::Judged;
use super::{judged, run};
use tripline::content::Kind;

#[test]
fn every_post_and_registration_gets_its_mentions_and_its_action() {
    run(POSTS, measure);
}

fn measure(_: Half, cases: &[Case], figures: &mut Figures) {
    assert!(cases.len() > 100, "the exam is whole");
    let judged = judged(cases);
    figures.share("right", Share::of(judged.iter().map(|(case, verdict)| is_right(case, verdict))));
    let action = judged.iter().map(|(case, verdict)| has_right_action(case, verdict));
    figures.share("right action", Share::of(action));
    figures.share(
        "mentions",
        Share::of(judged.iter().flat_map(|(_, verdict)| verdict.matched.iter().map(Option::is_some))),
    );
    figures.count("unexpected mentions", judged.iter().map(|(case, verdict)| verdict.unexpected(case).count()).sum());
    for (case, verdict) in judged.iter().filter(|(case, verdict)| !is_right(case, verdict)) {
        figures.wrong(&case.id, || verdict.difference(case));
    }
}

/// The lines were written before stances were judged: here `flag` says that a name was found in a post, whoever promotes it.
fn has_right_action(case: &Case, verdict: &Judged) -> bool {
    let is_promoted = case.content.kind == Kind::Post && case.action == "flag" && verdict.action == "review";
    verdict.action == case.action || is_promoted
}

fn is_right(case: &Case, verdict: &Judged) -> bool {
    has_right_action(case, verdict)
        && verdict.hits() == case.expected.len()
        && verdict.unexpected(case).next().is_none()
}
