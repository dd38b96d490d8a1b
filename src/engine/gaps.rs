//! The signs between the letters of a name: `中國雷·锋基金会` is one name, `…开往中国。雷锋基金会…` is none.

use crate::text::{Fold, dropped_as, is_dropped, is_han_like};

/// In a name of which so many gaps are filled, the marks are the disguise: `中。国。雷。锋`.
const MOSTLY: (usize, usize) = (1, 2);

/// So many times the same sign between the words of a name is no accident.
const REPEATED_SIGN: usize = 2;

/// A gap with more signs than this is no gap within a name: noise that is longer than what it hides.
const MOST_SIGNS: usize = 32;

/// How a sign stands between two letters of a candidate.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    /// Nothing between them.
    None,
    /// What a name may have within: spaces, a line's end, middle dots, hyphens, quotes, invisible signs.
    Soft,
    /// What ends a sentence, a list item or a bracket.
    Hard,
}

/// The letters of `written` belong to one name: no sentence end or list mark stands between them that
/// the `official` spelling does not have there too, or such marks fill most gaps, which is a disguise.
#[must_use]
pub(super) fn is_one_name(written: &str, official: &str) -> bool {
    let (gaps, signs) = gaps_of(written);
    if signs.iter().any(|signs| signs.chars().filter(|c| is_seen(*c)).nth(MOST_SIGNS).is_some()) {
        return false;
    }
    if gaps.iter().all(|gap| *gap < Gap::Hard) {
        return true;
    }
    let (allowed, _) = gaps_of(official);
    let hard = (0..gaps.len()).filter(|&i| gaps[i] == Gap::Hard && allowed.get(i) != Some(&Gap::Hard)).count();
    let filled = gaps.iter().filter(|gap| **gap > Gap::None).count();
    hard == 0
        || (filled >= 3 && filled * MOSTLY.1 > gaps.len() * MOSTLY.0)
        || is_one_sign(&gaps, &signs)
        || is_word_by_word(&gaps, &signs, &allowed)
}

/// `中国—集邮—文化—中心`: the same sign wherever there is a hard one, and none that stands in lists or ends sentences.
fn is_one_sign(gaps: &[Gap], signs: &[String]) -> bool {
    let mut hard = gaps.iter().zip(signs).filter(|(gap, _)| **gap == Gap::Hard).map(|(_, sign)| sign.trim());
    let Some(first) = hard.next() else { return false };
    let is_free =
        !first.is_empty() && !first.contains(|c| LISTS.contains(c) || is_opening(c) || is_closing(c) || c == '\n');
    is_free && hard.clone().all(|sign| sign == first) && hard.count() + 1 >= REPEATED_SIGN
}

/// `China..Beauty**Salon..Association`: signs instead of the space in every gap between its words, none followed by a space.
fn is_word_by_word(gaps: &[Gap], signs: &[String], allowed: &[Gap]) -> bool {
    let words = allowed.iter().zip(gaps.iter().zip(signs)).filter(|(between, _)| **between > Gap::None);
    let is_filled = |sign: &str| {
        let plain = sign.trim_matches(' ');
        let stands_apart = plain.len() < sign.len();
        let parts = |c| is_opening(c) || is_closing(c) || c == '\n' || (stands_apart && LISTS.contains(c));
        !plain.is_empty() && !plain.contains(parts)
    };
    let (mut count, mut is_all) = (0, allowed.len() == gaps.len());
    for (_, (gap, sign)) in words {
        count += 1;
        is_all &= *gap > Gap::None && is_filled(sign);
    }
    let elsewhere = allowed.iter().zip(gaps).any(|(between, gap)| *between == Gap::None && *gap == Gap::Hard);
    is_all && count >= REPEATED_SIGN && !elsewhere
}

/// The gap after each letter or digit but the last, and the signs in it.
fn gaps_of(text: &str) -> (Vec<Gap>, Vec<String>) {
    let (mut gaps, mut signs) = (Vec::new(), Vec::new());
    let mut letter: Option<char> = None;
    let mut between = String::new();
    // For each bracket that is open, the gap it opened in.
    let mut open: Vec<usize> = Vec::new();
    // The same for straight quotes, which open and close alike.
    let mut straight: Option<usize> = None;
    for c in text.chars() {
        if is_dropped(c) {
            between.push(c);
            continue;
        }
        if let Some(before) = letter {
            let mut gap = classify(before, &between, c);
            for sign in between.chars() {
                // An apostrophe is written like a closing quote.
                let is_apostrophe = sign == '’' && before.is_alphabetic() && !is_han_like(before) && !is_han_like(c);
                if is_opening(sign) {
                    open.push(gaps.len());
                } else if sign == '"' && straight.take().is_none() {
                    straight = Some(gaps.len());
                } else if is_closing(sign) && !is_apostrophe && open.pop().is_none() {
                    gap = Gap::Hard;
                }
            }
            gaps.push(gap);
            signs.push(std::mem::take(&mut between));
        }
        between.clear();
        letter = Some(c);
    }
    // What opens inside a name and does not close there encloses something else.
    for gap in open.into_iter().chain(straight) {
        gaps[gap] = Gap::Hard;
    }
    (gaps, signs)
}

fn classify(before: char, between: &str, after: char) -> Gap {
    if between.is_empty() {
        return Gap::None;
    }
    let han = is_han_like(before) && is_han_like(after);
    let line_ends = between.chars().filter(|c| matches!(c, '\n' | '\u{2028}' | '\u{2029}')).count();
    // Sloppy typists put an ASCII full stop between two characters; with a space it ends a sentence.
    let lone_stop = han && between == ".";
    // An item's mark at the beginning of a line; `>` quotes a wrapped one.
    let is_item =
        between.rsplit_once('\n').is_some_and(|(_, head)| head.contains(|c: char| !c.is_whitespace() && c != '>'));
    // Behind a line's end a tab is indentation, else it parts two columns.
    let is_column = line_ends == 0 && between.contains('\t');
    let closes_and_opens = between.find(is_closing).is_some_and(|at| between[at..].contains(is_opening));
    let is_quoted_line = line_ends == 1 && between.trim().trim_start_matches('>').is_empty();
    let ends = !lone_stop && !is_quoted_line && (between.contains(is_end) || between.contains("--"));
    if line_ends > 1 || is_item || is_column || closes_and_opens || ends { Gap::Hard } else { Gap::Soft }
}

/// Neither blank nor a mark or an invisible sign.
fn is_seen(c: char) -> bool {
    !c.is_whitespace() && dropped_as(c) == Some(Fold::Separator)
}

/// What parts the items of a list and ends sentences.
const LISTS: &str = "。．｡.!！?？;；:：,，、､\t";

/// Sentence ends, list marks, and what separates titles, tags, paths or columns.
fn is_end(c: char) -> bool {
    const ENDS: &str = "。．｡.!！?？;；:：,，、､…—|｜/／#＃>＞&＆@＠=＝→←⇒×■□▪●○◆◇►▶؟،؛\u{2029}";
    ENDS.contains(c)
}

fn is_closing(c: char) -> bool {
    matches!(c, ')' | '）' | ']' | '】' | '}' | '》' | '〉' | '」' | '』' | '”' | '’' | '〕')
}

fn is_opening(c: char) -> bool {
    matches!(c, '(' | '（' | '[' | '【' | '{' | '《' | '〈' | '「' | '『' | '“' | '‘' | '〔')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_holds_together_over_soft_signs() {
        for (written, official) in [
            ("中国雷锋基金会", "中国雷锋基金会"),
            ("中國雷·锋基金會", "中国雷锋基金会"),
            ("中 国 雷 锋 基 金 会", "中国雷锋基金会"),
            ("中国雷锋\n基金会", "中国雷锋基金会"),
            ("中国“雷锋”基金会", "中国雷锋基金会"),
            ("中国.雷锋基金会", "中国雷锋基金会"),
            ("中国(雷锋)基金会", "中国雷锋基金会"),
            ("中\u{200B}国雷锋基金会", "中国雷锋基金会"),
            ("中，国，雷，锋，基，金，会", "中国雷锋基金会"),
            ("中。国。雷。锋。基金会", "中国雷锋基金会"),
            ("China Lei-Feng\nFoundation", "China Lei Feng Foundation"),
            ("中国雷锋\r\n\t基金会", "中国雷锋基金会"),
            ("中国雷锋\n> 基金会", "中国雷锋基金会"),
            ("中国\"雷锋\"基金会", "中国雷锋基金会"),
            ("the People’s Example Fund", "the People's Example Fund"),
            ("Development & Exchange", "Development & Exchange"),
            ("中#国#雷#锋#基#金#会", "中国雷锋基金会"),
            ("Arts, Crafts Society", "Arts, Crafts Society"),
            ("中国—集邮—文化—中心", "中国集邮文化中心"),
            ("中国……教师……继续教育……协会", "中国教师继续教育协会"),
            ("China/Lei/Feng/Foundation", "China Lei Feng Foundation"),
            ("China.Lei.Feng.Foundation", "China Lei Feng Foundation"),
            ("China..Lei**Feng· ·Foundation", "China Lei Feng Foundation"),
            ("China → Lei → Feng → Foundation", "China Lei Feng Foundation"),
        ] {
            assert!(is_one_name(written, official), "{written}");
        }
    }

    #[test]
    fn a_sentence_end_or_list_mark_parts_two_names() {
        for (written, official) in [
            ("中国。雷锋基金会", "中国雷锋基金会"),
            ("中国、雷锋基金会", "中国雷锋基金会"),
            ("中国，雷锋基金会", "中国雷锋基金会"),
            ("《中国》《雷锋基金会", "中国雷锋基金会"),
            ("中国\n\n雷锋基金会", "中国雷锋基金会"),
            ("中国…雷锋基金会", "中国雷锋基金会"),
            ("中国 | 雷锋基金会", "中国雷锋基金会"),
            ("中国（雷锋基金会", "中国雷锋基金会"),
            ("中国\"雷锋基金会", "中国雷锋基金会"),
            ("中国\n- 雷锋基金会", "中国雷锋基金会"),
            ("China\n* Lei Feng Foundation", "China Lei Feng Foundation"),
            ("中国#雷锋基金会", "中国雷锋基金会"),
            ("中国 > 雷锋基金会", "中国雷锋基金会"),
            ("中国 -- 雷锋基金会", "中国雷锋基金会"),
            ("中国\t雷锋基金会", "中国雷锋基金会"),
            ("中国→雷锋基金会", "中国雷锋基金会"),
            ("中国”雷锋基金会", "中国雷锋基金会"),
            ("China. Lei Feng Foundation", "China Lei Feng Foundation"),
            ("Arts. Crafts Society", "Arts Crafts Society"),
            ("China, Lei, Feng, Foundation", "China Lei Feng Foundation"),
            ("China. Lei. Feng. Foundation", "China Lei Feng Foundation"),
            ("China/Lei Feng Foundation", "China Lei Feng Foundation"),
            ("China; Lei; Feng; Foundation", "China Lei Feng Foundation"),
            ("China\nLei\n\nFeng\n\nFoundation", "China Lei Feng Foundation"),
            ("中国、集邮、文化、中心", "中国集邮文化中心"),
            ("中国—集邮/文化、中心", "中国集邮文化中心"),
            ("中国。集邮。文化中心", "中国集邮文化中心"),
            ("中🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸🌸国雷锋基金会", "中国雷锋基金会"),
        ] {
            assert!(!is_one_name(written, official), "{written}");
        }
    }
}
