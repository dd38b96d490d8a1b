//! A bracket inside an official name: with it, without it, and with the alternative put in.
//!
//! `甲乙(丙)丁会` -> `甲乙(丙)丁会` (matching drops the brackets), `甲乙丁会`, `甲丙丁会`.

use crate::text::is_han_like;

const OPEN: &[char] = &['(', '（', '[', '［', '〔', '【', '〈', '《'];
const CLOSE: &[char] = &[')', '）', ']', '］', '〕', '】', '〉', '》'];

/// The ways in which a name with one bracket is written, the name itself first. A name without one, or with several, has one way.
///
/// An alternative is one Han character that can stand for the one before the bracket. Longer brackets qualify
/// (`…中心(某地)代表处`), and in an alphabet a word in a bracket may be all that is left (`Institute (Place)`).
pub(super) fn variants(name: &str) -> Vec<String> {
    let mut ways = vec![name.to_owned()];
    // `Arts and Crafts` is `Arts & Crafts`, of which the fold keeps nothing.
    for (one, other) in [(" and ", " & "), (" & ", " and ")] {
        if name.contains(one) {
            ways.push(name.replace(one, other));
        }
    }
    let Some((before, inner, after)) = one_bracket(name) else { return ways };
    let spaced = before.ends_with(' ') && after.starts_with(' ');
    let without = format!("{}{after}", if spaced { before.trim_end() } else { before });
    ways.push(without.trim().to_owned());
    let mut chars = inner.chars();
    if let (Some(alternative), None) = (chars.next(), chars.next())
        && let Some(replaced) = before.chars().next_back()
        && is_han_like(alternative)
        && is_han_like(replaced)
    {
        let kept = &before[..before.len() - replaced.len_utf8()];
        ways.push(format!("{kept}{alternative}{after}"));
    }
    ways
}

/// Before, inside and after the only bracket of a name; nothing when the bracket is empty or is all there is.
fn one_bracket(name: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = name.split_once(OPEN)?;
    let (inner, after) = rest.split_once(CLOSE)?;
    let plain = |part: &str| !part.contains(OPEN) && !part.contains(CLOSE);
    let whole = !inner.trim().is_empty() && !(before.to_owned() + after).trim().is_empty();
    (whole && plain(before) && plain(inner) && plain(after)).then_some((before, inner, after))
}

#[cfg(test)]
mod tests {
    use super::variants;

    #[test]
    fn a_bracket_is_with_without_and_put_in() {
        for (name, expected) in [
            ("甲乙(丙)丁会", &["甲乙(丙)丁会", "甲乙丁会", "甲丙丁会"] as &[_]),
            ("甲乙（丙）丁会", &["甲乙（丙）丁会", "甲乙丁会", "甲丙丁会"]),
            ("甲乙中心(某地)代表处", &["甲乙中心(某地)代表处", "甲乙中心代表处"]),
            ("Made Up (Invented) Society", &["Made Up (Invented) Society", "Made Up Society"]),
            ("Made Up Society (Place)", &["Made Up Society (Place)", "Made Up Society"]),
            ("(某地)甲乙会", &["(某地)甲乙会", "甲乙会"]),
            ("Made Up and Invented Society", &["Made Up and Invented Society", "Made Up & Invented Society"]),
            ("Made Up & Invented", &["Made Up & Invented", "Made Up and Invented"]),
            // one way only
            ("甲乙丁会", &["甲乙丁会"]),
            ("甲(乙)丙(丁)会", &["甲(乙)丙(丁)会"]),
            ("甲(乙(丙))会", &["甲(乙(丙))会"]),
            ("甲乙()会", &["甲乙()会"]),
            ("(甲乙会)", &["(甲乙会)"]),
            ("甲)乙(会", &["甲)乙(会"]),
            ("甲(乙会", &["甲(乙会"]),
            ("", &[""]),
        ] {
            assert_eq!(variants(name), expected, "{name}");
        }
    }
}
