//! Kin of a listed body: a branch or a preparatory committee that no notice names, told by its grammar.
//!
//! `中国样例学会浙江分会` is the parent's name, a place and a tail; `Preparatory Committee of the …` says so in front. Such a name
//! is the parent's mention with less certainty: the whole name is a second span beside the mention's own, and a
//! branch that a notice does name is a mention by itself (`resolve`: the longest wins), never its parent's.
//!
//! Three rules decide, none of them a score. A branch needs a place: 客服, 会员处 or 秘书长 behind a name is a department or a role, and
//! the account is the body's own. What is being prepared needs none. And a name that goes on to another head
//! (`中国样例学会大学`, `…杂志社`) stays the body's name: its author uses all of it, nobody can tell a department from a body of its own, and a
//! lawful one belongs among the protected names, where the longest wins.
//!
//! The words are tables in the code and not documents among the rules: they are language, like the fold table, and no
//! author of lists has a reason to change them. The version of the engine, which every verdict carries, stands for them.
//!
//! Asked only for mentions that stand, at most [`MAX_MENTIONS`](super::MAX_MENTIONS) of a record, and looks at a bounded window around each.

mod another;
mod ground;
mod han;
mod latin;
mod places;
mod window;
mod words;

pub(super) use another::is_anothers;
pub(super) use ground::{Grounds, branch_of};
use std::ops::Range;

/// What a longer name around a listed one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kinship {
    /// An office or a part of the body at some place.
    Branch,
    /// What is only being founded.
    Preparatory,
}

impl Kinship {
    /// Every kind, in the order of the event's schema.
    pub const ALL: [Kinship; 2] = [Kinship::Branch, Kinship::Preparatory];

    /// The name in verdicts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Kinship::Branch => "branch",
            Kinship::Preparatory => "preparatory",
        }
    }
}

/// How surely an unlisted branch or committee is the body itself, of 1: it may be its own founders' invention.
pub(super) const INHERITED: f64 = 0.8;

/// A longer name around a listed one.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kin {
    kind: Kinship,
    /// The whole name, with the listed one in it.
    bytes: Range<usize>,
    /// The place's words; `None` where a preparatory committee has none.
    place: Option<Range<usize>>,
}

/// The branch or committee that the listed name at `name` of `text` is part of. It stays within `ground`, the bytes up to what is found
/// on either side.
fn kin_of(text: &str, name: &Range<usize>, ground: &Range<usize>) -> Option<Kin> {
    let behind = || {
        let (at, until) = (name.end, ground.end.max(name.end));
        han::behind(text, at, until).or_else(|| latin::behind(text, at, until))
    };
    let in_front = || {
        let before = text.get(ground.start..name.start)?;
        han::in_front(before, name.start).or_else(|| latin::in_front(before, name.start))
    };
    let found = behind().or_else(in_front)?;
    Some(Kin { bytes: found.bytes.start.min(name.start)..found.bytes.end.max(name.end), ..found })
}

#[cfg(test)]
mod tests;
