//! A handle: an account compared whole, and a name written the way handles are written.
//!
//! Handles have no spaces, so capitals, digits, dots and underscores part their words: `ExampleUnionOfChina2031`. And many sites take
//! Latin letters only, so that a Chinese name is written by its reading: `zhongguo_yangli_xuehui`. Both need the whole
//! name between edges of words; a reading needs to be the official name's, and long.

use crate::content::Field;
use crate::engine::candidate::Candidate;
use crate::engine::gaps::is_one_name;
use crate::engine::verdict::Reason;
use crate::rule::{RuleSet, Target, Via};
use crate::text::{Fold, FoldSet, is_word_boundary};
use std::ops::Range;

/// Letters below which no reading is looked up: six characters have more.
const SHORTEST: usize = 12;
/// Letters of a handle that are looked at; sites allow fewer.
const LONGEST: usize = 128;
/// Words of a handle that are looked at: so many runs of them at most are looked up as its square.
const MAX_WORDS: usize = 24;

/// The listed account that the handle is.
pub(super) fn look<'r>(rules: &'r RuleSet, index: usize, field: &Field<'_>) -> Option<Candidate<'r>> {
    if rules.is_official_account(&field.value) {
        return None;
    }
    let (organization, account) = rules.listed_account(&field.value)?;
    Some(Candidate {
        target: Target::Account { organization, account },
        pattern: &rules.organizations()[organization].accounts[account].id,
        order: usize::MAX,
        field: index,
        bytes: 0..field.value.len(),
        in_email: false,
        undone: FoldSet::EMPTY,
        read_as: None,
    })
}

/// A name that running text would not show: it begins and ends where words of a handle do, and dots may part them.
pub(super) fn is_written_in(handle: &str, candidate: &Candidate<'_>, reason: &Reason) -> bool {
    if !matches!(reason, Reason::InsideWord | Reason::AcrossBoundary)
        || !matches!(candidate.target, Target::Name { .. } | Target::Protected { .. })
    {
        return false;
    }
    let bytes = &candidate.bytes;
    let written = handle[bytes.clone()].replace('.', "_");
    is_edge(handle, bytes.start) && is_edge(handle, bytes.end) && is_one_name(&written, candidate.pattern)
}

/// A word of a handle can begin or end here.
fn is_edge(handle: &str, at: usize) -> bool {
    let (Some(before), Some(behind)) = (handle[..at].chars().next_back(), handle[at..].chars().next()) else {
        return true;
    };
    is_word_boundary(handle, at)
        || (before.is_lowercase() && behind.is_uppercase())
        || (before.is_ascii_digit() != behind.is_ascii_digit())
}

/// A word of a handle: its letters among those read, and its bytes.
#[derive(Clone, Copy, Default)]
struct Word {
    letters: (usize, usize),
    bytes: (usize, usize),
}

/// The listed organization whose name's reading the handle has between edges of its words.
pub(super) fn look_for_reading<'r>(rules: &'r RuleSet, index: usize, field: &Field<'_>) -> Option<Candidate<'r>> {
    if field.value.bytes().filter(u8::is_ascii_alphabetic).count() < SHORTEST {
        return None;
    }
    let mut letters = [0u8; LONGEST];
    let mut words = [Word::default(); MAX_WORDS];
    let count = read(&field.value, &mut letters, &mut words);
    let words = &words[..count];
    let (organization, bytes) = (0..count).find_map(|first| {
        (first..count).rev().find_map(|last| {
            let (from, to) = (words[first].letters.0, words[last].letters.1);
            let run = letters.get(from..to).filter(|run| run.len() >= SHORTEST)?;
            let organization = rules.named_by_reading(std::str::from_utf8(run).ok()?)?;
            Some((organization, words[first].bytes.0..words[last].bytes.1))
        })
    })?;
    let name = rules.organizations()[organization].name.as_deref()?;
    Some(reading(organization, name, index, bytes))
}

fn reading(organization: usize, name: &str, field: usize, bytes: Range<usize>) -> Candidate<'_> {
    Candidate {
        target: Target::Name { organization, via: Via::Name, requires_full_name: false },
        pattern: name,
        order: usize::MAX,
        field,
        bytes,
        in_email: false,
        undone: FoldSet::EMPTY.with(Fold::Pinyin),
        read_as: Some(name.to_owned()),
    }
}

/// Reads the Latin words of a handle into `letters` and `words`; how many words there are. A handle with other letters, or with more than
/// there is room for, is read as far as it goes.
fn read(handle: &str, letters: &mut [u8; LONGEST], words: &mut [Word; MAX_WORDS]) -> usize {
    let (mut count, mut length) = (0, 0);
    for (at, c) in handle.char_indices() {
        if !c.is_ascii_alphabetic() {
            continue;
        }
        if is_edge(handle, at) {
            if count == MAX_WORDS {
                break;
            }
            words[count] = Word { letters: (length, length), bytes: (at, at) };
            count += 1;
        }
        let Some((letter, word)) = letters.get_mut(length).zip(words[..count].last_mut()) else { break };
        *letter = u8::try_from(c.to_ascii_lowercase()).unwrap_or_default();
        length += 1;
        word.letters.1 = length;
        word.bytes.1 = at + 1;
    }
    count
}
