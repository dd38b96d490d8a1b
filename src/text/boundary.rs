//! Where words begin and end, and what kind of character something is.

use super::folds::Fold;
use super::table::{Table, is_hangul_syllable};

/// What is dropped by the fold: neither a letter nor a digit of any script.
#[must_use]
pub fn is_dropped(c: char) -> bool {
    Table::get().is_dropped(c)
}

/// Why the fold leaves nothing of a character: mark, separator or invisible; `None` when it is kept.
#[must_use]
pub fn dropped_as(c: char) -> Option<Fold> {
    let table = Table::get();
    if table.is_dropped(c) { table.dropped_as(c) } else { None }
}

/// Word boundary of Latin (and other alphabetic, spaced) scripts: true unless the characters on both sides of
/// `at` belong to one word. Han, kana and Hangul never join a word; digits join Latin letters.
/// Looks through marks and invisible characters. `at` is in bytes; a place inside a character, or outside the text, is no boundary.
#[must_use]
pub fn is_word_boundary(text: &str, at: usize) -> bool {
    let Some((before, behind)) = text.split_at_checked(at) else {
        return false;
    };
    let before = before.chars().rev().find(|c| is_seen_beside(*c));
    let behind = behind.chars().find(|c| is_seen_beside(*c));
    !(before.is_some_and(joins_words) && behind.is_some_and(joins_words))
}

/// Neither a mark nor invisible.
fn is_seen_beside(c: char) -> bool {
    !matches!(Table::get().dropped_as(c), Some(Fold::Mark | Fold::Invisible))
}

fn joins_words(c: char) -> bool {
    !is_dropped(c) && !is_han_like(c) && !is_hangul(c)
}

/// Blocks of Hangul letters and syllables (Blocks.txt of Unicode 18.0.0).
fn is_hangul(c: char) -> bool {
    is_hangul_syllable(c)
        || matches!(c, '\u{1100}'..='\u{11FF}' | '\u{3130}'..='\u{318F}' | '\u{A960}'..='\u{A97F}' | '\u{D7B0}'..='\u{D7FF}' | '\u{FFA0}'..='\u{FFDC}')
}

/// Blocks of characters written without spaces between words (Blocks.txt of Unicode 18.0.0), in order.
#[rustfmt::skip]
const HAN_LIKE: &[(char, char)] = &[
    ('\u{2E80}', '\u{2FDF}'),   // radicals
    ('\u{3005}', '\u{3007}'),   // 々〆〇
    ('\u{3021}', '\u{3029}'),   // Hangzhou numerals
    ('\u{3031}', '\u{303C}'),   // repeat marks, more numerals
    ('\u{3040}', '\u{312F}'),   // kana, bopomofo
    ('\u{3190}', '\u{31FF}'),   // kanbun, more bopomofo, strokes, more kana
    ('\u{3220}', '\u{3247}'),   // Han in brackets and circles
    ('\u{3280}', '\u{33FF}'),   // Han and kana in circles and squares
    ('\u{3400}', '\u{4DBF}'),
    ('\u{4E00}', '\u{9FFF}'),
    ('\u{F900}', '\u{FAFF}'),
    ('\u{FF66}', '\u{FF9F}'),   // halfwidth kana
    ('\u{1AFF0}', '\u{1B16F}'), // kana for old and minor uses
    ('\u{1F200}', '\u{1F2FF}'), // Han in squares
    ('\u{20000}', '\u{3FFFF}'), // the planes of Han characters
];

/// A character written without spaces between words: Han, kana, bopomofo.
#[must_use]
pub fn is_han_like(c: char) -> bool {
    // Nearly every one that is asked about.
    if matches!(c, '\u{4E00}'..='\u{9FFF}') {
        return true;
    }
    let behind = HAN_LIKE.partition_point(|(first, _)| *first <= c);
    behind > 0 && c <= HAN_LIKE[behind - 1].1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_ends_where_no_letter_or_digit_of_a_spaced_script_goes_on() {
        // `|` is the place asked about.
        let boundaries = [
            "|China",
            "China|",
            "|",
            "the |China",
            "China| ",
            "在|China",
            "China|举办",
            "한|China",
            "ア|x",
            "China|.",
            "(|China",
            "x|-y",
            "🎉|China",
            "e\u{301}| x",
            "㊗|x",
        ];
        let inside = [
            "Ch|ina",
            "China|s",
            "3|D",
            "a|1",
            "é|a",
            "e|\u{301}a",
            "e\u{301}|a",
            "a\u{200B}|b",
            "a|\u{200B}b",
            "Ки|т",
            "Ａ|b",
        ];
        for (cases, expected) in [(&boundaries[..], true), (&inside[..], false)] {
            for case in cases {
                let at = case.find('|').unwrap();
                assert_eq!(is_word_boundary(&case.replace('|', ""), at), expected, "{case}");
            }
        }
    }

    #[test]
    fn a_place_inside_a_character_or_outside_the_text_is_no_boundary() {
        assert!(!is_word_boundary("中", 1));
        assert!(!is_word_boundary("中", 4));
    }

    #[test]
    fn han_kana_and_bopomofo_are_written_without_spaces() {
        for c in "中々〇あアｱㄅ𠀀㊗⼀豈".chars() {
            assert!(is_han_like(c), "{c}");
        }
        for c in "aＡ1한ㅎя。、「 ٣".chars() {
            assert!(!is_han_like(c), "{c}");
        }
    }

    #[test]
    fn letters_and_digits_of_every_script_are_kept_and_the_rest_is_dropped() {
        for c in "aZ9中한я٣ⅳ½々ー".chars() {
            assert!(!is_dropped(c), "{c:?}");
        }
        for c in " .·—「」（）\n\u{301}\u{200B}\u{AD}\u{FE0F}\u{E0041}\u{202E}🎉🇨🇳©\u{3000}\u{3164}".chars()
        {
            assert!(is_dropped(c), "{c:?}");
        }
    }
}
