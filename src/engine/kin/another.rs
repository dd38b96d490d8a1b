//! English names that go on as another body's: `South ‹name›`, `‹name› of Greater Boston`, a piece of a page's address.
//!
//! Han names run together with what is around them, and are judged by the lists (`resolve`). In English the words beside a name say
//! that it is somebody else's: bodies of Chinese abroad are lawful there and have names like those of the lists. `The …`, `Join …`,
//! `President of the …` and the capitals of a headline say nothing; and `‹name› of Zhejiang`, `… of Hong Kong` is a branch (`latin`):
//! it is at home where the listed body is, so that whoever uses its name there means it.

use super::latin;
use crate::text::is_han_like;
use std::ops::Range;

/// Words before a name, written with a capital as it is, that make it another body's: directions, and whose abroad it is.
const BEFORE: &str = "south north east west southern northern eastern western southeast northeast southwest northwest central greater \
    overseas pan indo sino american british canadian australian malaysian singapore singaporean thai indonesian filipino vietnamese \
    cambodian european french german italian spanish dutch japanese korean indian russian brazilian mexican african hawaiian royal";
/// Heads behind a place that make it theirs: `… of Beijing University`.
const HEADS: &str = "university college school institute academy hospital museum normal medical opera film polytechnic";
/// How far the beginning of an address is looked for, in bytes.
const ADDRESS: usize = 256;
/// So many words behind `of` are looked at, and so many bytes.
const NEAR: (usize, usize) = (5, 96);

/// The Latin name at `bytes` goes on to its left or right as somebody else's.
pub(in crate::engine) fn is_anothers(text: &str, bytes: &Range<usize>) -> bool {
    let (before, inside, after) = (&text[..bytes.start], &text[bytes.clone()], &text[bytes.end..]);
    if inside.chars().any(is_han_like) || !inside.contains(char::is_alphabetic) {
        return false;
    }
    let is_small = inside.starts_with(char::is_lowercase);
    follows_a_qualifier(before, is_small) || is_of_a_place_abroad(after) || is_in_an_address(before, after)
}

/// `our overseas ‹name›` is the name with an adjective, `the Overseas ‹name›` another name.
fn follows_a_qualifier(before: &str, is_small: bool) -> bool {
    let Some(words) = before.strip_suffix(' ') else { return false };
    let start = words.rfind(|c: char| !c.is_ascii_alphabetic()).map_or(0, |at| words.ceil_char_boundary(at + 1));
    let word = &words[start..];
    let is_written_alike = is_small || word.starts_with(char::is_uppercase);
    is_written_alike && BEFORE.split_whitespace().any(|known| known.eq_ignore_ascii_case(word))
}

/// `… of Greater Boston`: what is no place of China, with a capital, and not in the capitals of a headline.
fn is_of_a_place_abroad(after: &str) -> bool {
    let Some(rest) = after.strip_prefix(" of ") else { return false };
    let place = rest.strip_prefix("the ").unwrap_or(rest);
    let mut letters = place.chars();
    if !(letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase)) {
        return false;
    }
    let near = &place[..place.floor_char_boundary(NEAR.1)];
    let words: Vec<&str> = near.split(' ').take(NEAR.0).collect();
    let has_head =
        |words: &[&str]| words.iter().any(|word| HEADS.split(' ').any(|head| head.eq_ignore_ascii_case(word)));
    match (1..=words.len().min(latin::MAX_PLACE)).rev().find(|length| latin::is_at_home(&words[..*length])) {
        Some(length) => has_head(&words[length..]),
        None => true,
    }
}

/// A piece of the address of a page, whose words go on: its title, and no name. Link fields are read for their hosts alone, too.
fn is_in_an_address(before: &str, after: &str) -> bool {
    let joins = |c: Option<char>| matches!(c, Some('-' | '_'));
    if !joins(before.chars().next_back()) && !joins(after.chars().next()) {
        return false;
    }
    let near = &before[before.ceil_char_boundary(before.len().saturating_sub(ADDRESS))..];
    let address = near.rsplit(char::is_whitespace).next().unwrap_or(near);
    address.contains("://") || address.contains("www.")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `{…}` is the name.
    fn is_another(marked: &str) -> bool {
        let (start, end) = (marked.find('{').unwrap(), marked.find('}').unwrap() - 1);
        is_anothers(&marked.replace(['{', '}'], ""), &(start..end))
    }

    #[test]
    fn words_beside_an_english_name_can_make_it_anothers() {
        for text in [
            "the South {China Made-up Association}",
            "the south {china made-up association}",
            "the Overseas {Chinese Made-up Association}",
            "é Malaysian {Chinese Made-up Association}",
            "{Made-up Committee} of Greater Boston",
            "{Made-up Committee} of the Netherlands",
            "{Made-up Committee} of Shanghai Normal University",
            "https://news.example/a/{made-up-committee}-banned-again",
            "www.news.example/the-{made-up-committee}",
        ] {
            assert!(is_another(text), "{text}");
        }
        for text in [
            "The {China Made-up Association}",
            "Join {China Made-up Association}",
            "our overseas {China Made-up Association}",
            "President of the {China Made-up Association}",
            "LEADERS OF THE {CHINA MADE-UP ASSOCIATION} OF LATE",
            "{Made-up Committee} of late has sent letters",
            "{Made-up Committee} of Hong Kong",
            "{Made-up Committee} of the Zhejiang province",
            "{Made-up Committee} of China is open to all",
            "{Made-up Committee}, of Boston",
            "in the South. {China Made-up Association}",
            "https://news.example/{made-up-committee}/",
            "the {made-up-committee}-run fair",
            "South {中国样例学会}",
            "South{2024}",
        ] {
            assert!(!is_another(text), "{text}");
        }
    }
}
