//! How much a word says: rare words weigh 1, words that half of all names have nearly nothing.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::weights::LINK;

/// Words and the names of 10,000 that hold them: see its first lines.
const WORDS: &str = include_str!("words.tsv");

/// Words that only link others, in the languages of most names.
const LINKS: &[&str] = &[
    "a", "al", "and", "by", "da", "das", "de", "del", "della", "der", "des", "di", "do", "du", "e", "el", "en", "et",
    "for", "i", "in", "la", "le", "les", "los", "of", "on", "the", "to", "und", "van", "y",
];

/// Whether a word only links others.
pub(super) fn is_link(word: &str) -> bool {
    LINKS.binary_search(&word).is_ok()
}

/// The weight of a word in lower-case Latin letters, from 0.04 (a link, China) to 1 (a word that few names have).
#[must_use]
pub fn rarity(word: &str) -> f64 {
    static TABLE: LazyLock<HashMap<&'static str, f64>> = LazyLock::new(|| {
        let rows = WORDS.lines().filter(|line| !line.starts_with('#'));
        rows.filter_map(|line| line.split_once('\t')).map(|(word, share)| (word, weight(share))).collect()
    });
    if is_link(word) {
        return LINK;
    }
    TABLE.get(word).copied().unwrap_or(1.0)
}

/// Falls with the logarithm of the share; a word of one name in 10,000 weighs 1.
fn weight(share: &str) -> f64 {
    let share: f64 = share.parse().expect("the table is ours, and a test reads all of it");
    (1.0 - share.ln() / 10_000_f64.ln()).max(LINK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_a_word_and_a_share() {
        for line in WORDS.lines().filter(|line| !line.starts_with('#')) {
            let (word, share) = line.split_once('\t').unwrap();
            assert!(word.bytes().all(|b| b.is_ascii_lowercase()), "{line}");
            assert!((1..10_000).contains(&share.parse::<u32>().unwrap()), "{line}");
        }
        assert!(LINKS.is_sorted());
    }

    #[test]
    fn common_words_weigh_less() {
        for (rare, common) in
            [("zyxwv", "university"), ("blockchain", "association"), ("calligraphy", "china"), ("museum", "of")]
        {
            assert!(rarity(rare) > rarity(common), "{rare} {common}");
        }
    }
}
