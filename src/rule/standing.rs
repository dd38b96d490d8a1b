//! What the status of a notice does to the organizations that it names.
//!
//! An organization is judged as far as the best of its notices is in force: named by a notice in shadow alone it is in shadow,
//! named by one that was withdrawn (`retired`) alone it is not judged. Its own status can only be less. It cites the notices
//! that put it there, and none that is on trial or withdrawn beside them.

use super::check::Documents;
use super::document::NoticeDocument;
use super::organization::Status;
use std::collections::HashMap;

/// The statuses of the best notices, by organization.
pub(super) struct Standing(HashMap<String, Status>);

impl Standing {
    /// Of the notices that are selected.
    pub fn of<'d>(notices: impl Iterator<Item = &'d NoticeDocument>) -> Self {
        let mut best: HashMap<String, Status> = HashMap::new();
        for document in notices {
            let status = document.notice.value.status;
            for id in document.organizations.iter().map(|o| &o.id).chain(&document.also) {
                let known = best.entry(id.value.clone()).or_insert(status);
                if status.force() > known.force() {
                    *known = status;
                }
            }
        }
        Self(best)
    }

    /// Whether an organization cites a notice of this status.
    pub fn cites(&self, organization: &str, notice: Status) -> bool {
        self.0.get(organization) == Some(&notice)
    }

    /// Lowers the organizations whose notices are not in force.
    pub fn lower(&self, documents: &mut Documents) {
        for organization in documents.notices.iter_mut().flat_map(|document| &mut document.organizations) {
            if let Some(best) = self.0.get(&organization.id.value)
                && best.force() < organization.status.force()
            {
                organization.status = *best;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rule::RuleSet;

    /// A notice of this status that defines `body` or, with `also`, names it again.
    fn notice(id: &str, jurisdiction: &str, status: &str, names: &str) -> String {
        format!(
            "notice:\n  id: {id}\n  authority: {{ en: Made-up Authority }}\n  kind: ban\n  jurisdiction: {jurisdiction}\n  \
             published: 2030-01\n  sources: [{{ url: https://authority.example/1, kind: official }}]\n  status: {status}\n{names}\n"
        )
    }

    /// The status of the body, the notices that it cites, and how many patterns there are.
    fn told(first: (&str, &str), second: (&str, &str), own: &str, only: &[&str]) -> String {
        let body = format!("organizations:\n  - {{ id: body, name: 假名字基金会, listing: banned, status: {own} }}");
        let (a, b) = (notice("a", first.0, first.1, &body), notice("b", second.0, second.1, "also: [body]"));
        let only: Vec<String> = only.iter().map(|code| (*code).to_owned()).collect();
        let set = RuleSet::builder().add_yaml("a.yaml", &a).add_yaml("b.yaml", &b).jurisdictions(&only).build();
        let set = set.unwrap_or_else(|problems| panic!("{problems}"));
        let Some(body) = set.organization("body") else { return "nobody".to_owned() };
        let cited: Vec<_> = body.notices.iter().map(|&index| &*set.notices()[index].id).collect();
        format!(
            "{} by {} with {}",
            body.status,
            cited.join(" "),
            set.patterns().iter().filter(|p| !p.is_reversed).count()
        )
    }

    #[test]
    fn an_organization_stands_as_the_best_of_its_notices_and_cites_only_those() {
        for (first, second, own, expected) in [
            ("active", "active", "active", "active by a b with 1"),
            ("active", "shadow", "active", "active by a with 1"),
            ("shadow", "active", "active", "active by b with 1"),
            ("retired", "active", "active", "active by b with 1"),
            ("shadow", "shadow", "active", "shadow by a b with 1"),
            ("shadow", "retired", "active", "shadow by a with 1"),
            ("retired", "retired", "active", "retired by a b with 0"),
            ("draft", "retired", "active", "draft by a with 0"),
            ("draft", "draft", "shadow", "draft by a b with 0"),
            // its own status can only be less
            ("active", "active", "shadow", "shadow by a b with 1"),
            ("active", "active", "retired", "retired by a b with 0"),
            ("shadow", "shadow", "draft", "draft by a b with 0"),
        ] {
            assert_eq!(told(("CN", first), ("CN", second), own, &[]), expected, "{first} {second} {own}");
        }
    }

    #[test]
    fn only_notices_of_the_chosen_jurisdictions_count() {
        for (first, second, only, expected) in [
            (("CN", "active"), ("XX", "shadow"), &["XX"][..], "shadow by b with 1"),
            (("CN", "shadow"), ("XX", "active"), &["CN"], "shadow by a with 1"),
            (("CN", "shadow"), ("XX", "active"), &[], "active by b with 1"),
        ] {
            assert_eq!(told(first, second, "active", only), expected, "{first:?} {second:?}");
        }
    }

    #[test]
    fn a_notice_in_draft_takes_no_name_and_changes_the_digest() {
        let body = |id: &str| format!("organizations:\n  - {{ id: {id}, name: 假名字协会, listing: banned }}");
        let set = |status: &str| {
            let (a, b) = (notice("a", "CN", "active", &body("one")), notice("b", "CN", status, &body("two")));
            RuleSet::builder().add_yaml("a.yaml", &a).add_yaml("b.yaml", &b).build()
        };
        for (status, is_fine) in
            [("draft", true), ("retired", true), ("shadow", false), ("active", false), ("dead", false)]
        {
            assert_eq!(set(status).is_ok(), is_fine, "{status}");
        }
        let digest = |status: &str| set(status).expect("sound").digest();
        assert_ne!(digest("draft"), digest("retired"));
    }
}
