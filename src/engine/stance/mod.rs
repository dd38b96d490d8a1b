//! How a text speaks of each body that it names: report, warning, promotion, affiliation or neutral, and by which words.
//!
//! No model: cue words of the rule set (`rules/context`) and amounts of money, telephone numbers and hosts are found in the texts
//! of a record that has a mention; each speaks of the mention whose passage it stands in (`territory`), unless it is quoted,
//! negated, told or supposed (`spotted`); and a short list of rules weighs what is left (`weigh`), the offer first:
//!
//! ```text
//! 民政部提醒谨防上当！样例学会招募会员，会费2600元 -> promotion (招募会员, 会费, 2600元)
//! 短信称“样例学会招募会员，会费2600元”，切勿汇款   -> warning   (切勿汇款)
//! ```
//!
//! Linear in the text. A passage keeps at most [`spotted::MAX_OF_A_KIND`] cues of each kind, so that no padding pays, and a mention
//! shows at most [`MAX_CUES`]. Not here: which words are cues (`rules/context`), what follows from a stance (the policy).

mod amounts;
mod ground;
mod held;
mod landmark;
mod layout;
mod spotted;
mod territory;
#[cfg(test)]
mod tests;
mod weigh;

use super::verdict::{CueFound, MAX_CUES, MAX_CUES_IN_ALL, MAX_MENTIONS, Mention};
use crate::content::{Content, Role};
use crate::rule::RuleSet;
use crate::text::Spans;
pub use ground::Ground;
use layout::Layout;
use spotted::Spotted;
use std::ops::Range;
use territory::Territories;

/// A range of bytes of a field.
pub(super) type Place = (usize, Range<usize>);

/// A record with more mentions than this is a list: [`FEW_CUES`] each must do, for its event must fit a message.
const A_LONG_LIST: usize = 50;
const FEW_CUES: usize = 2;
const _: () = assert!(A_LONG_LIST * MAX_CUES <= MAX_CUES_IN_ALL && FEW_CUES * MAX_MENTIONS <= MAX_CUES_IN_ALL);

/// Gives each mention its stance and cues. `places` are those of the mentions; `covered` those of everything that stands, lawful
/// bodies too: the words of a name are no cues.
pub(super) fn judge(
    rules: &RuleSet,
    content: &Content<'_>,
    places: &[Place],
    covered: &[Place],
    mentions: &mut [Mention<'_>],
) {
    if mentions.is_empty() {
        return;
    }
    let (mut layout, mut cues) = (Layout::default(), Vec::new());
    for (index, field) in content.fields.iter().enumerate().filter(|(_, field)| field.role != Role::Link) {
        let mut names: Vec<Range<usize>> =
            covered.iter().filter(|(at, _)| *at == index).map(|(_, bytes)| bytes.clone()).collect();
        names.sort_by_key(|bytes| (bytes.start, bytes.end));
        layout.add(index, &field.value, &names);
        cues.extend(spotted::spot(rules.cues(), &layout, index, &field.value, &names));
    }
    spotted::mute(&mut cues, &layout);
    let territories = Territories::new(content, &layout, places, mentions, cues);
    let most = if mentions.len() > A_LONG_LIST { FEW_CUES } else { MAX_CUES };
    let mut telling: Vec<(usize, &Spotted)> = Vec::new();
    let evidence: Vec<_> = (0..mentions.len()).map(|mention| territories.evidence(mention)).collect();
    let landmarks = landmark::landmarks(content, places, mentions);
    for (index, (mention, evidence)) in mentions.iter_mut().zip(&evidence).enumerate() {
        let (ground, cues) = weigh::decide(evidence, most, landmarks[index]);
        (mention.stance, mention.ground) = (ground.stance(), ground);
        telling.extend(cues.into_iter().map(|cue| (index, cue)));
    }
    show(content, telling, mentions);
}

/// Writes the cues down as a verdict shows them, in order of field and place: one walk over each field.
fn show(content: &Content<'_>, mut telling: Vec<(usize, &Spotted)>, mentions: &mut [Mention<'_>]) {
    telling.sort_by_key(|(_, cue)| (cue.field, cue.bytes.start, cue.bytes.end));
    let (mut at, mut spans) = (usize::MAX, Spans::new(""));
    for (mention, cue) in telling {
        let field = &content.fields[cue.field];
        if cue.field != at {
            (at, spans) = (cue.field, Spans::new(&field.value));
        }
        mentions[mention].cues.push(CueFound {
            kind: cue.kind,
            field: field.name.clone(),
            item: field.item,
            text: field.value[cue.bytes.clone()].to_owned(),
            span: spans.span(cue.bytes.clone()),
        });
    }
}
