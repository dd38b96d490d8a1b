//! `deploy/` held against the program: what alerts, dashboard, manifests and documents name exists, and means what they say.
//!
//! Nothing is started here. What a real Prometheus says of the rules and the dashboard is in `tests/clients`; what was
//! tried by hand with other tools stands in `deploy/README.md`.

mod compose;
mod events;
mod image;
mod kubernetes;
mod metrics;
mod promql;
mod runbook;
mod systemd;
mod tripline;
mod yaml;

use std::fs;
use std::path::{Path, PathBuf};

/// The repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A text file of the repository.
fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All files below a folder of the repository, sorted.
fn files_below(folder: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder can be read") {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

#[test]
fn every_yaml_and_json_file_is_well_formed() {
    let mut seen = 0;
    for path in files_below("deploy") {
        let text = fs::read_to_string(&path).expect("deploy holds texts");
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("yaml" | "yml") => assert!(!yaml::documents(&text).is_empty(), "{}", path.display()),
            Some("json") => drop(serde_json::from_str::<serde_json::Value>(&text).expect("JSON")),
            Some("ndjson") => {
                for line in text.lines() {
                    drop(serde_json::from_str::<serde_json::Value>(line).expect("JSON on each line"));
                }
            }
            _ => continue,
        }
        seen += 1;
    }
    assert!(seen > 20, "{seen} files only");
}
