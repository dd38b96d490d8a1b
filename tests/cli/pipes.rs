//! Standard input, standard output, and a reader that has enough.

use std::io::{BufRead as _, BufReader};

use crate::program::Folder;

#[test]
fn a_closed_pipe_is_success() {
    let text = "中国雷锋基金会\n".repeat(20_000);
    let folder = Folder::with(&[("long.txt", &text)]);
    for arguments in [&["scan", "long.txt"][..], &["scan", "--format", "json", "long.txt"], &["completions", "bash"]] {
        let mut child = folder.command(arguments).spawn().unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap(); // and drops the reader
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(matches!(output.status.code(), Some(0 | 1)), "{arguments:?}: {:?}\n{stderr}", output.status);
        assert!(!stderr.contains("roken pipe") && !stderr.contains("panicked"), "{arguments:?}: {stderr}");
        assert!(!first.is_empty(), "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_reason_to_stop_and_not_to_panic() {
    let folder = Folder::with(&[("a.txt", "中国雷锋基金会")]);
    let full = || std::fs::File::options().write(true).open("/dev/full").unwrap();
    for (arguments, code) in [(&["scan", "a.txt"][..], 3), (&["explain", "中国雷锋基金会"], 3), (&["run"], 2)] {
        let status = folder.command(arguments).stdout(full()).stderr(full()).status().unwrap();
        assert_eq!(status.code(), Some(code), "{arguments:?}");
    }
}

/// The writing end of a pipe that nobody reads.
fn closed_pipe() -> std::io::PipeWriter {
    std::io::pipe().unwrap().1
}

#[test]
fn a_command_that_nobody_listens_to_ends_as_ever() {
    let text = "中国雷锋基金会\n".repeat(2_000);
    let folder =
        Folder::with(&[("long.txt", &text), ("bad.ndjson", "{\n"), ("rules/a.yaml", "format: 1\nnonsense: 1\n")]);
    for (arguments, ends) in [
        (&["scan", "long.txt"][..], &[2][..]),
        (&["scan", "--rules", concat!(env!("CARGO_MANIFEST_DIR"), "/rules"), "long.txt", "bad.ndjson"], &[0, 3]),
        (&["explain", "--rules", concat!(env!("CARGO_MANIFEST_DIR"), "/rules"), "中国雷锋基金会"], &[0, 1]),
        (
            &["replay", "--rules", concat!(env!("CARGO_MANIFEST_DIR"), "/rules"), "--kind", "post", "long.txt"],
            &[0, 1, 2, 3],
        ),
        (&["rules", "check", "rules"], &[0, 1]),
        (&["config", "check"], &[0, 1, 2]),
        (&["run"], &[2]),
        (&["demo", "--records", "3", "--rate", "0", "--http-listen", "127.0.0.1:0"], &[0, 1, 2, 3]),
        (&["nonsense"], &[2]),
        (&["--help"], &[0]),
    ] {
        let mut command = folder.command(arguments);
        let status = command.stdout(closed_pipe()).stderr(closed_pipe()).status().unwrap();
        assert!(status.code().is_some_and(|code| ends.contains(&code)), "{arguments:?}: {status}");
    }
}

#[test]
fn standard_input_is_a_file_called_stdin() {
    let folder = Folder::with(&[]);
    for arguments in [&["scan", "-"][..], &["scan"]] {
        let run = folder.run_with_input(arguments, "第一行\n第二行提到中国雷锋基金会。".as_bytes());
        assert_eq!(run.code, 1, "{run}");
        assert!(run.stdout.starts_with("stdin:2:6: 中国雷锋基金会 (website-shutdown): flag, low\n"), "{run}");
    }
}

#[test]
fn records_that_are_read_as_a_text_are_noticed() {
    let record = "{\"id\":\"1\",\"body\":\"中国雷锋基金会\"}\n";
    let folder = Folder::with(&[("posts.json", record), ("posts.ndjson", record)]);
    for (arguments, input, is_noted) in [
        (&["scan"][..], record, true),
        (&["scan", "posts.json"], "", true),
        (&["scan", "--kind", "post"], record, false),
        (&["scan", "posts.ndjson"], "", false),
        (&["scan"], "{braces} are text\n", false),
        (&["scan"], "{\n  \"body\": \"laid out\"\n}\n", false),
        (&["scan"], "", false),
    ] {
        let run = folder.run_with_input(arguments, input.as_bytes());
        let note = "this looks like JSON lines: --kind post reads them as records";
        assert_eq!(run.stderr.contains(note), is_noted, "{arguments:?} {input}\n{run}");
    }
}

#[test]
fn colours_come_when_asked_for_and_not_in_a_pipe() {
    let folder = Folder::with(&[("a.txt", "中国雷锋基金会")]);
    for (arguments, variable, coloured) in [
        (&["scan", "a.txt"][..], None, false),
        (&["scan", "--color", "always", "a.txt"], None, true),
        (&["--color", "always", "scan", "a.txt"], Some(("NO_COLOR", "1")), true),
        (&["scan", "--color", "never", "a.txt"], None, false),
    ] {
        let mut command = folder.command(arguments);
        command.envs(variable);
        let run = crate::program::finish(command, b"");
        assert_eq!(run.stdout.contains('\u{1b}'), coloured, "{arguments:?}\n{run}");
    }
}

#[test]
fn what_a_stranger_wrote_cannot_move_the_cursor() {
    let folder = Folder::with(&[("a.txt", "\u{1b}[2J中国雷锋\u{202e}基金会\u{7}")]);
    let run = folder.run(&["scan", "a.txt"]);
    assert_eq!(run.code, 1, "{run}");
    assert!(!run.stdout.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{run}");
}

#[test]
fn the_rules_in_use_are_said_once_on_stderr() {
    let folder = Folder::with(&[("a.txt", "text"), ("b.txt", "text")]);
    let run = folder.run(&["scan", "a.txt", "b.txt"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{run}");
    assert_eq!(run.stderr.matches("rules: the lists built into the program (").count(), 1, "{run}");
}
