//! What an open breaker does to a verdict: what a condition raised above `flag` becomes a flag, and everything else stays.
//!
//! `review` by `promotes` and `flag` by `mentions`, breaker of `promotes` open -> `flag`, with all mentions and the severity.
//!
//! Not here: when a breaker is open (`stream::Breakers`), which only the service asks. A scan, an explanation and a
//! replay show what would be without.

use super::verdict::{Mention, Verdict};
use crate::content::{Content, Role};
use crate::rule::{Action, Condition, Status};
use crate::text::fold_into;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// What a breaker took from a verdict.
#[derive(Clone, Debug)]
pub struct Degraded<'r> {
    /// The action that it would have had.
    pub from: Action,
    /// The conditions whose breakers were open, in the order of the policy.
    pub by: Vec<&'r Condition>,
}

impl<'r> Verdict<'r> {
    /// The conditions that raise an active mention above `flag`, each once, in the order of the policy: what breakers count.
    #[must_use]
    pub fn raising(&self) -> Vec<&'r Condition> {
        if self.action <= Action::Flag {
            return Vec::new();
        }
        let raised = self.mentions.iter().filter(|mention| mention.action > Action::Flag);
        let mut raising: Vec<&'r Condition> = raised.flat_map(deciding).filter(|c| c.action > Action::Flag).collect();
        raising.sort_by_key(|condition| condition.position);
        raising.dedup_by_key(|condition| condition.position);
        raising
    }

    /// Lowers what these conditions raise to `flag`. Another condition that raises the same mention goes on doing so.
    pub fn degrade(&mut self, open: Vec<&'r Condition>) {
        let is_open = |condition: &Condition| open.iter().any(|other| other.position == condition.position);
        for mention in self.mentions.iter_mut().filter(|mention| mention.action > Action::Flag) {
            let left =
                deciding(mention).filter(|condition| !is_open(condition)).map(|condition| condition.action).max();
            mention.action = left.map_or(Action::Flag, |left| left.clamp(Action::Flag, mention.action));
        }
        let from = self.action;
        self.action = self.mentions.iter().map(|mention| mention.action).max().unwrap_or(Action::None).min(from);
        if self.action < from {
            self.degraded = Some(Degraded { from, by: open });
        }
    }

    /// What the action would be if no breaker were open.
    #[must_use]
    pub fn action_before_breaker(&self) -> Action {
        self.degraded.as_ref().map_or(self.action, |degraded| degraded.from)
    }
}

/// The conditions in force that hold for a mention.
fn deciding<'m, 'r>(mention: &'m Mention<'r>) -> impl Iterator<Item = &'r Condition> + 'm {
    mention.conditions.iter().copied().filter(|condition| condition.status == Status::Active)
}

/// The number by which a breaker tells texts apart: equal for texts that fold to the same. What its links lead to counts
/// only where a record has nothing else, because campaigns give each copy of a text a link of its own. Good within one
/// process: it is neither kept nor sent.
#[must_use]
pub fn text_key(content: &Content<'_>) -> u64 {
    let has_text = content.fields.iter().any(|field| field.role == Role::Text && !field.value.is_empty());
    let (mut hasher, mut units) = (DefaultHasher::new(), Vec::new());
    for field in content.fields.iter().filter(|field| !has_text || field.role == Role::Text) {
        fold_into(&field.value, &mut units);
        field.name.hash(&mut hasher);
        units.hash(&mut hasher);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Scanner;
    use crate::rule::{RuleSet, Severity};

    const RULES: &str = "\
notice:
  id: demo-1
  authority: { en: Made-up Authority }
  kind: ban
  jurisdiction: CN
  sources: [{ url: https://authority.example/1, kind: official }]
organizations:
  - { id: sham, name: 虚构示例促进会, listing: banned }
  - { id: maybe, name: 疑似示例研究院, listing: suspected }
";

    /// Conditions by id: flag, two that review and hold posts that say so, and one that does on trial.
    const POLICY: &str = "\
policy:
  - { id: a-flag, text: X., action: flag, severity: low, when: 'true' }
  - { id: b-review, text: X., action: review, severity: high, when: mention.field == \"b\" || mention.field == \"bc\" }
  - { id: c-hold, text: X., action: hold, severity: high, when: mention.field == \"c\" || mention.field == \"bc\" }
  - { id: d-trial, text: X., action: hold, severity: high, status: shadow, when: 'true' }
";

    /// The record has the body named once in each of these fields.
    fn judged(fields: &[&str], name: &str, open: &[&str]) -> (String, Action, Action, Option<Severity>) {
        let rules = RuleSet::builder().add_yaml("r.yaml", RULES).add_yaml("p.yaml", POLICY).build().expect("sound");
        let content = fields.iter().fold(Content::new(crate::content::Kind::Post), |content, field| {
            content.with_field(*field, Role::Text, name)
        });
        let mut verdict = Scanner::new(&rules).scan(&content).expect("the policy runs");
        let mentions = verdict.mentions.len();
        let raising = verdict.raising();
        let told = raising.iter().map(|condition| &*condition.id).collect::<Vec<_>>().join(" ");
        verdict.degrade(raising.into_iter().filter(|condition| open.contains(&&*condition.id)).collect());
        assert_eq!(verdict.mentions.len(), mentions, "nothing is dropped");
        assert_eq!(verdict.degraded.is_some(), verdict.action < verdict.action_before_breaker());
        (told, verdict.action, verdict.action_before_breaker(), verdict.severity)
    }

    #[test]
    fn an_open_breaker_lowers_what_its_condition_raises_and_nothing_else() {
        use Action::{Flag, Hold, Review};
        let (sham, maybe) = ("虚构示例促进会", "疑似示例研究院");
        for (fields, name, open, raising, action, before) in [
            (&["b"][..], sham, &[][..], "b-review", Review, Review),
            (&["b"], sham, &["b-review"], "b-review", Flag, Review),
            (&["c"], sham, &["c-hold"], "c-hold", Flag, Hold),
            (&["b"], sham, &["c-hold"], "b-review", Review, Review),
            (&["bc"], sham, &["c-hold"], "b-review c-hold", Review, Hold),
            (&["bc"], sham, &["b-review"], "b-review c-hold", Hold, Hold),
            (&["bc"], sham, &["b-review", "c-hold"], "b-review c-hold", Flag, Hold),
            (&["b", "c"], sham, &["c-hold"], "b-review c-hold", Review, Hold),
            (&["b", "b"], sham, &["b-review"], "b-review", Flag, Review),
            // neither what is only flagged, nor what is on trial, nor what a suspicion caps, is ever counted
            (&["x"], sham, &["a-flag", "d-trial"], "", Flag, Flag),
            (&["b"], maybe, &["b-review"], "", Flag, Flag),
        ] {
            let (told, now, was, severity) = judged(fields, name, open);
            assert_eq!((told.as_str(), now, was), (raising, action, before), "{fields:?} {open:?}");
            assert_eq!(severity == Some(Severity::High), before > Flag, "the severity stays: {fields:?}");
        }
    }

    #[test]
    fn texts_that_read_the_same_have_one_key() {
        let post = |title: &'static str, body: &'static str, link: &'static str| {
            let content = Content::post(body).with_field("title", Role::Text, title);
            text_key(&content.with_field("urls", Role::Link, link))
        };
        let plain = post("t", "加入示例協會 A1", "https://a.example/1");
        for (title, body, link, same) in [
            ("t", "加入示例協會 A1", "https://a.example/1", true),
            ("t", "加入示例协会a1", "https://a.example/1", true),
            ("t", "加·入示例协会，Ａ１", "https://a.example/?ref=2", true),
            ("t", "加入示例协会 A2", "https://a.example/1", false),
            ("t a1", "加入示例协会", "https://a.example/1", false),
            ("加入示例協會 A1", "t", "https://a.example/1", false),
        ] {
            assert_eq!(post(title, body, link) == plain, same, "{title} {body} {link}");
        }
        assert_ne!(post("", "", "https://a.example/1"), post("", "", "https://b.example/1"));
    }
}
