//! Which signs a text has at all: one pass over its bytes, without a branch, so that clean texts pay next to nothing.

/// What a text may hold, by its bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Signs {
    /// What an escape begins with.
    pub(super) may_escape: bool,
    /// What mark-up begins with.
    pub(super) may_mark_up: bool,
}

impl Signs {
    pub(super) fn of(text: &str) -> Self {
        let seen = text.bytes().fold([false; 2], |[escape, mark_up], byte| {
            [escape | (byte == b'&') | (byte == b'%') | (byte == b'\\'), mark_up | (byte == b'<') | (byte == b'[')]
        });
        Self { may_escape: seen[0], may_mark_up: seen[1] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_signs_needs_no_reading() {
        for (text, may_escape, may_mark_up) in [
            ("中国，雷锋（基金会）。", false, false),
            ("", false, false),
            ("100%", true, false),
            ("a & b", true, false),
            ("\\", true, false),
            ("a < b", false, true),
            ("中[1]", false, true),
        ] {
            assert_eq!(Signs::of(text), Signs { may_escape, may_mark_up }, "{text}");
        }
    }
}
