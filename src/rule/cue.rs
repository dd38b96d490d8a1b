//! Cue words: what the text around a name says of how it speaks, as data of rule authors.
//!
//! `{ kind: fee, words: [会费, "registration fee"] }` -> the words, folded, in one automaton of their own. It is run only over
//! records that have a mention, so that clean texts pay nothing for any number of words.
//!
//! A word may stand for a class of words, have gaps and an open end (`wording`). What the kinds mean together is decided in
//! `engine::stance`; nothing here knows of a stance.

use super::diagnostic::{Code, Diagnostic};
use super::digest::Digester;
use super::document::RawCue;
use super::organization::named;
use super::source::{Place, Source};
use super::wording::{Gap, Part, parts};
use crate::matcher::{Automaton, PatternId};
use crate::text::{fold, is_han_like};
use std::collections::{BTreeMap, HashMap};
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
        /// Who is spoken to: 您, your. It supports an offer.
        Address = "address",
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
    /// How many parts gaps make of it; 1 without a gap.
    pub parts: usize,
}

/// What a pattern of the automaton of cues is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CuePart {
    /// Index of the cue.
    pub cue: usize,
    /// Which of its parts, from 0.
    pub part: usize,
    /// What stands between the part before and this one.
    pub gap: Gap,
    /// A word of an alphabet begins here: something else must stand before it.
    pub starts_word: bool,
    /// A word of an alphabet ends here.
    pub ends_word: bool,
}

/// All cue words, ready to be looked for.
#[derive(Debug)]
pub struct Cues {
    all: Vec<Cue>,
    parts: Vec<Vec<CuePart>>,
    automaton: Automaton,
}

impl Cues {
    /// The cues, in the order of their kinds and texts.
    #[must_use]
    pub fn all(&self) -> &[Cue] {
        &self.all
    }

    /// What a pattern of [`Cues::automaton`] stands for: the same letters may be parts of several cues.
    #[must_use]
    pub fn parts(&self, pattern: PatternId) -> &[CuePart] {
        usize::try_from(pattern.0).ok().and_then(|index| self.parts.get(index)).map_or(&[], Vec::as_slice)
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

/// Words that cannot be looked for, and words that stand twice.
pub(super) fn check(raw: &[RawCue], problems: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<(CueKind, Vec<Vec<u16>>), &RawCue> = HashMap::new();
    let mut in_order: Vec<&RawCue> = raw.iter().collect();
    in_order.sort_by(|a, b| (&a.text.file.name, a.text.place).cmp(&(&b.text.file.name, b.text.place)));
    for cue in in_order {
        let parts = match parts(&cue.text.value) {
            Ok(parts) => parts,
            Err(error) => {
                problems.push(cue.text.problem(Code::ShortName, format!("{:?} {error}", cue.text.value)));
                continue;
            }
        };
        // what two classes have in common is no slip; a word that is written out twice is
        if parts.iter().any(|part| part.choices.len() > 1) {
            continue;
        }
        let folded: Vec<Vec<u16>> = parts.iter().map(|part| fold(&part.choices[0].text)).collect();
        if let Some(other) = seen.get(&(cue.kind, folded.clone())) {
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
    let mut cues: Vec<(Cue, Vec<Part>)> = raw
        .iter()
        .filter_map(|raw| {
            let parts = parts(&raw.text.value).ok()?;
            let text = raw.text.value.clone();
            Some((Cue { text, kind: raw.kind, strength: raw.strength, scope: raw.scope, parts: parts.len() }, parts))
        })
        .collect();
    cues.sort_by(|(a, _), (b, _)| (a.kind, &a.text).cmp(&(b.kind, &b.text)));
    let mut by_units: BTreeMap<Vec<u16>, Vec<CuePart>> = BTreeMap::new();
    for (cue, (_, parts)) in cues.iter().enumerate() {
        for (part, piece) in parts.iter().enumerate() {
            for choice in &piece.choices {
                let of = by_units.entry(fold(&choice.text)).or_default();
                of.push(CuePart {
                    cue,
                    part,
                    gap: piece.gap,
                    starts_word: choice.text.trim().chars().next().is_some_and(|c| !is_han_like(c)),
                    ends_word: !choice.is_open
                        && choice.text.trim().chars().next_back().is_some_and(|c| !is_han_like(c)),
                });
            }
        }
    }
    for of in by_units.values_mut() {
        of.dedup();
    }
    let (units, of): (Vec<_>, Vec<_>) = by_units.into_iter().unzip();
    let automaton = Automaton::new(&units).map_err(|error| {
        let everything = Source::new("all cue words together", "");
        Box::new(everything.problem(Code::TooManyNames, Place { line: 1, column: 1, width: 1 }, error.to_string()))
    })?;
    Ok(Cues { all: cues.into_iter().map(|(cue, _)| cue).collect(), parts: of, automaton })
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
