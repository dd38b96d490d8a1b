//! Which rule decided a stance, in words that do not change: what `explain` prints beside it.

use crate::engine::verdict::Stance;

/// The rules of `weigh`, one by one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ground {
    /// Offered by the author, and nothing speaks against it.
    Offer,
    /// Offered by the author, among news or warnings.
    OfferOpposed,
    /// Readers are told to keep away.
    Advice,
    /// Somebody tells what was lost.
    Loss,
    /// Called worthless or a fraud.
    Judgement,
    /// Fiction, a spelling, a test: nothing is said of the body.
    Example,
    /// Somebody asks, and nobody answers.
    Question,
    /// A post, a membership or an award stands beside the name.
    Post,
    /// Measures, news, denials.
    News,
    /// Another's offer, quoted or told by somebody who says so.
    OfferTold,
    /// An offer in quotation marks of which nobody tells.
    OfferQuoted,
    /// Nothing is said outright; a weak cue leans one way.
    Leaning(Stance),
    /// No cue that counts.
    #[default]
    Nothing,
}

impl Ground {
    /// The stance that follows.
    #[must_use]
    pub const fn stance(self) -> Stance {
        match self {
            Ground::Offer | Ground::OfferOpposed | Ground::OfferQuoted => Stance::Promotion,
            Ground::Advice | Ground::Loss | Ground::Judgement => Stance::Warning,
            Ground::Post => Stance::Affiliation,
            Ground::News | Ground::OfferTold => Stance::Report,
            Ground::Leaning(stance) => stance,
            Ground::Example | Ground::Question | Ground::Nothing => Stance::Neutral,
        }
    }

    /// The rule in words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Ground::Offer => "an offer of the author's own",
            Ground::OfferOpposed => "a concrete offer of the author's own outranks news and warnings",
            Ground::Advice => "advice to readers outranks news",
            Ground::Loss => "a loss that is told is a warning",
            Ground::Judgement => "a judgement without news is a warning",
            Ground::Example => "a story, a spelling or a test, not the body itself",
            Ground::Question => "a question that nothing answers",
            Ground::Post => "a post, a membership or an award beside the name",
            Ground::News => "news, a measure or a denial",
            Ground::OfferTold => "somebody else's offer that the text tells of",
            Ground::OfferQuoted => "an offer in quotation marks that nobody tells of",
            Ground::Leaning(_) => "nothing is said outright; a weak cue decides",
            Ground::Nothing => "no cue that counts",
        }
    }
}
