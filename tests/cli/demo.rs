//! `tripline demo`: the whole service over the in-process cluster.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Child;

use crate::program::{Folder, Run};

const LISTEN: [&str; 2] = ["--http-listen", "127.0.0.1:0"];

fn demo(arguments: &[&str]) -> Run {
    let arguments: Vec<_> = ["demo"].iter().chain(&LISTEN).chain(arguments).copied().collect();
    Folder::with(&[]).run(&arguments)
}

#[test]
fn what_is_fed_is_judged_and_shown() {
    let run = demo(&["--records", "300", "--rate", "0"]);
    assert_eq!(run.code, 0, "{run}");
    assert!(run.stderr.contains("300 records fed, 300 judged in "), "{run}");
    for words in [
        "flag, low      post demo-",
        "review, medium registration demo-",
        "「",
        "(website-shutdown) via name",
        "evasion: ",
    ] {
        assert!(run.stdout.contains(words), "{words:?} is missing\n{run}");
    }
    assert!(!run.stdout.contains('\u{1b}') && !run.stderr.contains('\u{1b}'), "{run}");
    assert!(!run.stderr.contains("ERROR"), "{run}");
}

#[test]
fn a_time_ends_it_too() {
    let run = demo(&["--for", "1s", "--rate", "10"]);
    assert_eq!(run.code, 0, "{run}");
    assert!(run.stderr.contains(" judged in "), "{run}");
}

#[test]
fn an_address_that_is_taken_could_not_start() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let run = Folder::with(&[]).run(&["demo", "--http-listen", &address, "--records", "1"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains(&address), "{run}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_cleanly_with_a_summary() {
    let folder = Folder::with(&[]);
    let mut child = folder.command(&["demo", "--http-listen", "127.0.0.1:0", "--rate", "50"]).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut String::new()).unwrap(); // a verdict: it is under way
    interrupt(&child);
    let drained = std::thread::spawn(move || out.read_to_end(&mut Vec::new()).unwrap());
    let output = child.wait_with_output().unwrap();
    drained.join().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    assert!(stderr.trim_end().lines().last().unwrap().contains(" organisations found"), "{stderr}");
}

#[cfg(unix)]
fn interrupt(child: &Child) {
    let status = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}
