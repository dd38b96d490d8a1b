//! Spellings that nobody listed: a listed name with another head (`Society` for `Association`), China for Chinese, Art for Arts, without `of`.
//!
//! Such a name may be the sham body in a translator's words, or another body, often a lawful one. So it is looked for **in shadow**, where it
//! is counted and nothing is emitted. It counts like a name, with less certainty, only when no doubt is left: it is English and says that
//! it is of China, it has enough words of its own and two of them are rare, it stands for one organization, and it is far from the name
//! of every registered body. A Chinese one never counts: 中国某某学会 beside 中国某某协会 is how lawful bodies are called.
//!
//! An entry with a caution has no tolerance and nothing is derived from it.

use super::index::{ProtectedName, Via};
use super::organization::Organization;
use crate::names::{Exchange, Near, exchanges, han_exchanges, rarity};
use crate::text::is_han_like;
use std::collections::{BTreeMap, BTreeSet};

/// Below this two names share no more than heads and common words. Of the 119 English names that are listed and judged, all but 15 are
/// below it against the lawful bodies known then; those 15 do share what they are about.
const FAR: f64 = 0.45;
/// So many rare words make a name unmistakable,
const RARE_WORDS: usize = 2;
/// among so many of its own, which are no heads and no links: in a name that changed its shape alone, or also a head.
const OWN_WORDS: [(Exchange, usize); 2] = [(Exchange::Shape, 2), (Exchange::Head, 3)];
/// A word that at most one name in a hundred holds.
const RARE: f64 = 0.5;
/// A name gives no more than this many spellings.
const MOST: usize = 24;
/// Chinese names of fewer characters give none: prefix and head are all that they have.
const SHORTEST_HAN: usize = 5;

/// A spelling that nobody listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Derived {
    pub text: String,
    /// Enough rare words in an English name; whether it is far from others is for [`near_bodies`] to say.
    pub is_telling: bool,
}

/// The spellings derived from the names of an organization, without its names.
pub(super) fn derived(organization: &Organization, names: &[(&str, Via, bool)]) -> Vec<Derived> {
    if !organization.caution.is_empty() {
        return Vec::new();
    }
    let full = names.iter().filter(|(_, _, requires_full_name)| !requires_full_name).map(|(text, ..)| *text);
    full.flat_map(|name| if name.contains(is_han_like) { of_han(name) } else { of_english(name) }).collect()
}

fn of_han(name: &str) -> Vec<Derived> {
    if name.chars().count() < SHORTEST_HAN {
        return Vec::new();
    }
    han_exchanges(name).into_iter().map(|text| Derived { text, is_telling: false }).collect()
}

fn of_english(name: &str) -> Vec<Derived> {
    let words: Vec<String> = name.split_whitespace().map(str::to_owned).collect();
    let once = exchanged(&words);
    let twice = once.iter().flat_map(|first| {
        let again = exchanged(&first.words).into_iter().filter(|second| second.at > first.at);
        again.map(|second| Exchanged { how: first.how.max(second.how), ..second })
    });
    let is_of = |word: &&String| word.eq_ignore_ascii_case("of");
    let without = words.iter().any(|word| is_of(&word)).then(|| Exchanged {
        at: 0,
        how: Exchange::Shape,
        words: words.iter().filter(|word| !is_of(word)).cloned().collect(),
    });
    let all = once.iter().cloned().chain(without).chain(twice).take(MOST);
    let texts: BTreeMap<String, bool> = all.map(|name| (name.words.join(" "), is_telling(&words, name.how))).collect();
    texts.into_iter().map(|(text, is_telling)| Derived { text, is_telling }).collect()
}

/// A name with a word exchanged.
#[derive(Clone, Debug)]
struct Exchanged {
    at: usize,
    how: Exchange,
    words: Vec<String>,
}

fn exchanged(words: &[String]) -> Vec<Exchanged> {
    let mut names = Vec::new();
    for (at, word) in words.iter().enumerate() {
        for (other, how) in exchanges(&word.to_lowercase()) {
            let mut words = words.to_vec();
            words[at] = capitalised_like(word, other);
            names.push(Exchanged { at, how, words });
        }
    }
    names
}

/// Whether a name says that it is of China, and has words enough of its own to be nobody else's after such an exchange.
fn is_telling(words: &[String], how: Exchange) -> bool {
    let of_china = words.iter().any(|word| matches!(word.to_lowercase().as_str(), "china" | "chinese"));
    let own: Vec<f64> = words.iter().filter_map(|word| own_rarity(word)).collect();
    let rare = own.iter().filter(|rarity| **rarity >= RARE).count();
    let enough = OWN_WORDS.iter().any(|(least_how, least)| *least_how == how && own.len() >= *least);
    of_china && enough && rare >= RARE_WORDS
}

/// How rare a word is that is neither link nor head, nor says which country.
fn own_rarity(word: &str) -> Option<f64> {
    const REACH: [&str; 6] = ["china", "chinese", "international", "national", "world", "general"];
    let word = word.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
    let is_word = word.len() > 2 && word.bytes().all(|b| b.is_ascii_lowercase());
    let is_head = exchanges(&word).any(|(_, how)| how == Exchange::Head);
    (is_word && !is_head && !REACH.contains(&word.as_str())).then(|| rarity(&word))
}

fn capitalised_like(model: &str, word: &str) -> String {
    let mut letters = word.chars();
    match letters.next() {
        Some(first) if model.starts_with(char::is_uppercase) => first.to_uppercase().chain(letters).collect(),
        _ => word.to_owned(),
    }
}

/// Of these spellings those that are near the name of a lawful body, by their number. They are few and the bodies may be a whole register, so
/// the spellings are the ones that are made ready.
pub(super) fn near_bodies(spellings: &[&str], protected: &[ProtectedName]) -> BTreeSet<usize> {
    let near: Near = spellings.iter().copied().collect();
    let bodies = protected.iter().filter(|body| !body.name.contains(is_han_like));
    bodies.flat_map(|body| near.of(&body.name, FAR)).map(|(at, _)| at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(name: &str) -> Vec<String> {
        of_english(name).into_iter().map(|derived| derived.text).collect()
    }

    #[test]
    fn heads_and_shapes_are_exchanged_one_or_two_at_a_time() {
        assert_eq!(
            texts("China Invented Society"),
            [
                "China Invented Association",
                "China Invented Federation",
                "Chinese Invented Association",
                "Chinese Invented Federation",
                "Chinese Invented Society"
            ]
        );
        assert_eq!(texts("Jury of Imagined Prizes"), ["Jury Imagined Prizes"]);
        assert!(texts("Invented Foundation").is_empty());
        assert!(texts("").is_empty());
        assert!(texts(&"China Association ".repeat(40)).len() <= MOST);
    }

    #[test]
    fn enough_words_of_its_own_make_a_name_telling() {
        let telling =
            |name: &str| of_english(name).into_iter().filter(|d| d.is_telling).map(|d| d.text).collect::<Vec<_>>();
        assert_eq!(
            telling("China Zyxwv Qwvut Association"),
            ["Chinese Zyxwv Qwvut Association"],
            "the head would be a doubt"
        );
        assert_eq!(telling("China Zyxwv Qwvut Training Alliance").len(), 5);
        for name in [
            "China Zyxwv Association",
            "China National Arts Development Association",
            "Chinese Society of International Industry",
            "National Zyxwv Qwvut Training Association",
            "中国某某协会",
        ] {
            assert_eq!(telling(name), [""; 0], "{name}");
        }
    }

    #[test]
    fn a_body_that_shares_what_a_name_is_about_is_near() {
        let protected = |name: &str| ProtectedName { name: name.to_owned(), basis: String::new(), is_channel: false };
        let bodies = [protected("China Zyxwv Growers Association"), protected("中国某某协会")];
        let spellings = [
            "Chinese Zyxwv Growers Society",
            "China Zyxvw Growers Federation",
            "Growers of Zyxwv",
            "China Hgfds Makers Association", // far from here
            "China Association",
            "",
        ];
        assert_eq!(near_bodies(&spellings, &bodies), BTreeSet::from([0, 1, 2]));
    }

    #[test]
    fn a_chinese_spelling_never_tells() {
        let names = of_han("中国某某协会");
        assert!(!names.is_empty() && names.iter().all(|derived| !derived.is_telling));
        assert!(of_han("某某协会").is_empty());
    }
}
