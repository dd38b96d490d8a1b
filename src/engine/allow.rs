//! What the allow-lists leave of what the policy decided, mention by mention.

use super::verdict::Mention;
use crate::content::Content;
use crate::rule::{Action, Allow, EvaluateError, RecordFacts, RuleSet, Status};

/// Lowers what mentions raise by the entries that hold for the record. An entry in shadow is noted and lowers nothing.
pub(super) fn allow<'r>(
    rules: &'r RuleSet,
    content: &Content<'_>,
    record: &RecordFacts<'_>,
    mentions: &mut [Mention<'r>],
) -> Result<(), EvaluateError> {
    let is_raised = |mention: &Mention<'_>| mention.organization.is_some() && mention.action > Action::None;
    if rules.policy().allows().is_empty() || !mentions.iter().any(is_raised) {
        return Ok(());
    }
    let allowing = rules.policy().allowing(record, content.timestamp)?;
    for mention in mentions.iter_mut().filter(|mention| is_raised(mention)) {
        lower(mention, &allowing);
    }
    Ok(())
}

fn lower<'r>(mention: &mut Mention<'r>, allowing: &[&'r Allow]) {
    let Some(organization) = mention.organization else { return };
    let is_about = |allow: &&Allow| allow.is_about(&organization.id, mention.stance.as_str());
    mention.allows = allowing.iter().copied().filter(|allow| allow.effect < mention.action).filter(is_about).collect();
    if let Some(by) = mention.allowed_by() {
        mention.action = by.effect;
        mention.severity = mention.severity.filter(|_| by.effect > Action::None);
    }
}

impl<'r> Mention<'r> {
    /// The entry of an allow-list that lowered it: the one that leaves least, of several the first.
    #[must_use]
    pub fn allowed_by(&self) -> Option<&'r Allow> {
        let active = self.allows.iter().copied().filter(|allow| allow.status == Status::Active);
        active.min_by_key(|allow| allow.effect)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::Role;
    use crate::engine::{Scanner, Verdict};
    use crate::rule::Severity;

    const RULES: &str = "\
notice:
  id: demo-1
  authority: { en: Made-up Authority }
  kind: ban
  jurisdiction: CN
  sources: [{ url: https://authority.example/1, kind: official }]
organizations:
  - { id: sham, name: 虚构示例促进会, listing: banned }
  - { id: trial, name: 阴影示例研究院, listing: banned, status: shadow }
  - { id: maybe, name: 疑似示例研究院, listing: suspected }
";
    const POLICY: &str = "\
policy:
  - { id: flags, text: X., action: flag, severity: low, when: 'true' }
  - { id: reviews, text: X., action: review, severity: high, when: mention.field == \"title\" }
";
    const ALLOW: &str = "\
allow:
  - { id: newsroom, text: A newsroom., effect: none, basis: made up, when: 'record.attributes[\"badge\"] == \"news\"' }
  - { id: partner, text: A partner., effect: flag, basis: made up, when: 'record.attributes[\"badge\"] in [\"news\", \"partner\"]' }
  - { id: old, text: Old., effect: none, basis: made up, until: 2020, when: 'record.source == \"old\"' }
  - { id: reporters, text: R., effect: none, basis: made up, stances: [promotion], when: 'record.author == \"r\"' }
  - { id: theirs, text: T., effect: none, basis: made up, organizations: [maybe], when: 'record.author == \"t\"' }
  - { id: on-trial, text: S., effect: none, basis: made up, status: shadow, when: 'record.author == \"s\"' }
";

    fn rules() -> RuleSet {
        let rules = RuleSet::builder().add_yaml("r.yaml", RULES).add_yaml("p.yaml", POLICY);
        let rules = rules.add_yaml("a.yaml", ALLOW).add_yaml("c.yaml", "canary: { id: c, text: CANARY-OF-THE-TEST }\n");
        rules.build().expect("sound")
    }

    fn post<'a>(title: &'a str, author: &'a str, source: &'a str, badge: &'a str) -> Content<'a> {
        Content {
            author: Some(author.into()),
            source: Some(source.into()),
            attributes: vec![("badge".into(), badge.into())],
            timestamp: Some("2026-11-22T08:00:00Z".parse().expect("a time")),
            ..Content::new(crate::content::Kind::Post).with_field("title", Role::Text, title)
        }
    }

    /// `action by entry, also entries that lowered nothing` of the first mention, in shadow too.
    fn told(verdict: &Verdict<'_>) -> String {
        let mention = verdict.mentions.iter().chain(&verdict.shadow).next().expect("a mention");
        let by = mention.allowed_by().map_or("nobody", |allow| &*allow.id);
        let all: Vec<_> = mention.allows.iter().map(|allow| &*allow.id).collect();
        format!("{} by {by} of [{}]", mention.action, all.join(" "))
    }

    #[test]
    fn an_attribute_lowers_what_its_record_raises_and_nothing_else() {
        let rules = rules();
        for (title, author, source, badge, expected) in [
            ("虚构示例促进会", "x", "posts", "", "review by nobody of []"),
            ("虚构示例促进会", "x", "posts", "News", "review by nobody of []"),
            ("虚构示例促进会", "x", "posts", "news", "none by newsroom of [newsroom partner]"),
            ("虚构示例促进会", "x", "posts", "partner", "flag by partner of [partner]"),
            ("虚构示例促进会", "x", "old", "", "review by nobody of []"), // ended
            ("虚构示例促进会", "r", "posts", "", "review by nobody of []"), // no promotion
            ("虚构示例促进会", "t", "posts", "", "review by nobody of []"), // another's
            ("疑似示例研究院", "t", "posts", "", "none by theirs of [theirs]"),
            ("疑似示例研究院", "t", "posts", "partner", "none by theirs of [theirs]"), // no more than a flag anyway
            ("虚构示例促进会", "s", "posts", "", "review by nobody of [on-trial]"),
            ("虚构示例促进会", "s", "posts", "partner", "flag by partner of [on-trial partner]"),
            ("阴影示例研究院", "x", "posts", "news", "none by newsroom of [newsroom partner]"),
            ("CANARY-OF-THE-TEST", "x", "posts", "news", "flag by nobody of []"),
        ] {
            let content = post(title, author, source, badge);
            let verdict = Scanner::new(&rules).scan(&content).expect("the policy runs");
            assert_eq!(told(&verdict), expected, "{title} {author} {source} {badge}");
        }
    }

    #[test]
    fn what_is_left_alone_gives_no_severity_and_no_reason_and_its_neighbours_stay() {
        let rules = rules();
        let scan = |content: &Content<'_>| {
            let verdict = Scanner::new(&rules).scan(content).expect("the policy runs");
            let reasons = verdict.reasons().iter().map(|condition| condition.id.to_string()).collect::<Vec<_>>();
            (verdict.action, verdict.severity, verdict.mentions.len(), reasons.join(" "))
        };
        let both = "虚构示例促进会，疑似示例研究院";
        assert_eq!(scan(&post(both, "x", "p", "news")), (Action::None, None, 2, String::new()));
        let flagged = (Action::Flag, Some(Severity::High), 2, "flags reviews".to_owned());
        assert_eq!(scan(&post(both, "x", "p", "partner")), flagged);
        let theirs = scan(&post(both, "t", "p", ""));
        assert_eq!(theirs, (Action::Review, Some(Severity::High), 2, "flags reviews".to_owned()));
    }
}
