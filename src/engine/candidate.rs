//! A found pattern, proved on the original text: where it stands, and that it is what it seems.

use super::gaps::is_one_name;
use super::kin::is_anothers;
use super::verdict::Reason;
use crate::domain::listed_at;
use crate::rule::{Imitated, Imitation, RuleSet, Status, Target, Via};
use crate::text::{FoldSet, fold, is_han_like, is_word_boundary};
use std::ops::Range;

/// A pattern that stands in one field of a content.
#[derive(Clone, Debug)]
pub(super) struct Candidate<'r> {
    pub(super) target: Target,
    /// The name, domain or account as its document writes it.
    pub(super) pattern: &'r str,
    /// Its number in the rule set: the last tie-breaker.
    pub(super) order: usize,
    /// Index into the content's fields.
    pub(super) field: usize,
    /// Bytes of the field's value; a domain's are its own, without the subdomains in front of it.
    pub(super) bytes: Range<usize>,
    pub(super) in_email: bool,
    /// What a reading undid within these bytes, before it was folded.
    pub(super) undone: FoldSet,
    /// What the reading says where the original has `bytes`; `None` when the original itself was read.
    pub(super) read_as: Option<String>,
}

impl Candidate<'_> {
    pub(super) fn organization(&self) -> Option<usize> {
        match self.target {
            Target::Name { organization, .. }
            | Target::Variant { organization, .. }
            | Target::Domain { organization, .. }
            | Target::Account { organization, .. }
            | Target::Imitation(Imitation { of: Imitated::Listed { organization, .. }, .. }) => Some(organization),
            Target::Protected { .. } | Target::Imitation(_) | Target::KnownHost | Target::Canary => None,
        }
    }

    pub(super) fn via(&self) -> Via {
        match self.target {
            Target::Name { via, .. } => via,
            Target::Variant { .. } => Via::Variant,
            Target::Domain { .. } | Target::KnownHost => Via::Domain,
            Target::Account { .. } => Via::Account,
            Target::Imitation(_) => Via::Impersonation,
            Target::Canary => Via::Canary,
            Target::Protected { .. } => Via::Name,
        }
    }

    /// A spelling that nobody listed, in shadow whatever its organization's status.
    pub(super) fn is_on_trial(&self) -> bool {
        matches!(self.target, Target::Variant { counts: false, .. })
    }

    /// `Shadow` where it emits nothing.
    pub(super) fn status(&self, rules: &RuleSet) -> Status {
        match self.organization() {
            Some(_) if self.is_on_trial() => Status::Shadow,
            Some(organization) => rules.organizations()[organization].status,
            None => Status::Active,
        }
    }

    pub(super) fn is_protected(&self) -> bool {
        matches!(self.target, Target::Protected { .. })
    }
}

/// A candidate that was proved on the original.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verified {
    /// The bytes it really covers.
    pub(super) bytes: Range<usize>,
    pub(super) in_email: bool,
    /// What reading a host undid: of names the fold's table says it.
    pub(super) undone: FoldSet,
}

/// Verifies a pattern found at `bytes` of `text`.
pub(super) fn verify(
    rules: &RuleSet,
    target: &Target,
    pattern: &str,
    text: &str,
    bytes: Range<usize>,
) -> Result<Verified, Reason> {
    if let Target::Domain { organization, domain } = *target {
        let listed = &rules.organizations()[organization].domains[domain].domain;
        let found = listed_at(text, bytes.clone(), listed).ok_or(Reason::NotAHost)?;
        return Ok(Verified { bytes, in_email: found.in_email, undone: found.folds });
    }
    if !has_word_boundaries(text, &bytes) {
        return Err(Reason::InsideWord);
    }
    if !is_one_name(&text[bytes.clone()], pattern) {
        return Err(Reason::AcrossBoundary);
    }
    if matches!(target, Target::Name { .. } | Target::Variant { .. }) && is_anothers(text, &bytes) {
        return Err(Reason::GoesOn);
    }
    if !matches!(target, Target::Protected { .. }) && is_in_registered_brackets(text, bytes.start) {
        return Err(Reason::LegallyRegistered);
    }
    Ok(Verified { bytes, in_email: false, undone: FoldSet::EMPTY })
}

/// Names of Han characters run together with their neighbours by nature; others begin and end at a word's edge.
fn has_word_boundaries(text: &str, bytes: &Range<usize>) -> bool {
    let inside = &text[bytes.clone()];
    let (before, after) = (&text[..bytes.start], &text[bytes.end..]);
    let edge = |c: Option<char>| c.is_some_and(|c| !is_han_like(c));
    (!edge(inside.chars().next()) || (is_word_boundary(text, bytes.start) && !is_prefixed(before)))
        && (!edge(inside.chars().next_back()) || is_word_boundary(text, bytes.end) || after.starts_with(is_footnote))
        && !goes_on_as_another_word(inside, after)
}

/// `Non-Chinese …`: a prefix makes another name.
fn is_prefixed(before: &str) -> bool {
    let stem = before.strip_suffix(['-', '‐', '‑']);
    stem.and_then(|stem| stem.chars().next_back()).is_some_and(|c| c.is_alphabetic() && !is_han_like(c))
}

/// The raised digit of a footnote.
fn is_footnote(c: char) -> bool {
    matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹')
}

/// Words whose first character ends a name, and which are no more about the name: `…研究会议在京召开`. Not here: `计` and
/// `谈`, since `…基金会计划` is common.
fn goes_on_as_another_word(name: &str, after: &str) -> bool {
    const WORDS: [(char, &str); 6] =
        [('会', "议"), ('会', "議"), ('会', "计师"), ('會', "議"), ('會', "計師"), ('院', "士")];
    // 议 that is the verb of the association: 协会议定, 协会议事规则.
    const VERBS: [&str; 5] = ["事", "定", "决", "決", "处"];
    let last = name.chars().next_back();
    WORDS.iter().any(|(end, rest)| {
        last == Some(*end)
            && after.strip_prefix(rest).is_some_and(|tail| !VERBS.iter().any(|verb| tail.starts_with(verb)))
    })
}

/// How far back the bracket of `（合法登记的为…、…）` may open, in characters.
const BRACKET_REACH: usize = 120;

/// The name stands in brackets that say "legally registered": a report names the lawful body after the sham one.
fn is_in_registered_brackets(text: &str, at: usize) -> bool {
    const CUES: [&str; 6] =
        ["合法登记", "依法登记", "正式登记", "legally registered", "lawfully registered", "officially registered"];
    let mut closed = 0usize;
    for (index, c) in text[..at].char_indices().rev().take(BRACKET_REACH) {
        match c {
            ')' | '）' | ']' | '】' | '〕' | '﹚' => closed += 1,
            '(' | '（' | '[' | '【' | '〔' | '﹙' if closed > 0 => closed -= 1,
            '(' | '（' | '[' | '【' | '〔' | '﹙' => {
                let lead = fold(&text[index..at]);
                return CUES.iter().any(|cue| contains(&lead, &fold(cue)));
            }
            _ => {}
        }
    }
    false
}

fn contains(haystack: &[u16], needle: &[u16]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
