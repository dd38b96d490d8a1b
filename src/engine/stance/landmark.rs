//! A body that only tells where another one is: `甲学会隔壁的乙联盟`, `opposite the Sham Academy`.
//!
//! Its clause speaks of the other body, so it takes no part in what is said there. Alone in a text it is weighed like any other:
//! who stands on its steps may have been cheated in it.

use super::Place;
use crate::content::Content;
use crate::engine::verdict::Mention;

/// What stands behind a name in Han, with or without 的.
const BEHIND: [&str; 34] = [
    "隔壁",
    "对面",
    "對面",
    "斜对面",
    "旁边",
    "旁邊",
    "边上",
    "旁的",
    "楼下",
    "樓下",
    "楼上",
    "樓上",
    "门口",
    "門口",
    "门前",
    "門前",
    "门外",
    "門外",
    "附近",
    "后门",
    "後門",
    "侧门",
    "台阶",
    "臺階",
    "后面",
    "後面",
    "后头",
    "前面",
    "后院",
    "大院",
    "围墙",
    "屋檐",
    "院墙",
    "停车场",
];
/// What stands before one in an alphabet.
const BEFORE: [&str; 16] = [
    "opposite",
    "next to",
    "next door to",
    "across from",
    "behind",
    "in front of",
    "outside",
    "beside",
    "near",
    "above",
    "below",
    "adjacent to",
    "round the corner from",
    "the steps of",
    "upstairs from",
    "downstairs from",
];
/// The longest of them and an article, in bytes.
const LONGEST: usize = 30;

/// Whether each mention is one, in a record that names several bodies.
pub(super) fn landmarks(content: &Content<'_>, places: &[Place], mentions: &[Mention<'_>]) -> Vec<bool> {
    let body = |mention: &Mention<'_>| mention.organization.map(|organization| organization.id.clone());
    let first = mentions.first().map(body);
    let several = mentions.iter().any(|mention| Some(body(mention)) != first);
    let is_one = |(field, bytes): &Place| {
        let text = &content.fields[*field].value;
        several && (leads_on(&text[bytes.end..]) || leads_up(&text[..bytes.start]))
    };
    places.iter().map(is_one).collect()
}

fn leads_on(behind: &str) -> bool {
    let behind = behind.strip_prefix('的').unwrap_or(behind);
    BEHIND.iter().any(|word| behind.starts_with(word))
}

fn leads_up(before: &str) -> bool {
    let tail = &before[before.ceil_char_boundary(before.len().saturating_sub(LONGEST))..];
    let tail = tail.to_ascii_lowercase();
    let tail = tail.trim_end_matches(['"', '“', ' ']);
    let tail = tail.strip_suffix(" the").unwrap_or(tail);
    let ends = |word: &str| tail.strip_suffix(word).is_some_and(|rest| !rest.ends_with(char::is_alphanumeric));
    BEFORE.into_iter().any(ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_place_beside_a_name_are_told_from_others() {
        for (before, behind, expected) in [
            ("他在", "隔壁的茶馆", true),
            ("蹲在", "的台阶上", true),
            ("the shop opposite the ", " was raided", true),
            ("Across from \"", "\" stands", true),
            // not a landmark
            ("他在", "的会员对面", false),
            ("他在", "交了钱", false),
            ("the shop nowhere near a cent of ", " was raided", false),
            ("an outsider of ", "", false),
            ("", "", false),
        ] {
            assert_eq!(leads_on(behind) || leads_up(before), expected, "{before}_{behind}");
        }
    }
}
