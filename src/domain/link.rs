//! The hosts of a link field: `hxxps://user@www[.]example[.]cn:8080/?to=https%3A%2F%2Fb.example` has `www.example.cn`
//! and the target `b.example`.

use super::address::is_defanged_scheme;
use super::dots::{bracketed_at, bracketed_colon, starts_with_ignoring_case, word_at};
use super::sign::{Sign, is_space, sign_at};
use super::{Domain, HostFound, Label};
use crate::text::{Fold, FoldSet};

/// The hosts of a link field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkHosts {
    /// Where the link leads; `None` for a path, an IP address, words.
    pub own: Option<HostFound>,
    /// Where that host is asked to send the reader on, each with a scheme of its own.
    pub targets: Vec<HostFound>,
}

/// Targets that are read: a link with more is made to be long.
const TARGETS: usize = 8;

/// The hosts of a link field: a URL with or without its scheme, a bare host, an e-mail address (`mailto:` and
/// `Name <a@b>` too), each also defanged, escaped, in full width, or with blanks around its dots.
#[must_use]
pub fn hosts_of_link(value: &str) -> LinkHosts {
    let glyphs = read(value);
    let link = unwrap(&glyphs);
    let (scheme, rest) = split_scheme(link);
    let end = rest.iter().position(|glyph| glyph.is_one_of("/\\?#")).unwrap_or(rest.len());
    let (authority, behind) = rest.split_at(end);
    let own = authority_host(authority, scheme).filter(|host| host.domain.has_known_suffix());
    LinkHosts { own, targets: targets(behind) }
}

/// A character of a link as a browser would read it, and where it stands.
#[derive(Clone, Copy, Debug)]
struct Glyph {
    c: char,
    start: usize,
    end: usize,
    folds: FoldSet,
    /// Written as an escape: it is no structure.
    is_escaped: bool,
}

impl Glyph {
    fn is_one_of(&self, signs: &str) -> bool {
        !self.is_escaped && signs.contains(self.c)
    }
}

/// Signs of a link's structure on another keyboard.
const WIDE: [(char, char); 8] =
    [('：', ':'), ('／', '/'), ('＠', '@'), ('？', '?'), ('＃', '#'), ('＼', '\\'), ('＝', '='), ('＆', '&')];

/// The glyphs of `value`, without what nobody sees.
fn read(value: &str) -> Vec<Glyph> {
    let mut glyphs: Vec<Glyph> = Vec::with_capacity(value.len());
    let mut unseen = FoldSet::EMPTY;
    let mut at = 0;
    while at < value.len() {
        let rest = &value[at..];
        let Some((c, length, folds)) = glyph_at(rest, glyphs.last()) else { break };
        if let Some(c) = c {
            let folds = folds.union(unseen);
            glyphs.push(Glyph { c, start: at, end: at + length, folds, is_escaped: folds.contains(Fold::Escape) });
            unseen = FoldSet::EMPTY;
        } else if glyphs.is_empty() {
            unseen = FoldSet::EMPTY;
        } else {
            unseen = unseen.union(folds);
        }
        at += length;
    }
    glyphs
}

/// The first glyph of `rest`; none for a sign that nobody sees.
fn glyph_at(rest: &str, last: Option<&Glyph>) -> Option<(Option<char>, usize, FoldSet)> {
    // What nearly every glyph is; a dot with blanks around it begins with the blank or ends with one.
    let mut plain = rest.bytes();
    match (plain.next(), plain.next()) {
        (Some(b), _)
            if b.is_ascii_alphanumeric() || matches!(b, b'/' | b':' | b'-' | b'_' | b'?' | b'=' | b'#' | b'@') =>
        {
            return Some((Some(char::from(b)), 1, FoldSet::EMPTY));
        }
        (Some(b'.'), Some(next)) if next.is_ascii_alphanumeric() => return Some((Some('.'), 1, FoldSet::EMPTY)),
        _ => {}
    }
    let defanged = FoldSet::EMPTY.with(Fold::Defanged);
    if let Some(length) = bracketed_at(rest) {
        return Some((Some('@'), length, defanged));
    }
    if let Some(length) = bracketed_colon(rest) {
        return Some((Some(':'), length, defanged));
    }
    if let Some(length) = loose_dot(rest, last) {
        return Some((Some('.'), length, defanged));
    }
    let seen = sign_at(rest)?;
    let c = match seen.sign {
        Sign::Unseen => None,
        Sign::Dot => Some('.'),
        Sign::Letter(c) | Sign::Other(c) => {
            Some(WIDE.iter().find(|(wide, _)| *wide == c).map_or(c, |(_, plain)| *plain))
        }
    };
    Some((c, seen.length, seen.folds))
}

/// `点` between two ASCII letters, blanks around it or not; `dot` between blanks; a dot with blanks around it.
fn loose_dot(rest: &str, last: Option<&Glyph>) -> Option<usize> {
    let is_letter = |c: char| c.is_ascii_alphanumeric();
    last.filter(|glyph| is_letter(glyph.c) || super::sign::is_host_char(glyph.c))?;
    let dot = rest.trim_start_matches(is_space);
    let is_spaced = dot.len() < rest.len();
    let length = word_at(dot)
        .or_else(|| (is_spaced && starts_with_ignoring_case(dot, "dot ")).then_some(3))
        .or_else(|| sign_at(dot).filter(|seen| seen.sign == Sign::Dot).map(|seen| seen.length))?;
    let behind = &dot[length..];
    let next = behind.trim_start_matches(is_space);
    let is_loose = is_spaced || next.len() < behind.len() || word_at(dot).is_some();
    let goes_on =
        next.starts_with(is_letter) || (next.starts_with(super::sign::is_host_char) && word_at(dot).is_none());
    (is_loose && goes_on).then(|| rest.len() - next.len())
}

/// Without blanks, quotes and brackets around it; of `Name <link>` the link.
fn unwrap(glyphs: &[Glyph]) -> &[Glyph] {
    let inner = glyphs.iter().rposition(|glyph| glyph.is_one_of("<")).map_or(glyphs, |at| {
        let rest = &glyphs[at + 1..];
        &rest[..rest.iter().position(|glyph| glyph.is_one_of(">")).unwrap_or(rest.len())]
    });
    let is_wrapping = |glyph: &Glyph| is_space(glyph.c) || "\"'“”‘’「」《》()（）【】,，;；。!！`".contains(glyph.c);
    let start = inner.iter().position(|glyph| !is_wrapping(glyph)).unwrap_or(inner.len());
    let end = inner.iter().rposition(|glyph| !is_wrapping(glyph)).map_or(start, |last| last + 1);
    &inner[start..end]
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scheme {
    None,
    Mail,
    Other { is_defanged: bool },
}

const WORKING: Scheme = Scheme::Other { is_defanged: false };

/// Splits `scheme:` and its slashes off; a port behind a bare host is not a scheme's end. Browsers take a backslash for
/// a slash, and any number of them.
fn split_scheme(link: &[Glyph]) -> (Scheme, &[Glyph]) {
    let slash = link.iter().position(|glyph| glyph.is_one_of("/\\?#"));
    let text = |glyphs: &[Glyph]| glyphs.iter().map(|glyph| glyph.c).filter(|c| !is_space(*c)).collect::<String>();
    if let Some(at) = slash.filter(|at| link[*at].is_one_of("/\\")) {
        let head = text(&link[..at]);
        if head.is_empty()
            || head.ends_with(':')
            || head.eq_ignore_ascii_case("http")
            || head.eq_ignore_ascii_case("https")
        {
            let rest = &link[at..];
            let slashes = rest.iter().take_while(|glyph| glyph.is_one_of("/\\") || is_space(glyph.c)).count();
            let is_defanged = is_defanged_scheme(&head) || link[..at].iter().any(|g| g.folds.contains(Fold::Defanged));
            return (Scheme::Other { is_defanged }, &rest[slashes..]);
        }
    }
    let bare = [("mailto:", Scheme::Mail), ("https:", WORKING), ("http:", WORKING)];
    let named = bare.into_iter().find(|(name, _)| {
        name.len() <= link.len() && link.iter().zip(name.chars()).all(|(glyph, c)| glyph.c.eq_ignore_ascii_case(&c))
    });
    named.map_or((Scheme::None, link), |(name, scheme)| (scheme, &link[name.len()..]))
}

/// The host of `user@host:port`.
fn authority_host(authority: &[Glyph], scheme: Scheme) -> Option<HostFound> {
    let at = authority.iter().rposition(|glyph| glyph.is_one_of("@"));
    let host = at.map_or(authority, |at| &authority[at + 1..]);
    let end = host.iter().position(|glyph| glyph.is_one_of(":")).unwrap_or(host.len());
    let in_email = scheme == Scheme::None || scheme == Scheme::Mail;
    let in_email = in_email && at.is_some_and(|at| at > 0);
    let mut found = host_of(&host[..end])?;
    found.in_email = in_email;
    if scheme == (Scheme::Other { is_defanged: true }) {
        found.folds.insert(Fold::Defanged);
    }
    Some(found)
}

/// The host that all of `glyphs` are; blanks between all of its letters are a way of hiding it.
fn host_of(glyphs: &[Glyph]) -> Option<HostFound> {
    let start = glyphs.iter().position(|glyph| !is_space(glyph.c))?;
    let end = glyphs.iter().rposition(|glyph| !is_space(glyph.c) && glyph.c != '.')? + 1;
    let glyphs = glyphs.get(start..end)?;
    let blanks = glyphs.iter().filter(|glyph| is_space(glyph.c)).count();
    if blanks > 0 && blanks * 3 < glyphs.len() {
        return None;
    }
    let letters: Vec<Glyph> = glyphs.iter().copied().filter(|glyph| !is_space(glyph.c)).collect();
    let domain = Domain::read(&letters.iter().map(|glyph| glyph.c).collect::<String>()).ok()?;
    let mut folds = letters.iter().fold(FoldSet::EMPTY, |folds, glyph| folds.union(glyph.folds));
    if blanks > 0 {
        folds.insert(Fold::Separator);
    }
    let labels = letters.split(|glyph| glyph.c == '.').filter_map(|label| {
        Some(Label { letters: label.iter().map(|glyph| glyph.c).collect(), start: label.first()?.start })
    });
    let labels = labels.collect();
    let bytes = letters.first()?.start..letters.last()?.end;
    Some(HostFound { domain, bytes, in_email: false, folds, labels })
}

/// The hosts behind a `://` in a path or a query, whatever escapes were put around it.
fn targets(behind: &[Glyph]) -> Vec<HostFound> {
    let is_nested = |pair: &[Glyph]| pair.iter().all(|glyph| matches!(glyph.c, '/' | '\\'));
    if !behind.windows(2).any(is_nested) && !behind.iter().any(|glyph| glyph.c == '%') {
        return Vec::new();
    }
    let plain = unescape(behind);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) =
        plain[at..].windows(2).position(|pair| pair.iter().all(|glyph| matches!(glyph.c, '/' | '\\')))
    {
        let rest = &plain[at + next + 2..];
        let end = rest.iter().position(|glyph| "/\\?#&".contains(glyph.c)).unwrap_or(rest.len());
        let authority: Vec<Glyph> = rest[..end].iter().map(|glyph| Glyph { is_escaped: false, ..*glyph }).collect();
        found.extend(authority_host(&authority, WORKING).filter(|host| host.domain.has_known_suffix()));
        if found.len() == TARGETS {
            break;
        }
        at += next + 2;
    }
    found
}

/// How often an address within an address is escaped.
const ESCAPED: usize = 2;

/// Percent escapes of percent escapes undone.
fn unescape(glyphs: &[Glyph]) -> Vec<Glyph> {
    let mut plain = glyphs.to_vec();
    for _ in 0..ESCAPED {
        if !plain.iter().any(|glyph| glyph.c == '%') {
            break;
        }
        let mut next = Vec::with_capacity(plain.len());
        let mut at = 0;
        while at < plain.len() {
            let hex = |nth: usize| plain.get(at + nth).and_then(|glyph| glyph.c.to_digit(16));
            let glyph = plain[at];
            match (glyph.c, hex(1), hex(2)) {
                ('%', Some(high), Some(low)) if high < 8 => {
                    let c = char::from_u32(high * 16 + low).unwrap_or('%');
                    let folds = glyph.folds.with(Fold::Escape);
                    next.push(Glyph { c, end: plain[at + 2].end, folds, is_escaped: true, ..glyph });
                    at += 3;
                }
                _ => {
                    next.push(glyph);
                    at += 1;
                }
            }
        }
        plain = next;
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_a_link_is_found_in_every_form() {
        for (value, host, written, in_email) in [
            ("https://www.sham.example/a/b?c#d", "www.sham.example", "www.sham.example", false),
            ("HTTP://SHAM.example:8080", "sham.example", "SHAM.example", false),
            ("//sham.example/x", "sham.example", "sham.example", false),
            ("sham.example", "sham.example", "sham.example", false),
            ("sham.example:80/x", "sham.example", "sham.example", false),
            ("sham.example.", "sham.example", "sham.example", false),
            ("info@sham.example", "sham.example", "sham.example", true),
            ("mailto:info@sham.example?subject=x", "sham.example", "sham.example", true),
            ("MailTo:info@sham.example", "sham.example", "sham.example", true),
            ("Some One <some@sham.example>", "sham.example", "sham.example", true),
            ("https://official.test@sham.example/", "sham.example", "sham.example", false),
            ("https://official.test:x@sham.example/", "sham.example", "sham.example", false),
            ("https:\\\\sham.example\\x", "sham.example", "sham.example", false),
            (" https://sham.example ", "sham.example", "sham.example", false),
            ("“https://sham.example”", "sham.example", "sham.example", false),
            ("https://協會.example/", "xn--3kry17b.example", "協會.example", false),
            ("查询.sham.example", "xn--jvv041f.sham.example", "查询.sham.example", false),
            ("hxxps://sham[.]example/", "sham.example", "sham[.]example", false),
            ("https[:]//sham(dot)example", "sham.example", "sham(dot)example", false),
            ("sham 点 example", "sham.example", "sham 点 example", false),
            ("sham点example", "sham.example", "sham点example", false),
            ("sham dot example", "sham.example", "sham dot example", false),
            ("sham . example", "sham.example", "sham . example", false),
            ("s h a m . e x a m p l e", "sham.example", "s h a m . e x a m p l e", false),
            ("ｈｔｔｐｓ：／／ｓｈａｍ．ｅｘａｍｐｌｅ／ｘ", "sham.example", "ｓｈａｍ．ｅｘａｍｐｌｅ", false),
            ("info＠sham．example", "sham.example", "sham．example", true),
            ("info[at]sham[.]example", "sham.example", "sham[.]example", true),
            ("http://www.sham%2Eexample/", "www.sham.example", "www.sham%2Eexample", false),
            ("http://%73ham.example/", "sham.example", "%73ham.example", false),
            ("sh\u{200B}am.exam\u{AD}ple", "sham.example", "sh\u{200B}am.exam\u{AD}ple", false),
            ("https:sham.example", "sham.example", "sham.example", false),
            ("http//sham.example", "sham.example", "sham.example", false),
            ("https://sham.\nexample", "sham.example", "sham.\nexample", false),
            ("https://sham.example/?to=https://b.example", "sham.example", "sham.example", false),
        ] {
            let found = hosts_of_link(value).own.unwrap_or_else(|| panic!("{value}"));
            assert_eq!(
                (found.domain.as_ascii(), &value[found.bytes], found.in_email),
                (host, written, in_email),
                "{value}"
            );
        }
    }

    #[test]
    fn what_was_undone_is_said() {
        use Fold::{Defanged, Escape, Invisible, Separator, Width};
        for (value, folds) in [
            ("https://sham.example", &[][..]),
            ("hxxps://sham.example", &[Defanged]),
            ("https[:]//sham.example", &[Defanged]),
            ("sham[.]example", &[Defanged]),
            ("sham 点 example", &[Defanged]),
            ("s h a m . e x a m p l e", &[Separator, Defanged]),
            ("sham．example", &[Width]),
            ("sham%2Eexample", &[Escape]),
            ("sh\u{200B}am.example", &[Invisible]),
        ] {
            let found = hosts_of_link(value).own.unwrap_or_else(|| panic!("{value}"));
            assert_eq!(found.folds, folds.iter().copied().collect(), "{value}");
        }
    }

    #[test]
    fn the_listed_part_of_a_host_is_told_apart_from_its_subdomains() {
        let listed = Domain::parse("sham.example").expect("a domain");
        for (value, part) in [
            ("https://a.b.sham.example/x", "sham.example"),
            ("sham.example", "sham.example"),
            ("www.ｓｈａｍ。example", "ｓｈａｍ。example"),
            ("www.sham.example.", "sham.example"),
            ("www%2Esham%2Eexample", "sham%2Eexample"),
        ] {
            let found = hosts_of_link(value).own.unwrap_or_else(|| panic!("{value}"));
            assert_eq!(&value[found.bytes_of(&listed)], part, "{value}");
        }
    }

    #[test]
    fn where_a_host_sends_its_reader_is_a_target() {
        for (value, targets) in [
            ("https://go.example/?to=https://sham.example/x", &["sham.example"][..]),
            ("https://go.example/?r=https%3A%2F%2Fbb.sham.example%2Fpay", &["bb.sham.example"]),
            ("https://go.example/?r=https%253A%252F%252Fsham.example", &["sham.example"]),
            ("https://go.example/web/2021/http://sham.example/", &["sham.example"]),
            ("https://go.example/?a=//sham.example&b=http://u@b.example", &["sham.example", "b.example"]),
            ("https://go.example/?to=sham.example", &[]),
            ("https://go.example/sham.example", &[]),
            ("https://go.example//a//b", &[]),
            ("sham.example", &[]),
        ] {
            let found: Vec<String> = hosts_of_link(value).targets.iter().map(|host| host.domain.to_string()).collect();
            assert_eq!(found, targets, "{value}");
        }
    }

    #[test]
    fn what_has_no_host_gives_none() {
        for value in [
            "",
            " ",
            "n/a",
            "https://",
            "/path/only",
            "http://192.0.2.1/x",
            "https://[2001:db8::1]/",
            "@handle",
            "nohost",
            "see sham.example",
            "a.example, b.example",
            "重点example",
            "官网sham.example欢迎",
            "sham.invalidsuffix",
            "[at]",
            "<>",
        ] {
            assert_eq!(hosts_of_link(value).own, None, "{value}");
        }
    }
}
