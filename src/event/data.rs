//! The `data` of a verdict event, field by field as `deploy/schema/verdict.v1.schema.json` promises it.
//!
//! An event must fit into a Kafka message whatever an author wrote: mentions, matched words and what is copied
//! from the record are bounded, and say so where they were cut.

use serde::Serialize;
use uuid::Uuid;

use super::citations::Citations;
use super::identity::{Origin, finding_id};
use crate::content::Content;
use crate::engine::{Branch, CueFound, Degraded, Imitates, Mention, Verdict};
use crate::rule::{Action, Allow, Listing, Severity, Via, reserved};
use crate::stream::RuleSetStamp;
use crate::text::{Fold, FoldSet, Span};

/// Characters of matched words. A name that takes more is one with padding; its span says where all of it is, and
/// [`MAX_MENTIONS`](crate::engine::MAX_MENTIONS) of them must fit a message.
pub const MAX_TEXT_CHARS: usize = 200;
/// Characters of a cue.
pub const MAX_CUE_CHARS: usize = 40;
/// Characters of a branch's place.
pub const MAX_PLACE_CHARS: usize = 40;
/// The most characters of a branch's whole name that an event carries.
pub const MAX_BRANCH_CHARS: usize = 100;
/// Characters of the words that claim an authority for a host.
pub const MAX_SIGNAL_CHARS: usize = 60;
/// Characters of id, author, time and region.
pub const MAX_FACT_CHARS: usize = 1_000;

/// What is said of one record.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VerdictData {
    /// Which record.
    pub record: RecordData,
    /// none, flag, review or hold.
    pub action: &'static str,
    /// low, medium or high; null when the action is none.
    pub severity: Option<&'static str>,
    /// What the action was before a breaker lowered it.
    pub action_before_breaker: &'static str,
    /// Why, in the order of the policy.
    pub reasons: Vec<ReasonData>,
    /// By which rules.
    pub rule_set: RuleSetData,
    /// What was found, in order of field and place.
    pub mentions: Vec<MentionData>,
    /// How many mentions there were; more than are written out beyond [`MAX_MENTIONS`](crate::engine::MAX_MENTIONS).
    pub mentions_total: usize,
}

/// The record that was judged.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecordData {
    /// Its topic.
    pub topic: String,
    /// Its partition.
    pub partition: i32,
    /// Its offset.
    pub offset: i64,
    /// The broker's time; null when it gives none.
    pub timestamp: Option<String>,
    /// post or registration.
    pub kind: &'static str,
    /// Its own id; null when it has none.
    pub id: Option<String>,
    /// Its author's id; null when it has none.
    pub author: Option<String>,
    /// What it says of its own time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// Where it says it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Which of the four were cut to [`MAX_FACT_CHARS`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub truncated: Vec<&'static str>,
}

/// Why the record has its action.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReasonData {
    /// The id of a condition or of an allow-list's entry, or `suspected`, `canary` or `breaker`.
    pub rule: String,
    /// What a reviewer reads.
    pub text: String,
}

/// By what the record was judged.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleSetData {
    /// Of the rules.
    pub digest: String,
    /// How many rule sets the process had had.
    pub epoch: u64,
    /// The version of tripline.
    pub engine: String,
    /// Of the settings; empty where there are none.
    pub settings: String,
}

/// An organization found in a field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MentionData {
    /// The id of this finding.
    pub finding: String,
    /// The organization's id; the imitated host or short name of an authority; the canary's for the canary.
    pub organization: String,
    /// Its name for people.
    pub name: String,
    /// How it stands on the lists; `canary` for the canary.
    pub listing: &'static str,
    /// active.
    pub status: &'static str,
    /// The authorities' focus types.
    pub focus: Vec<&'static str>,
    /// Every notice that names it, earliest first.
    pub notices: Vec<CitedNotice>,
    /// The field's name in the settings.
    pub field: String,
    /// Which item of a field with several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// The matched words of the original.
    pub text: String,
    /// The words were cut to [`MAX_TEXT_CHARS`].
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub text_truncated: bool,
    /// Where they stand in the original.
    pub span: SpanData,
    /// What was found: name, alias, translation, domain, account or canary.
    pub via: &'static str,
    /// The listed spelling that the words are: the name, alias, translation, domain or account as the rules write it.
    pub listed_as: String,
    /// Whose host the words imitate; absent unless `via` is impersonation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impersonates: Option<ImpersonatesData>,
    /// How the words differ from the listed spelling.
    pub folds: Vec<&'static str>,
    /// Which of these hide the name.
    pub evasion: Vec<&'static str>,
    /// The unlisted branch or preparatory committee whose name the words are part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<BranchData>,
    /// How surely it is this organization, 0 to 1.
    pub score: f64,
    /// The entry of an allow-list that lowered what this mention raises.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_by: Option<String>,
    /// How the text speaks of it.
    pub context: ContextData,
}

/// A branch or a preparatory committee that no notice names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BranchData {
    /// branch or preparatory.
    pub kind: &'static str,
    /// The whole name, at most [`MAX_BRANCH_CHARS`]; the span says where all of it is.
    pub text: String,
    /// Where it stands in the original.
    pub span: SpanData,
    /// The words of its place, at most [`MAX_PLACE_CHARS`]; null where a committee has none.
    pub place: Option<String>,
}

/// What a host imitates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImpersonatesData {
    /// The imitated host; null for the short name of an authority that stands for no host.
    pub host: Option<String>,
    /// listed, official or token.
    pub kind: &'static str,
    /// subdomain, hyphen, homoglyph, other-tld, typo or authority-token.
    pub technique: &'static str,
    /// The words of the record that claim an authority; null where it has none.
    pub signal: Option<String>,
}

impl ImpersonatesData {
    fn of(imitates: &Imitates<'_>) -> Self {
        Self {
            host: imitates.host.map(str::to_owned),
            kind: imitates.kind.as_str(),
            technique: imitates.technique.as_str(),
            signal: imitates.signal.as_deref().map(|signal| cut(signal, MAX_SIGNAL_CHARS).0.to_owned()),
        }
    }
}

/// A notice that names an organization.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CitedNotice {
    /// Its id in the rules.
    pub id: String,
    /// Who announced it.
    pub authority: String,
    /// When: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; null when no source says.
    pub published: Option<String>,
    /// Where it can be read; null where only copies are known.
    pub url: Option<String>,
    /// What it does: website-shutdown, ban, suspected or statistics.
    pub kind: &'static str,
    /// Whose page the link leads to, official or press; null when there is no link.
    pub source: Option<&'static str>,
}

/// A range `[start, end)` of the original text in three units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SpanData {
    /// UTF-8 bytes.
    pub bytes: [usize; 2],
    /// Unicode scalar values.
    pub chars: [usize; 2],
    /// UTF-16 code units.
    pub utf16: [usize; 2],
}

/// How the text speaks of an organization.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ContextData {
    /// report, warning, promotion, affiliation or neutral.
    pub stance: &'static str,
    /// The words that say so, in order of field and place.
    pub cues: Vec<CueData>,
}

/// Words that show a stance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CueData {
    /// What they show: a kind of the lists of cue words.
    pub kind: &'static str,
    /// The field that they stand in: a title speaks of what the body names.
    pub field: String,
    /// Which item of a field with several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// The words of the original, at most [`MAX_CUE_CHARS`]; the span says where all of them are.
    pub text: String,
    /// Where they stand.
    pub span: SpanData,
}

/// The data of a verdict.
pub(super) fn verdict_data(
    id: Uuid,
    origin: &Origin<'_>,
    timestamp: Option<String>,
    content: &Content<'_>,
    verdict: &Verdict<'_>,
    citations: &Citations<'_>,
    stamp: &RuleSetStamp,
) -> VerdictData {
    VerdictData {
        record: record_data(origin, timestamp, content),
        action: verdict.action.as_str(),
        severity: severity(verdict),
        action_before_breaker: verdict.action_before_breaker().as_str(),
        reasons: reasons(verdict),
        rule_set: RuleSetData {
            digest: stamp.digest.clone(),
            epoch: stamp.epoch,
            engine: stamp.engine.to_owned(),
            settings: stamp.settings.clone(),
        },
        mentions: verdict.mentions.iter().map(|m| mention_data(id, m, citations)).collect(),
        mentions_total: verdict.mentions.len() + verdict.omitted,
    }
}

fn severity(verdict: &Verdict<'_>) -> Option<&'static str> {
    if verdict.action == Action::None {
        return None;
    }
    verdict.severity.map(Severity::as_str)
}

fn record_data(origin: &Origin<'_>, timestamp: Option<String>, content: &Content<'_>) -> RecordData {
    let mut truncated = Vec::new();
    let mut fact = |name: &'static str, value: &Option<std::borrow::Cow<'_, str>>| {
        let (text, is_cut) = cut(value.as_deref()?, MAX_FACT_CHARS);
        if is_cut {
            truncated.push(name);
        }
        Some(text.to_owned())
    };
    let (id, author) = (fact("id", &content.id), fact("author", &content.author));
    let (time, region) = (fact("time", &content.time), fact("region", &content.region));
    RecordData {
        topic: origin.topic.to_owned(),
        partition: origin.partition,
        offset: origin.offset,
        timestamp,
        kind: content.kind.as_str(),
        id,
        author,
        time,
        region,
        truncated,
    }
}

/// The conditions that hold for an active mention, then what is the engine's own to say.
fn reasons(verdict: &Verdict<'_>) -> Vec<ReasonData> {
    let conditions = verdict.reasons().into_iter().map(|c| (&*c.id, c.text.as_str()));
    let own = [SUSPECTED, CANARY];
    let own = own.into_iter().filter(|own| verdict.mentions.iter().any(|mention| own_reason(mention) == Some(*own)));
    let all = conditions.chain(own).map(|(rule, text)| ReasonData { rule: rule.to_owned(), text: text.to_owned() });
    all.chain(allowed(verdict)).chain(verdict.degraded.as_ref().map(breaker)).collect()
}

/// The entries of allow-lists that lowered a mention, each once.
fn allowed(verdict: &Verdict<'_>) -> Vec<ReasonData> {
    let mut allows: Vec<&Allow> = verdict.mentions.iter().filter_map(Mention::allowed_by).collect();
    allows.sort_by(|a, b| a.id.cmp(&b.id));
    allows.dedup_by(|a, b| a.id == b.id);
    let said = |allow: &Allow| format!("Allowed, at most {}: {}", allow.effect, allow.text);
    allows.into_iter().map(|allow| ReasonData { rule: allow.id.to_string(), text: said(allow) }).collect()
}

/// Why an action is weaker than the policy says.
fn breaker(degraded: &Degraded<'_>) -> ReasonData {
    let by = degraded.by.iter().map(|condition| &*condition.id).collect::<Vec<_>>().join(", ");
    let was = degraded.from;
    let text = format!(
        "Would be {was}: {by} raised more texts than its breaker lets through, and is a flag until that falls."
    );
    ReasonData { rule: reserved::BREAKER.to_owned(), text }
}

/// What tripline itself has to say of a mention, whatever the policy: the id and the text of a reason.
#[must_use]
pub fn own_reason(mention: &Mention<'_>) -> Option<(&'static str, &'static str)> {
    if mention.via == Via::Canary {
        return Some(CANARY);
    }
    mention.organization.filter(|organization| organization.listing == Listing::Suspected).map(|_| SUSPECTED)
}

const SUSPECTED: (&str, &str) = (
    reserved::SUSPECTED,
    "Suspected, not banned: an authority suspects a mentioned organization, which alone is never more than a low flag.",
);
const CANARY: (&str, &str) =
    (reserved::CANARY, "The test string of a deployment was found: everything works, and nobody is meant.");

fn mention_data(verdict: Uuid, mention: &Mention<'_>, citations: &Citations<'_>) -> MentionData {
    let canary = citations.canary.unwrap_or(Via::Canary.as_str());
    let subject = mention.subject();
    let id = subject.id().unwrap_or(canary);
    let (text, text_truncated) = cut(&mention.text, MAX_TEXT_CHARS);
    MentionData {
        finding: finding_id(verdict, id, &mention.field, mention.item, &mention.span.bytes).to_string(),
        organization: id.to_owned(),
        name: subject.name().unwrap_or(canary).to_owned(),
        listing: subject.listing(),
        status: mention.status.as_str(),
        focus: mention.organization.map_or_else(Vec::new, |o| o.focus.iter().map(|f| f.as_str()).collect()),
        notices: mention.organization.map_or_else(Vec::new, |o| citations.of(o)),
        field: mention.field.to_string(),
        item: mention.item,
        text: text.to_owned(),
        text_truncated,
        span: SpanData::from(&mention.span),
        via: mention.via.as_str(),
        listed_as: mention.pattern.to_owned(),
        impersonates: mention.imitates.as_ref().map(ImpersonatesData::of),
        folds: fold_names(mention.folds),
        evasion: fold_names(mention.evasion),
        branch: mention.branch.as_ref().map(branch_data),
        score: mention.score,
        allowed_by: mention.allowed_by().map(|allow| allow.id.to_string()),
        context: ContextData { stance: mention.stance.as_str(), cues: mention.cues.iter().map(cue_data).collect() },
    }
}

fn cue_data(cue: &CueFound) -> CueData {
    CueData {
        kind: cue.kind.as_str(),
        field: cue.field.to_string(),
        item: cue.item,
        text: cut(&cue.text, MAX_CUE_CHARS).0.to_owned(),
        span: SpanData::from(&cue.span),
    }
}

fn branch_data(branch: &Branch) -> BranchData {
    BranchData {
        kind: branch.kind.as_str(),
        text: cut(&branch.text, MAX_BRANCH_CHARS).0.to_owned(),
        span: SpanData::from(&branch.span),
        place: branch.place.as_deref().map(|place| cut(place, MAX_PLACE_CHARS).0.to_owned()),
    }
}

fn fold_names(folds: FoldSet) -> Vec<&'static str> {
    folds.iter().map(Fold::as_str).collect()
}

/// The first characters of a text, and whether there were more.
fn cut(text: &str, max_chars: usize) -> (&str, bool) {
    match text.char_indices().nth(max_chars) {
        Some((end, _)) => (&text[..end], true),
        None => (text, false),
    }
}

impl From<&Span> for SpanData {
    fn from(span: &Span) -> Self {
        let pair = |range: &std::ops::Range<usize>| [range.start, range.end];
        Self { bytes: pair(&span.bytes), chars: pair(&span.chars), utf16: pair(&span.utf16) }
    }
}
