//! Colours as a user asks for them. Which rule wins is a table beside the code; here, that everybody follows it.

use crate::program::{Folder, Run, finish};

const BAD: &str = "notice: { id: Bad Id }\n";

fn run(arguments: &[&str], environment: &[(&str, &str)]) -> Run {
    let folder = Folder::with(&[("a.txt", "中国雷锋基金会招募会员"), ("bad/a.yaml", BAD)]);
    folder.write("tripline.toml", b"[kafka]\ngaps = 7\n");
    let mut command = folder.command(arguments);
    command.envs(environment.iter().copied());
    finish(command, b"")
}

#[test]
fn everybody_colours_when_asked_to_and_nobody_else_in_a_pipe() {
    for arguments in [
        &["scan", "a.txt"][..],
        &["explain", "中国雷锋基金会"],
        &["rules", "check", "bad"],
        &["config", "show"],
        &["run", "-c", "gone.toml"],
        &["scan", "gone.txt"],
        &["scan", "--rules", "bad", "a.txt"],
        &["--help"],
        &["sacn"],
    ] {
        for (flags, environment, expected) in [
            (&[][..], &[][..], false),
            (&["--color", "always"], &[], true),
            (&["--color=never"], &[("CLICOLOR_FORCE", "1")], false),
            (&[], &[("CLICOLOR_FORCE", "1")], true),
            (&[], &[("FORCE_COLOR", "1")], true),
            (&[], &[("FORCE_COLOR", "1"), ("NO_COLOR", "1")], false),
        ] {
            let all: Vec<_> = flags.iter().chain(arguments).copied().collect();
            let run = run(&all, environment);
            let found = run.stdout.contains('\u{1b}') || run.stderr.contains('\u{1b}');
            assert_eq!(found, expected, "{all:?} {environment:?}\n{run}");
        }
    }
}

#[test]
fn a_coloured_problem_of_the_rules_says_the_same_words() {
    let plain = run(&["rules", "check", "bad"], &[]);
    let coloured = run(&["rules", "check", "bad", "--color", "always"], &[]);
    let mut stripped = String::new();
    for (index, piece) in coloured.stdout.split('\u{1b}').enumerate() {
        stripped.push_str(if index == 0 { piece } else { piece.split_once('m').unwrap().1 });
    }
    assert_eq!(stripped, plain.stdout);
    assert!(coloured.stdout.contains("\u{1b}[1;31merror["), "{coloured}");
}
