//! What people write for the dot of a host, for its `@` and `:`, and what they write between its letters.

use super::sign::is_space;

/// The dots themselves: ASCII, what IDNA takes for it (UTS 46), and what NFKC makes one.
const DOTS: [char; 6] = ['.', '．', '。', '｡', '﹒', '․'];

/// Words and strokes for a dot: read as one only where a host is known to stand, or in brackets.
const WORDS: [&str; 3] = ["点", "點", "丶"];

/// The English word for it, which may also be part of a label, so it must stand alone.
const WORD: &str = "dot";

/// Brackets that are put around a dot so that nothing becomes a link.
const BRACKETS: [(char, char); 9] = [
    ('[', ']'),
    ('(', ')'),
    ('{', '}'),
    ('<', '>'),
    ('（', '）'),
    ('【', '】'),
    ('［', '］'),
    ('〔', '〕'),
    ('｛', '｝'),
];

/// Bytes of blanks that are looked at inside such brackets: nobody writes more than one or two.
const ROOM: usize = 8;

pub(super) fn is_dot(c: char) -> bool {
    DOTS.contains(&c)
}

/// A dot that another keyboard makes.
pub(super) fn is_wide_dot(c: char) -> bool {
    c != '.' && is_dot(c)
}

/// The length in bytes of a dot, in any spelling, at the start of `rest`; `spaced` when a space stands before it.
pub(super) fn dot_at(rest: &str, spaced: bool) -> Option<usize> {
    let alone = || {
        let after = rest.get(WORD.len()..).and_then(|after| after.chars().next());
        let stands_alone = spaced && starts_with_ignoring_case(rest, WORD) && after.is_some_and(is_space);
        stands_alone.then_some(WORD.len())
    };
    sure_dot_at(rest).or_else(|| word_at(rest)).or_else(alone)
}

/// The length of a Chinese word for a dot at the start of `rest`.
pub(super) fn word_at(rest: &str) -> Option<usize> {
    WORDS.iter().find(|word| rest.starts_with(**word)).map(|word| word.len())
}

/// The length in bytes of a dot at the start of `rest` that needs no context to be one.
pub(super) fn sure_dot_at(rest: &str) -> Option<usize> {
    let first = rest.chars().next()?;
    if is_dot(first) {
        return Some(first.len_utf8());
    }
    if first == '\\' && rest[1..].starts_with('.') {
        return Some(2);
    }
    bracketed(rest, |inner| {
        let sign = inner.chars().next().filter(|c| is_dot(*c)).map(char::len_utf8);
        sign.or_else(|| word_at(inner)).or_else(|| starts_with_ignoring_case(inner, WORD).then_some(WORD.len()))
    })
}

/// The length in bytes of an `@` in brackets, or of the word for it, at the start of `rest`.
pub(super) fn bracketed_at(rest: &str) -> Option<usize> {
    bracketed(rest, |inner| match inner.chars().next()? {
        at @ ('@' | '＠') => Some(at.len_utf8()),
        _ => starts_with_ignoring_case(inner, "at").then_some(2),
    })
}

/// The length in bytes of a `:` in brackets, also with its slashes, at the start of `rest`.
pub(super) fn bracketed_colon(rest: &str) -> Option<usize> {
    bracketed(rest, |inner| inner.starts_with("://").then_some(3).or_else(|| inner.starts_with(':').then_some(1)))
}

/// The length of a bracket around what `core` accepts; a dot's second bracket may be missing (`[.com`).
fn bracketed(rest: &str, core: impl Fn(&str) -> Option<usize>) -> Option<usize> {
    let open = rest.chars().next()?;
    let (_, close) = BRACKETS.iter().find(|(first, _)| *first == open)?;
    let inner = skip_blanks(&rest[open.len_utf8()..]);
    let length = core(inner)?;
    let behind = skip_blanks(&inner[length..]);
    behind.starts_with(*close).then(|| rest.len() - behind.len() + close.len_utf8())
}

fn skip_blanks(text: &str) -> &str {
    let room = text.len().min(ROOM);
    let blanks = text.bytes().take(room).take_while(|b| *b == b' ').count();
    &text[blanks..]
}

/// The length in bytes of a dot at the end of `before` that needs no context; an ideographic full stop does: it ends
/// sentences too.
pub(super) fn sure_dot_before(before: &str) -> Option<usize> {
    let last = before.chars().next_back()?;
    if matches!(last, '.' | '．' | '﹒' | '․') {
        return Some(last.len_utf8() + usize::from(before.ends_with("\\.")));
    }
    let (open, _) = BRACKETS.iter().find(|(_, close)| *close == last)?;
    // The longest is a word between blanks.
    let inside = before.char_indices().rev().skip(1).take(ROOM);
    let (at, _) = inside.take_while(|(_, c)| !matches!(c, '\n')).find(|(_, c)| c == open)?;
    sure_dot_at(&before[at..]).filter(|length| at + length == before.len())
}

pub(super) fn starts_with_ignoring_case(rest: &str, form: &str) -> bool {
    rest.get(..form.len()).is_some_and(|head| head.eq_ignore_ascii_case(form))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_has_many_spellings() {
        for (rest, spaced, length) in [
            (".com", false, Some(1)),
            ("。com", false, Some(3)),
            ("．com", false, Some(3)),
            ("｡com", false, Some(3)),
            ("\\.com", false, Some(2)),
            ("[.]com", false, Some(3)),
            ("[ . ]com", false, Some(5)),
            ("(DOT)com", false, Some(5)),
            ("{ dot }com", false, Some(7)),
            ("（点）com", false, Some(9)),
            ("【。】com", false, Some(9)),
            ("点com", false, Some(3)),
            ("丶com", false, Some(3)),
            ("Dot com", true, Some(3)),
            ("dot com", false, None),
            ("dotcom", true, None),
            ("com", false, None),
            (",com", false, None),
            ("[.com", false, None),
            ("[.)com", false, None),
            ("[dots]com", false, None),
            ("[          .]com", false, None),
            ("", false, None),
            ("[", false, None),
            ("\\", false, None),
        ] {
            assert_eq!(dot_at(rest, spaced), length, "{rest}");
        }
    }

    #[test]
    fn a_dot_is_known_from_behind() {
        for (before, length) in [
            ("sham.", Some(1)),
            ("sham．", Some(3)),
            ("sham\\.", Some(2)),
            ("sham[.]", Some(3)),
            ("sham( dot )", Some(7)),
            ("sham（点）", Some(9)),
            // It ends sentences.
            ("样例。", None),
            ("sham]", None),
            ("[sham]", None),
            ("[.)", None),
            ("点", None),
            ("", None),
        ] {
            assert_eq!(sure_dot_before(before), length, "{before}");
        }
    }

    #[test]
    fn at_and_colon_in_brackets_are_read() {
        for (rest, at, colon) in [
            ("[at]sham", Some(4), None),
            ("(@)sham", Some(3), None),
            ("[:]//", None, Some(3)),
            ("[://]sham", None, Some(5)),
            ("[attic]", None, None),
            ("@sham", None, None),
            ("", None, None),
        ] {
            assert_eq!((bracketed_at(rest), bracketed_colon(rest)), (at, colon), "{rest}");
        }
    }
}
