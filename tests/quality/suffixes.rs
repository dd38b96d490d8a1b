//! The public suffix list's own test file against [`Domain::registrable`].

use super::lists::root;
use std::fs;
use tripline::domain::Domain;

/// Hosts as the list's authors test them; what is no domain at all (`COM`, `.com`) has no registrable part either.
#[test]
fn the_registrable_domain_is_what_the_public_suffix_list_says() {
    let text = fs::read_to_string(root().join("tests/quality/data/public-suffixes.txt")).expect("the file is there");
    let rows: Vec<(&str, &str)> =
        text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' ')).collect();
    assert!(rows.len() > 70, "the file is whole");
    for (host, wanted) in rows {
        let parsed = Domain::parse(host).ok();
        let found = parsed.as_ref().and_then(Domain::registrable);
        let wanted = (wanted != "-").then(|| Domain::parse(wanted).expect("a domain"));
        assert_eq!(found, wanted.as_ref().map(Domain::as_ascii), "{host}");
    }
}
