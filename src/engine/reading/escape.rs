//! Escapes read as what they stand for: `%E4%B8%AD`, `&#20013;`, `&middot;`, `\u4e2d`, `\xe4\xb8\xad` -> `中`, `·`.
//!
//! Only whole characters are read, and none that would turn or break the text. Not here: encodings other than UTF-8, escapes of
//! programming languages that no page shows.

use super::entities;
use super::layer::{Layer, LayerBuilder};
use crate::text::Fold;

/// What every escape begins with.
const OPENERS: [char; 3] = ['%', '&', '\\'];

/// The text with its escapes read once; `None` when it has none.
pub(super) fn read(text: &str) -> Option<Layer> {
    let mut builder = LayerBuilder::new(text);
    let mut at = 0;
    while let Some(found) = text[at..].find(OPENERS) {
        at += found;
        match escaped(&text[at..]) {
            Some((length, c)) => {
                builder.replace(at..at + length, c.encode_utf8(&mut [0; 4]), Fold::Escape);
                at += length;
            }
            None => at += 1,
        }
    }
    builder.finish()
}

/// The character that stands escaped at the beginning of `rest`, and the bytes of its escape.
fn escaped(rest: &str) -> Option<(usize, char)> {
    let bytes = rest.as_bytes();
    let (length, c) = match (bytes.first()?, bytes.get(1)?) {
        (b'&', b'#') => numeric_entity(rest)?,
        (b'&', _) => entities::named(rest)?,
        (b'%', b'u' | b'U') => utf16(bytes, b"%u")?,
        (b'%', _) => utf8(bytes, b"%")?,
        (b'\\', b'x' | b'X') => utf8(bytes, b"\\x")?,
        (b'\\', b'u') if bytes.get(2) == Some(&b'{') => braced(rest)?,
        (b'\\', b'u') => utf16(bytes, b"\\u")?,
        (b'\\', b'U') => (10, char::from_u32(hex(bytes.get(2..10)?)?)?),
        _ => return None,
    };
    (!c.is_control() || c.is_whitespace()).then_some((length, c))
}

/// `&#20013;`, `&#x4E2D;`; browsers forgive a missing semicolon.
fn numeric_entity(rest: &str) -> Option<(usize, char)> {
    const MOST_DIGITS: usize = 8;
    let body = &rest[2..];
    let is_hex = body.starts_with(['x', 'X']);
    let digits = &body[usize::from(is_hex)..];
    let radix = if is_hex { 16 } else { 10 };
    let length = digits.bytes().take(MOST_DIGITS).take_while(|b| char::from(*b).is_digit(radix)).count();
    let c = char::from_u32(u32::from_str_radix(&digits[..length], radix).ok()?)?;
    let semicolon = usize::from(digits[length..].starts_with(';'));
    Some((2 + usize::from(is_hex) + length + semicolon, c))
}

/// `\u{4e2d}`.
fn braced(rest: &str) -> Option<(usize, char)> {
    let digits = &rest.as_bytes()[3..];
    let length = digits.iter().take(7).position(|b| *b == b'}')?;
    Some((3 + length + 1, char::from_u32(hex(&digits[..length])?)?))
}

/// One character as UTF-16 code units of four digits, each behind `mark`.
fn utf16(bytes: &[u8], mark: &[u8]) -> Option<(usize, char)> {
    let size = mark.len() + 4;
    let unit = |index: usize| {
        let one = bytes.get(index * size..(index + 1) * size)?;
        let is_marked = one[..mark.len()].eq_ignore_ascii_case(mark);
        u16::try_from(hex(&one[mark.len()..])?).ok().filter(|_| is_marked)
    };
    let first = unit(0)?;
    if let Some(c) = char::from_u32(u32::from(first)) {
        return Some((size, c));
    }
    let c = char::decode_utf16([first, unit(1)?]).next()?.ok()?;
    Some((2 * size, c))
}

/// One character as bytes of UTF-8 of two digits, each behind `mark`.
fn utf8(bytes: &[u8], mark: &[u8]) -> Option<(usize, char)> {
    let size = mark.len() + 2;
    let byte = |index: usize| {
        let one = bytes.get(index * size..(index + 1) * size)?;
        let is_marked = one[..mark.len()].eq_ignore_ascii_case(mark);
        u8::try_from(hex(&one[mark.len()..])?).ok().filter(|_| is_marked)
    };
    let mut spelled = [byte(0)?, 0, 0, 0];
    let length = match spelled[0] {
        0x00..0x80 => 1,
        0xC0..0xE0 => 2,
        0xE0..0xF0 => 3,
        0xF0.. => 4,
        _ => return None,
    };
    for (index, place) in spelled.iter_mut().enumerate().take(length).skip(1) {
        *place = byte(index)?;
    }
    let c = std::str::from_utf8(&spelled[..length]).ok()?.chars().next()?;
    Some((length * size, c))
}

/// A number of hexadecimal digits and nothing else.
fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number: u32, digit| Some(number.checked_mul(16)? + char::from(*digit).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escapes_are_read_as_what_they_stand_for() {
        for (written, expected) in [
            ("a%E4%B8%ADb", "a中b"),
            ("%e4%b8%ad%E5%9B%BD", "中国"),
            ("%41%2Eb", "A.b"),
            ("&#20013;&#x56fd;&#X4E2D;", "中国中"),
            ("&#20013国", "中国"),
            ("&#8203;x", "\u{200B}x"),
            ("&amp;#26071;", "&#26071;"),
            ("Ch&iuml;na&nbsp;&middot;&lt;b&gt;", "Chïna\u{A0}·<b>"),
            (r"\u4e2d\u56FD", "中国"),
            (r"\ud83d\ude00", "😀"),
            (r"\u{4e2d}\U0001F600", "中😀"),
            (r"\xe4\xb8\xad\x41", "中A"),
            ("%u4E2D", "中"),
            ("100%%E4%B8%AD", "100%中"),
        ] {
            assert_eq!(read(written).unwrap().text(), expected, "{written}");
        }
    }

    #[test]
    fn what_only_looks_like_an_escape_is_left() {
        for written in [
            "100% sure",
            "50%的人",
            "%",
            "%E4",
            "%E4%B8",
            "%ZZ",
            "%80",
            "A & B",
            "Q&A",
            "&;",
            "&unknownname;",
            "&#;",
            "&#x;",
            "&#xD800;",
            "&#1114112;",
            "&#0;",
            "&#99999999999;",
            r"C:\users",
            r"\u12",
            r"\u{}",
            r"\u{110000}",
            r"\ud83d",
            r"\x4",
            "\\",
            "%0",
            r"\x80",
            "%u12",
            "&#27;",
            "%00",
            "&copy right",
        ] {
            assert_eq!(read(written), None, "{written}");
        }
    }

    proptest! {
        #[test]
        fn any_text_survives_being_escaped(text in "[ -~]{0,9}|\\PC{0,9}") {
            let plain: String = text.chars().filter(|c| !c.is_control() && !OPENERS.contains(c)).collect();
            prop_assume!(!plain.is_empty());
            let percent = plain.bytes().map(|b| format!("%{b:02x}")).collect::<Vec<_>>().concat();
            let entities = plain.chars().map(|c| format!("&#{};", u32::from(c))).collect::<Vec<_>>().concat();
            let units = plain.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect::<Vec<_>>().concat();
            for written in [percent, entities, units] {
                let layer = read(&written).unwrap();
                prop_assert_eq!(layer.text(), &plain);
                prop_assert_eq!(layer.written(&(0..plain.len())), 0..written.len());
            }
        }

        #[test]
        fn any_text_can_be_read(text in "([%&\\\\#xu;0-9a-fA-F]|\\PC){0,60}") {
            let _ = read(&text);
        }
    }
}
