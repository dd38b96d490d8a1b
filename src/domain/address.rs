//! Where a host stands within an address: after a scheme, behind a mailbox, or in another host's path.

use super::dots::bracketed_colon;
use super::sign::{Sign, is_host_char, sign_at};
use crate::text::is_han_like;
use std::ops::Range;

/// Bytes that are looked at before a host: addresses in running text are shorter, and a hostile text must stay linear.
const REACH: usize = 1024;

/// The host at `bytes` belongs to the address of another: it stands in a path or a query without a scheme of its own, or
/// as the user before `@host`. `https://other.example/?to=sham.example` does; `…?to=https%3A%2F%2Fsham.example` is a target.
#[must_use]
pub fn is_part_of_address(text: &str, bytes: &Range<usize>) -> bool {
    is_user(&text[bytes.end..]) || is_in_path(&text[..bytes.start])
}

/// `…:password@other.example` or `…@other.example` follows.
fn is_user(after: &str) -> bool {
    let is_host = |rest: &str| rest.trim_start_matches(['@', '＠']).starts_with(is_host_char);
    if after.starts_with(['@', '＠']) {
        return true;
    }
    let Some(secret) = after.strip_prefix(':') else { return false };
    let ends = |c: char| matches!(c, '@' | '＠' | '/' | '?' | '#') || c.is_whitespace() || is_han_like(c);
    let end = secret.char_indices().take(64).find(|(_, c)| ends(*c));
    end.is_some_and(|(at, _)| secret[at..].starts_with(['@', '＠']) && is_host(&secret[at..]))
}

fn is_in_path(before: &str) -> bool {
    let address = &before[beginning(before)..];
    if ends_with_slashes(address) {
        return false;
    }
    let own = address.find("://").map_or(address, |at| &address[at + 3..]);
    let Some(end) = own.find(['/', '\\', '?', '#']) else { return false };
    has_scheme(address) || is_like_host(&own[..end])
}

fn has_scheme(address: &str) -> bool {
    address.contains("://")
}

fn is_like_host(authority: &str) -> bool {
    let host = authority.split(':').next().unwrap_or(authority);
    host.split_once('.').is_some_and(|(name, suffix)| name.ends_with(is_host_char) && suffix.starts_with(is_host_char))
}

/// Where the address that reaches up to the end of `before` begins.
fn beginning(before: &str) -> usize {
    let ends = |c: char| {
        c.is_whitespace()
            || is_han_like(c)
            || matches!(c, '"' | '\'' | '<' | '>' | '(' | ')' | ',' | ';' | '|' | '`')
            || (!c.is_ascii() && !c.is_alphanumeric())
    };
    let room = before.len().saturating_sub(REACH);
    let mut start = before.len();
    for (at, c) in before.char_indices().rev() {
        if at < room || ends(c) {
            break;
        }
        start = at;
    }
    start
}

/// `//` right before, also as escapes of escapes: `%252F%252F`.
fn ends_with_slashes(address: &str) -> bool {
    let strip = |text: &'_ str| -> Option<usize> {
        if text.ends_with(['/', '\\']) {
            return Some(text.len() - 1);
        }
        let head = text.strip_suffix("2F").or_else(|| text.strip_suffix("2f"))?;
        let head = head.trim_end_matches("25");
        head.ends_with('%').then(|| head.len() - 1)
    };
    strip(address).and_then(|at| strip(&address[..at])).is_some()
}

/// An `@` with a mailbox stands right before `start`, and it is not the userinfo of a URL.
pub(super) fn is_mailbox(text: &str, start: usize) -> bool {
    let Some(before) = text[..start].strip_suffix(['@', '＠']) else { return false };
    let token = &before[beginning(before)..];
    token.chars().next_back().is_some_and(|c| c != '.' && c != '/') && !token.contains("//")
}

/// The scheme right before `start` was made harmless: `hxxp://`, `http[:]//`.
pub(super) fn is_scheme_defanged(text: &str, start: usize) -> bool {
    let head = text[..start].trim_end_matches(['/', '\\']);
    if head.len() == start {
        return false;
    }
    let room = head.char_indices().rev().nth(15).map_or(0, |(at, _)| at);
    let from = head[room..].rfind(|c: char| c.is_whitespace() || is_han_like(c)).unwrap_or(0);
    is_defanged_scheme(head[room + from..].trim_start())
}

/// `hxxp:`, `h**ps:`, `http[:]`, `http[://]`: what ends so and is not a scheme that works.
pub(super) fn is_defanged_scheme(written: &str) -> bool {
    if !written.ends_with([':', '：', ']', ')', '}', '）', '】']) {
        return false;
    }
    let colon = written.char_indices().find(|(at, _)| bracketed_colon(&written[*at..]).is_some());
    if let Some((at, _)) = colon {
        return written[..at].to_ascii_lowercase().starts_with('h');
    }
    let Some(scheme) = written.strip_suffix([':', '：']) else { return false };
    let scheme = scheme.rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '*')).next().unwrap_or_default();
    let scheme = scheme.to_ascii_lowercase();
    let is_like_http = scheme.len() >= 4 && scheme.starts_with('h') && scheme.trim_end_matches('s').ends_with('p');
    is_like_http && !matches!(scheme.as_str(), "http" | "https")
}

/// The bytes of a blank, invisible or empty stretch at the start of `rest`, over which a host may go on.
pub(super) fn skip_unseen(rest: &str) -> usize {
    let mut at = 0;
    while let Some(seen) = sign_at(&rest[at..]).filter(|seen| seen.sign == Sign::Unseen) {
        at += seen.length;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str) -> Range<usize> {
        let start = text.find("sham.example").expect("a host");
        start..start + "sham.example".len()
    }

    #[test]
    fn a_path_a_query_and_a_user_belong_to_another_host() {
        for text in [
            "https://other.example/sham.example",
            "https://other.example/a/b?c=sham.example&d",
            "https://other.example?sham.example",
            "other.example/sham.example",
            "www.other.example:80/x#sham.example",
            "https://other.example/a%2Fsham.example",
            "https://sham.example@other.example/",
            "https://sham.example:secret@other.example/",
            "sham.example@mail.example",
        ] {
            assert!(is_part_of_address(text, &place(text)), "{text}");
        }
    }

    #[test]
    fn a_host_of_its_own_is_no_part_of_another_address() {
        for text in [
            "sham.example",
            "https://sham.example/x",
            "//sham.example",
            "https:\\\\sham.example",
            "https://other.example/?to=https://sham.example",
            "https://other.example/?to=https%3A%2F%2Fsham.example",
            "https://other.example/?to=https%253A%252F%252Fsham.example",
            "https://other.example/x，sham.example",
            "https://other.example/官网sham.example",
            "https://other.example/x sham.example",
            "[x](https://other.example/),sham.example",
            "官网/sham.example",
            "and/or=sham.example",
            "user@sham.example",
            "sham.example:8080/x",
            "sham.example: ask bob@mail.example",
            "sham.example:见bob@mail.example",
        ] {
            assert!(!is_part_of_address(text, &place(text)), "{text}");
        }
    }

    #[test]
    fn a_harmless_scheme_is_told_from_a_scheme() {
        for (text, is_defanged) in [
            ("hxxp://sham.example", true),
            ("见hXXps://sham.example", true),
            ("h**p://sham.example", true),
            ("http[:]//sham.example", true),
            ("http[://]sham.example", false),
            ("http://sham.example", false),
            ("HTTPS://sham.example", false),
            ("ftp://sham.example", false),
            ("//sham.example", false),
            ("sham.example", false),
            ("help: sham.example", false),
        ] {
            assert_eq!(is_scheme_defanged(text, place(text).start), is_defanged, "{text}");
        }
    }
}
