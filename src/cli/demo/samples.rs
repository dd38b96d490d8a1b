//! The texts of the demo: of our own writing, about made-up people.

use serde::Deserialize;
use serde_json::{Map, Value, json};

/// One text a line: what it is about, what the shipped lists make of it, and the record.
const SHIPPED: &str = include_str!("samples.ndjson");
/// Every second record is small talk, or the demo would look like a world of swindlers.
const SMALL_TALK: &str = "chat";

/// One text.
#[derive(Debug, Deserialize)]
pub(super) struct Sample {
    /// What its author does: chats, promotes, reports, warns, evades …
    pub about: String,
    /// The action that the shipped lists lead to.
    #[cfg_attr(not(test), expect(dead_code, reason = "tests compare it with the verdict"))]
    pub expect: String,
    /// Where it goes.
    pub topic: String,
    record: Map<String, Value>,
}

/// All texts, and which one is the n-th record.
#[derive(Debug)]
pub(super) struct Samples {
    all: Vec<Sample>,
    small_talk: Vec<usize>,
    others: Vec<usize>,
}

impl Samples {
    /// The shipped texts.
    pub fn shipped() -> Self {
        let all: Vec<Sample> = SHIPPED
            .lines()
            .map(|line| serde_json::from_str(line).expect("the shipped samples are JSON: a test reads them all"))
            .collect();
        let (small_talk, others) = (0..all.len()).partition(|index| all[*index].about == SMALL_TALK);
        Self { all, small_talk, others }
    }

    /// The text of the n-th record: small talk and something else in turn, each in an order that looks like none.
    pub fn nth(&self, n: u64) -> &Sample {
        let from = if n.is_multiple_of(2) { &self.small_talk } else { &self.others };
        // a step that shares no factor with the length visits every text once before any comes again, and one near the
        // golden section leads far away from texts of the same sort
        let length = from.len() as u64;
        let step = (length * 62 / 100..length).find(|step| gcd(*step, length) == 1).unwrap_or(1);
        let index = (n / 2 % length) * step % length;
        &self.all[from[usize::try_from(index).expect("an index of a list that is in memory")]]
    }

    /// The id of the n-th record, which gives its text back.
    pub fn id(n: u64) -> String {
        format!("demo-{n}")
    }

    /// The text behind an id of ours.
    pub fn by_id(&self, id: &str) -> Option<&Sample> {
        Some(self.nth(id.strip_prefix("demo-")?.parse().ok()?))
    }

    /// The n-th record as JSON, as the shipped settings read it.
    pub fn record(&self, n: u64, now: &str) -> String {
        let sample = self.nth(n);
        let mut record = sample.record.clone();
        if sample.topic == "posts" {
            record.insert("id".into(), Self::id(n).into());
            record.insert("author".into(), json!({ "id": format!("u-{}", n % 97) }));
            record.insert("created_at".into(), now.into());
        } else {
            record.insert("account_id".into(), Self::id(n).into());
            record.insert("registered_at".into(), now.into());
        }
        Value::Object(record).to_string()
    }
}

impl Sample {
    /// A field of the record: `body`, or `urls` and its item.
    pub fn field(&self, name: &str, item: Option<u64>) -> Option<&str> {
        let value = match (name, item) {
            ("urls", Some(item)) => {
                let urls = self.record.get("entities")?.get("urls")?;
                urls.get(usize::try_from(item).ok()?)?.get("expanded_url")?
            }
            _ => self.record.get(name)?,
        };
        value.as_str()
    }
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::cli::scan::default_fields;
    use crate::config::RuleSource;
    use crate::content::Kind;
    use crate::engine::Scanner;
    use crate::stream::{Decoded, FieldMap, decode};

    #[test]
    fn every_text_comes_and_its_id_gives_it_back() {
        let samples = Samples::shipped();
        let mut seen = BTreeSet::new();
        for n in 0..2 * samples.all.len() as u64 {
            let sample = samples.nth(n);
            assert_eq!(samples.by_id(&Samples::id(n)).map(|s| &s.record), Some(&sample.record));
            seen.insert(serde_json::to_string(&sample.record).unwrap());
        }
        assert_eq!(seen.len(), samples.all.len(), "and no two are equal");
        assert!(samples.by_id("p-1").is_none());
    }

    #[test]
    fn the_shipped_lists_make_of_every_text_what_it_says() {
        let rules = RuleSource::BuiltIn.builder().unwrap().build().unwrap();
        let mut scanner = Scanner::new(&rules);
        let samples = Samples::shipped();
        let mut wrong = Vec::new();
        for sample in &samples.all {
            let kind = if sample.topic == "posts" { Kind::Post } else { Kind::Registration };
            let map = FieldMap::compile(&default_fields(kind).unwrap()).unwrap();
            let record = serde_json::to_vec(&sample.record).unwrap();
            let Decoded::Content(content) = decode(&map, Some(&record)) else {
                panic!("{:?}", sample.record);
            };
            let action = scanner.scan(&content).unwrap().action.as_str();
            if action != sample.expect {
                wrong.push(format!("{action} instead of {}: {:?}", sample.expect, sample.record));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
