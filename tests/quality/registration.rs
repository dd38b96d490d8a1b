//! Account profiles, honest and impostor: action and mentions for each class.

use super::exam::{Case, Half, REGISTRATION};
use super::figures::{Figures, Share, Shares, aligned};
use super::found::Judged;
use super::{judged, run};

const ACTIONS: [&str; 4] = ["none", "flag", "review", "hold"];

#[test]
fn profiles_get_the_action_of_their_class() {
    run(REGISTRATION, measure);
}

fn measure(_: Half, cases: &[Case], figures: &mut Figures) {
    let judged = judged(cases);
    let mut classes = Shares::default();
    for (case, verdict) in &judged {
        let class = case.key("class");
        classes.add(class, "action", verdict.action == case.action);
        classes.add(class, "record", verdict.is_right(case));
        verdict.matched.iter().for_each(|matched| classes.add(class, "mention", matched.is_some()));
    }
    figures.say("right, by class (record: the action and every mention, with nothing besides):");
    figures.say(&classes.grid("class"));
    figures.say("wanted action down, given action across:");
    figures.say(&actions(&judged));
    figures.share("right action", Share::of(judged.iter().map(|(case, verdict)| verdict.action == case.action)));
    figures.share(
        "mentions",
        Share::of(judged.iter().flat_map(|(_, verdict)| verdict.matched.iter().map(Option::is_some))),
    );
    figures.share("right", Share::of(judged.iter().map(|(case, verdict)| verdict.is_right(case))));
    figures.count("unexpected mentions", judged.iter().map(|(case, verdict)| verdict.unexpected(case).count()).sum());
    let honest = || judged.iter().filter(|(case, _)| case.action == "none");
    figures.count("honest profiles flagged", honest().filter(|(_, verdict)| verdict.is_flagged()).count());
    for class in classes.rows() {
        let own = judged.iter().filter(|(case, _)| case.key("class") == class);
        figures.measure(&format!("right action.{class}"), Share::of(own.map(|(c, v)| v.action == c.action)).ratio());
    }
    for (case, verdict) in judged.iter().filter(|(case, verdict)| !verdict.is_right(case)) {
        figures.wrong(&case.id, || verdict.difference(case));
    }
}

fn actions(judged: &[(&Case, Judged)]) -> String {
    let row = |wanted: &str| {
        let own: Vec<_> = judged.iter().filter(|(case, _)| case.action == wanted).collect();
        let given = ACTIONS.map(|action| own.iter().filter(|(_, verdict)| verdict.action == action).count());
        let cells = given.into_iter().chain([own.len()]).map(|count| count.to_string());
        [wanted.to_owned()].into_iter().chain(cells).collect()
    };
    let heading = [""].iter().chain(&ACTIONS).chain(&["all"]).map(ToString::to_string).collect();
    aligned(&[heading].into_iter().chain(ACTIONS.map(row)).collect::<Vec<Vec<String>>>())
}
