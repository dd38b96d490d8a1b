//! Cue words: what the text around a name says of how it speaks, as data of rule authors.
//!
//! `{ kind: fee, words: [会费, "registration fee"] }` -> the words, folded, in one automaton of their own. It is run only over
//! records that have a mention, so that clean texts pay nothing for any number of words.
//!
//! A word may have a gap (`与…无关`: both parts in this order within one clause or a few) and an open end (`invit*`). What the
//! kinds mean together is decided in `engine::stance`; nothing here knows of a stance.

use super::diagnostic::{Code, Diagnostic};
use super::digest::Digester;
use super::document::RawCue;
use super::organization::named;
use super::source::{Place, Source};
use crate::matcher::{Automaton, PatternId};
use crate::text::{fold, is_han_like};
use std::collections::HashMap;
use std::sync::Arc;

named! {
    /// What a cue shows.
    pub CueKind {
        /// An invitation or a call: 招募, apply now.
        Invitation = "invitation",
        /// Money to be paid: 会费, annual dues.
        Fee = "fee",
        /// An amount of money.
        Price = "price",
        /// A way to reach the seller: 加微信, a telephone number.
        Contact = "contact",
        /// A site of its own, or the way to it: 官网, log in.
        Site = "site",
        /// A title, a certificate or an award for sale: 包过, 代办.
        Sale = "sale",
        /// Praise that supports an offer: 才是正规, the only genuine.
        Endorsement = "endorsement",
        /// What authorities do to a body: 取缔, shut down.
        Measure = "measure",
        /// The voice of news, notices, courts and studies: 据报道, officials said.
        Report = "report",
        /// An authority: 民政部, the police.
        Authority = "authority",
        /// No ties: 与…无关, not affiliated.
        Denial = "denial",
        /// Advice not to trust: 切勿, don't pay.
        Advice = "advice",
        /// A judgement without advice: 骗子, worthless.
        Discredit = "discredit",
        /// Money or trust lost: 打水漂, never heard back.
        Loss = "loss",
        /// Who tells a loss: 我爸, my mother.
        Witness = "witness",
        /// A post, a membership, an award: 理事, fellow of.
        Role = "role",
        /// The frame of a biography: 简介, 履历, born in.
        Biography = "biography",
        /// A question: 是不是, does anyone know.
        Question = "question",
        /// A place, a spelling, a thing: 旁边, opposite.
        Place = "place",
        /// What comes behind is another's words: 写着, the flyer says.
        Quoting = "quoting",
        /// What is told, not offered: 收取, 以…名义, paid.
        Told = "told",
        /// What turns an offer or a judgement round: 不要, never.
        Negation = "negation",
        /// An order not to: 别, don't; advice where it begins what is said.
        Prohibition = "prohibition",
        /// A longer word that contains a cue and is none: 特别, 免费.
        Unrelated = "unrelated",
        /// What is only supposed: 如果, anyone who.
        Hypothetical = "hypothetical",
    }
}
named! {
    /// How much a cue says.
    pub Strength {
        /// Supports others.
        Weak = "weak",
        /// Says it.
        Plain = "plain",
        /// Says it whatever else stands there.
        Strong = "strong",
    }
}
named! {
    /// How near a mention has to be for a cue to speak of it.
    pub Scope {
        /// In the same clause, beside the name.
        Clause = "clause",
        /// In the same sentence.
        Sentence = "sentence",
        /// Anywhere in the passage that speaks of it.
        Text = "text",
    }
}

impl Strength {
    /// 1, 2 or 3.
    #[must_use]
    pub const fn weight(self) -> u32 {
        match self {
            Strength::Weak => 1,
            Strength::Plain => 2,
            Strength::Strong => 3,
        }
    }
}

/// One cue word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cue {
    /// As the document writes it.
    pub text: String,
    /// What it shows.
    pub kind: CueKind,
    /// How much it says.
    pub strength: Strength,
    /// How near it has to be.
    pub scope: Scope,
    /// How many parts a gap makes of it; 1 without a gap.
    pub parts: usize,
}

/// What a pattern of the automaton of cues is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CuePart {
    /// Index of the cue.
    pub cue: usize,
    /// Which of its parts, from 0.
    pub part: usize,
    /// A word of an alphabet begins here: something else must stand before it.
    pub starts_word: bool,
    /// A word of an alphabet ends here.
    pub ends_word: bool,
}

/// All cue words, ready to be looked for.
#[derive(Debug)]
pub struct Cues {
    all: Vec<Cue>,
    parts: Vec<CuePart>,
    automaton: Automaton,
}

/// What stands for a gap in a word.
const GAP: char = '…';
/// What stands at the open end of a word.
const OPEN_END: char = '*';

impl Cues {
    /// The cues, in the order of their kinds and texts.
    #[must_use]
    pub fn all(&self) -> &[Cue] {
        &self.all
    }

    /// What a pattern of [`Cues::automaton`] stands for.
    #[must_use]
    pub fn part(&self, pattern: PatternId) -> Option<CuePart> {
        self.parts.get(usize::try_from(pattern.0).ok()?).copied()
    }

    /// All parts of all cues.
    #[must_use]
    pub fn automaton(&self) -> &Automaton {
        &self.automaton
    }

    /// Feeds what every cue says, in one order.
    pub(super) fn digest(&self, digester: &mut Digester) {
        digester.list(&self.all, |d, cue| {
            d.text(&cue.text).text(cue.kind.as_str()).text(cue.strength.as_str()).text(cue.scope.as_str());
        });
    }
}

/// The parts of a word as written: what stands between its gaps, and whether the end is open.
fn parts(text: &str) -> impl Iterator<Item = (&str, bool)> {
    text.split(GAP).map(|part| match part.strip_suffix(OPEN_END) {
        Some(open) => (open, true),
        None => (part, false),
    })
}

/// Words that cannot be looked for, and words that stand twice.
pub(super) fn check(raw: &[RawCue], problems: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<(CueKind, Vec<Vec<u16>>), &RawCue> = HashMap::new();
    let mut in_order: Vec<&RawCue> = raw.iter().collect();
    in_order.sort_by(|a, b| (&a.text.file.name, a.text.place).cmp(&(&b.text.file.name, b.text.place)));
    for cue in in_order {
        let folded: Vec<Vec<u16>> = parts(&cue.text.value).map(|(part, _)| fold(part)).collect();
        if folded.iter().any(Vec::is_empty) {
            let message = format!("{:?} has a part without a letter or digit", cue.text.value);
            problems.push(cue.text.problem(Code::ShortName, message));
        } else if let Some(other) = seen.get(&(cue.kind, folded.clone())) {
            let message =
                format!("{:?} is a {} cue already, at {}", cue.text.value, cue.kind, other.text.whereabouts());
            problems.push(cue.text.problem(Code::WrongList, message).help("keep one of the two"));
        } else {
            seen.insert((cue.kind, folded), cue);
        }
    }
}

/// The cues of documents that are in order.
pub(super) fn build(raw: &[RawCue]) -> Result<Cues, Box<Diagnostic>> {
    let mut cues: Vec<Cue> = raw
        .iter()
        .map(|raw| Cue {
            text: raw.text.value.clone(),
            kind: raw.kind,
            strength: raw.strength,
            scope: raw.scope,
            parts: parts(&raw.text.value).count(),
        })
        .collect();
    cues.sort_by(|a, b| (a.kind, &a.text).cmp(&(b.kind, &b.text)));
    let (mut of, mut units) = (Vec::new(), Vec::new());
    for (cue, entry) in cues.iter().enumerate() {
        for (part, (text, is_open)) in parts(&entry.text).enumerate() {
            of.push(CuePart {
                cue,
                part,
                starts_word: text.chars().next().is_some_and(|c| !is_han_like(c)),
                ends_word: !is_open && text.chars().next_back().is_some_and(|c| !is_han_like(c)),
            });
            units.push(fold(text));
        }
    }
    let automaton = Automaton::new(&units).map_err(|error| {
        let everything = Source::new("all cue words together", "");
        Box::new(everything.problem(Code::TooManyNames, Place { line: 1, column: 1, width: 1 }, error.to_string()))
    })?;
    Ok(Cues { all: cues, parts: of, automaton })
}

/// The cues that ship, for a set that brings none: read once.
pub(super) fn shipped(read: impl FnOnce() -> Result<Cues, Box<Diagnostic>>) -> Result<Arc<Cues>, Box<Diagnostic>> {
    use std::sync::OnceLock;
    static SHIPPED: OnceLock<Arc<Cues>> = OnceLock::new();
    if let Some(cues) = SHIPPED.get() {
        return Ok(Arc::clone(cues));
    }
    let cues = Arc::new(read()?);
    Ok(Arc::clone(SHIPPED.get_or_init(|| cues)))
}
