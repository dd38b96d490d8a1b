//! The signs between the letters of a name: `中國雷·锋基金会` is one name, `…开往中国。雷锋基金会…` is none.

use crate::text::{is_dropped, is_han_like};

/// In a name of which so many gaps are filled, the marks are the disguise: `中。国。雷。锋`.
const MOSTLY: (usize, usize) = (1, 2);

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
    let gaps = gaps_of(written);
    if gaps.iter().all(|gap| *gap < Gap::Hard) {
        return true;
    }
    let allowed = gaps_of(official);
    let hard = (0..gaps.len()).filter(|&i| gaps[i] == Gap::Hard && allowed.get(i) != Some(&Gap::Hard)).count();
    let filled = gaps.iter().filter(|gap| **gap > Gap::None).count();
    hard == 0 || (filled >= 3 && filled * MOSTLY.1 > gaps.len() * MOSTLY.0)
}

/// The gap after each letter or digit but the last.
fn gaps_of(text: &str) -> Vec<Gap> {
    let mut gaps = Vec::new();
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
        }
        between.clear();
        letter = Some(c);
    }
    // What opens inside a name and does not close there encloses something else.
    for gap in open.into_iter().chain(straight) {
        gaps[gap] = Gap::Hard;
    }
    gaps
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
        ] {
            assert!(!is_one_name(written, official), "{written}");
        }
    }
}
