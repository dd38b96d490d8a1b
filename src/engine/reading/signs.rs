//! Which signs a text has at all: one pass over its bytes, without a branch, so that clean texts pay next to nothing.

/// What a text may hold, by its bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "one for each kind of sign, independent of one another")]
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
    #[expect(
        clippy::needless_bitwise_bool,
        clippy::manual_range_contains,
        reason = "a branch would cost more than the comparison"
    )]
    pub(in crate::engine) fn of(text: &str) -> Self {
        const ESCAPE: u8 = 1;
        const MARK_UP: u8 = 2;
        const ENCLOSE: u8 = 4;
        const SPELL: u8 = 8;
        let when = |condition: bool, sign: u8| u8::from(condition).wrapping_neg() & sign;
        let bytes = text.as_bytes();
        // Plain arithmetic on bytes, which the compiler does for sixteen of them at a time.
        let alone = bytes.iter().fold(0, |seen, &byte| {
            let encloses = (byte == b'(') | (byte == b'[') | (byte == b'{') | (byte == b'<') | (byte == b'"');
            seen | when((byte == b'&') | (byte == b'%') | (byte == b'\\'), ESCAPE)
                | when((byte == b'<') | (byte == b'['), MARK_UP)
                | when(encloses, ENCLOSE)
        });
        let beside = bytes.iter().zip(bytes.get(1..).unwrap_or(&[])).zip(bytes.get(2..).unwrap_or(&[]));
        let seen = beside.fold(alone, |seen, ((&one, &two), &three)| {
            let full_width = (one == 0xEF) & (two == 0xBC) & ((three == 0x88) | (three == 0xBB));
            let cornered = (one == 0xE3) & (two == 0x80) & (three >= 0x88) & (three <= 0x94);
            let quoted = (one == 0xE2) & (two == 0x80) & ((three == 0x98) | (three == 0x9C));
            let small = two | 0x20;
            let is_letter = (small >= b'a') & (small <= b'z');
            let is_sign = |byte: u8| (byte == b'@') | (byte == b'$') | (byte == b'!') | (byte == b'|') | (byte == b'+');
            let spelled = is_sign(one) & (is_letter | ((two >= b'0') & (two <= b'9')) | is_sign(two));
            // A bar of Cyrillic, which is neither l nor i; a capital I within a word in small letters.
            let bar = (one == 0xD3) & ((two == 0x80) | (two == 0x8F));
            let before = one | 0x20;
            let capital = (two == b'I') & (before >= b'a') & (before <= b'z') & (three >= b'a') & (three <= b'z');
            seen | when(full_width | cornered | quoted, ENCLOSE) | when(spelled | bar | capital, SPELL)
        });
        Self {
            may_escape: seen & ESCAPE != 0,
            may_mark_up: seen & MARK_UP != 0,
            may_enclose: seen & ENCLOSE != 0,
            may_spell: seen & SPELL != 0,
        }
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
