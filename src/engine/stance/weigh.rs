//! From the cues of a mention to its stance: a short list of rules, the first that holds wins.
//!
//! 1. an offer of the author's own -> promotion; against reports, warnings or losses only a concrete one, or one with a price that has
//!    the last word. None: a story of money with no later price, a question behind the offer, fiction or a test, a loss behind it
//! 2. advice not to trust, or an order not to -> warning
//! 3. fiction, a spelling, a test -> neutral
//! 4. a loss, money that was paid, a judgement -> warning
//! 5. a question that is not answered -> neutral
//! 6. a post, a membership, an award beside the name, or in the frame of a biography -> affiliation
//! 7. measures, news, denials -> report
//! 8. another's offer in quotation marks: a report of it, unless the author offers too
//! 9. nothing -> neutral
//!
//! Which of them it was is told by its [`Ground`]. The weight of a kind is that of its strongest cue (1 to 3); kinds add up, repetitions do not.

use super::ground::Ground;
use super::spotted::{OFFER, Spotted};
use super::territory::{Evidence, Heard, Reach};
use crate::engine::verdict::Stance;
use crate::rule::CueKind;

/// An offer that nothing speaks against: one strong cue, or two kinds.
const OFFER_ALONE: u32 = 3;
/// An offer among reports, warnings or losses: two kinds, one of them strong, or three kinds.
const OFFER_OPPOSED: u32 = 5;
/// The same where it has the last word, with a price: a dress is put on first.
const OFFER_CLOSING: u32 = 4;
/// An offer after reports or warnings that stand before every name: they may be only its dress.
const OFFER_SHADED: u32 = 3;
/// Weight of a strong cue.
const STRONG: u32 = 3;
/// A cue that says what it says.
const PLAIN: u32 = 2;
/// Bytes between a name and a post, membership or award behind it, and before it.
const ROLE_BEHIND: usize = 45;
const ROLE_BEFORE: usize = 60;
/// In Han only a verb stands before the name (荣获, 系, 任), right before it.
const ROLE_BEFORE_HAN: usize = 3;

/// What speaks for each stance.
const REPORT: [CueKind; 4] = [CueKind::Measure, CueKind::Report, CueKind::Authority, CueKind::Denial];
const WARNING: [CueKind; 5] =
    [CueKind::Advice, CueKind::Prohibition, CueKind::Discredit, CueKind::Loss, CueKind::Witness];
const AFFILIATION: [CueKind; 2] = [CueKind::Role, CueKind::Biography];
const NEUTRAL: [CueKind; 2] = [CueKind::Question, CueKind::Place];
/// What an offer asks its reader to do, besides to pay.
const ASKING: [CueKind; 4] = [CueKind::Invitation, CueKind::Contact, CueKind::Sale, CueKind::Site];
/// What tells a story of money.
const STORY: [CueKind; 4] = [CueKind::Loss, CueKind::Told, CueKind::Advice, CueKind::Measure];
/// What an offer is dressed in.
const AGAINST: [CueKind; 8] = [
    CueKind::Measure,
    CueKind::Report,
    CueKind::Denial,
    CueKind::Advice,
    CueKind::Prohibition,
    CueKind::Discredit,
    CueKind::Loss,
    CueKind::Told,
];
const QUOTED: [CueKind; 2] = [CueKind::Quoting, CueKind::Report];

/// The strongest cue of a kind among those that count.
struct Weights<'e, 'c> {
    evidence: &'e Evidence<'c>,
}

impl<'c> Weights<'_, 'c> {
    fn counted(&self) -> impl Iterator<Item = &Heard<'c>> {
        self.evidence.heard.iter().filter(|heard| counts(heard))
    }

    fn of(&self, kind: CueKind) -> u32 {
        self.within(kind, Reach::Inherited)
    }

    fn within(&self, kind: CueKind, reach: Reach) -> u32 {
        let of_kind = self.counted().filter(|heard| heard.cue.kind == kind && heard.reach <= reach);
        of_kind.map(|heard| heard.cue.weight).max().unwrap_or(0)
    }

    fn sum(&self, kinds: &[CueKind]) -> u32 {
        kinds.iter().map(|kind| self.of(*kind)).sum()
    }

    /// The weight of an offer, and whether it is concrete: a strong cue, or a fee with its price.
    fn offer(&self) -> (u32, bool) {
        let strong =
            OFFER.iter().any(|kind| !matches!(kind, CueKind::Endorsement | CueKind::Price) && self.of(*kind) >= STRONG);
        let live = |kind| self.counted().filter(move |heard| heard.cue.kind == kind && heard.cue.weight >= PLAIN);
        let priced = live(CueKind::Fee).any(|fee| live(CueKind::Price).any(|price| price.cue.clause == fee.cue.clause));
        let called = ASKING.iter().any(|kind| self.of(*kind) >= PLAIN);
        // two different calls, or two ways to sell, are as good as a strong one
        let insists = OFFER.iter().filter(|kind| self.of(**kind) >= PLAIN && live(**kind).nth(1).is_some()).count();
        let insists = u32::try_from(insists).unwrap_or(0);
        // a title with its price beside it is for sale
        let tagged = u32::from(self.of(CueKind::Price) >= PLAIN && self.of(CueKind::Role) >= PLAIN);
        (self.sum(&OFFER) + insists + tagged, strong || (priced && called))
    }

    /// Somebody else's offer: quoted, told or supposed.
    fn told_offer(&self) -> u32 {
        let told = |kind: &CueKind| {
            let of_kind = self.evidence.heard.iter().filter(|heard| heard.cue.kind == *kind && heard.cue.quoted);
            of_kind.map(|heard| heard.cue.weight).max().unwrap_or(0)
        };
        OFFER.iter().map(told).sum()
    }

    /// Money that was paid, not asked for: told, and by nobody in quotation marks.
    fn paid(&self) -> u32 {
        let told = self.evidence.heard.iter().filter(|heard| heard.cue.muted && !heard.cue.quoted);
        let money = told.filter(|heard| matches!(heard.cue.kind, CueKind::Fee | CueKind::Price));
        money.map(|heard| heard.cue.weight).max().unwrap_or(0)
    }

    /// Somebody tells what was paid or lost: prices in it are no offer.
    fn is_story(&self) -> bool {
        let told = self.evidence.heard.iter().any(|heard| heard.cue.kind == CueKind::Told && !heard.cue.quoted);
        let lost = self.of(CueKind::Loss);
        lost >= PLAIN || self.of(CueKind::Witness) > 0 && (told || lost > 0)
    }

    /// The reader is asked to come, write or take: more than a price.
    fn calls(&self) -> bool {
        ASKING.iter().any(|kind| self.of(*kind) >= STRONG)
    }

    /// Something is asked of the reader, however softly.
    fn asks(&self) -> bool {
        ASKING.iter().any(|kind| self.of(*kind) >= PLAIN)
    }

    /// Where the last cue that says one of these stands.
    fn last(&self, kinds: &[CueKind]) -> Option<(usize, usize)> {
        let of_kinds = self.counted().filter(|heard| kinds.contains(&heard.cue.kind) && heard.cue.weight >= PLAIN);
        of_kinds.map(|heard| (heard.cue.field, heard.cue.sentence)).max()
    }

    /// The offer is the last word: in a sentence behind everything that speaks against it.
    fn closes(&self, against: &[CueKind]) -> bool {
        self.last(&OFFER) > self.last(against)
    }

    /// A question is: in the sentence of the last offer, or behind it.
    fn ends_asking(&self) -> bool {
        let place = |heard: &Heard<'_>| (heard.cue.field, heard.cue.sentence);
        let asks = |heard: &&Heard<'_>| {
            heard.cue.kind == CueKind::Question && self.evidence.asks.get(heard.cue.sentence).is_some_and(|asks| *asks)
        };
        let asked = self.counted().filter(asks).map(place).max();
        let offers = |heard: &&Heard<'_>| OFFER.contains(&heard.cue.kind) && heard.cue.weight >= PLAIN;
        asked >= self.counted().filter(offers).map(place).max()
    }

    /// Money of any kind, whoever names it.
    fn money(&self) -> bool {
        let of_money = |heard: &Heard<'_>| matches!(heard.cue.kind, CueKind::Fee | CueKind::Price) && !heard.cue.quoted;
        self.evidence.heard.iter().any(of_money)
    }

    /// A question that asks about the body: said to be one, or with a question mark.
    fn question(&self) -> u32 {
        let asking = self.counted().filter(|heard| heard.cue.kind == CueKind::Question).filter(|heard| {
            heard.cue.weight >= STRONG || self.evidence.asks.get(heard.cue.sentence).is_some_and(|asks| *asks)
        });
        asking.map(|heard| heard.cue.weight).max().unwrap_or(0)
    }
}

/// Not muted; and a post, a membership or an award stands beside the name.
fn counts(heard: &Heard<'_>) -> bool {
    let reaches = match heard.cue.kind {
        CueKind::Role if heard.behind => heard.distance <= ROLE_BEHIND,
        CueKind::Role if heard.cue.spaced => heard.distance <= ROLE_BEFORE,
        CueKind::Role => heard.distance <= ROLE_BEFORE_HAN,
        _ => true,
    };
    reaches && !heard.cue.muted
}

/// The stance, and the cues that a verdict shows for it: those that speak for it, the strongest and nearest first, then others.
pub(super) fn decide<'c>(evidence: &Evidence<'c>, most: usize, is_landmark: bool) -> (Ground, Vec<&'c Spotted>) {
    let weights = Weights { evidence };
    let ground = if is_landmark { Ground::Example } else { ground(&weights) };
    let stance = ground.stance();
    let telling: &[CueKind] = match stance {
        Stance::Promotion => &OFFER,
        Stance::Report => &REPORT,
        Stance::Warning => &WARNING,
        Stance::Affiliation => &AFFILIATION,
        Stance::Neutral => &NEUTRAL,
    };
    let is_quote = |heard: &Heard<'_>| heard.cue.quoted && OFFER.contains(&heard.cue.kind);
    let mut shown: Vec<&Heard<'c>> = evidence.heard.iter().filter(|heard| counts(heard) || is_quote(heard)).collect();
    shown.retain(|heard| telling.contains(&heard.cue.kind) || heard.cue.weight >= PLAIN);
    shown.sort_by_key(|heard| {
        let tells = telling.contains(&heard.cue.kind);
        (!tells, std::cmp::Reverse(heard.cue.weight), heard.reach, heard.cue.field, heard.cue.bytes.start)
    });
    if stance == Stance::Neutral {
        shown.retain(|heard| telling.contains(&heard.cue.kind));
    }
    shown.truncate(most);
    (ground, shown.into_iter().map(|heard| heard.cue).collect())
}

/// The first rule that holds.
fn ground(weights: &Weights<'_, '_>) -> Ground {
    if let Some(offer) = own_offer(weights) {
        return offer;
    }
    // 别念错 orders too
    let forbidden = if weights.of(CueKind::Place) > 0 { 0 } else { weights.of(CueKind::Prohibition) };
    let advised = weights.of(CueKind::Advice).max(forbidden);
    let (lost, witness) = (weights.of(CueKind::Loss), weights.of(CueKind::Witness));
    let discredited = weights.of(CueKind::Discredit);
    let (reported, question) = (weights.sum(&REPORT), weights.question());
    let told = weights.is_story() && weights.money();
    let paid = witness > 0 && told && reported < STRONG;
    // nobody but who paid tells of it
    let was_paid =
        weights.paid() >= PLAIN && weights.of(CueKind::Report) < PLAIN && weights.of(CueKind::Authority) == 0;
    let is_frame = weights.of(CueKind::Role) >= PLAIN && weights.of(CueKind::Biography) >= STRONG;
    let is_news = weights.of(CueKind::Measure) >= PLAIN || weights.of(CueKind::Denial) >= PLAIN;
    let beside = weights.of(CueKind::Role) >= PLAIN || weights.of(CueKind::Biography) >= STRONG;
    let reported_here: u32 = REPORT.iter().map(|kind| weights.within(*kind, Reach::Sentence)).sum();
    let told_offer = weights.told_offer();
    let is_told_of = told_offer >= PLAIN && weights.sum(&QUOTED) > 0;
    let rules = [
        (advised >= PLAIN, Ground::Advice),
        (weights.of(CueKind::Place) >= STRONG && lost < PLAIN, Ground::Example),
        (lost >= PLAIN && (witness > 0 || reported < PLAIN || was_paid) || paid && question == 0, Ground::Loss),
        (discredited >= PLAIN && reported < STRONG && question < STRONG, Ground::Judgement),
        (question >= STRONG || (question >= PLAIN && reported < STRONG), Ground::Question),
        (advised > 0 && question == 0 && reported < PLAIN, Ground::Advice),
        (lost > 0 && weights.is_story() && reported < PLAIN, Ground::Loss),
        (weights.paid() >= PLAIN && reported < PLAIN && question == 0, Ground::Loss),
        (beside && reported_here < PLAIN || is_frame && !is_news, Ground::Post),
        (reported >= PLAIN, Ground::News),
        (is_told_of, Ground::OfferTold),
        (beside, Ground::Post),
        (told_offer >= OFFER_ALONE && weights.sum(&OFFER) > 0, Ground::OfferQuoted),
        (told_offer >= OFFER_ALONE, Ground::OfferTold),
    ];
    let first = rules.into_iter().find(|(holds, _)| *holds);
    first.map_or_else(|| leaning(weights, lost > 0 && witness > 0), |(_, ground)| ground)
}

/// An offer of the author's own that nothing outweighs.
fn own_offer(weights: &Weights<'_, '_>) -> Option<Ground> {
    let question = weights.question();
    // what an offer answers is no question
    let asked = question > 0 && weights.ends_asking();
    let turns = weights.closes(&STORY) && weights.of(CueKind::Price) > 0;
    let tells = weights.is_story() && !turns;
    let is_example = weights.of(CueKind::Place) >= STRONG;
    // what was lost is told after what was asked for it
    let ends_badly = tells && weights.last(&[CueKind::Loss]) > weights.last(&OFFER);
    if (tells || asked || is_example) && !weights.calls() || asked && question >= STRONG || ends_badly {
        return None;
    }
    let (offer, is_concrete) = weights.offer();
    let against = |reach| {
        let doubt = WARNING.iter().filter(|kind| **kind != CueKind::Witness);
        let doubt = doubt.map(|kind| weights.within(*kind, reach)).max().unwrap_or(0);
        let told: u32 = REPORT.iter().map(|kind| weights.within(*kind, reach)).sum();
        // the voice of news alone does not outweigh a price of one's own for what is asked
        let is_voice = weights.of(CueKind::Measure) == 0 && weights.of(CueKind::Price) > 0 && weights.asks();
        let told = if is_voice { 0 } else { told };
        doubt.max(told) >= PLAIN
    };
    let (holds, ground) = match () {
        () if against(Reach::Text) => {
            let asks = weights.asks() || weights.of(CueKind::Fee) >= PLAIN;
            let closes = weights.closes(&AGAINST) && (asks && weights.of(CueKind::Price) > 0 || weights.calls());
            let enough = if closes { OFFER_CLOSING } else { OFFER_OPPOSED };
            (offer >= enough && (is_concrete || closes), Ground::OfferOpposed)
        }
        () if against(Reach::Inherited) => (offer >= OFFER_SHADED, Ground::OfferOpposed),
        () => (offer >= OFFER_ALONE, Ground::Offer),
    };
    holds.then_some(ground)
}

/// What little there is, where nothing is said outright.
fn leaning(weights: &Weights<'_, '_>, lost: bool) -> Ground {
    let asked = weights.of(CueKind::Place) > 0 || weights.question() > 0;
    let leans = [
        (lost || weights.paid() >= PLAIN, Stance::Warning),
        (asked, Stance::Neutral),
        (weights.of(CueKind::Prohibition) > 0, Stance::Warning),
        (weights.within(CueKind::Biography, Reach::Text) >= PLAIN, Stance::Affiliation),
        (OFFER.iter().any(|kind| weights.of(*kind) >= PLAIN), Stance::Promotion),
        (weights.of(CueKind::Authority) > 0, Stance::Report),
    ];
    leans.into_iter().find(|(holds, _)| *holds).map_or(Ground::Nothing, |(_, stance)| Ground::Leaning(stance))
}
