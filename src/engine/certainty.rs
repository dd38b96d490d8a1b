//! How surely found words are the organization, and how much it says that they stand in this field.
//!
//! | where | weight |
//! |---|---|
//! | a post | 1 |
//! | a registration's link | 1 |
//! | its display name, organization or handle: the name is all of it | 1 |
//! | the same fields: the name is part of it | 0.95 |
//! | any other text of it, such as the bio | 0.8 |
//!
//! A spelling that nobody listed (`via` variant) counts [`UNLISTED`] of it, an unlisted branch or preparatory committee [`INHERITED`]. What
//! had to be undone to read the name costs what the table of techniques says. The policy does not decide by this number; a condition can.

use super::kin::INHERITED;
use super::verdict::Branch;
use crate::content::{Field, Kind, Role};
use crate::rule::Via;
use crate::text::{FoldSet, Span, is_dropped};

/// Fields by which an account says who it is; the names are those of the settings.
const IDENTITY: [&str; 3] = ["display_name", "organization", "handle"];

/// Part of a name that has more to it: 官方认证·…学会.
const IN_PART: f64 = 0.95;
/// Somebody's biography: what an account says of itself, not who it says it is.
const IN_PASSING: f64 = 0.8;

/// A spelling that nobody listed: a translator's words, or another body.
const UNLISTED: f64 = 0.7;

/// The score of a mention, 0 to 1, in hundredths.
pub(super) fn certainty(
    kind: Kind,
    field: &Field<'_>,
    via: Via,
    folds: FoldSet,
    span: &Span,
    branch: Option<&Branch>,
) -> f64 {
    let whole = branch.map_or(&span.bytes, |branch| &branch.span.bytes);
    let rest = [field.value.get(..whole.start), field.value.get(whole.end..)];
    let is_all = || rest.iter().flatten().all(|rest| rest.chars().all(is_dropped));
    let weight = match (kind, field.role) {
        (Kind::Post, _) | (Kind::Registration, Role::Link) => 1.0,
        (Kind::Registration, Role::Text | Role::Handle) => {
            let is_identity = field.role == Role::Handle || IDENTITY.contains(&&*field.name);
            match (is_identity, is_identity && is_all()) {
                (true, true) => 1.0,
                (true, false) => IN_PART,
                (false, _) => IN_PASSING,
            }
        }
    };
    let inherited = branch.map_or(1.0, |_| INHERITED);
    let listed = if via == Via::Variant { UNLISTED } else { 1.0 };
    ((folds.score() * weight * inherited * listed) * 100.0).round().max(1.0) / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Fold;

    fn score(kind: Kind, name: &str, role: Role, value: &str, words: &str, folds: FoldSet) -> f64 {
        let field = Field { name: name.into(), item: None, role, value: value.to_owned().into() };
        let at = value.find(words).expect("the words stand there");
        certainty(kind, &field, Via::Name, folds, &Span::new(value, at..at + words.len()), None)
    }

    #[test]
    fn a_field_weighs_as_much_as_it_says_who_the_account_is() {
        use Kind::{Post, Registration};
        let split = FoldSet::from_iter([Fold::Separator]);
        for (kind, name, role, value, folds, expected) in [
            (Registration, "display_name", Role::Text, "样例学会", FoldSet::EMPTY, 1.0),
            (Registration, "organization", Role::Text, "【样例学会】", FoldSet::EMPTY, 1.0),
            (Registration, "handle", Role::Handle, "@样例学会", FoldSet::EMPTY, 1.0),
            (Registration, "user", Role::Handle, "样例学会", FoldSet::EMPTY, 1.0),
            (Registration, "display_name", Role::Text, "样例学会官方", FoldSet::EMPTY, 0.95),
            (Registration, "display_name", Role::Text, "官方 样例学会", split, 0.93),
            (Registration, "bio", Role::Text, "样例学会", FoldSet::EMPTY, 0.8),
            (Registration, "bio", Role::Text, "样例学会会员", split, 0.78),
            (Registration, "website", Role::Link, "https://样例学会/", FoldSet::EMPTY, 1.0),
            (Post, "body", Role::Text, "加入样例学会吧", FoldSet::EMPTY, 1.0),
            (Post, "display_name", Role::Text, "加入样例学会吧", split, 0.98),
        ] {
            let found = score(kind, name, role, value, "样例学会", folds);
            assert!((found - expected).abs() < 1e-9, "{kind:?} {name} {value}: {found}");
        }
    }
}
