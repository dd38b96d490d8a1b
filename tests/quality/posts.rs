//! Short posts and registrations: exact mentions and the action, half of them about people to be left alone.

use super::exam::{Case, Half, POSTS};
use super::figures::{Figures, Share};
use super::{judged, run};

#[test]
fn every_post_and_registration_gets_its_mentions_and_its_action() {
    run(POSTS, measure);
}

fn measure(_: Half, cases: &[Case], figures: &mut Figures) {
    assert!(cases.len() > 100, "the exam is whole");
    let judged = judged(cases);
    figures.share("right", Share::of(judged.iter().map(|(case, verdict)| verdict.is_right(case))));
    let action = judged.iter().map(|(case, verdict)| verdict.action == case.action);
    figures.share("right action", Share::of(action));
    figures.share(
        "mentions",
        Share::of(judged.iter().flat_map(|(_, verdict)| verdict.matched.iter().map(Option::is_some))),
    );
    figures.count("unexpected mentions", judged.iter().map(|(case, verdict)| verdict.unexpected(case).count()).sum());
    for (case, verdict) in judged.iter().filter(|(case, verdict)| !verdict.is_right(case)) {
        figures.wrong(&case.id, || verdict.difference(case));
    }
}
