//! Which of many names may be near one: those that share the beginning of a telling word, or two characters of what a Chinese name is about.
//!
//! A name that shares neither is far: heads, countries and links make no two names alike.

use super::han;
use super::rarity::rarity;
use super::word::{Kind, Name};
use super::{Comparison, compare};
use std::collections::{BTreeSet, HashMap};

/// The first letters of a word: a slip or another ending leaves most of them.
const BEGINNING: usize = 3;
/// Words of a tenth of all names tell nothing: association, China.
const TELLING: f64 = 0.25;

/// Names, ready to be asked for those that may be near another.
#[derive(Debug, Default)]
pub struct Near {
    names: Vec<Name>,
    by_key: HashMap<String, Vec<usize>>,
}

impl<'n> FromIterator<&'n str> for Near {
    fn from_iter<I: IntoIterator<Item = &'n str>>(names: I) -> Self {
        let mut near = Self::default();
        for (at, text) in names.into_iter().enumerate() {
            for key in keys(text) {
                near.by_key.entry(key).or_default().push(at);
            }
            near.names.push(Name::new(text));
        }
        near
    }
}

impl Near {
    /// The names that are at least so near, by their number, in order. Where none shares a key the name is not even read.
    #[must_use]
    pub fn of(&self, text: &str, least: f64) -> Vec<(usize, Comparison)> {
        let candidates: BTreeSet<usize> =
            keys(text).iter().filter_map(|key| self.by_key.get(key)).flatten().copied().collect();
        if candidates.is_empty() {
            return Vec::new();
        }
        let name = Name::new(text);
        let compared = candidates.into_iter().map(|at| (at, compare(&self.names[at], &name)));
        compared.filter(|(_, comparison)| comparison.score >= least).collect()
    }
}

fn keys(text: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for run in text.split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty()) {
        if run.contains(han::is_han) {
            han_keys(run, &mut keys);
        } else {
            let word: String =
                deunicode::deunicode(run).to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
            if rarity(&word) >= TELLING {
                keys.insert(word.chars().take(BEGINNING).collect());
            }
        }
    }
    keys
}

/// Each two neighbours of what stands between prefix and head; all of it where that is one character.
fn han_keys(run: &str, keys: &mut BTreeSet<String>) {
    let folded: String = run.chars().map(han::folded).collect();
    for (body, _) in han::parts(&folded).into_iter().filter(|(_, kind)| *kind == Kind::Han) {
        let chars: Vec<char> = body.chars().collect();
        if chars.len() == 1 {
            keys.insert(body);
        } else {
            keys.extend(chars.windows(2).map(|two| two.iter().collect::<String>()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shares_no_telling_word_is_not_compared() {
        let near: Near = ["China Invented Widgets Association", "中国某某书法协会"].into_iter().collect();
        for (text, least, found) in [
            ("Chinese Inventive Widgets Society", 0.5, &[0_usize] as &[_]),
            ("Invented Widgets", 0.5, &[0]),
            ("中華某某書法學會", 0.5, &[1]),
            ("China Association", 0.0, &[]),
            ("中国协会", 0.0, &[]),
            ("Imagined Gadgets", 0.0, &[]),
            ("", 0.0, &[]),
        ] {
            assert_eq!(near.of(text, least).iter().map(|(at, _)| *at).collect::<Vec<_>>(), found, "{text}");
        }
    }
}
