//! What `tests/prerequisites.sh` says and does where something is missing: tried with a PATH of made-up tools.

use std::path::Path;
use std::process::Command;

use crate::root;

const OLD_CARGO: (&str, &str) = ("cargo", "echo 'cargo 1.65.0'");
const NEW_CARGO: (&str, &str) = ("cargo", "echo 'cargo 2.0.0 (made up)'");
const JAVA_17: (&str, &str) = ("java", r#"echo 'openjdk version "17.0.15" 2025-04-15' >&2"#);
const JAVA_11: (&str, &str) = ("java", r#"echo 'openjdk version "11.0.2" 2019-01-15' >&2"#);
const MAVEN: (&str, &str) = ("mvn", "true");
const A_USER: (&str, &str) = ("id", "echo 1000");
const ROOT: (&str, &str) = ("id", "echo 0");
const APT: (&str, &str) = ("apt-get", r#"echo "apt-get $*""#);
const APT_WITHOUT_JAVA_17: (&str, &str) =
    ("apt-get", r#"echo "apt-get $*"; case "$*" in *openjdk-17*) exit 100 ;; esac"#);
const BROKEN_APT: (&str, &str) = ("apt-get", "exit 100");
const CC: (&str, &str) = ("cc", "true");
const CXX: (&str, &str) = ("c++", "true");
const CXX_WITHOUT_HEADERS: (&str, &str) = ("c++", "exit 1");
const MAKE: (&str, &str) = ("make", "true");
const PERL: (&str, &str) = ("perl", "true");
const PERL_BASE: (&str, &str) = ("perl", "exit 2");

/// Runs the script with these tools and nothing else: exit code, and what it wrote to stderr.
fn prerequisites(tools: &[(&str, &str)], broker: &str, needs: &[&str]) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_tools(folder.path(), tools);
    let out = Command::new("/bin/bash")
        .arg(root().join("tests/prerequisites.sh"))
        .args(needs)
        .env_clear()
        .env("PATH", folder.path())
        .env("KAFKA_BOOTSTRAP", broker)
        .output()
        .expect("bash runs");
    assert_eq!(String::from_utf8_lossy(&out.stdout), "", "nothing goes to stdout");
    (out.status.code(), String::from_utf8_lossy(&out.stderr).into_owned())
}

/// Another process writes them: were one of these files open here while a thread of another test starts a process, that
/// one would inherit it for a moment, and nobody can run a file that is open for writing.
fn write_tools(folder: &Path, tools: &[(&str, &str)]) {
    let script = "cd \"$0\" && while [ $# -gt 0 ]; do
            printf '#!/bin/bash\\n%s\\n' \"$2\" >\"$1\" && chmod 755 \"$1\" && shift 2 || exit 1
        done";
    let words = tools.iter().flat_map(|(name, does)| [name, does]);
    let done = Command::new("/bin/bash").arg("-c").arg(script).arg(folder).args(words).status();
    assert!(done.expect("bash runs").success(), "the tools are written");
}

#[test]
fn where_everything_is_there_it_says_nothing() {
    for (tools, broker, needs) in [
        (&[NEW_CARGO, CC, CXX, MAKE, PERL, JAVA_17, MAVEN][..], "", &["rust", "lint", "c", "kafka"][..]),
        (&[NEW_CARGO, CC, CXX, MAKE, PERL], "localhost:9092", &["rust", "c", "kafka"]),
        (&[NEW_CARGO, CC, CXX, MAKE, PERL], "", &["rust", "c"]),
        (&[ROOT, APT], "", &[]),
    ] {
        assert_eq!(prerequisites(tools, broker, needs), (Some(0), String::new()), "{needs:?}");
    }
}

#[test]
fn a_user_is_told_what_to_install() {
    for (tools, needs, expected) in [
        (&[A_USER, APT][..], &["kafka"][..], "sudo apt-get install openjdk-17-jre-headless maven"),
        (&[A_USER, APT, JAVA_11, MAVEN], &["kafka"], "sudo apt-get install openjdk-17-jre-headless\n"),
        (&[A_USER, APT, JAVA_17], &["kafka"], "sudo apt-get install maven\n"),
        (&[A_USER, APT], &["kafka"], "KAFKA_BOOTSTRAP=host:port make test"),
        (&[A_USER, APT], &["c"], "sudo apt-get install g++ make perl"),
        (&[A_USER, APT, CC, CXX_WITHOUT_HEADERS, MAKE, PERL], &["c"], "sudo apt-get install g++\n"),
        (&[A_USER, APT, CXX, MAKE, PERL], &["c"], "sudo apt-get install gcc libc6-dev\n"),
        (&[A_USER, APT, CC, CXX, MAKE, PERL_BASE], &["c"], "sudo apt-get install perl\n"),
        (&[A_USER], &["c"], "missing on this machine: g++ make perl\n  (names of Debian packages"),
        (&[ROOT], &["kafka"], "missing on this machine: openjdk-17-jre-headless maven"),
    ] {
        let (code, said) = prerequisites(tools, "", needs);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(expected), "expected {expected:?} in:\n{said}");
    }
}

#[test]
fn root_on_debian_gets_it_installed() {
    let install = "apt-get install -y -qq --no-install-recommends";
    for (tools, needs, expected) in [
        (&[ROOT, APT][..], &["c"][..], "g++ make perl\n"),
        (&[ROOT, APT], &["kafka"], "openjdk-17-jre-headless maven\n"),
        (&[ROOT, APT, NEW_CARGO, CC, CXX, MAKE, PERL, JAVA_17], &["rust", "c", "kafka"], "maven\n"),
        (&[ROOT, APT_WITHOUT_JAVA_17], &["kafka"], "default-jre-headless maven\n"),
    ] {
        let (code, said) = prerequisites(tools, "", needs);
        assert_eq!(code, Some(0), "{said}");
        assert!(said.ends_with(&format!("{install} {expected}")), "{said}");
    }
}

#[test]
fn an_installation_that_fails_fails() {
    let (code, said) = prerequisites(&[ROOT, BROKEN_APT], "", &["c", "kafka"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("apt-get could not install them"), "{said}");
}

#[test]
fn rust_is_never_installed_by_us() {
    for (tools, expected) in [
        (&[ROOT, APT][..], "Rust is missing: tripline needs cargo 1.95 or newer."),
        (&[ROOT, APT, OLD_CARGO], "Rust is too old: tripline needs cargo 1.95 or newer, this is 1.65.0."),
        (&[A_USER, OLD_CARGO], "Debian's own cargo package is older than that; install Rust with rustup"),
    ] {
        let (code, said) = prerequisites(tools, "", &["rust"]);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(expected) && !said.contains("apt-get install"), "{said}");
    }
}

#[test]
fn without_rustfmt_and_clippy_it_says_where_they_come_from() {
    let cargo = ("cargo", r#"[ "$1" = --version ] && echo "cargo 2.0.0" || exit 101"#);
    let (code, said) = prerequisites(&[cargo], "", &["rust", "lint"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("cargo clippy is missing; install it with: rustup component add rustfmt clippy"), "{said}");
}
