//! Every host in free text, by shape and public suffix.

use super::address::{is_mailbox, is_scheme_defanged, skip_unseen};
use super::dots::word_at;
use super::sign::{Seen, Sign, is_unseen, sign_at, sign_before};
use super::{Domain, HostFound, Label};
use crate::text::{Fold, FoldSet, is_han_like};
use std::ops::Range;

/// Bytes of a host that are read to either side: four for each that DNS allows. What goes on is no host, and reading
/// it again at each of its dots would take for ever.
const REACH: usize = 4 * 253;

/// Every host in free text whose suffix the public suffix list knows, in order.
#[must_use]
pub fn find_hosts(text: &str) -> Vec<HostFound> {
    find_hosts_unless(text, 0..text.len(), |_| false)
}

/// The same without the hosts that `is_known` says yes to. It is asked about those that nobody has to read to know: in lower case, with
/// nothing beside them that could belong to them.
///
/// `dots`: where a dot may begin, as folding the text has seen it.
pub fn find_hosts_unless(text: &str, dots: Range<usize>, is_known: impl Fn(&str) -> bool) -> Vec<HostFound> {
    let mut hosts = Vec::new();
    let mut from = 0;
    while let Some(dot) = next_dot(text, from.max(dots.start)..dots.end) {
        if let Some(plain) =
            plain_host(text, &dot).filter(|plain| from <= plain.start && is_known(&text[plain.clone()]))
        {
            from = plain.end;
            continue;
        }
        let start = left_edge(text, dot.start).max(from);
        let (host, end) = read(text, start, dot.end);
        from = end.max(dot.end);
        hosts.extend(host);
    }
    hosts
}

/// The host around a dot, when its bytes are all that there is to it: `tips.example` in `见https://tips.example/x`.
fn plain_host(text: &str, dot: &Range<usize>) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let is_plain = |byte: &&u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
    let left = bytes[..dot.start].iter().rev().take(REACH).take_while(is_plain).count();
    let right = bytes[dot.start..].iter().take(REACH).take_while(is_plain).count();
    let run = dot.start - left..dot.start + right;
    let is_apart = |c: char| is_han_like(c) && word_at(c.encode_utf8(&mut [0; 4])).is_none();
    let before = text[..run.start].chars().next_back();
    let behind = text[run.end..].chars().next();
    let ends_a_sentence = text[run.clone()].ends_with('.');
    let begins = before.is_none_or(|c| c.is_ascii_whitespace() || "/@:(\"',=>".contains(c) || is_apart(c));
    let ends = behind
        .is_none_or(|c| c.is_ascii_whitespace() || (!ends_a_sentence && ("/:?#)\"',;!".contains(c) || is_apart(c))));
    (begins && ends && right > 0).then(|| run.start..run.end - usize::from(ends_a_sentence))
}

/// A dot, in any spelling, may begin at this byte: what else begins so is told apart here without decoding anything.
fn may_begin_dot(bytes: &[u8], at: usize) -> bool {
    match bytes[at] {
        b'.' | b'[' | b'(' | b'{' | b'<' | b'\\' | b'%' | b'&' => true,
        // A word for a dot stands between ASCII letters.
        0xE4 | 0xE7 | 0xE9 if at == 0 || !bytes[at - 1].is_ascii_alphanumeric() => false,
        0xE2..=0xE4 | 0xE7 | 0xE9 | 0xEF => bytes.get(at..at + 3).is_some_and(|three| match three {
            // ․ 。 【 〔
            [0xE2, 0x80, 0xA4] | [0xE3, 0x80, 0x82 | 0x90 | 0x94]
            // 丶 点 點
            | [0xE4, 0xB8, 0xB6] | [0xE7, 0x82, 0xB9] | [0xE9, 0xBB, 0x9E]
            // ﹒ ． （ ［ ｡ ｛
            | [0xEF, 0xB9, 0x92] | [0xEF, 0xBC, 0x8E | 0x88 | 0xBB] | [0xEF, 0xBD, 0xA1 | 0x9B] => true,
            _ => false,
        }),
        _ => false,
    }
}

/// The next dot, in any spelling, that stands between two letters of a host.
fn next_dot(text: &str, within: Range<usize>) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = within.start;
    while at < within.end {
        if may_begin_dot(bytes, at)
            && let Some(length) = dot_between_letters(text, at)
        {
            return Some(at..at + length);
        }
        // Whole characters: most of a Chinese text has three bytes each.
        at += match bytes[at] {
            0..0xC0 => 1,
            0xC0..0xE0 => 2,
            0xE0..0xF0 => 3,
            0xF0.. => 4,
        };
    }
    None
}

fn dot_between_letters(text: &str, at: usize) -> Option<usize> {
    let (before, rest) = (&text[..at], &text[at..]);
    // What most leads are: a Han character, or the mark at the end of a Chinese sentence.
    let last = before
        .chars()
        .next_back()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, ';' | '-' | '_') || !(c.is_ascii() || is_han_like(*c)))?;
    let word = || word_at(rest).filter(|_| last.is_ascii_alphanumeric());
    let length = sign_at(rest).filter(|seen| seen.sign == Sign::Dot).map(|seen| seen.length).or_else(word)?;
    let after = &rest[length..];
    let after = &after[skip_unseen(after)..];
    let is_letter = |seen: Option<Seen>| seen.is_some_and(|seen| matches!(seen.sign, Sign::Letter(_)));
    let before = before.trim_end_matches(is_unseen);
    (is_letter(sign_at(after)) && is_letter(sign_before(before))).then_some(length)
}

/// Where the host that reaches up to `from` begins.
pub(super) fn left_edge(text: &str, from: usize) -> usize {
    let (mut start, mut at) = (from, from);
    while from - at < REACH
        && let Some(seen) = sign_before(&text[..at]).filter(Seen::is_of_host)
    {
        at -= seen.length;
        if matches!(seen.sign, Sign::Letter(_)) {
            start = at;
        }
    }
    // A dot or an invisible sign at the edge belongs to what is before it.
    start
}

/// The labels that follow a host which ends at `end`, each behind a dot.
pub(super) fn labels_right(text: &str, end: usize) -> Vec<Part> {
    let mut walk = Walk::new(text, end);
    std::iter::from_fn(|| walk.next_label()).collect()
}

/// A label that was read.
pub(super) struct Part {
    pub(super) letters: String,
    bytes: Range<usize>,
    folds: FoldSet,
}

impl Part {
    /// A sentence may begin here: `…example.cn.Join us`, `…example.cn。ok`.
    pub(super) fn may_be_a_word(&self) -> bool {
        self.letters.starts_with(char::is_uppercase) || self.folds.contains(Fold::Width)
    }
}

/// Reads dot and label by turns.
struct Walk<'t> {
    text: &'t str,
    at: usize,
    limit: usize,
}

impl<'t> Walk<'t> {
    fn new(text: &'t str, at: usize) -> Self {
        Self { text, at, limit: at + REACH }
    }

    fn next_label(&mut self) -> Option<Part> {
        if self.at >= self.limit {
            return None;
        }
        let rest = &self.text[self.at..];
        let skipped = skip_unseen(rest);
        let dot = sign_at(&rest[skipped..]).filter(|seen| seen.sign == Sign::Dot);
        let (length, folds) = match dot {
            Some(seen) => (seen.length, seen.folds),
            None => (self.word_dot(skipped)?, FoldSet::EMPTY.with(Fold::Defanged)),
        };
        let label = self.label(self.at + skipped + length, folds)?;
        self.at = label.bytes.end;
        Some(label)
    }

    /// `点` between two ASCII letters.
    fn word_dot(&self, skipped: usize) -> Option<usize> {
        let ascii = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        let rest = &self.text[self.at + skipped..];
        let length = word_at(rest)?;
        (ascii(self.text[..self.at].chars().next_back()) && ascii(rest[length..].chars().next())).then_some(length)
    }

    /// The letters from `start`; none is no label.
    fn label(&self, start: usize, mut folds: FoldSet) -> Option<Part> {
        let (mut at, mut from, mut end) = (start, start, start);
        let mut letters = String::new();
        while at < self.limit
            && let Some(seen) = sign_at(&self.text[at..])
        {
            match seen.sign {
                Sign::Letter(c) => {
                    if letters.is_empty() {
                        from = at;
                    }
                    letters.push(c);
                    end = at + seen.length;
                }
                Sign::Unseen => {}
                Sign::Dot | Sign::Other(_) => break,
            }
            folds = folds.union(seen.folds);
            at += seen.length;
        }
        (!letters.is_empty()).then_some(Part { letters, bytes: from..end, folds })
    }
}

/// The host that begins at `start` and goes on at least to `beyond`, and where the reading ended.
fn read(text: &str, start: usize, beyond: usize) -> (Option<HostFound>, usize) {
    let mut walk = Walk::new(text, start);
    walk.limit = beyond + REACH;
    let Some(first) = walk.label(start, FoldSet::EMPTY) else { return (None, beyond) };
    walk.at = first.bytes.end;
    let mut labels = vec![first];
    labels.extend(std::iter::from_fn(|| walk.next_label()));
    let end = walk.at;
    (host(text, labels), end)
}

fn host(text: &str, mut labels: Vec<Part>) -> Option<HostFound> {
    // "…example.cn.Join us": a label at the end counts only when the whole has a real suffix.
    loop {
        let last = labels.last()?;
        let written = labels.iter().map(|label| label.letters.as_str()).collect::<Vec<_>>().join(".");
        match Domain::read(&written).ok().filter(Domain::has_known_suffix) {
            Some(domain) => return found(text, domain, &labels),
            None if last.may_be_a_word() => drop(labels.pop()),
            None => return None,
        }
    }
}

fn found(text: &str, domain: Domain, labels: &[Part]) -> Option<HostFound> {
    let (first, last) = (labels.first()?, labels.last()?);
    let bytes = first.bytes.start..last.bytes.end;
    let mut folds = labels.iter().fold(FoldSet::EMPTY, |folds, label| folds.union(label.folds));
    if is_scheme_defanged(text, bytes.start) {
        folds.insert(Fold::Defanged);
    }
    let in_email = is_mailbox(text, bytes.start);
    let labels = labels.iter().map(|part| Label { letters: part.letters.clone(), start: part.bytes.start }).collect();
    Some(HostFound { domain, bytes, in_email, folds, labels })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold_into;
    use proptest::prelude::*;

    #[test]
    fn hosts_stand_out_from_running_text() {
        for (text, hosts) in [
            ("可登录www.chinanpo.gov.cn查询", &["www.chinanpo.gov.cn"][..]),
            ("见https://chinanpo.mca.gov.cn/index?a=b.c，或info@sham.com。", &["chinanpo.mca.gov.cn", "sham.com"]),
            ("chinanpo[.]gov[.]cn", &["chinanpo.gov.cn"]),
            ("chinanpo（点）gov（点）cn，", &["chinanpo.gov.cn"]),
            ("chinanpo点gov点cn", &["chinanpo.gov.cn"]),
            ("chinanpo。gov。cn。", &["chinanpo.gov.cn"]),
            ("chinanpo&#46;gov%2Ecn", &["chinanpo.gov.cn"]),
            ("ＷＷＷ．ＭＣＡ．ＧＯＶ．ＣＮ，", &["www.mca.gov.cn"]),
            ("chinan\u{AD}po.gov.\u{AD}cn. Type", &["chinanpo.gov.cn"]),
            ("https://www.mca.gov.cn./ with", &["www.mca.gov.cn"]),
            ("a.example.Join us", &["a.example"]),
            ("a.example,b.example", &["a.example", "b.example"]),
            ("hxxp://a.example", &["a.example"]),
            ("见a.example。b。", &["a.example"]),
            ("Version 1.2.3 of e.g. this. And that.", &[]),
            ("中国。雷锋", &[]),
            ("重点com", &[]),
            ("3点5", &[]),
            (".com", &[]),
            ("", &[]),
        ] {
            let found: Vec<String> = find_hosts(text).iter().map(|h| h.domain.to_string()).collect();
            assert_eq!(found, hosts, "{text}");
            let dots = fold_into(text, &mut Vec::new()).dots;
            assert_eq!(find_hosts_unless(text, dots, |_| false).len(), hosts.len(), "{text}");
        }
    }

    #[test]
    fn no_spelling_of_a_dot_is_passed_over() {
        for dot in
            ["点", "點", "丶", "。", "．", "｡", "﹒", "․", "（.）", "【.】", "［.］", "〔.〕", "｛.｝", "%2E", "&#46;"]
        {
            let text = format!("sham{dot}example");
            assert!(next_dot(&text, fold_into(&text, &mut Vec::new()).dots).is_some(), "{dot}");
        }
    }

    #[test]
    fn texts_without_a_dot_between_letters_hold_no_host() {
        for text in [
            "",
            "中国。雷锋基金会（样例）",
            "一句话。Another one. And…",
            "a (b) [c] {d} <e> 50% & more",
            "3. x",
            "重点",
        ] {
            assert_eq!(next_dot(text, 0..text.len()), None, "{text}");
        }
    }

    #[test]
    fn a_known_host_is_passed_over_only_where_nothing_belongs_to_it() {
        for (text, is_passed) in [
            ("见https://tips.example/x", true),
            ("tips.example", true),
            ("看tips.example吧", true),
            ("mail bob@tips.example.", true),
            ("(tips.example)", true),
            ("Tips.example", false),
            ("tips.example.Join us", false),
            ("www.tips.example", false),
            ("tips.example点com", false),
            ("tips.example[.]com", false),
            ("tips.example%2Ecom", false),
            ("tips\u{AD}.example", false),
            ("tips.ex\u{AD}ample", false),
            ("éa-tips.example", false),
        ] {
            assert_eq!(
                find_hosts_unless(text, 0..text.len(), |host| host == "tips.example").is_empty(),
                is_passed,
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn folding_sees_where_hosts_are(text in "[a-z中点。．.\\[\\]()% &;\u{AD}éＷ2E#46]{0,24}") {
            let dots = fold_into(&text, &mut Vec::new()).dots;
            prop_assert_eq!(find_hosts_unless(&text, dots, |_| false), find_hosts(&text));
        }

        #[test]
        fn what_is_passed_over_is_what_would_be_found(text in "[a-c点.。\\[\\]@/: ,中é\u{AD}-]{0,16}(example|cn)?[a-c点./中 %]{0,4}") {
            let all: Vec<_> = find_hosts(&text).into_iter().map(|host| host.domain).collect();
            let known = all.first().map(|host| host.as_ascii().to_owned());
            let others = find_hosts_unless(&text, 0..text.len(), |host| Some(host) == known.as_deref());
            let left: Vec<_> = all.iter().filter(|host| Some(host.as_ascii()) != known.as_deref()).collect();
            let found: Vec<_> = others.iter().map(|host| &host.domain).filter(|host| Some(host.as_ascii()) != known.as_deref()).collect();
            prop_assert_eq!(found, left);
        }
    }

    #[test]
    fn a_host_says_where_it_and_its_labels_stand() {
        let text = "见hxxp://www[.]sham[.]example/x";
        let found = find_hosts(text).pop().expect("a host");
        assert_eq!(&text[found.bytes.clone()], "www[.]sham[.]example");
        assert_eq!(&text[found.bytes_of(&Domain::parse("sham.example").expect("a domain"))], "sham[.]example");
        assert_eq!(found.folds, FoldSet::EMPTY.with(Fold::Defanged));
        assert!(!found.in_email);
    }

    #[test]
    fn a_hostile_text_is_read_in_linear_time() {
        let steps = ["a.".repeat(200_000), "[.]a".repeat(100_000), "%2Ea".repeat(100_000), "((((".repeat(100_000)];
        for text in steps {
            let _ = find_hosts(&text);
        }
    }
}
