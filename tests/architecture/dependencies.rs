//! What we depend on: licences that `deny.toml` allows, and crates.io as the only source. See there for why this is ours.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::root;

/// One crate of `cargo metadata`, with what `deny.toml` has to say about it.
fn fault(package: &Value, licences: &BTreeSet<String>, registries: &BTreeSet<String>) -> Option<String> {
    let name = format!("{} {}", package["name"].as_str()?, package["version"].as_str()?);
    // The package itself has no source.
    let source = package["source"].as_str()?;
    let registry = source.trim_start_matches("registry+");
    if !registries.contains(registry) {
        return Some(format!("{name} comes from {source}"));
    }
    match package["license"].as_str() {
        None => Some(format!("{name} states no licence")),
        Some(licence) if !is_allowed(licence, licences) => Some(format!("{name} has the licence {licence}")),
        Some(_) => None,
    }
}

/// SPDX expressions: `AND` binds closer than `OR`; an old `MIT/Apache-2.0` means `OR`.
fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let expression = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ").replace(" WITH ", "\u{0}");
    let words: Vec<String> = expression.split_ascii_whitespace().map(|word| word.replace('\u{0}', " WITH ")).collect();
    let mut words = words.iter().map(String::as_str).peekable();
    any_of(&mut words, allowed)
}

type Words<'a, I> = std::iter::Peekable<I>;

fn any_of<'a, I: Iterator<Item = &'a str>>(words: &mut Words<'a, I>, allowed: &BTreeSet<String>) -> bool {
    let mut holds = all_of(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        holds |= all_of(words, allowed);
    }
    holds
}

fn all_of<'a, I: Iterator<Item = &'a str>>(words: &mut Words<'a, I>, allowed: &BTreeSet<String>) -> bool {
    let mut holds = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        holds &= one(words, allowed);
    }
    holds
}

fn one<'a, I: Iterator<Item = &'a str>>(words: &mut Words<'a, I>, allowed: &BTreeSet<String>) -> bool {
    if words.next_if_eq(&"(").is_none() {
        return words.next().is_some_and(|licence| allowed.contains(licence));
    }
    let holds = any_of(words, allowed);
    words.next_if_eq(&")").is_some() && holds
}

/// The strings of the list `key = [ "…", … ]` in `deny.toml`.
fn list(key: &str) -> BTreeSet<String> {
    let deny = fs::read_to_string(root().join("deny.toml")).expect("deny.toml can be read");
    let begin = format!("\n{key} = [");
    let (_, rest) = deny.split_once(&begin).unwrap_or_else(|| panic!("deny.toml has a list {key}"));
    let (list, _) = rest.split_once(']').expect("a list ends");
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

fn packages() -> Vec<Value> {
    // Of this platform's crates only: those of others were never downloaded.
    let host = host();
    let out = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--locked", "--all-features"])
        .args(["--filter-platform", &host])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let metadata: Value = serde_json::from_slice(&out.stdout).expect("cargo writes JSON");
    metadata["packages"].as_array().expect("metadata lists packages").clone()
}

/// `x86_64-unknown-linux-gnu`
fn host() -> String {
    let out = Command::new(env!("CARGO")).arg("-vV").output().expect("cargo runs");
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    said.lines().find_map(|line| line.strip_prefix("host: ")).expect("cargo names its host").to_owned()
}

#[test]
fn every_dependency_has_an_allowed_licence_and_source() {
    let (licences, registries) = (list("allow"), list("allow-registry"));
    let packages = packages();
    assert!(packages.len() > 100, "cargo metadata lists {} packages only", packages.len());
    let faults: Vec<String> = packages.iter().filter_map(|package| fault(package, &licences, &registries)).collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn a_package_from_elsewhere_or_with_another_licence_is_found() {
    let licences = ["MIT".to_owned()].into();
    let registries = ["https://registry.example".to_owned()].into();
    for (source, licence, expected) in [
        ("registry+https://registry.example", Some("MIT"), None),
        ("registry+https://other.example", Some("MIT"), Some("a 1.0.0 comes from registry+https://other.example")),
        ("git+https://git.example/a", Some("MIT"), Some("a 1.0.0 comes from git+https://git.example/a")),
        ("registry+https://registry.example", Some("GPL-3.0-only"), Some("a 1.0.0 has the licence GPL-3.0-only")),
        ("registry+https://registry.example", None, Some("a 1.0.0 states no licence")),
    ] {
        let package = serde_json::json!({ "name": "a", "version": "1.0.0", "source": source, "license": licence });
        assert_eq!(fault(&package, &licences, &registries).as_deref(), expected, "{package}");
    }
}

#[test]
fn licence_expressions_hold_as_spdx_says() {
    let allowed = ["MIT", "Zlib", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned).into();
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("GPL-3.0-only OR MIT", true),
        ("GPL-3.0-only/MIT", true),
        ("GPL-3.0-only AND MIT", false),
        ("MIT AND Zlib", true),
        ("GPL-3.0-only AND Zlib OR MIT", true),
        ("(GPL-3.0-only OR MIT) AND Zlib", true),
        ("(GPL-3.0-only OR MIT) AND BSD-3-Clause", false),
        ("Apache-2.0 WITH LLVM-exception OR GPL-2.0-only", true),
        ("Apache-2.0", false),
        ("", false),
    ] {
        assert_eq!(is_allowed(expression, &allowed), expected, "{expression}");
    }
}
