//! How large a verdict can become: the worst that the bounds of this folder and the engine allow, written out by the
//! same code that writes verdicts.

use super::citations::Citations;
use super::cloud_event::to_json;
use super::data::{
    BranchData, ContextData, CueData, MAX_BRANCH_CHARS, MAX_CUE_CHARS, MAX_FACT_CHARS, MAX_PLACE_CHARS, MAX_TEXT_CHARS,
    MentionData, SpanData,
};
use super::passed::MAX_PASSED_BYTES;
use crate::engine::{MAX_CUES_IN_ALL, MAX_MENTIONS};
use crate::rule::{CueKind, Organization, RuleSet};
use crate::text::Fold;

/// The worst that JSON makes of a character: `\u0001`.
const ESCAPED: usize = 6;
/// The rest: the envelope's attributes, topic, rule set and digests, names and punctuation.
const ENVELOPE: usize = 4096;

/// An upper bound of a verdict's bytes under these rules, without the record's own key: as many mentions as there may be,
/// all of the organization that takes most, in a field with a name of this length, each with matched words that JSON has to
/// escape, and the record's four facts and headers at their longest.
#[must_use]
pub fn largest_verdict(rules: &RuleSet, field_bytes: usize) -> usize {
    let citations = Citations::from(rules);
    let mentions = rules.organizations().iter().map(|of| to_json(&worst(of, &citations, field_bytes)).len());
    let mention = mentions.max().unwrap_or(0) + 1;
    let conditions = rules.policy().conditions().iter();
    let reasons: usize = conditions.map(|condition| 2 * condition.id.len() + condition.text.len() * 2 + 32).sum();
    let allows = rules.policy().allows();
    let allowed_by = allows.iter().map(|allow| allow.id.len() + r#""allowed_by":"","#.len()).max().unwrap_or(0);
    let mention = mention + allowed_by;
    let reasons = reasons + allows.iter().map(|allow| allow.id.len() + allow.text.len() * 2 + 64).sum::<usize>();
    let cue = to_json(&worst_cue(field_bytes)).len() + 1;
    MAX_MENTIONS * mention
        + MAX_CUES_IN_ALL * cue
        + 4 * MAX_FACT_CHARS * ESCAPED
        + reasons
        + ENVELOPE
        + MAX_PASSED_BYTES
}

/// Everything of an organization that can be found; ways of writing a name that follow from it are shorter.
fn listed_as(of: &Organization) -> impl Iterator<Item = String> {
    let names = of.name.iter().chain(of.aliases.iter().map(|alias| &alias.name));
    let names = names.chain(of.translations.iter().map(|translation| &translation.name));
    let others = names.chain(of.accounts.iter().map(|account| &account.id)).cloned();
    others.chain(of.domains.iter().flat_map(|listed| [listed.domain.to_unicode(), listed.domain.as_ascii().to_owned()]))
}

fn worst_cue(field_bytes: usize) -> CueData {
    let far = [usize::from(u16::MAX) << 16; 2];
    let kind = CueKind::ALL.iter().map(|kind| kind.as_str()).max_by_key(|kind| kind.len());
    CueData {
        kind: kind.unwrap_or_default(),
        field: "f".repeat(field_bytes),
        item: Some(u32::MAX),
        text: "\u{1}".repeat(MAX_CUE_CHARS),
        span: SpanData { bytes: far, chars: far, utf16: far },
    }
}

fn worst(of: &Organization, citations: &Citations<'_>, field_bytes: usize) -> MentionData {
    let folds: Vec<&'static str> = Fold::ALL.into_iter().map(Fold::as_str).collect();
    let listed_as = listed_as(of).max_by_key(|words| to_json(words).len()).unwrap_or_default();
    let far = [usize::from(u16::MAX) << 16; 2];
    MentionData {
        finding: "0".repeat(36),
        organization: of.id.to_string(),
        name: of.display_name().to_owned(),
        listing: of.listing.as_str(),
        status: of.status.as_str(),
        focus: of.focus.iter().map(|focus| focus.as_str()).collect(),
        notices: citations.of(of),
        field: "f".repeat(field_bytes),
        item: Some(u32::MAX),
        text: "\u{1}".repeat(MAX_TEXT_CHARS),
        text_truncated: true,
        span: SpanData { bytes: far, chars: far, utf16: far },
        via: "translation",
        listed_as,
        // What imitates another host has no branch, which takes more.
        impersonates: None,
        folds: folds.clone(),
        evasion: folds,
        branch: Some(BranchData {
            kind: "preparatory",
            text: "\u{1}".repeat(MAX_BRANCH_CHARS),
            span: SpanData { bytes: far, chars: far, utf16: far },
            place: Some("\u{1}".repeat(MAX_PLACE_CHARS)),
        }),
        score: 0.123_456_789_012_345_67,
        allowed_by: None,
        context: ContextData { stance: "affiliation", cues: Vec::new() },
    }
}
