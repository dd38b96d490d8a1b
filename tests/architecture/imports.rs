//! Who imports whom, and who names which crate.

use std::fs;
use std::path::{Path, PathBuf};

use crate::layers::Layers;
use crate::root;
use crate::source::{self, Named};

/// What the core (layers 0 to 2) must not name: it takes time, settings and randomness as arguments, and touches nothing.
const NOT_IN_THE_CORE: &[&str] = &[
    "tokio",
    "rdkafka",
    "prometheus",
    "config",
    "clap",
    "axum",
    "anyhow",
    "tracing",
    "hostname",
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::thread",
    "std::io::stdin",
    "std::io::stdout",
    "std::io::stderr",
];

/// The same, wherever they stand in a path.
const NOT_CALLED_IN_THE_CORE: &[&str] = &["SystemTime::now", "Instant::now", "Timestamp::now", "Zoned::now"];

/// A crate, and the only files that may name it: exchanging it is then a change in one place.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("aho_corasick", &["src/matcher/automaton.rs"]),
    ("anyhow", &["src/cli/", "src/main.rs"]),
    ("axum", &["src/http/"]),
    ("cel", &["src/rule/", "src/engine/"]),
    ("clap", &["src/cli/", "src/main.rs"]),
    ("clap_complete", &["src/cli/"]),
    ("clap_mangen", &["src/cli/man.rs"]),
    ("config", &["src/config/"]),
    ("idna", &["src/domain/"]),
    ("prometheus", &["src/metrics.rs", "src/metrics/", "src/http/", "src/pipeline/"]),
    ("psl", &["src/domain/"]),
    ("rdkafka", &["src/kafka/"]),
    ("rustix", &["src/pipeline/reload/"]),
    ("saphyr_parser", &["src/rule/"]),
    ("toml", &["src/config/"]),
];

/// A source file: its path from the repository (`src/engine/scanner.rs`) and its text.
struct Source {
    file: String,
    text: String,
}

/// What is wrong in these files.
fn faults(layers: &Layers, sources: &[Source]) -> Vec<String> {
    let test_modules: Vec<Vec<String>> =
        sources.iter().flat_map(|source| source::read(&module_of(&source.file), &source.text).test_modules).collect();
    sources.iter().flat_map(|source| faults_of_one(layers, source, &test_modules)).collect()
}

fn faults_of_one(layers: &Layers, source: &Source, test_modules: &[Vec<String>]) -> Vec<String> {
    let module = module_of(&source.file);
    let folder = module.first().copied().unwrap_or_default();
    // main.rs and lib.rs are the outside of the house: they name whom they like.
    let is_root = module.is_empty();
    if !is_root && layers.get(folder).is_none() {
        return vec![format!("{}: `{folder}` has no row in the table of src/lib.rs", source.file)];
    }
    let mut faults = Vec::new();
    for named in source::read(&module, &source.text).named {
        // Tests may read the rules and the clock; whom they import is checked like the rest.
        let is_test = named.is_test || test_modules.iter().any(|module| named.module.starts_with(module));
        let found = [
            (!is_root).then(|| imports_too_much(layers, folder, &named)).flatten(),
            (layers.is_core(folder) && !is_test).then(|| names_what_the_core_must_not(&named)).flatten(),
            names_a_crate_out_of_place(&source.file, &named),
        ];
        let at = |fault| format!("{}:{}: {fault}", source.file, named.line);
        faults.extend(found.into_iter().flatten().map(at));
    }
    faults
}

fn imports_too_much(layers: &Layers, folder: &str, named: &Named) -> Option<String> {
    let target = match named.path.first().map(String::as_str) {
        Some("crate" | "tripline") => named.path.get(1)?.as_str(),
        _ => return None,
    };
    let row = layers.get(folder)?;
    if target == folder || row.may_use.iter().any(|used| used == target) {
        return None;
    }
    if layers.get(target).is_none() {
        return Some(format!("`{}`: name the folder that owns it, not what lib.rs re-exports", named.text()));
    }
    Some(format!("`{folder}` must not use `{target}` (`{}`)", named.text()))
}

fn names_what_the_core_must_not(named: &Named) -> Option<String> {
    let begins = NOT_IN_THE_CORE.iter().find(|name| named.starts_with(name));
    let calls = NOT_CALLED_IN_THE_CORE.iter().find(|name| named.contains(name));
    begins.or(calls).map(|name| format!("the core must not name `{name}`"))
}

fn names_a_crate_out_of_place(file: &str, named: &Named) -> Option<String> {
    let (name, places) = ONLY_IN.iter().find(|(name, _)| named.starts_with(name))?;
    let allowed = places.iter().any(|place| file == *place || (place.ends_with('/') && file.starts_with(place)));
    (!allowed).then(|| format!("only {} may name `{name}`", places.join(" and ")))
}

/// `src/engine/scanner.rs` -> `["engine", "scanner"]`; lib.rs and main.rs are the root. `scanner_tests.rs` is
/// `scanner::tests`, moved out of a file that would be long (`#[path]`).
fn module_of(file: &str) -> Vec<&str> {
    let inside = file.trim_start_matches("src/").trim_end_matches(".rs");
    let names = inside.split('/').filter(|name| !["mod", "lib", "main"].contains(name));
    names.flat_map(|name| name.strip_suffix("_tests").map_or(vec![name], |tested| vec![tested, "tests"])).collect()
}

fn sources() -> Vec<Source> {
    let mut files = Vec::new();
    collect(&root().join("src"), &mut files);
    files
        .into_iter()
        .map(|path| {
            let file =
                path.strip_prefix(root()).expect("it lies below").to_str().expect("our names are UTF-8").to_owned();
            let text = fs::read_to_string(&path).expect("a source can be read");
            Source { file, text }
        })
        .collect()
}

/// Every `.rs` file below a folder.
pub fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder can be listed") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
}

#[test]
fn every_file_imports_only_what_the_table_allows() {
    let layers = Layers::of_the_crate();
    let faults = faults(&layers, &sources());
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn every_folder_of_the_table_exists() {
    let missing: Vec<String> = Layers::of_the_crate()
        .folders()
        .filter(|folder| {
            let path = root().join("src").join(folder);
            !path.is_dir() && !path.with_extension("rs").is_file()
        })
        .map(str::to_owned)
        .collect();
    assert_eq!(missing, [""; 0]);
}

/// The clippy ban is the second guard: it sees through renamed imports and macros, which reading sources cannot.
#[test]
fn every_folder_of_the_core_denies_what_clippy_disallows() {
    let layers = Layers::of_the_crate();
    let denial = "deny(clippy::disallowed_methods, clippy::disallowed_types)";
    let missing: Vec<String> = layers
        .folders()
        .filter(|folder| layers.is_core(folder))
        .filter(|folder| {
            let folder = root().join("src").join(folder);
            let top = [folder.join("mod.rs"), folder.with_extension("rs")];
            let source = top.iter().find_map(|file| fs::read_to_string(file).ok()).expect("a folder has a top file");
            !source.lines().any(|line| line.starts_with("#![") && line.contains(denial))
        })
        .map(|folder| format!("src/{folder} does not begin with #![{denial}]"))
        .collect();
    assert!(missing.is_empty(), "\n{}\n", missing.join("\n"));
}

#[test]
fn made_up_sources_that_break_a_rule_are_found() {
    let layers = Layers::parse(
        "//! | 0 | `text` | nothing |\n//! | 1 | `engine` | `text` |\n//! | 2 | `stream` | nothing |\n\
         //! | 3 | `kafka` | `stream` |\n//! | 4 | `cli` | `kafka` |",
    );
    for (file, text, expected) in [
        ("src/text/mod.rs", "use crate::engine::Verdict;", "src/text/mod.rs:1: `text` must not use `engine`"),
        ("src/text/fold.rs", "use super::super::engine;", "src/text/fold.rs:1: `text` must not use `engine`"),
        ("src/text/fold.rs", "fn f() {\n crate::engine::scan() }", "src/text/fold.rs:2: `text` must not use `engine`"),
        ("src/text/fold.rs", "use crate::{engine, text};", "src/text/fold.rs:1: `text` must not use `engine`"),
        ("src/stream/a/b.rs", "use tripline::kafka::Client;", "src/stream/a/b.rs:1: `stream` must not use `kafka`"),
        (
            "src/engine/mod.rs",
            "use crate::Action;",
            "src/engine/mod.rs:1: `crate::Action`: name the folder that owns it",
        ),
        (
            "src/engine/mod.rs",
            "use std::time::Instant;\nlet a = Instant::now();",
            "src/engine/mod.rs:2: the core must not name `Instant::now`",
        ),
        ("src/engine/mod.rs", "use std::{fmt, fs};", "src/engine/mod.rs:1: the core must not name `std::fs`"),
        ("src/stream/mod.rs", "fn f(m: rdkafka::Message) {}", "src/stream/mod.rs:1: the core must not name `rdkafka`"),
        ("src/stream/mod.rs", "use tokio;", "src/stream/mod.rs:1: the core must not name `tokio`"),
        ("src/cli/run.rs", "use rdkafka::Message;", "src/cli/run.rs:1: only src/kafka/ may name `rdkafka`"),
        (
            "src/kafka/error.rs",
            "fn f() -> anyhow::Result<()> {}",
            "src/kafka/error.rs:1: only src/cli/ and src/main.rs may name `anyhow`",
        ),
        (
            "src/engine/mod.rs",
            "use aho_corasick::AhoCorasick;",
            "src/engine/mod.rs:1: only src/matcher/automaton.rs may name `aho_corasick`",
        ),
        ("src/util/mod.rs", "", "src/util/mod.rs: `util` has no row"),
    ] {
        let found = faults(&layers, &[Source { file: file.to_owned(), text: text.to_owned() }]);
        assert!(
            found.iter().any(|fault| fault.starts_with(expected)),
            "{file}: {text}\nexpected {expected}\nfound {found:?}"
        );
    }
}

#[test]
fn made_up_sources_that_keep_the_rules_pass() {
    let layers =
        Layers::parse("//! | 0 | `text` | nothing |\n//! | 1 | `engine` | `text` |\n//! | 4 | `cli` | `engine` |");
    for (file, text) in [
        ("src/text/mod.rs", "// not crate::engine\nuse crate::text::Span; use super::text;"),
        ("src/engine/mod.rs", "use crate::text::{Fold, Span};\nfn f(config: &str, at: std::time::Instant) {}"),
        ("src/engine/policy.rs", "use cel::Program; mod tests { use super::*; use super::super::Scanner; }"),
        ("src/cli/mod.rs", "use anyhow::Context; use std::fs; use crate::engine::Scanner; let now = Instant::now();"),
        ("src/engine/rate.rs", "#[cfg(test)] mod tests { use std::fs; fn f() { Instant::now() } }"),
        ("src/cli/mod.rs", "mod config; use config::Command; fn f(c: config::Command) {}"),
        ("src/main.rs", "use tripline::cli;"),
        ("src/lib.rs", "pub use engine::Verdict; pub use crate::text::Span;"),
    ] {
        let found = faults(&layers, &[Source { file: file.to_owned(), text: text.to_owned() }]);
        assert_eq!(found, [""; 0], "{file}: {text}");
    }
}
