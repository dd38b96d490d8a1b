//! What a label looks like: `examp1e` and `ехаmple` look like `example`.

use crate::text::fold;
use std::borrow::Cow;

/// One sign for each sign that looks alike; hyphens and what nobody sees are dropped. Two texts that differ by one slip
/// have skeletons that differ by one at most.
pub(super) fn skeleton(text: &str) -> String {
    let mut skeleton = String::with_capacity(text.len());
    skeleton_into(text, &mut skeleton);
    skeleton
}

/// Adds the skeleton of `text`.
pub(super) fn skeleton_into(text: &str, skeleton: &mut String) {
    if text.is_ascii() {
        let letters = text.bytes().filter(u8::is_ascii_alphanumeric);
        skeleton.extend(letters.map(|b| alike(char::from(b.to_ascii_lowercase()))));
    } else {
        skeleton.extend(String::from_utf16_lossy(&fold(text)).chars().map(alike));
    }
}

/// The sign that stands for all that look like it.
fn alike(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | 'i' => 'l',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        '8' => 'b',
        '9' => 'g',
        _ => c,
    }
}

/// Signs that look like one: `rn` like m.
pub(super) fn merged(skeleton: &str) -> Cow<'_, str> {
    const PAIRS: [(&str, &str); 3] = [("rn", "m"), ("vv", "w"), ("cl", "d")];
    let is_pair = |two: &[u8]| PAIRS.iter().any(|(pair, _)| pair.as_bytes() == two);
    if !skeleton.as_bytes().windows(2).any(is_pair) {
        return Cow::Borrowed(skeleton);
    }
    Cow::Owned(PAIRS.iter().fold(skeleton.to_owned(), |text, (pair, one)| text.replace(pair, one)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_alike_has_one_skeleton() {
        for (one, other, alike) in [
            ("example", "examp1e", true),
            ("example", "ехаmple", true),
            ("example", "Example", true),
            ("example", "exa-mple", true),
            ("modern", "modem", true),
            ("water", "vvater", true),
            ("zero", "zer0", true),
            ("example", "exemple", false),
            ("example", "examples", false),
            ("main", "nain", false),
        ] {
            assert_eq!(merged(&skeleton(one)) == merged(&skeleton(other)), alike, "{one} {other}");
        }
    }
}
