//! How a Han character is read aloud: 会 -> `hui`, `kuai`.
//!
//! The readings are those of the `pinyin` crate (mozillazg's pinyin-data, MIT), all of a character with several, without tones.

use pinyin::ToPinyinMulti as _;

/// Some reading of `c` is exactly these ASCII letters in lower case; `v` and `u` both stand for ü.
#[must_use]
pub fn reads_as(c: char, letters: &[u8]) -> bool {
    sounds(c).any(|reading| is_spelled(reading, letters))
}

/// Some reading of `c` begins with this ASCII letter in lower case.
#[must_use]
pub fn begins_with(c: char, letter: u8) -> bool {
    sounds(c).any(|reading| reading.as_bytes().first() == Some(&letter))
}

/// The letters end with a reading of `c`: how many letters of each such reading, without repetition in a row.
pub fn readings_behind(c: char, letters: &[u8]) -> impl Iterator<Item = usize> {
    sounds(c).filter_map(move |reading| {
        let length = reading.chars().count();
        let tail = letters.get(letters.len().checked_sub(length)?..)?;
        is_spelled(reading, tail).then_some(length)
    })
}

/// Every reading of `c` in ASCII letters; ü as `v` and as `u`.
pub fn readings(c: char) -> impl Iterator<Item = Vec<u8>> {
    let spelled = |reading: &str, umlaut: char| -> Vec<u8> {
        let letters = reading.chars().map(|c| match c {
            'ü' => umlaut,
            'ê' => 'e',
            _ => c,
        });
        letters.filter_map(|c| u8::try_from(c).ok()).filter(u8::is_ascii_lowercase).collect()
    };
    let both = move |reading: &'static str| {
        let has_umlaut = reading.contains('ü');
        std::iter::once(spelled(reading, 'u')).chain(has_umlaut.then(|| spelled(reading, 'v')))
    };
    sounds(c).flat_map(both).filter(|letters| !letters.is_empty())
}

fn sounds(c: char) -> impl Iterator<Item = &'static str> {
    c.to_pinyin_multi().into_iter().flatten().map(pinyin::Pinyin::plain)
}

fn is_spelled(reading: &str, letters: &[u8]) -> bool {
    let is_same = |(read, written): (char, &u8)| match read {
        'ü' => matches!(written, b'u' | b'v'),
        'ê' => *written == b'e',
        _ => read == char::from(*written),
    };
    reading.chars().count() == letters.len() && reading.chars().zip(letters).all(is_same)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_has_its_readings_and_no_others() {
        for (c, letters) in [
            ('会', "hui"),
            ('会', "kuai"),
            ('协', "xie"),
            ('旅', "lv"),
            ('旅', "lu"),
            ('略', "lve"),
            ('国', "guo"),
            ('一', "yi"),
        ] {
            assert!(reads_as(c, letters.as_bytes()), "{c} {letters}");
            assert!(begins_with(c, letters.as_bytes()[0]), "{c} {letters}");
        }
        for (c, letters) in
            [('会', "hu"), ('会', "huii"), ('会', ""), ('协', "hui"), ('a', "a"), ('。', "o"), ('国', "GUO")]
        {
            assert!(!reads_as(c, letters.as_bytes()), "{c} {letters}");
        }
        assert!(readings_behind('术', b"meishu").any(|length| length == 3));
        assert!(readings_behind('术', b"u").next().is_none());
    }
}
