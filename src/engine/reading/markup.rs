//! Mark-up taken out: `中<b>国</b>`, `中[b]国[/b]`, `[中](https://a.example)国`, `中<!-- -->国`, `中国[1]` -> `中国`.
//!
//! Only what has the shape of mark-up and a name that mark-up has. A tag that begins a paragraph, an item or a cell parts words, and
//! reads as an empty line; `<br>` reads as a line's end. Marks that the fold drops anyway (`**`, `_`, `` ` ``) need no undoing.

use super::layer::{Layer, LayerBuilder};
use crate::text::Fold;

/// Tags that are drawn within a line.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "center", "cite", "code", "data", "del", "dfn", "em", "figure",
    "font", "i", "img", "input", "ins", "kbd", "label", "mark", "nobr", "o:p", "picture", "q", "rb", "rp", "rt",
    "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "svg", "time", "title", "tt", "u", "var",
    "wbr",
];
/// Tags that end a line.
const BREAKS: &[&str] = &["br"];
/// Tags that part what stands before and behind them.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "button",
    "caption",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "iframe",
    "legend",
    "li",
    "link",
    "main",
    "meta",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "script",
    "section",
    "select",
    "style",
    "table",
    "tbody",
    "td",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
    "video",
];
/// Names of forum mark-up.
const FORUM: &[&str] = &[
    "align",
    "b",
    "backcolor",
    "center",
    "code",
    "color",
    "email",
    "em",
    "font",
    "hide",
    "highlight",
    "hr",
    "i",
    "img",
    "left",
    "quote",
    "right",
    "s",
    "size",
    "strike",
    "sub",
    "sup",
    "u",
    "url",
];

/// A tag with its attributes is no longer than this, in bytes: what goes on is a `<` of its own.
const LONGEST: usize = 400;

/// The text without its mark-up; `None` when it has none.
pub(super) fn read(text: &str) -> Option<Layer> {
    let mut builder = LayerBuilder::new(text);
    let mut at = 0;
    while let Some(found) = text[at..].find(['<', '[', ']']) {
        at += found;
        match mark(&text[at..]) {
            Some((length, with)) => {
                builder.replace(at..at + length, with, Fold::Markup);
                at += length;
            }
            None => at += 1,
        }
    }
    builder.finish()
}

/// The length of the mark-up at the beginning of `rest`, and what is read in its place.
fn mark(rest: &str) -> Option<(usize, &'static str)> {
    let mark = &rest[..rest.floor_char_boundary(LONGEST)];
    match mark.as_bytes() {
        [b'<', b'!', b'-', b'-', ..] => Some((mark.find("-->")? + 3, "")),
        [b'<', ..] => tag(mark),
        [b'[', ..] => forum_tag(mark).or_else(|| reference_mark(mark)).map(|length| (length, "")),
        [b']', ..] => link_target(mark).map(|length| (length, "")),
        _ => None,
    }
}

fn tag(mark: &str) -> Option<(usize, &'static str)> {
    let end = 1 + mark[1..].find(['<', '>'])?;
    let inside = mark[1..end].strip_prefix('/').unwrap_or(&mark[1..end]);
    let name = inside.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or(inside);
    let is = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    let with = match () {
        () if is(INLINE) => "",
        () if is(BREAKS) => "\n",
        () if is(BLOCKS) => "\n\n",
        () => return None,
    };
    mark[end..].starts_with('>').then_some((end + 1, with))
}

/// `[b]`, `[/b]`, `[color=red]`.
fn forum_tag(mark: &str) -> Option<usize> {
    let end = 1 + mark[1..].find(['[', ']'])?;
    let inside = mark[1..end].strip_prefix('/').unwrap_or(&mark[1..end]);
    let name = inside.split('=').next().unwrap_or(inside);
    let is_known = FORUM.iter().any(|known| known.eq_ignore_ascii_case(name));
    (is_known && mark[end..].starts_with(']')).then_some(end + 1)
}

/// The number of a note: `[1]`, `[^2]`.
fn reference_mark(mark: &str) -> Option<usize> {
    let end = 1 + mark[1..].find(']')?;
    let number = mark[1..end].trim_start_matches('^');
    let is_number = matches!(number.len(), 1..=3) && number.bytes().all(|b| b.is_ascii_digit());
    is_number.then_some(end + 1)
}

/// `](https://a.example "title")` and `][1]`: what a link's text leads to.
fn link_target(mark: &str) -> Option<usize> {
    const BEGINNINGS: [&str; 9] = ["http://", "https://", "//", "/", "#", "./", "../", "www.", "mailto:"];
    let target =
        mark.strip_prefix("](").map(|target| (target, ')')).or_else(|| Some((mark.strip_prefix("][")?, ']')))?;
    let (inside, _) = target.0.split_once(target.1)?;
    let is_target = match target.1 {
        ')' => BEGINNINGS.iter().any(|beginning| inside.starts_with(beginning)),
        _ => inside.len() <= 20 && inside.bytes().all(|b| b.is_ascii_alphanumeric()),
    };
    is_target.then_some(2 + inside.len() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn mark_up_is_taken_out() {
        for (written, expected) in [
            ("中<b>国</b>", "中国"),
            ("中<B >国</B>", "中国"),
            ("中<span class=\"a b\" style='x'>国</span>", "中国"),
            ("中<wbr/>国<wbr>", "中国"),
            ("中<br>国<br />人", "中\n国\n人"),
            ("<td>中</td><td>国</td>", "\n\n中\n\n\n\n国\n\n"),
            ("中<!-- 注 -->国", "中国"),
            ("中[b]国[/b][color=#f00]人[/color]", "中国人"),
            ("[中](https://a.example/x)国", "[中国"),
            ("[中][1]国[2]人[^3]", "[中国人"),
            ("<font color=red>中</font>", "中"),
            ("<i>a<i>b", "ab"),
        ] {
            assert_eq!(read(written).unwrap().text(), expected, "{written}");
        }
    }

    #[test]
    fn what_only_looks_like_mark_up_is_left() {
        for written in [
            "1 < 2 > 0",
            "<中国>",
            "<China Lei Feng>",
            "<info@a.example>",
            "<https://a.example>",
            "<b",
            "<b <",
            "a <3 b",
            "<>",
            "< b>",
            "<!-- ",
            "[中]",
            "[xie]",
            "[2024]",
            "[b",
            "[/中]",
            "[1",
            "](中国)",
            "](see below)",
            "][中]",
            "[]",
            "<bold>",
            "[note]",
        ] {
            assert_eq!(read(written), None, "{written}");
        }
        let far = format!("<b {}>", "x".repeat(LONGEST));
        assert_eq!(read(&far), None);
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(text in "([<>/\\[\\]!(){}b=1-]|\\PC){0,60}") {
            let _ = read(&text);
        }
    }
}
