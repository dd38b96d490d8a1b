//! Help, as committed snapshots: `-h` fits a screen, `--help` ends with an example and the exit codes.

use crate::program::Folder;

const COMMANDS: &[&[&str]] = &[
    &[],
    &["demo"],
    &["run"],
    &["scan"],
    &["explain"],
    &["rules"],
    &["rules", "check"],
    &["config"],
    &["config", "check"],
    &["completions"],
];

fn help(command: &[&str], flag: &str) -> String {
    let arguments: Vec<&str> = command.iter().copied().chain([flag]).collect();
    let folder = Folder::with(&[]);
    let mut program = folder.command(&arguments);
    program.env("COLUMNS", "80");
    let run = crate::program::finish(program, b"");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{command:?}");
    run.stdout
}

#[test]
fn short_help_fits_a_screen() {
    for command in COMMANDS {
        let text = help(command, "-h");
        assert!(text.lines().count() <= 24, "{command:?}: {} lines\n{text}", text.lines().count());
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{command:?}: {line}");
        }
    }
}

#[test]
fn long_help_ends_with_an_example_and_the_exit_codes() {
    for command in COMMANDS.iter().filter(|command| !matches!(command, [word] if ["rules", "config"].contains(word))) {
        let text = help(command, "--help");
        assert!(text.contains("\nExample:\n  tripline "), "{command:?}\n{text}");
        assert!(text.trim_end().ends_with("3  stopped while running"), "{command:?}\n{text}");
    }
}

#[test]
fn help_is_as_it_was_read_and_agreed() {
    for command in COMMANDS {
        let name = ["help"].iter().chain(*command).copied().collect::<Vec<_>>().join("-");
        insta::assert_snapshot!(name.as_str(), help(command, "-h"));
        insta::assert_snapshot!(format!("{name}-long"), help(command, "--help"));
    }
}

#[test]
fn every_shell_gets_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = Folder::with(&[]).run(&["completions", shell]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{shell}");
        for word in ["explain", "bootstrap-servers"] {
            assert!(run.stdout.contains(word), "{shell} does not know {word}");
        }
    }
}

#[test]
fn the_version_is_on_stdout() {
    let run = Folder::with(&[]).run(&["--version"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, concat!("tripline ", env!("CARGO_PKG_VERSION"), "\n")));
}
