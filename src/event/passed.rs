//! Headers of a record that its verdict carries too: the setting `verdicts.headers`.
//!
//! record with `traceparent: 00-…`, `cookie: …`; list `["traceparent"]` -> the verdict has `traceparent: 00-…` behind ours
//!
//! A header is copied whole or not at all, in the record's order, as often as it stands there, null values included. An
//! author may have written it, so all together are bounded ([`MAX_PASSED_BYTES`]); what did not fit is counted in a header
//! of ours, [`OMITTED`]. Names are compared exactly, as Kafka does. Ours cannot be put on the list ([`refused_name`]).

use crate::stream::Record;

/// The most that copied headers take, names, values and lengths: a `traceparent`, a `tracestate` and a `baggage` at the
/// most that W3C gives them (55, 512 and 8192 bytes) fit, and no verdict outgrows its message by them.
pub const MAX_PASSED_BYTES: usize = 16 << 10;
/// The header that says how many headers on the list did not fit.
pub const OMITTED: &str = "tripline.headers.omitted";

/// Two varint lengths at their longest.
const LENGTHS: usize = 10;

/// Why a name cannot be on the list; names are compared without case here, so that none passes for ours.
#[must_use]
pub fn refused_name(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    if name.is_empty() {
        Some("a header without a name cannot be chosen")
    } else if lower.starts_with("ce_") {
        Some("headers that begin with ce_ are the attributes of the verdict event")
    } else if lower == "content-type" {
        Some("content-type says how the verdict is written")
    } else if lower.starts_with("tripline.") {
        Some("headers that begin with tripline. are ours")
    } else {
        None
    }
}

/// The headers of `record` that are on the list, to stand behind ours.
#[must_use]
pub fn passed_headers(record: &Record<'_>, list: &[String]) -> Vec<(String, Option<Vec<u8>>)> {
    let mut room = MAX_PASSED_BYTES;
    let mut omitted = 0_usize;
    let mut passed = Vec::new();
    for (name, value) in record.headers.iter().filter(|(name, _)| list.iter().any(|listed| listed == name)) {
        let size = LENGTHS + name.len() + value.map_or(0, <[u8]>::len);
        if size <= room {
            room -= size;
            passed.push(((*name).to_owned(), value.map(<[u8]>::to_vec)));
        } else {
            omitted += 1;
        }
    }
    if omitted > 0 {
        passed.push((OMITTED.to_owned(), Some(omitted.to_string().into_bytes())));
    }
    passed
}

#[cfg(test)]
mod tests {
    use super::*;

    type Header<'a> = (&'a str, Option<&'a [u8]>);

    fn passed(headers: &[Header<'_>], list: &[&str]) -> Vec<(String, Option<Vec<u8>>)> {
        let record = Record {
            topic: "posts",
            partition: 0,
            offset: 0,
            timestamp_ms: None,
            key: None,
            value: None,
            headers: headers.to_vec(),
        };
        let list: Vec<String> = list.iter().map(|name| (*name).to_owned()).collect();
        passed_headers(&record, &list)
    }

    #[test]
    fn what_is_on_the_list_is_copied_as_it_stands() {
        let all: &[Header<'_>] =
            &[("a", Some(b"1")), ("cookie", Some(b"secret")), ("b", None), ("a", Some(b"\xff\x00")), ("A", Some(b"x"))];
        for (list, expected) in [
            (&[][..], &[][..]),
            (&["c"], &[]),
            (&["a"], &[("a", Some(&b"1"[..])), ("a", Some(b"\xff\x00"))]),
            // In the order of the record, not of the list; null stays null.
            (&["b", "a"], &[("a", Some(b"1")), ("b", None), ("a", Some(b"\xff\x00"))]),
            (&["A"], &[("A", Some(b"x"))]),
        ] {
            let expected: Vec<_> = expected.iter().map(|(n, v)| ((*n).to_owned(), v.map(<[u8]>::to_vec))).collect();
            assert_eq!(passed(all, list), expected, "{list:?}");
        }
    }

    #[test]
    fn what_does_not_fit_is_left_out_whole_and_counted() {
        let large = vec![b'x'; MAX_PASSED_BYTES - 2 * LENGTHS - 5];
        let over = vec![b'x'; MAX_PASSED_BYTES];
        for (headers, kept, omitted) in [
            (vec![("t", Some(&large[..]))], vec!["t"], None),
            (vec![("t", Some(&over[..])), ("s", Some(b"1"))], vec!["s"], Some("1")),
            (vec![("t", Some(&large[..])), ("s", Some(b"1")), ("s", Some(b"12345"))], vec!["t", "s"], Some("1")),
            (vec![("s", None); 10_000], vec!["s"; MAX_PASSED_BYTES / (LENGTHS + 1)], Some("8511")),
        ] {
            let found = passed(&headers, &["t", "s"]);
            let (ours, theirs): (Vec<_>, Vec<_>) = found.iter().partition(|(name, _)| name == OMITTED);
            assert_eq!(theirs.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), kept);
            let counted = ours.first().and_then(|(_, value)| std::str::from_utf8(value.as_deref()?).ok());
            assert_eq!((ours.len(), counted), (usize::from(omitted.is_some()), omitted));
            let size: usize = theirs.iter().map(|(n, v)| LENGTHS + n.len() + v.as_ref().map_or(0, Vec::len)).sum();
            assert!(size <= MAX_PASSED_BYTES, "{size}");
        }
    }

    #[test]
    fn ours_cannot_be_on_the_list() {
        for name in
            ["", "ce_id", "CE_Type", "ce_", "content-type", "Content-Type", "tripline.stub", "Tripline.error.class"]
        {
            assert!(refused_name(name).is_some(), "{name}");
        }
        for name in ["traceparent", "ce", "x-ce_id", "content-types", "tripline", "region", " "] {
            assert!(refused_name(name).is_none(), "{name}");
        }
    }
}
