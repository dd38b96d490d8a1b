//! A stranger's text where it is shown: nothing in it moves a cursor, turns the line around or hides.
//!
//! `a<U+200B>b` -> `a\u{200b}b`. What is written on lines is shown on one, with `\n` where they end.

use std::fmt::Write as _;

/// A text that does nothing to a terminal and hides nothing.
#[must_use]
pub fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push(' '),
            c if is_unseen(c) => {
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    shown
}

/// Control characters, and what has no width or turns the writing around.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_reaches_the_terminal_but_its_letters() {
        for (text, expected) in [
            ("plain 文字", "plain 文字"),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("a\u{200b}b\u{202e}c\u{feff}", "a\\u{200b}b\\u{202e}c\\u{feff}"),
            ("line\nbreak\ttab\r\n", "line\\nbreak tab\\r\\n"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("é 👩‍👩", "é 👩\\u{200d}👩"),
        ] {
            assert_eq!(printable(text), expected);
        }
    }
}
