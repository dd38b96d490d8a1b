//! Where Apache Kafka's jars are, fetched once by `tests/kafka/jars`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The classpath of Kafka's jars.
///
/// # Panics
/// When they cannot be fetched, with what to do about it.
pub fn classpath() -> String {
    format!("{}/*", folder().display())
}

fn folder() -> PathBuf {
    let out =
        Command::new("bash").arg(script("jars")).arg(target()).stderr(Stdio::inherit()).output().expect("bash runs");
    assert!(
        out.status.success(),
        "Apache Kafka's jars could not be fetched: the tests need a Java 17 runtime and Maven (`tests/prerequisites.sh kafka` \
         says how to get them), or a broker of yours: KAFKA_BOOTSTRAP=host:port"
    );
    let path = String::from_utf8(out.stdout).expect("the script prints a path");
    PathBuf::from(path.trim_end())
}

/// A script of this folder.
pub fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kafka").join(name)
}

/// Cargo's target folder: Cargo gives tests the path of its `tmp`.
fn target() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("CARGO_TARGET_TMPDIR is a folder in the target folder")
}
