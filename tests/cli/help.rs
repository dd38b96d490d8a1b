//! Help, for every command that there is: `-h` fits a screen, `--help` ends with an example and the exit codes. Ours are
//! committed as snapshots too.

use crate::program::Folder;

/// Whose words were read and agreed.
const SNAPSHOTS: &[&[&str]] = &[
    &[],
    &["demo"],
    &["run"],
    &["scan"],
    &["explain"],
    &["replay"],
    &["rules"],
    &["rules", "check"],
    &["rules", "import"],
    &["topics"],
    &["topics", "create"],
    &["topics", "check"],
    &["topics", "acls"],
    &["config"],
    &["config", "check"],
    &["config", "show"],
    &["config", "example"],
    &["completions"],
    &["man"],
];

/// Every command, found by asking the program itself: a new one needs no line here.
fn commands() -> Vec<Vec<String>> {
    let mut all = vec![Vec::new()];
    let mut next = 0;
    while let Some(command) = all.get(next).cloned() {
        let text = help(&command, "-h");
        let list = text.split_once("\nCommands:\n").map_or("", |(_, rest)| rest.split("\n\n").next().unwrap_or(""));
        let names = list.lines().filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' '));
        let names = names.filter_map(|line| line.split(' ').next()).filter(|name| *name != "help");
        all.extend(names.map(|name| command.iter().cloned().chain([name.to_owned()]).collect()));
        next += 1;
    }
    all
}

fn help(command: &[impl AsRef<str>], flag: &str) -> String {
    let arguments: Vec<&str> = command.iter().map(AsRef::as_ref).chain([flag]).collect();
    let folder = Folder::with(&[]);
    let mut program = folder.command(&arguments);
    program.env("COLUMNS", "80");
    let run = crate::program::finish(program, b"");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{arguments:?}");
    run.stdout
}

#[test]
fn every_command_is_found() {
    let commands = commands();
    for command in SNAPSHOTS {
        assert!(commands.iter().any(|it| it == command), "{command:?} in {commands:?}");
    }
    assert!(commands.len() >= SNAPSHOTS.len(), "{commands:?}");
}

#[test]
fn short_help_fits_a_screen() {
    for command in commands() {
        let text = help(&command, "-h");
        assert!(text.lines().count() <= 24, "{command:?}: {} lines\n{text}", text.lines().count());
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{command:?}: {line}");
        }
    }
}

#[test]
fn long_help_ends_with_an_example_and_the_exit_codes() {
    for command in commands() {
        let text = help(&command, "--help");
        assert!(text.contains("\nExample:\n  tripline "), "{command:?}\n{text}");
        assert!(text.trim_end().ends_with("3  stopped while running"), "{command:?}\n{text}");
    }
}

#[test]
fn help_is_as_it_was_read_and_agreed() {
    for command in SNAPSHOTS {
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
fn completions_say_where_a_file_and_where_a_folder_goes() {
    let run = Folder::with(&[]).run(&["completions", "zsh"]);
    for words in [":FILE:_files'", ":folder -- Where to write; made if it is not there:_files -/"] {
        assert!(run.stdout.contains(words), "{words}");
    }
}

#[test]
fn manual_pages_are_written_and_nobody_elses_is_lost() {
    let folder = Folder::with(&[("other/tripline-scan.1", "somebody's notes\n")]);
    let run = folder.run(&["man", "share/man1"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run}");
    assert_eq!(run.stdout.lines().next(), Some("share/man1/tripline.1"), "{run}");
    for path in run.stdout.lines() {
        let page = std::fs::read_to_string(folder.path().join(path)).unwrap();
        assert!(page.contains("\n.SH NAME\n"), "{path}");
    }
    assert_eq!(commands().len(), run.stdout.lines().count(), "{run}");
    assert_eq!(folder.run(&["man", "share/man1"]).code, 0, "our own pages are replaced");
    let run = folder.run(&["man", "other"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run}");
    assert!(run.stderr.contains("other/tripline-scan.1 is there and is no manual page of tripline"), "{run}");
    assert_eq!(std::fs::read_dir(folder.path().join("other")).unwrap().count(), 1, "nothing was written");
}

#[test]
fn the_version_is_on_stdout() {
    let run = Folder::with(&[]).run(&["--version"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, concat!("tripline ", env!("CARGO_PKG_VERSION"), "\n")));
}
