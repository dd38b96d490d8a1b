//! Which words speak of which body: a text that names two may praise one and warn of the other.
//!
//! Mentions in one clause, or with nothing but list marks between them, are one group. A clause speaks of the group in it, else of the
//! last one before it in its sentence, else of the first one behind it; a sentence without a mention, of the last group before it. What
//! stands before every mention of its field, such as a title, speaks of all. Mentions of one body share their passages.

use super::Place;
use super::layout::Layout;
use super::spotted::{MAX_OF_A_KIND, Spotted};
use crate::content::Content;
use crate::engine::verdict::Mention;
use crate::rule::{CueKind, Scope};
use crate::text::is_dropped;
use std::collections::HashMap;
use std::ops::Range;

/// A gap with more letters is no list mark; "and the", "以及" are.
const LIST_GAP: usize = 6;
/// Bytes of a mark and a space.
const BESIDE_A_MARK: usize = 4;
/// The most cues that are weighed for one mention.
const MAX_WEIGHED: usize = 400;

/// Mentions that share their words.
#[derive(Debug)]
struct Group {
    clauses: Range<usize>,
    sentences: Range<usize>,
    /// From the first byte of the first mention to the last of the last.
    field: usize,
    bytes: Range<usize>,
    cues: Vec<usize>,
}

/// How near a cue stands to a mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    Clause,
    Sentence,
    Text,
    /// Before every mention of its field, or in another field.
    Shared,
    /// From the passage of another body, where the own one says nothing.
    Inherited,
}

/// A cue that speaks of a mention.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heard<'c> {
    pub cue: &'c Spotted,
    pub reach: Reach,
    /// Bytes between the cue and the nearest mention of the group; 0 within it or in another clause.
    pub distance: usize,
    /// The cue stands behind the first mention of its group.
    pub behind: bool,
}

/// The cues of a record, by the groups that they speak of.
pub(super) struct Territories {
    groups: Vec<Group>,
    /// Of each mention; none in a link.
    group_of: Vec<Option<usize>>,
    /// Groups that name the same body, by mention.
    kin: Vec<Vec<usize>>,
    shared: Vec<usize>,
    cues: Vec<Spotted>,
    asks: Vec<bool>,
}

impl Territories {
    pub fn new(
        content: &Content<'_>,
        layout: &Layout,
        places: &[Place],
        mentions: &[Mention<'_>],
        cues: Vec<Spotted>,
    ) -> Self {
        let (mut groups, group_of) = groups(content, layout, places);
        let mut by_body: HashMap<Option<&str>, Vec<usize>> = HashMap::new();
        for (mention, group) in mentions.iter().zip(&group_of) {
            let kin = by_body.entry(mention.organization.map(|o| &*o.id)).or_default();
            kin.extend(group.filter(|group| kin.last() != Some(group)));
        }
        let kin = mentions.iter().map(|m| by_body[&m.organization.map(|o| &*o.id)].iter().take(8).copied().collect());
        let kin = kin.collect();
        let owners = owners(layout, &groups);
        let mut shared = Vec::new();
        let mut kept: HashMap<(Option<usize>, CueKind, bool), usize> = HashMap::new();
        for (index, cue) in cues.iter().enumerate() {
            let owner = owners[cue.clause];
            let count = kept.entry((owner, cue.kind, cue.muted)).or_default();
            *count += 1;
            if *count <= MAX_OF_A_KIND {
                owner.map_or(&mut shared, |group| &mut groups[group].cues).push(index);
            }
        }
        Self { groups, group_of, kin, shared, cues, asks: layout.asks.clone() }
    }

    /// What speaks of a mention: of its own passages and of all, else what its sentence says of others, else what the text
    /// reports or warns of.
    pub fn evidence(&self, mention: usize) -> Evidence<'_> {
        let own = self.group_of[mention];
        let mut heard: Vec<Heard<'_>> = Vec::new();
        for &group in own.iter().chain(self.kin[mention].iter().filter(|kin| Some(**kin) != own)) {
            heard.extend(self.groups[group].cues.iter().map(|cue| self.heard(group, &self.cues[*cue])));
        }
        heard.extend(self.shared.iter().map(|cue| Heard {
            cue: &self.cues[*cue],
            reach: Reach::Shared,
            distance: 0,
            behind: false,
        }));
        heard.retain(|heard| is_in_scope(heard));
        if !heard.iter().any(|heard| speaks(heard.cue)) {
            heard.extend(self.inherited(own));
        }
        heard.truncate(MAX_WEIGHED);
        Evidence { heard, asks: &self.asks }
    }

    fn heard<'c>(&'c self, group: usize, cue: &'c Spotted) -> Heard<'c> {
        let group = &self.groups[group];
        let reach = if group.clauses.contains(&cue.clause) {
            Reach::Clause
        } else if group.sentences.contains(&cue.sentence) {
            Reach::Sentence
        } else {
            Reach::Text
        };
        let distance = if reach > Reach::Sentence || cue.field != group.field {
            0
        } else if cue.bytes.start >= group.bytes.end {
            cue.bytes.start - group.bytes.end
        } else {
            group.bytes.start.saturating_sub(cue.bytes.end)
        };
        Heard { cue, reach, distance, behind: cue.bytes.start >= group.bytes.start }
    }

    /// What others hear, for a mention that hears nothing: all of its sentence, reports and warnings from elsewhere.
    fn inherited(&self, own: Option<usize>) -> Vec<Heard<'_>> {
        let sentences = own.map_or(0..0, |group| self.groups[group].sentences.clone());
        let carries = |cue: &Spotted| {
            matches!(cue.kind, CueKind::Measure | CueKind::Report | CueKind::Advice | CueKind::Authority)
                || own.is_none()
        };
        let others = self.groups.iter().flat_map(|group| &group.cues).map(|cue| &self.cues[*cue]);
        others
            .filter(|cue| cue.scope == Scope::Text && (sentences.contains(&cue.sentence) || carries(cue)))
            .take(MAX_WEIGHED)
            .map(|cue| Heard { cue, reach: Reach::Inherited, distance: 0, behind: false })
            .collect()
    }
}

/// All that is weighed for one mention.
pub(super) struct Evidence<'c> {
    pub heard: Vec<Heard<'c>>,
    /// Whether each sentence asks.
    pub asks: &'c [bool],
}

fn is_in_scope(heard: &Heard<'_>) -> bool {
    match heard.cue.scope {
        // `class A, Sham Academy`, `样例学会：理事`: only a mark stands between
        Scope::Clause => {
            heard.reach <= Reach::Clause || heard.reach == Reach::Sentence && heard.distance <= BESIDE_A_MARK
        }
        Scope::Sentence => heard.reach <= Reach::Sentence,
        Scope::Text => true,
    }
}

/// A cue that can decide a stance; the others only turn or support.
fn speaks(cue: &Spotted) -> bool {
    !matches!(
        cue.kind,
        CueKind::Negation
            | CueKind::Unrelated
            | CueKind::Hypothetical
            | CueKind::Told
            | CueKind::Quoting
            | CueKind::Witness
            | CueKind::Authority
    ) && !cue.muted
        && cue.weight > 1
}

fn groups(content: &Content<'_>, layout: &Layout, places: &[Place]) -> (Vec<Group>, Vec<Option<usize>>) {
    let mut groups: Vec<Group> = Vec::new();
    let mut of = Vec::with_capacity(places.len());
    for (field, bytes) in places {
        let clauses = layout.clause_at(*field, bytes.start).zip(layout.clause_at(*field, bytes.end - 1));
        let Some((first, last)) = clauses else {
            of.push(None);
            continue;
        };
        let sentences = layout.clauses[first].sentence..layout.clauses[last].sentence + 1;
        let joins = groups.last().is_some_and(|group| {
            group.field == *field
                && (group.clauses.contains(&first)
                    || is_list_gap(content.fields[*field].value.get(group.bytes.end..bytes.start).unwrap_or("")))
        });
        match groups.last_mut().filter(|_| joins) {
            Some(group) => {
                group.clauses.end = group.clauses.end.max(last + 1);
                group.sentences.end = group.sentences.end.max(sentences.end);
                group.bytes.end = group.bytes.end.max(bytes.end);
            }
            None => groups.push(Group {
                clauses: first..last + 1,
                sentences,
                field: *field,
                bytes: bytes.clone(),
                cues: Vec::new(),
            }),
        }
        of.push(Some(groups.len() - 1));
    }
    (groups, of)
}

fn is_list_gap(between: &str) -> bool {
    between.len() < 60 && between.chars().filter(|c| !is_dropped(*c)).count() <= LIST_GAP && !between.contains('。')
}

/// The group that each clause speaks of; none for what speaks of all.
fn owners(layout: &Layout, groups: &[Group]) -> Vec<Option<usize>> {
    let mut owners: Vec<Option<usize>> = vec![None; layout.clauses.len()];
    for (index, group) in groups.iter().enumerate() {
        owners[group.clauses.clone()].fill(Some(index));
    }
    let mut first_of: Vec<Option<usize>> = vec![None; layout.asks.len()];
    for (clause, owner) in layout.clauses.iter().zip(&owners).rev() {
        first_of[clause.sentence] = owner.or(first_of[clause.sentence]);
    }
    let mut last: Option<(usize, usize, usize)> = None;
    for (clause, owner) in layout.clauses.iter().zip(&mut owners) {
        let last_here = last.filter(|(field, ..)| *field == clause.field);
        let in_sentence = last_here.filter(|(_, sentence, _)| *sentence == clause.sentence).map(|(.., group)| group);
        *owner = owner.or(in_sentence).or(first_of[clause.sentence]).or(last_here.map(|(.., group)| group));
        if let Some(group) = *owner {
            last = Some((clause.field, clause.sentence, group));
        }
    }
    owners
}
