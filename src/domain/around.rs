//! The whole host around a candidate: `…于www.example.cn/x` with `example.cn` found gives `www.example.cn`.

use super::dots::{dot_at, is_dot, is_host_char, is_unseen, sure_dot_at, sure_dot_before};
use super::{Domain, HostFound};
use std::ops::Range;

/// The whole host around a candidate.
///
/// `candidate` is the byte range of the original whose letters and digits, folded, equal those of a
/// listed domain; the host is read outwards from it: subdomains to the left, more labels to the right.
/// The caller asks the result whether it [is within](Domain::is_within) the listed domain: the dots
/// may stand elsewhere.
///
/// `None` when no host stands there: dots missing, other signs between the letters, an unreadable
/// label. Han characters on either side are a boundary.
#[must_use]
pub fn host_around(text: &str, candidate: Range<usize>) -> Option<HostFound> {
    let start = extend_left(text, candidate.start);
    let end = extend_right(text, candidate.end);
    if text[end..].starts_with(['@', '＠']) {
        // A mailbox, or the userinfo of a URL.
        return None;
    }
    let mut spelling = Spelling::read(text, start..end)?;
    // "…example.cn.Join us": a label after the candidate counts only when the whole has a real suffix.
    loop {
        let domain =
            Domain::read(&spelling.host).ok().filter(|d| d.has_known_suffix() || spelling.end <= candidate.end);
        match domain {
            Some(domain) => {
                return Some(HostFound { domain, bytes: start..spelling.end, in_email: is_mailbox(text, start) });
            }
            None => spelling.drop_last_label(candidate.end)?,
        }
    }
}

/// Bytes of a host that are read to either side: four for each that DNS allows. What goes on is no host, and reading
/// it again at each of its dots would take for ever.
const REACH: usize = 4 * 253;

fn extend_left(text: &str, from: usize) -> usize {
    let mut start = from;
    while from - start < REACH
        && let Some(c) = text[..start].chars().next_back()
    {
        let dot = sure_dot_before(&text[..start]);
        let before = start - dot.unwrap_or(c.len_utf8());
        let goes_on = || text[..before].chars().next_back().is_some_and(is_host_char);
        if !(is_host_char(c) || ((dot.is_some() || is_unseen(c)) && goes_on())) {
            break;
        }
        start = before;
    }
    start
}

fn extend_right(text: &str, from: usize) -> usize {
    let mut end = from;
    while end - from < REACH
        && let Some(c) = text[end..].chars().next()
    {
        let dot = sure_dot_at(&text[end..]);
        let after = end + dot.unwrap_or(c.len_utf8());
        let goes_on = || text[after..].chars().next().is_some_and(is_host_char);
        if !(is_host_char(c) || ((dot.is_some() || is_unseen(c)) && goes_on())) {
            break;
        }
        end = after;
    }
    end
}

/// A host as a resolver would spell it, and where its labels end in the original.
struct Spelling {
    host: String,
    end: usize,
    /// For each dot: the length of `host` before it, and the byte of the original where the label before it ended.
    dots: Vec<(usize, usize)>,
}

impl Spelling {
    fn read(text: &str, range: Range<usize>) -> Option<Self> {
        let mut spelling = Self { host: String::new(), end: range.end, dots: Vec::new() };
        let mut at = range.start;
        while at < range.end {
            let rest = &text[at..range.end];
            let spaces = rest.len() - rest.trim_start_matches([' ', '\u{A0}', '\u{3000}']).len();
            let c = rest[spaces..].chars().next()?;
            if spaces == 0 && is_unseen(c) {
                at += c.len_utf8();
            } else if let Some(length) = dot_at(&rest[spaces..], spaces > 0) {
                spelling.dots.push((spelling.host.len(), at));
                spelling.host.push('.');
                let behind = &rest[spaces + length..];
                at += spaces + length + (behind.len() - behind.trim_start_matches([' ', '\u{A0}', '\u{3000}']).len());
            } else if spaces == 0 && (is_host_char(c) || c.is_alphanumeric()) {
                spelling.host.push(c);
                at += c.len_utf8();
            } else {
                return None;
            }
        }
        Some(spelling)
    }

    /// Gives up the last label when it begins a sentence; not one of a file's name, nor of the candidate, which ends at `keep`.
    fn drop_last_label(&mut self, keep: usize) -> Option<()> {
        let (length, end) = self.dots.pop().filter(|(_, end)| *end >= keep)?;
        self.host[length + 1..].chars().next().filter(|c| c.is_uppercase())?;
        self.host.truncate(length);
        self.end = end;
        Some(())
    }
}

/// An `@` with a mailbox stands right before `start`, and it is not the userinfo of a URL.
fn is_mailbox(text: &str, start: usize) -> bool {
    let Some(before) = text[..start].strip_suffix(['@', '＠']) else { return false };
    let mut from = before.len().saturating_sub(REACH);
    while !before.is_char_boundary(from) {
        from += 1;
    }
    let token = before[from..].rsplit(char::is_whitespace).next().unwrap_or_default();
    token.chars().next_back().is_some_and(|c| !is_dot(c)) && !token.contains("//")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The host read around the bytes between the two bars.
    fn around(marked: &str) -> Option<(String, String, bool)> {
        let start = marked.find('|').expect("a first bar");
        let end = marked.rfind('|').expect("a second bar") - 1;
        let text = marked.replace('|', "");
        let found = host_around(&text, start..end)?;
        Some((found.domain.to_string(), text[found.bytes].to_owned(), found.in_email))
    }

    #[test]
    fn a_host_is_read_whole() {
        for (marked, host, written, in_email) in [
            ("see |sham.com| now", "sham.com", "sham.com", false),
            ("登录www.|sham.com|报名", "www.sham.com", "www.sham.com", false),
            ("http://|SHAM.com|/x?y", "sham.com", "SHAM.com", false),
            ("|sham.com|:8080", "sham.com", "sham.com", false),
            ("|sham.com|。欢迎", "sham.com", "sham.com", false),
            ("|sham.com|.Welcomez", "sham.com", "sham.com", false),
            ("|sham。com|", "sham.com", "sham。com", false),
            ("|sham . com|", "sham.com", "sham . com", false),
            ("|sham[.]com|", "sham.com", "sham[.]com", false),
            ("www[.]|sham[.]com|", "www.sham.com", "www[.]sham[.]com", false),
            ("|sham[.]com|[.]cn", "sham.com.cn", "sham[.]com[.]cn", false),
            ("|ｓｈａｍ．ｃｏｍ|", "sham.com", "ｓｈａｍ．ｃｏｍ", false),
            ("|sh\u{200B}am.com|", "sham.com", "sh\u{200B}am.com", false),
            ("mail info@|sham.com|", "sham.com", "sham.com", true),
            ("https://user:pass@|sham.com|/", "sham.com", "sham.com", false),
            ("|sham点com|", "sham.com", "sham点com", false),
            ("|sham dot com|", "sham.com", "sham dot com", false),
            ("|sham (dot) com|", "sham.com", "sham (dot) com", false),
            ("|dotty.com|", "dotty.com", "dotty.com", false),
            // What is not the listed domain is read as what it is.
            ("not|sham.com|", "notsham.com", "notsham.com", false),
            ("|sham.com|.cn", "sham.com.cn", "sham.com.cn", false),
            ("|sham.com|.other.example", "sham.com.other.example", "sham.com.other.example", false),
            ("|sha.mcom|", "sha.mcom", "sha.mcom", false),
            ("|sham.com|pany", "sham.company", "sham.company", false),
        ] {
            assert_eq!(around(marked), Some((host.to_owned(), written.to_owned(), in_email)), "{marked}");
        }
    }

    #[test]
    fn what_has_no_dot_or_other_signs_is_no_host() {
        for marked in [
            "|shamcom|",
            "|sham, com|",
            "|sham/com|",
            "|sham com|",
            "|sham\ncom|",
            "|sham..com|",
            "|sham.com|@other.example",
            "https://|sham.com|@other.example/",
        ] {
            assert_eq!(around(marked), None, "{marked}");
        }
    }
}
