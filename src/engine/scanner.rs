//! One thread's way through the engine: owns the scratch, shares the rules.

use super::candidate::Candidate;
use super::certainty::certainty;
use super::decide::decide;
use super::imitation;
use super::kin::{Grounds, branch_of};
use super::look::{Finder, Sightings};
use super::second_signal::Company;
use super::stance::{self, Ground, Place};
use super::verdict::{Branch, LeftAlone, MAX_MENTIONS, Mention, Reason, Stance, Verdict};
use crate::content::{Content, Field};
use crate::rule::{Action, EvaluateError, RuleSet, Status, Target, Via};
use crate::text::{FoldSet, Span, Spans, folds_between};
use std::collections::HashSet;

/// Why a content could not be judged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScanError {
    /// A condition failed to run on this record's facts.
    #[error("the policy cannot be evaluated")]
    Policy(#[from] EvaluateError),
}

/// Judges contents, one at a time; one scanner per thread, the rules are shared.
#[derive(Debug)]
pub struct Scanner<'r> {
    rules: &'r RuleSet,
    finder: Finder<'r>,
}

/// A spelling that nobody listed counts only in a record that names no lawful body: beside one, it may be that body's.
fn with_doubt(mut candidates: Vec<Candidate<'_>>) -> Vec<Candidate<'_>> {
    if candidates.iter().any(Candidate::is_protected) {
        for candidate in &mut candidates {
            if let Target::Variant { counts, .. } = &mut candidate.target {
                *counts = false;
            }
        }
    }
    candidates
}

/// The spans of candidates that come in order of field and place: one walk over each field.
struct FieldSpans<'c> {
    fields: &'c [Field<'c>],
    field: usize,
    spans: Spans<'c>,
}

impl<'c> FieldSpans<'c> {
    fn new(content: &'c Content<'c>) -> Self {
        Self { fields: &content.fields, field: usize::MAX, spans: Spans::new("") }
    }

    fn of(&mut self, candidate: &Candidate<'_>) -> Span {
        if candidate.field != self.field {
            self.field = candidate.field;
            self.spans = Spans::new(&self.fields[candidate.field].value);
        }
        self.spans.span(candidate.bytes.clone())
    }
}

impl<'r> Scanner<'r> {
    /// A scanner with empty scratch.
    #[must_use]
    pub fn new(rules: &'r RuleSet) -> Self {
        Self { rules, finder: Finder::new(rules) }
    }

    /// Judges one content.
    ///
    /// # Errors
    /// When a policy condition cannot be evaluated for its mentions.
    pub fn scan(&mut self, content: &Content<'_>) -> Result<Verdict<'r>, ScanError> {
        let sightings = self.finder.look(content);
        if sightings.standing.is_empty() {
            return Ok(Verdict::clean());
        }
        let settled = self.settle(content, sightings);
        self.judge(content, &settled)
    }

    /// Judges one content, and says what was found and left alone, and why.
    ///
    /// # Errors
    /// As [`Scanner::scan`].
    pub fn explain(&mut self, content: &Content<'_>) -> Result<Verdict<'r>, ScanError> {
        let sightings = self.finder.look(content);
        let settled = self.settle(content, sightings);
        let mut verdict = self.judge(content, &settled)?;
        let protected = settled.standing.iter().filter_map(|c| Some((c, self.protection(c)?)));
        let fallen = settled.fallen.iter().map(|(candidate, reason)| (candidate, reason.clone()));
        let mut left: Vec<_> = protected.chain(fallen).collect();
        left.sort_by_key(|(candidate, _)| (candidate.field, candidate.bytes.start, candidate.bytes.end));
        let mut spans = FieldSpans::new(content);
        verdict.left_alone =
            left.into_iter().map(|(c, reason)| self.left_alone(content, c, reason, spans.of(c))).collect();
        Ok(verdict)
    }

    /// The verdict on what stands. A text may repeat names a million times: every kind of mention is judged, and
    /// beyond [`MAX_MENTIONS`] what repeats is only counted.
    fn judge(&self, content: &Content<'_>, settled: &Sightings<'r>) -> Result<Verdict<'r>, ScanError> {
        let named: Vec<&Candidate<'r>> = settled.standing.iter().filter(|c| !c.is_protected()).collect();
        let (kept, omitted) = self.bounded(named);
        let mut spans = FieldSpans::new(content);
        let covered = settled.standing.iter().map(|candidate| (candidate.field, candidate.bytes.clone()));
        let grounds = Grounds::of(&settled.standing);
        let mentions = kept.iter().map(|candidate| {
            let span = spans.of(candidate);
            let branch = branch_of(content, candidate, &span, &grounds);
            self.mention(content, candidate, span, branch)
        });
        let mentions: Vec<Mention<'r>> = mentions.collect();
        let places = kept.iter().map(|candidate| (candidate.field, candidate.bytes.clone()));
        let mentions = self.with_stances(content, &covered.collect::<Vec<_>>(), places.zip(mentions).collect());
        let mut verdict = decide(self.rules, content, mentions)?;
        verdict.omitted = omitted;
        Ok(verdict)
    }

    /// The mentions with the stance of the text around each, in the same order. A host that imitates another names nobody
    /// of whom the text could speak, and takes no words from those that it names.
    fn with_stances(
        &self,
        content: &Content<'_>,
        covered: &[Place],
        found: Vec<(Place, Mention<'r>)>,
    ) -> Vec<Mention<'r>> {
        let (imitations, named): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|(_, mention)| mention.via == Via::Impersonation);
        let (places, mut mentions): (Vec<Place>, Vec<Mention<'r>>) = named.into_iter().unzip();
        stance::judge(self.rules, content, &places, covered, &mut mentions);
        let mut all: Vec<_> = places.into_iter().zip(mentions).chain(imitations).collect();
        all.sort_by_key(|((field, bytes), _)| (*field, bytes.start));
        all.into_iter().map(|(_, mention)| mention).collect()
    }

    /// At most [`MAX_MENTIONS`], the first of each kind before any repetition, what is active before what is in
    /// shadow; and how many active ones are left out.
    fn bounded<'c>(&self, named: Vec<&'c Candidate<'r>>) -> (Vec<&'c Candidate<'r>>, usize) {
        if named.len() <= MAX_MENTIONS {
            return (named, 0);
        }
        let is_active = |c: &Candidate<'_>| c.status(self.rules) == Status::Active;
        let mut seen = HashSet::new();
        let mut ranked: Vec<_> = named
            .into_iter()
            .enumerate()
            .map(|(place, c)| ((!seen.insert((c.organization(), c.via(), c.field)), !is_active(c), place), c))
            .collect();
        ranked.sort_by_key(|(rank, _)| *rank);
        let omitted = ranked[MAX_MENTIONS..].iter().filter(|(_, c)| is_active(c)).count();
        ranked.truncate(MAX_MENTIONS);
        ranked.sort_by_key(|((_, _, place), _)| *place);
        (ranked.into_iter().map(|(_, c)| c).collect(), omitted)
    }

    /// Drops what does not hold at the record's time, and what needs a second signal and has none.
    fn settle(&self, content: &Content<'_>, mut sightings: Sightings<'r>) -> Sightings<'r> {
        let (in_effect, ended): (Vec<_>, Vec<_>) = sightings.standing.into_iter().partition(|candidate| {
            candidate
                .organization()
                .is_none_or(|index| self.rules.organizations()[index].effective.holds_at(content.timestamp))
        });
        sightings.fallen.extend(ended.into_iter().map(|candidate| (candidate, Reason::NotInEffect)));
        let (imitations, in_effect): (Vec<_>, Vec<_>) =
            in_effect.into_iter().partition(|candidate| matches!(candidate.target, Target::Imitation(_)));
        let in_effect = with_doubt(in_effect);
        let company = Company::of(&in_effect);
        let mut standing = Vec::with_capacity(in_effect.len());
        for candidate in in_effect {
            match company.missing_signal(self.rules, &candidate) {
                None => standing.push(candidate),
                Some(reason) => sightings.fallen.push((candidate, reason)),
            }
        }
        if !imitations.is_empty() {
            imitation::settle(self.rules, content, imitations, &mut standing, &mut sightings.fallen);
        }
        Sightings { standing, fallen: sightings.fallen }
    }

    /// The mention of a candidate that stands.
    fn mention(
        &self,
        content: &Content<'_>,
        candidate: &Candidate<'r>,
        span: Span,
        branch: Option<Branch>,
    ) -> Mention<'r> {
        let organization = candidate.organization().map(|index| &self.rules.organizations()[index]);
        let field = &content.fields[candidate.field];
        let text = &field.value[candidate.bytes.clone()];
        let folds = match candidate.via() {
            // A host is read by its own rules; subdomains are no difference.
            Via::Domain | Via::Account | Via::Impersonation => FoldSet::EMPTY,
            Via::Name | Via::Alias | Via::Translation | Via::Variant | Via::Canary => {
                folds_between(candidate.read_as.as_deref().unwrap_or(text), candidate.pattern)
            }
        };
        let folds = folds.union(candidate.undone);
        let imitates = imitation::imitates(self.rules, content, candidate);
        let score = certainty(content.kind, field, candidate.via(), folds, &span, branch.as_ref());
        let score = imitates.as_ref().map_or(score, |it| (score * it.technique.weight() * 100.0).round() / 100.0);
        Mention {
            organization,
            imitates,
            pattern: candidate.pattern,
            via: candidate.via(),
            field: field.name.clone(),
            item: field.item,
            role: field.role,
            in_email: candidate.in_email,
            text: text.to_owned(),
            span,
            folds,
            evasion: folds.evasion(),
            score,
            branch,
            stance: Stance::Neutral,
            ground: Ground::default(),
            cues: Vec::new(),
            status: candidate.status(self.rules),
            action: Action::None,
            severity: None,
            conditions: Vec::new(),
            allows: Vec::new(),
            capped: false,
        }
    }

    /// What a protected name is the name of.
    fn protection(&self, candidate: &Candidate<'r>) -> Option<Reason> {
        match candidate.target {
            Target::Protected { body } if self.rules.protected(body).is_channel => Some(Reason::OfficialChannel),
            Target::Protected { .. } => Some(Reason::RegisteredBody),
            _ => None,
        }
    }

    fn left_alone(
        &self,
        content: &Content<'_>,
        candidate: &Candidate<'r>,
        reason: Reason,
        span: Span,
    ) -> LeftAlone<'r> {
        let field = &content.fields[candidate.field];
        LeftAlone {
            organization: candidate.organization().map(|index| &self.rules.organizations()[index]),
            pattern: candidate.pattern,
            field: field.name.clone(),
            item: field.item,
            text: field.value[candidate.bytes.clone()].to_owned(),
            span,
            reason,
        }
    }
}
