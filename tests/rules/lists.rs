//! The shipped lists and the files of the corpus, for every harness that judges with them.

use std::fs;
use std::path::{Path, PathBuf};
use tripline::rule::RuleSet;

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every YAML file under `rules/`, by name.
pub fn rule_files() -> Vec<(String, String)> {
    let mut folders = vec![root().join("rules")];
    let mut files: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder can be read") {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yaml") {
                files.push(path);
            }
        }
    }
    files.sort();
    let name = |path: &Path| path.strip_prefix(root()).expect("below the root").display().to_string();
    files.iter().map(|path| (name(path), fs::read_to_string(path).expect("UTF-8"))).collect()
}

/// The shipped rule set.
pub fn shipped_rules() -> RuleSet {
    let builder = rule_files().iter().fold(RuleSet::builder(), |builder, (file, text)| builder.add_yaml(file, text));
    builder.build().unwrap_or_else(|problems| panic!("the shipped rules have problems:\n{problems}"))
}

/// A file of the corpus.
pub fn corpus(name: &str) -> String {
    fs::read_to_string(root().join("tests/corpus").join(name)).expect("the corpus is there")
}
