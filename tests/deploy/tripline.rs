//! The program itself, for commands that documents show and settings that manifests hold.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use tripline::config::{Layers, Settings, Surroundings, load};
use tripline::kafka::check_property;

use crate::read;

/// The settings that a process with this file and this environment would have.
pub fn settings(file: &str, environment: &[(String, String)]) -> Settings {
    let layers = Layers {
        file: Some((file.to_owned(), read(file))),
        environment: in_the_system(environment),
        ..Layers::default()
    };
    // The folders of rules are in the image and in volumes, not here.
    let around = Surroundings {
        host_name: "host".into(),
        property: &check_property,
        exists: &|path: &Path| !path.as_os_str().is_empty(),
    };
    load(&layers, &around).unwrap_or_else(|problems| panic!("{file}: {problems}"))
}

fn in_the_system(environment: &[(String, String)]) -> Vec<(OsString, OsString)> {
    environment.iter().map(|(name, value)| (name.into(), value.into())).collect()
}

/// Every line of a document's code blocks in the shell's language, continued lines joined.
fn shell_lines(document: &str) -> Vec<String> {
    let text = read(document);
    let blocks = text.split("```").skip(1).step_by(2);
    let shell = blocks.filter_map(|block| block.strip_prefix("sh\n").or(block.strip_prefix("console\n")));
    shell.flat_map(|block| block.replace("\\\n", " ").lines().map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// The words of a simple command up to a pipe, a redirection or a comment; quotes hold words together.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote, mut begun) = (Vec::new(), String::new(), None, false);
    for c in line.chars() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (None, '\'' | '"') => (quote, begun) = (Some(c), true),
            (None, '|' | '>' | '<' | '#' | ';' | '&') => break,
            (None, ' ') => {
                if begun || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            (_, c) => word.push(c),
        }
    }
    words.extend((begun || !word.is_empty()).then_some(word));
    words
}

#[test]
fn every_tripline_command_in_the_documents_is_one() {
    let mut seen = 0;
    for document in ["deploy/README.md", "deploy/RUNBOOK.md", "deploy/EVENTS.md"] {
        for line in shell_lines(document) {
            let Some(at) =
                line.find("tripline ").filter(|at| line[..*at].trim_start().trim_start_matches("$ ").is_empty())
            else {
                continue;
            };
            let words = words(&line[at..]);
            assert_is_command(document, &words[1..]);
            seen += 1;
        }
    }
    assert!(seen >= 10, "{seen} commands only");
}

/// The program reads these arguments: --help ends the reading, and whatever is unknown before it is an error.
pub fn assert_is_command(place: &str, arguments: &[String]) {
    let program = Command::new(env!("CARGO_BIN_EXE_tripline")).args(arguments).arg("--help").env_clear().output();
    let said = program.expect("the program runs");
    assert!(said.status.success(), "{place}: {arguments:?}\n{}", String::from_utf8_lossy(&said.stderr));
}

#[test]
fn words_are_read_as_a_shell_reads_them() {
    for (line, expected) in [
        ("tripline scan - # x", vec!["tripline", "scan", "-"]),
        ("tripline explain 'a | b' | less", vec!["tripline", "explain", "a | b"]),
        ("a \"\" b", vec!["a", "", "b"]),
        ("", vec![]),
    ] {
        assert_eq!(words(line), expected, "{line}");
    }
}
