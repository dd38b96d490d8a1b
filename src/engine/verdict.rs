//! What the engine says of one content, and the evidence for it.

use super::degrade::Degraded;
use super::kin::Kinship;
use super::stance::Ground;
use crate::content::Role;
use crate::domain::Disguise;
use crate::rule::{Action, Allow, Authority, Condition, CueKind, ImitatedKind, Organization, Severity, Status, Via};
use crate::text::{FoldSet, Span};
use std::sync::Arc;

/// How the text around a mention speaks of the organization.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stance {
    /// News of the ban.
    Report,
    /// Advice not to trust the organization.
    Warning,
    /// An offer, an invitation, a fee, a contact.
    Promotion,
    /// A membership or an award in somebody's biography.
    Affiliation,
    /// None of these.
    #[default]
    Neutral,
}

impl Stance {
    /// Every stance, in the order of the event's schema.
    pub const ALL: [Stance; 5] =
        [Stance::Report, Stance::Warning, Stance::Promotion, Stance::Affiliation, Stance::Neutral];

    /// The name in verdicts and policy conditions.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Stance::Report => "report",
            Stance::Warning => "warning",
            Stance::Promotion => "promotion",
            Stance::Affiliation => "affiliation",
            Stance::Neutral => "neutral",
        }
    }
}

/// The most mentions that are judged one by one: a notice names a few hundred organisations at most, a post that
/// repeats one name a million times is one finding, and an event must fit a message.
pub const MAX_MENTIONS: usize = 200;

/// The most cues that a mention shows: a reviewer reads a few, and [`MAX_MENTIONS`] of them must fit a message.
pub const MAX_CUES: usize = 6;

/// The most cues that a verdict shows: with many mentions each has fewer.
pub const MAX_CUES_IN_ALL: usize = 2 * MAX_MENTIONS;

/// Words around a mention that say how the text speaks of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CueFound {
    /// What they show.
    pub kind: CueKind,
    /// The field that they stand in.
    pub field: Arc<str>,
    /// Which item of a pointer with `*`.
    pub item: Option<u32>,
    /// The words of the original.
    pub text: String,
    /// Where they stand.
    pub span: Span,
}

/// What a host imitates.
#[derive(Clone, Debug)]
pub struct Imitates<'r> {
    /// The imitated host; `None` for the short name of an authority that stands for no host.
    pub host: Option<&'r str>,
    /// The authority; `None` where a listed organization's domain is imitated.
    pub authority: Option<&'r Authority>,
    /// Whether a listed domain, an official host or a short name is imitated.
    pub kind: ImitatedKind,
    /// In which way.
    pub technique: Disguise,
    /// The words of the record that claim an authority, where it has any.
    pub signal: Option<String>,
}

/// What a mention is about.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'m> {
    /// A listed organization.
    Organization(&'m Organization),
    /// An authority whose host or short name is imitated.
    Authority(&'m Authority),
    /// Nobody: the deployment test string.
    Canary,
}

impl<'m> Subject<'m> {
    /// The word for the listing of an authority.
    pub const OFFICIAL: &'static str = crate::rule::reserved::OFFICIAL;

    /// What identifies it; the canary has an id in the rules.
    #[must_use]
    pub fn id(self) -> Option<&'m str> {
        match self {
            Subject::Organization(organization) => Some(&organization.id),
            Subject::Authority(authority) => Some(&authority.id),
            Subject::Canary => None,
        }
    }

    /// Its name for people.
    #[must_use]
    pub fn name(self) -> Option<&'m str> {
        match self {
            Subject::Organization(organization) => Some(organization.display_name()),
            Subject::Authority(authority) => Some(&authority.what),
            Subject::Canary => None,
        }
    }

    /// How it stands on the lists: a word of [`Listing`](crate::rule::Listing), `official` or `canary`.
    #[must_use]
    pub fn listing(self) -> &'static str {
        match self {
            Subject::Organization(organization) => organization.listing.as_str(),
            Subject::Authority(_) => Self::OFFICIAL,
            Subject::Canary => Via::Canary.as_str(),
        }
    }
}

/// An organization found in a field, or a host that imitates one.
#[derive(Clone, Debug)]
pub struct Mention<'r> {
    /// The organization; `None` for the canary, and where an authority is imitated: see [`Mention::subject`].
    pub organization: Option<&'r Organization>,
    /// What the host imitates; `None` unless `via` is `Impersonation`.
    pub imitates: Option<Imitates<'r>>,
    /// The name, domain or account as its document writes it.
    pub pattern: &'r str,
    /// What of the organization was found.
    pub via: Via,
    /// The field's name in the settings.
    pub field: Arc<str>,
    /// Which item of a pointer with `*`.
    pub item: Option<u32>,
    /// How the field is read.
    pub role: Role,
    /// A listed domain as the host of an e-mail address.
    pub in_email: bool,
    /// The matched words of the original.
    pub text: String,
    /// Where they stand in the original.
    pub span: Span,
    /// Every way in which they differ from the official spelling.
    pub folds: FoldSet,
    /// Those of `folds` that hide a name rather than spell it by habit.
    pub evasion: FoldSet,
    /// The longer name that these words are part of: a branch or a preparatory committee that no notice names.
    pub branch: Option<Branch>,
    /// How surely these words are this organization, 0 to 1: 1 is the official spelling where it stands for the author.
    pub score: f64,
    /// How the text speaks of the organization.
    pub stance: Stance,
    /// Which rule said so.
    pub ground: Ground,
    /// The words that say so, in order of field and place: at most [`MAX_CUES`], the telling ones first chosen.
    pub cues: Vec<CueFound>,
    /// `Shadow` when the organization, or every condition that holds for it, is in shadow.
    pub status: Status,
    /// What the policy makes of this mention, after the cap for suspected bodies and the allow-lists.
    pub action: Action,
    /// `None` when `action` is.
    pub severity: Option<Severity>,
    /// The conditions that hold for it, in the order of the policy.
    pub conditions: Vec<&'r Condition>,
    /// The entries of allow-lists that hold for it and leave less than the policy raised; those in shadow lower nothing. See
    /// [`Mention::allowed_by`].
    pub allows: Vec<&'r Allow>,
    /// The organization is only suspected, so a stronger action was lowered to `flag`, low.
    pub capped: bool,
}

/// A branch or a preparatory committee of the organization, told by its grammar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// What it is.
    pub kind: Kinship,
    /// The whole name as the original writes it, with the mention's words in it.
    pub text: String,
    /// Where it stands.
    pub span: Span,
    /// The words of its place; `None` where a preparatory committee has none.
    pub place: Option<String>,
}

/// A candidate that was found and is no mention, for `explain`.
#[derive(Clone, Debug)]
pub struct LeftAlone<'r> {
    /// The organization whose pattern it is; `None` for a protected name.
    pub organization: Option<&'r Organization>,
    /// The pattern as its document writes it.
    pub pattern: &'r str,
    /// The field's name in the settings.
    pub field: Arc<str>,
    /// Which item of a pointer with `*`.
    pub item: Option<u32>,
    /// The words of the original.
    pub text: String,
    /// Where they stand.
    pub span: Span,
    /// Why it was left alone.
    pub reason: Reason,
}

/// Why a candidate is no mention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The name goes on to the left or right: part of a longer word.
    InsideWord,
    /// The words beside an English name make it another body's: `South …`, `… of Greater Boston`.
    GoesOn,
    /// A sentence end, a list comma or closed brackets stand between its parts.
    AcrossBoundary,
    /// No host with this domain stands there.
    NotAHost,
    /// Part of, or equal to, the name of a lawful body or official channel.
    Protected {
        /// The protected name.
        by: String,
    },
    /// Part of the host of an official channel.
    OfficialHost {
        /// The host.
        host: String,
    },
    /// In brackets that name the legally registered body.
    LegallyRegistered,
    /// Part of a longer listed name.
    InsideLonger {
        /// The longer name.
        name: String,
    },
    /// Its caution asks for a second signal, and the record has none.
    NeedsSecondSignal,
    /// An alias that needs the full name in the same record.
    NeedsFullName,
    /// The entry did not hold at the record's time.
    NotInEffect,
    /// A lawful body, found for itself.
    RegisteredBody,
    /// The name of an authority's account, found for itself.
    OfficialChannel,
    /// Like another host, but somebody's who is known: a government's of any country, or an entry of the lists.
    KnownHost {
        /// The host or short name that it is like.
        like: String,
    },
    /// Like another host, and the record claims no authority and names no listed body.
    NeedsClaim {
        /// The host or short name that it is like.
        like: String,
    },
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Reason::InsideWord => f.write_str("part of a longer word"),
            Reason::GoesOn => f.write_str("goes on as the name of another body"),
            Reason::AcrossBoundary => f.write_str("a sentence end or list mark stands between its parts"),
            Reason::NotAHost => f.write_str("no host with this domain stands there"),
            Reason::Protected { by } => write!(f, "part of the protected name {by}"),
            Reason::OfficialHost { host } => write!(f, "part of the official host {host}"),
            Reason::LegallyRegistered => f.write_str("in brackets that name the legally registered body"),
            Reason::InsideLonger { name } => write!(f, "part of the longer name {name}"),
            Reason::NeedsSecondSignal => f.write_str("never matches alone, and the record has no second signal"),
            Reason::NeedsFullName => f.write_str("needs the full name in the same record"),
            Reason::NotInEffect => f.write_str("the entry was not in effect at the record's time"),
            Reason::RegisteredBody => f.write_str("a registered body (protected)"),
            Reason::KnownHost { like } => write!(f, "like {like}, and the host of somebody who is known"),
            Reason::NeedsClaim { like } => {
                write!(f, "like {like}, which is nothing without a claim of authority or a listed body in the record")
            }
            Reason::OfficialChannel => f.write_str("an official channel"),
        }
    }
}

/// What was decided about one content.
#[derive(Clone, Debug)]
pub struct Verdict<'r> {
    /// The strongest action of the active mentions.
    pub action: Action,
    /// The highest severity of the active mentions; `None` when `action` is.
    pub severity: Option<Severity>,
    /// Active mentions, in order of field and place.
    pub mentions: Vec<Mention<'r>>,
    /// Further active mentions beyond [`MAX_MENTIONS`]: repetitions, before anything that stands once.
    pub omitted: usize,
    /// Mentions in shadow: judged and counted, never emitted.
    pub shadow: Vec<Mention<'r>>,
    /// What was found and left alone; filled by [`Scanner::explain`](super::Scanner::explain) only.
    pub left_alone: Vec<LeftAlone<'r>>,
    /// What an open breaker took from it; only where the service runs.
    pub degraded: Option<Degraded<'r>>,
}

impl<'r> Verdict<'r> {
    /// A verdict that found nothing.
    #[must_use]
    pub const fn clean() -> Self {
        Self {
            action: Action::None,
            severity: None,
            mentions: Vec::new(),
            omitted: 0,
            shadow: Vec::new(),
            left_alone: Vec::new(),
            degraded: None,
        }
    }

    /// The strongest action of the active mentions.
    #[must_use]
    pub const fn action(&self) -> Action {
        self.action
    }

    /// Active mentions, in order of field and place.
    #[must_use]
    pub fn mentions(&self) -> &[Mention<'r>] {
        &self.mentions
    }

    /// Something would be emitted by a policy of `emit = "flagged"`.
    #[must_use]
    pub fn is_flagged(&self) -> bool {
        self.action > Action::None
    }

    /// Every condition that holds for an active mention that is not left alone, once, in the order of the policy.
    #[must_use]
    pub fn reasons(&self) -> Vec<&'r Condition> {
        let mut reasons: Vec<&'r Condition> = Vec::new();
        for condition in self
            .mentions
            .iter()
            .filter(|m| m.action > Action::None)
            .flat_map(|mention| mention.conditions.iter().copied())
        {
            if condition.status == Status::Active && !reasons.iter().any(|seen| seen.id == condition.id) {
                reasons.push(condition);
            }
        }
        reasons.sort_by_key(|condition| condition.position);
        reasons
    }
}

impl Mention<'_> {
    /// What it is about.
    #[must_use]
    pub fn subject(&self) -> Subject<'_> {
        match (self.organization, self.imitates.as_ref().and_then(|imitates| imitates.authority)) {
            (Some(organization), _) => Subject::Organization(organization),
            (None, Some(authority)) => Subject::Authority(authority),
            (None, None) => Subject::Canary,
        }
    }

    /// The matched words of the original.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}
