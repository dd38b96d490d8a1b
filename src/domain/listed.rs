//! A listed domain whose letters were found: whether that host really stands there, and how it was written.

use super::address::{is_mailbox, is_part_of_address, is_scheme_defanged, skip_unseen};
use super::dots::word_at;
use super::sign::{Sign, is_host_char, is_space, sign_at, sign_before};
use super::spelling::{Spelling, spelling};
use super::{Domain, find};
use crate::text::{Fold, FoldSet};
use std::ops::Range;

/// How a listed domain stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListedFound {
    /// As the host of an e-mail address.
    pub in_email: bool,
    /// How it differs from the domain as the list has it.
    pub folds: FoldSet,
}

/// Letters of a label that a line's end may break without a scheme before it: shorter ones end and begin words by chance.
const UNBROKEN: usize = 8;

/// The listed domain at `candidate`, bytes of `text` whose letters and digits, folded, equal those of `listed`.
///
/// `None` when that host does not stand there: dots missing or elsewhere, the label longer, more labels behind it, or a
/// part of another host's address ([`is_part_of_address`]). Subdomains are the domain's own; Han characters on either
/// side are a boundary.
#[must_use]
pub fn listed_at(text: &str, candidate: Range<usize>, listed: &Domain) -> Option<ListedFound> {
    let spelling = spelling(&text[candidate.clone()], listed)?;
    let start = find::left_edge(text, candidate.start);
    let begins = start == candidate.start || ends_with_dot(&text[start..candidate.start]);
    if !begins || goes_on_left(text, candidate.start, spelling) || goes_on_right(text, candidate.end, listed, spelling)
    {
        return None;
    }
    if is_part_of_address(text, &(start..candidate.end)) {
        return None;
    }
    let mut folds = spelling.folds;
    if is_scheme_defanged(text, start) {
        folds.insert(Fold::Defanged);
    }
    Some(ListedFound { in_email: is_mailbox(text, start), folds })
}

fn ends_with_dot(before: &str) -> bool {
    let mut end = before.len();
    while let Some(seen) = sign_before(&before[..end]) {
        match seen.sign {
            Sign::Unseen => end -= seen.length,
            sign => return sign == Sign::Dot,
        }
    }
    false
}

/// More letters, written as loosely as the rest: `f a q s n r c . com`; or the first half of a broken line is a word.
fn goes_on_left(text: &str, at: usize, spelling: Spelling) -> bool {
    let before = &text[..at];
    if spelling.is_spaced_out {
        let blank = before.trim_end_matches(is_space);
        let mut letters = blank.chars().rev();
        let is_lone = letters.next().is_some_and(is_host_char) && !letters.next().is_some_and(is_host_char);
        return is_lone && blank.len() < before.len();
    }
    let is_address = before.ends_with("//") || before.to_ascii_lowercase().ends_with("www.");
    spelling.is_broken
        && !is_address
        && text[at..].chars().take_while(|c| *c != '.').filter(|c| is_host_char(*c)).count() < UNBROKEN
}

/// The label is longer, or labels follow that make another host.
fn goes_on_right(text: &str, end: usize, listed: &Domain, spelling: Spelling) -> bool {
    let rest = &text[end..];
    let unseen = skip_unseen(rest);
    match sign_at(&rest[unseen..]).map(|seen| seen.sign) {
        Some(Sign::Letter(_)) => return true,
        Some(_) => {}
        None => return false,
    }
    let mut labels = find::labels_right(text, end);
    if labels.is_empty() && spelling.has_loose_dots && has_loose_suffix(rest) {
        return true;
    }
    // "…example.cn.Join us": labels behind count only when the whole has a real suffix; a file's name is no host.
    while let Some(last) = labels.last() {
        let behind = labels.iter().map(|label| label.letters.as_str()).collect::<Vec<_>>().join(".");
        let is_host = Domain::read(&format!("{listed}.{behind}")).is_ok_and(|host| host.has_known_suffix());
        if is_host || !last.may_be_a_word() {
            return true;
        }
        labels.pop();
    }
    false
}

/// ` 点 cn` after `sham 点 com`: one more label behind a loose dot, when it is a real suffix.
fn has_loose_suffix(rest: &str) -> bool {
    let dot = rest.trim_start_matches(is_space);
    let Some(length) = word_at(dot).or_else(|| dot.starts_with('.').then_some(1)) else { return false };
    let label: String =
        dot[length..].trim_start_matches(is_space).chars().take_while(|c| is_host_char(*c)).take(64).collect();
    Domain::read(&format!("a.{label}")).is_ok_and(|host| host.has_known_suffix())
}

#[cfg(test)]
mod tests {
    use super::*;
    use Fold::{Case, Defanged, Escape, Invisible, Separator, Width};

    /// What is found of `sham.com` in the bytes between the two bars.
    fn at(marked: &str, listed: &str) -> Option<ListedFound> {
        let start = marked.find('|').expect("a first bar");
        let end = marked.rfind('|').expect("a second bar") - 1;
        let text = marked.replace('|', "");
        listed_at(&text, start..end, &Domain::parse(listed).expect("a domain"))
    }

    #[test]
    fn a_listed_domain_is_read_in_every_form() {
        for (marked, folds, in_email) in [
            ("see |sham.com| now", &[][..], false),
            ("登录www.|sham.com|报名", &[], false),
            ("http://|SHAM.com|/x?y", &[Case], false),
            ("hxxp://|sham.com|/x", &[Defanged], false),
            ("hxxps://www[.]|sham[.]com|/x", &[Defanged], false),
            ("|sham.com|:8080", &[], false),
            ("|sham.com|。欢迎", &[], false),
            ("|sham.com|.", &[], false),
            ("|sham.com|.Welcomez", &[], false),
            ("|sham.com|。ok，", &[], false),
            ("|sham。com|", &[Width], false),
            ("证书。|sham。com|", &[Width], false),
            ("|sham . com|", &[Defanged], false),
            ("|ｓｈａｍ．ｃｏｍ|", &[Width], false),
            ("|sh\u{200B}am.com|", &[Invisible], false),
            ("mail info@|sham.com|", &[], true),
            ("mailto:info@mx.|sham.com|?subject=x", &[], true),
            ("ｋｆ＠|ｓｈａｍ．ｃｏｍ|", &[Width], true),
            ("https://user:pass@|sham.com|/", &[], false),
            ("https://gov.example@|sham.com|/", &[], false),
            ("上|sham点com|点击报名", &[Defanged], false),
            ("|sham dot com| or else", &[Defanged], false),
            ("http://xn--fsqu00a.|sham.com|/", &[], false),
            ("报：|s h a m . c o m|，我记下来", &[Separator, Defanged], false),
            ("http://www.|sh\nam.com|/x", &[Separator], false),
            ("https://go.example/?r=https%3A%2F%2Fbb.|sham.com|%2Fpay", &[], false),
            ("https://go.example/?r=%2F%2F|sham.com|", &[], false),
            ("%77ww%2E|sham%2Ecom|", &[Escape], false),
        ] {
            let expected = ListedFound { in_email, folds: folds.iter().copied().collect() };
            assert_eq!(at(marked, "sham.com"), Some(expected), "{marked}");
        }
    }

    #[test]
    fn what_is_another_host_or_none_is_not_the_listed_one() {
        for marked in [
            "|shamcom|",
            "|sham, com|",
            "|sham com|",
            "|sham\ncom|",
            "not|sham.com|",
            "not-|sham.com|",
            "n\u{200B}|sham.com|",
            "|sham.com|.cn",
            "|sham点com|点cn",
            "|sham . com| . cn",
            "|sham[.]com|[.]cn",
            "|sham.com|%2Ecn",
            "|sham.com|.other.example",
            "|sham.com|.html",
            "|sham.com|pany",
            "|sham.com|\u{200B}pany",
            "a |s h a m . c o m|",
            "|sh\nam.com|",
            "|sham.com|@other.example",
            "https://|sham.com|@other.example/",
            "https://|sham.com|:443@other.example/",
            "https://other.example/|sham.com|",
            "https://other.example/?q=|sham.com|",
            "other.example/?q=www.|sham.com|",
        ] {
            assert_eq!(at(marked, "sham.com"), None, "{marked}");
        }
    }
}
