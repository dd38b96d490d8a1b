//! One thread's way through the engine: owns the scratch, shares the rules.

use super::candidate::{Candidate, verify};
use super::decide::decide;
use super::resolve::resolve;
use super::second_signal::missing_signal;
use super::verdict::{LeftAlone, Mention, Reason, Stance, Verdict};
use crate::content::{Content, Field, Role};
use crate::domain::{find_hosts, host_of_link};
use crate::matcher::Found;
use crate::rule::{Action, EvaluateError, RuleSet, Status, Target, Via};
use crate::text::{Fold, FoldSet, OffsetMap, Span, fold_into, folds_between};

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
    units: Vec<u16>,
    found: Vec<Found>,
    offsets: OffsetMap,
}

/// What one pass over the fields found: candidates that stand, and those that fell.
#[derive(Default)]
struct Sightings<'r> {
    standing: Vec<Candidate<'r>>,
    fallen: Vec<(Candidate<'r>, Reason)>,
}

impl<'r> Scanner<'r> {
    /// A scanner with empty scratch.
    #[must_use]
    pub fn new(rules: &'r RuleSet) -> Self {
        Self { rules, units: Vec::new(), found: Vec::new(), offsets: OffsetMap::default() }
    }

    /// Judges one content.
    ///
    /// # Errors
    /// When a policy condition cannot be evaluated for its mentions.
    pub fn scan(&mut self, content: &Content<'_>) -> Result<Verdict<'r>, ScanError> {
        let sightings = self.look(content);
        if sightings.standing.is_empty() {
            return Ok(Verdict::clean());
        }
        let standing = self.settle(content, sightings).standing;
        let mentions = standing.iter().filter_map(|candidate| self.mention(content, candidate)).collect();
        Ok(decide(self.rules, content, mentions)?)
    }

    /// Judges one content, and says what was found and left alone, and why.
    ///
    /// # Errors
    /// As [`Scanner::scan`].
    pub fn explain(&mut self, content: &Content<'_>) -> Result<Verdict<'r>, ScanError> {
        let sightings = self.look(content);
        let settled = self.settle(content, sightings);
        let mentions = settled.standing.iter().filter_map(|candidate| self.mention(content, candidate)).collect();
        let mut verdict = decide(self.rules, content, mentions)?;
        let protected = settled.standing.iter().filter(|c| c.is_protected()).map(|c| (c, Reason::ProtectedName));
        let fallen = settled.fallen.iter().map(|(candidate, reason)| (candidate, reason.clone()));
        verdict.left_alone = protected.chain(fallen).map(|(c, reason)| self.left_alone(content, c, reason)).collect();
        verdict
            .left_alone
            .sort_by_key(|left| (left.field.clone(), left.item, left.span.bytes.start, left.span.bytes.end));
        Ok(verdict)
    }

    /// Finds and verifies candidates in every field, and resolves overlaps within each.
    fn look(&mut self, content: &Content<'_>) -> Sightings<'r> {
        let mut sightings = Sightings::default();
        for (index, field) in content.fields.iter().enumerate() {
            match field.role {
                Role::Link => sightings.standing.extend(self.look_at_link(index, field)),
                Role::Text => self.look_at_text(index, field, &mut sightings),
                Role::Handle => {
                    self.look_at_text(index, field, &mut sightings);
                    sightings.standing.extend(self.look_at_handle(index, field));
                }
            }
        }
        sightings
    }

    fn look_at_text(&mut self, index: usize, field: &Field<'_>, sightings: &mut Sightings<'r>) {
        let text = &*field.value;
        fold_into(text, &mut self.units);
        self.found.clear();
        let found = &mut self.found;
        self.rules.automaton().for_each(&self.units, |occurrence| found.push(occurrence));
        if self.found.is_empty() {
            return;
        }
        self.offsets.rebuild(text);
        let mut candidates = Vec::new();
        for occurrence in &self.found {
            let Some(bytes) = self.offsets.source(occurrence.start..occurrence.end) else { continue };
            let order = occurrence.pattern.0 as usize;
            let pattern = &self.rules.patterns()[order];
            let candidate = |bytes, in_email| Candidate {
                target: pattern.target.clone(),
                pattern: &pattern.text,
                order,
                field: index,
                bytes,
                in_email,
            };
            match verify(self.rules, &pattern.target, &pattern.text, text, bytes.clone()) {
                Ok((bytes, in_email)) => candidates.push(candidate(bytes, in_email)),
                Err(reason) => sightings.fallen.push((candidate(bytes, false), reason)),
            }
        }
        let official = if candidates.is_empty() { Vec::new() } else { self.official_hosts(text) };
        let resolved = resolve(candidates, &official);
        sightings.standing.extend(resolved.standing);
        sightings.fallen.extend(resolved.fallen);
    }

    fn official_hosts(&self, text: &str) -> Vec<(std::ops::Range<usize>, String)> {
        let hosts = find_hosts(text).into_iter().filter(|host| self.rules.is_official_host(&host.domain));
        hosts.map(|host| (host.bytes, host.domain.to_string())).collect()
    }

    fn look_at_link(&self, index: usize, field: &Field<'_>) -> Option<Candidate<'r>> {
        let found = host_of_link(&field.value)?;
        if self.rules.is_official_host(&found.domain) {
            return None;
        }
        let (organization, domain) = self.rules.listed_domain(&found.domain)?;
        let listed = &self.rules.organizations()[organization].domains[domain].domain;
        Some(Candidate {
            target: Target::Domain { organization, domain },
            pattern: listed.as_ascii(),
            order: usize::MAX,
            field: index,
            bytes: found.bytes_of(&field.value, listed),
            in_email: found.in_email,
        })
    }

    fn look_at_handle(&self, index: usize, field: &Field<'_>) -> Option<Candidate<'r>> {
        if self.rules.is_official_account(&field.value) {
            return None;
        }
        let (organization, account) = self.rules.listed_account(&field.value)?;
        Some(Candidate {
            target: Target::Account { organization, account },
            pattern: &self.rules.organizations()[organization].accounts[account].id,
            order: usize::MAX,
            field: index,
            bytes: 0..field.value.len(),
            in_email: false,
        })
    }

    /// Drops what does not hold at the record's time, and what needs a second signal and has none.
    fn settle(&self, content: &Content<'_>, mut sightings: Sightings<'r>) -> Sightings<'r> {
        let (in_effect, ended): (Vec<_>, Vec<_>) = sightings.standing.into_iter().partition(|candidate| {
            candidate
                .organization()
                .is_none_or(|index| self.rules.organizations()[index].effective.holds_at(content.timestamp))
        });
        sightings.fallen.extend(ended.into_iter().map(|candidate| (candidate, Reason::NotInEffect)));
        let mut standing = Vec::with_capacity(in_effect.len());
        for candidate in &in_effect {
            match missing_signal(self.rules, candidate, &in_effect) {
                None => standing.push(candidate.clone()),
                Some(reason) => sightings.fallen.push((candidate.clone(), reason)),
            }
        }
        Sightings { standing, fallen: sightings.fallen }
    }

    /// The mention of a candidate that stands; `None` for a protected name.
    fn mention(&self, content: &Content<'_>, candidate: &Candidate<'r>) -> Option<Mention<'r>> {
        if candidate.is_protected() {
            return None;
        }
        let organization = candidate.organization().map(|index| &self.rules.organizations()[index]);
        let field = &content.fields[candidate.field];
        let text = &field.value[candidate.bytes.clone()];
        let folds = match candidate.via() {
            // A host is read by its own rules; subdomains are no difference.
            Via::Domain | Via::Account => FoldSet::EMPTY,
            Via::Name | Via::Alias | Via::Translation | Via::Canary => folds_between(text, candidate.pattern),
        };
        Some(Mention {
            organization,
            pattern: candidate.pattern,
            via: candidate.via(),
            field: field.name.clone(),
            item: field.item,
            role: field.role,
            in_email: candidate.in_email,
            text: text.to_owned(),
            span: Span::new(&field.value, candidate.bytes.clone()),
            folds,
            evasion: evasion_of(folds),
            score: score_of(folds),
            stance: Stance::Neutral,
            status: organization.map_or(Status::Active, |o| o.status),
            action: Action::None,
            severity: None,
            conditions: Vec::new(),
            capped: false,
        })
    }

    fn left_alone(&self, content: &Content<'_>, candidate: &Candidate<'r>, reason: Reason) -> LeftAlone<'r> {
        let field = &content.fields[candidate.field];
        LeftAlone {
            organization: candidate.organization().map(|index| &self.rules.organizations()[index]),
            pattern: candidate.pattern,
            field: field.name.clone(),
            item: field.item,
            text: field.value[candidate.bytes.clone()].to_owned(),
            span: Span::new(&field.value, candidate.bytes.clone()),
            reason,
        }
    }
}

/// What each fold costs in certainty, and whether it hides a name rather than spell it by habit.
/// Case, width and script are habits of typing; invisible signs, look-alikes and splits are not.
const FOLD_COSTS: [(Fold, f64, bool); 8] = [
    (Fold::Case, 0.0, false),
    (Fold::Width, 0.0, false),
    (Fold::Styled, 0.01, false),
    (Fold::Traditional, 0.01, false),
    (Fold::Confusable, 0.03, true),
    (Fold::Mark, 0.01, false),
    (Fold::Separator, 0.02, true),
    (Fold::Invisible, 0.02, true),
];

fn evasion_of(folds: FoldSet) -> FoldSet {
    FOLD_COSTS.iter().filter(|(fold, _, hides)| *hides && folds.contains(*fold)).map(|(fold, ..)| *fold).collect()
}

fn score_of(folds: FoldSet) -> f64 {
    let cost: f64 = FOLD_COSTS.iter().filter(|(fold, ..)| folds.contains(*fold)).map(|(_, cost, _)| cost).sum();
    ((1.0 - cost) * 100.0).round() / 100.0
}
