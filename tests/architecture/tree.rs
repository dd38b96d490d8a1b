//! What stands where: the top level, and how long files are.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use crate::imports::collect;
use crate::root;

/// Everything that may stand at the top level: the house, the usual documents, and the files that tools look for there.
const TOP_LEVEL: &[&str] = &[
    ".ci",
    ".editorconfig",
    ".gitattributes",
    ".github",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "Makefile",
    "README.md",
    "SECURITY.md",
    "clippy.toml",
    "deny.toml",
    "deploy",
    "rules",
    "rustfmt.toml",
    "src",
    "tests",
];

/// Files have 100 to 300 lines. These are longer than 500, each with its reason.
const LONG_FILES: &[(&str, &str)] = &[];

const LONG: usize = 500;
const LONGEST_MAIN: usize = 40;

#[test]
fn the_top_level_holds_only_what_belongs_there() {
    let strangers: Vec<String> = top_level().into_iter().filter(|name| !TOP_LEVEL.contains(&name.as_str())).collect();
    assert_eq!(strangers, [""; 0], "name it in TOP_LEVEL if it belongs there");
}

/// What git tracks; without git (a source archive), what is there.
fn top_level() -> Vec<String> {
    let tracked = Command::new("git").args(["ls-tree", "--name-only", "HEAD"]).current_dir(root()).output();
    if let Ok(tracked) = tracked
        && tracked.status.success()
    {
        return String::from_utf8_lossy(&tracked.stdout).lines().map(str::to_owned).collect();
    }
    let target = env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    fs::read_dir(root())
        .expect("the repository can be listed")
        .map(|entry| entry.expect("an entry can be read").file_name())
        .filter(|name| Path::new(name) != Path::new(&target).file_name().map_or(Path::new("target"), Path::new))
        .map(|name| name.to_string_lossy().into_owned())
        .collect()
}

#[test]
fn no_file_is_long_without_a_reason() {
    let long: Vec<String> = lengths()
        .into_iter()
        .filter(|(file, lines)| *lines > LONG && !LONG_FILES.iter().any(|(named, _)| named == file))
        .map(|(file, lines)| format!("{file}: {lines} lines"))
        .collect();
    assert_eq!(long, [""; 0], "split it, or name it in LONG_FILES with the reason");
}

#[test]
fn no_reason_is_kept_for_a_file_that_is_no_longer_long() {
    let lengths = lengths();
    for (named, reason) in LONG_FILES {
        let lines = lengths.iter().find(|(file, _)| file == named).map(|(_, lines)| *lines);
        assert!(lines.is_some_and(|lines| lines > LONG), "{named} ({reason}) has {lines:?} lines");
    }
}

#[test]
fn main_only_parses_runs_and_exits() {
    let lines = fs::read_to_string(root().join("src/main.rs")).expect("src/main.rs can be read").lines().count();
    assert!(lines <= LONGEST_MAIN, "src/main.rs has {lines} lines");
}

fn lengths() -> Vec<(String, usize)> {
    let mut files = Vec::new();
    collect(&root().join("src"), &mut files);
    collect(&root().join("tests"), &mut files);
    let length = |path: &Path| {
        let file = path.strip_prefix(root()).expect("it lies below").to_string_lossy().into_owned();
        (file, fs::read_to_string(path).expect("a source can be read").lines().count())
    };
    files.iter().map(|path| length(path)).collect()
}
