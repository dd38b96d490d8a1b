//! Which signs a text has at all: one pass over its bytes, without a branch, so that clean texts pay next to nothing.

/// What a text may hold, by its bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::engine) struct Signs {
    /// What an escape begins with.
    pub(super) may_escape: bool,
    /// What mark-up begins with.
    pub(super) may_mark_up: bool,
    /// What a reading, a place or a quoted name is put into: ASCII brackets and quotes, and the rows of Unicode that have the others.
    pub(super) may_enclose: bool,
    /// A sign that is written for a letter, before a letter or digit.
    pub(super) may_spell: bool,
}

impl Signs {
    pub(in crate::engine) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let seen = bytes.iter().fold([false; 3], |[escape, mark_up, enclose], &byte| {
            [
                escape | (byte == b'&') | (byte == b'%') | (byte == b'\\'),
                mark_up | (byte == b'<') | (byte == b'['),
                enclose
                    | (byte == b'(')
                    | (byte == b'[')
                    | (byte == b'{')
                    | (byte == b'<')
                    | (byte == b'"')
                    | (byte == b'/'),
            ]
        });
        let wide = bytes.iter().zip(bytes.iter().skip(1)).zip(bytes.iter().skip(2)).fold(
            false,
            |seen, ((&one, &two), &three)| {
                seen | ((one == 0xEF) & (two == 0xBC) & ((three == 0x88) | (three == 0xBB)))
                    | ((one == 0xE3) & (two == 0x80) & (three >= 0x88) & (three <= 0x94))
                    | ((one == 0xE2) & (two == 0x80) & ((three == 0x98) | (three == 0x9C)))
            },
        );
        let spell = bytes.iter().zip(bytes.iter().skip(1)).fold(false, |seen, (&one, &two)| {
            let is_sign = (one == b'@') | (one == b'$') | (one == b'!') | (one == b'|') | (one == b'+');
            // A bar of Cyrillic, which is neither l nor i.
            let is_bar = (one == 0xD3) & ((two == 0x80) | (two == 0x8F));
            seen | is_bar | (is_sign & (two.is_ascii_alphanumeric() | (two == b'$') | (two == b'!') | (two == b'@')))
        });
        // A capital I within a word in small letters.
        let spell = bytes.iter().zip(bytes.iter().skip(1)).zip(bytes.iter().skip(2)).fold(
            spell,
            |seen, ((&one, &two), &three)| {
                seen | (one.is_ascii_alphabetic() & (two == b'I') & three.is_ascii_lowercase())
            },
        );
        Self { may_escape: seen[0], may_mark_up: seen[1], may_enclose: seen[2] | wide, may_spell: spell }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_signs_needs_no_reading() {
        let none = Signs::default();
        for (text, signs) in [
            ("中国，雷锋，基金会。", none),
            ("", none),
            ("a.b, c! d", none),
            ("100%", Signs { may_escape: true, ..none }),
            ("a & b", Signs { may_escape: true, ..none }),
            ("\\", Signs { may_escape: true, ..none }),
            ("a < b", Signs { may_mark_up: true, may_enclose: true, ..none }),
            ("中[1]", Signs { may_mark_up: true, may_enclose: true, ..none }),
            ("中（国）", Signs { may_enclose: true, ..none }),
            ("“中国", Signs { may_enclose: true, ..none }),
            ("「中国", Signs { may_enclose: true, ..none }),
            ("AIliance", Signs { may_spell: true, ..none }),
            ("A$$ociation", Signs { may_spell: true, ..none }),
        ] {
            assert_eq!(Signs::of(text), signs, "{text}");
        }
    }
}
