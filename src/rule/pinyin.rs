//! Listed names as handles write them where only Latin letters are taken: by their reading, run together.
//!
//! The reading is the entry's id, when it is one: an id is a slug of its author's choice, so it counts only when it falls into as many
//! syllables of pinyin as the name has characters. Two bodies of one reading have none, and neither has a body
//! whose entry has a caution: what sounds alike may be the lawful body beside it.

use super::index::is_judged;
use super::organization::Organization;
use crate::text::is_han_like;
use std::collections::HashMap;

/// Characters of a name below which its reading could be anything.
const SHORTEST: usize = 6;

/// Readings without spaces, with the index of the organization.
pub(super) fn readings(organizations: &[Organization]) -> HashMap<String, usize> {
    let mut all: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, organization) in organizations.iter().enumerate().filter(|(_, o)| is_judged(o.status)) {
        for reading in readings_of(organization) {
            all.entry(reading).or_default().push(index);
        }
    }
    all.into_iter().filter(|(_, who)| who.len() == 1).map(|(reading, who)| (reading, who[0])).collect()
}

fn readings_of(organization: &Organization) -> Vec<String> {
    let name = organization.name.as_deref().unwrap_or_default();
    let characters = name.chars().filter(|c| is_han_like(*c)).count();
    let all_han = name.chars().all(|c| is_han_like(c) || !c.is_alphanumeric());
    let reading = organization.id.replace('-', "");
    if !all_han || characters < SHORTEST || !organization.caution.is_empty() || !falls_into(&reading, characters) {
        return Vec::new();
    }
    // ü is written v, u or yu; 略 is lve or lue.
    let plain = reading.replace("lv", "lu").replace("nv", "nu");
    if plain == reading { vec![reading] } else { vec![reading, plain] }
}

/// The letters can be read as exactly so many syllables of pinyin.
fn falls_into(letters: &str, syllables: usize) -> bool {
    // a syllable has one letter to six
    if letters.len() > syllables.saturating_mul(6) {
        return false;
    }
    // for each number of letters, the numbers of syllables that they can be, as bits
    let mut counts = vec![0u128; letters.len() + 1];
    counts[0] = 1;
    for from in 0..letters.len() {
        if counts[from] == 0 || !letters.is_char_boundary(from) {
            continue;
        }
        for initial in INITIALS.iter().filter(|initial| letters[from..].starts_with(**initial)) {
            let rest = from + initial.len();
            for last in FINALS.iter().filter(|last| letters[rest..].starts_with(**last)) {
                counts[rest + last.len()] |= counts[from] << 1;
            }
        }
    }
    u32::try_from(syllables).is_ok_and(|n| n < u128::BITS && counts[letters.len()] >> n & 1 == 1)
}

/// What a syllable begins with, nothing at all among them (the scheme of 1958, as GB/T 16159 uses it).
const INITIALS: [&str; 24] = [
    "", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "zh", "ch", "sh", "r", "z", "c", "s",
    "y", "w",
];
/// What it ends with.
const FINALS: [&str; 36] = [
    "a", "o", "e", "ai", "ei", "ao", "ou", "an", "en", "ang", "eng", "ong", "er", "i", "ia", "ie", "iao", "iu", "ian",
    "in", "iang", "ing", "iong", "u", "ua", "uo", "uai", "ui", "uan", "un", "uang", "ue", "v", "ve", "van", "vn",
];

#[cfg(test)]
mod tests {
    use super::falls_into;

    #[test]
    fn a_reading_has_a_syllable_for_each_character() {
        for (letters, syllables) in [
            ("zhongguoyanglixuehui", 6),
            ("quanguoyanglilianmeng", 7),
            ("zhanlveyanjiuyuan", 5),
            ("xian", 1),
            ("xian", 2),
            ("", 0),
        ] {
            assert!(falls_into(letters, syllables), "{letters}");
        }
        for (letters, syllables) in [
            ("zhongguoyanglixuehui", 5),
            ("shamacademy", 6),
            ("exampleawardcouncil", 6),
            ("zhongguo2", 2),
            ("中国", 2),
            ("", 1),
            ("zhongguo", usize::MAX),
        ] {
            assert!(!falls_into(letters, syllables), "{letters}");
        }
    }
}
