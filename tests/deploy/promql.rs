//! What a `PromQL` expression names: metrics with their label matchers, and the labels that it groups or joins by.
//!
//! `sum by (job) (rate(a_total{kind="x"}[5m]))` -> metric `a_total` with `kind = x`; grouped by `job`. No parser: it only
//! has to tell names apart, and Prometheus itself reads the same expressions in `tests/clients`.

/// The names in one expression.
#[derive(Debug, Default, PartialEq)]
pub struct Named {
    /// Every selector.
    pub selectors: Vec<Selector>,
    /// What stands in `by (…)`, `on (…)`, `group_left (…)` and their like.
    pub grouped: Vec<String>,
}

/// A metric and its matchers.
#[derive(Debug, Default, PartialEq)]
pub struct Selector {
    pub metric: String,
    /// Label, operator, value.
    pub matchers: Vec<(String, String, String)>,
}

const LABEL_LISTS: &[&str] = &["by", "without", "on", "ignoring", "group_left", "group_right"];
const WORDS: &[&str] = &["and", "or", "unless", "offset", "bool", "inf", "nan"];
const AGGREGATIONS: &[&str] =
    &["sum", "min", "max", "avg", "count", "topk", "bottomk", "quantile", "stddev", "group", "count_values"];

/// The names in an expression.
pub fn named(expression: &str) -> Named {
    let mut named = Named::default();
    let mut rest = expression.trim_start();
    while let Some(first) = rest.chars().next() {
        rest = if is_start(first) {
            let (word, after) = take(rest, is_inner);
            word_of(word, after, &mut named)
        } else if first == '{' {
            let (inside, after) = within(rest, '}');
            let matchers = matchers(inside);
            match named.selectors.last_mut() {
                Some(last) if last.matchers.is_empty() => last.matchers = matchers,
                _ => panic!("a selector without a metric: {expression}"),
            }
            after
        } else if first == '[' {
            within(rest, ']').1
        } else if first == '"' {
            text(rest).1
        } else if first.is_ascii_digit() {
            take(rest, |c| c.is_ascii_alphanumeric() || c == '.').1 // 5m and 0.01
        } else {
            &rest[first.len_utf8()..]
        }
        .trim_start();
    }
    named
}

fn word_of<'t>(word: &str, after: &'t str, named: &mut Named) -> &'t str {
    let after = after.trim_start();
    if LABEL_LISTS.contains(&word) {
        let (labels, after) = within(after, ')');
        named.grouped.extend(labels.split(',').map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned));
        return after;
    }
    let is_function = after.starts_with('(') || AGGREGATIONS.contains(&word) || WORDS.contains(&word);
    if !is_function {
        named.selectors.push(Selector { metric: word.to_owned(), matchers: Vec::new() });
    }
    after
}

/// `a="x", b!~"y"` -> each label, operator and value.
fn matchers(mut rest: &str) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    while !rest.trim().is_empty() {
        let (label, after) = take(rest.trim_start(), is_inner);
        let (operator, after) = take(after.trim_start(), |c| "=!~".contains(c));
        let (value, after) = text(after.trim_start());
        found.push((label.to_owned(), operator.to_owned(), value.to_owned()));
        rest = after.trim_start().trim_start_matches(',');
    }
    found
}

fn is_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || c == ':'
}

fn is_inner(c: char) -> bool {
    is_start(c) || c.is_ascii_digit()
}

fn take(text: &str, is_part: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !is_part(c)).unwrap_or(text.len()))
}

/// From an opening bracket to its end; strings inside may hold the bracket.
fn within(from: &str, close: char) -> (&str, &str) {
    let (mut at, mut in_text) = (1, false);
    for (index, c) in from.char_indices().skip(1) {
        at = index;
        match c {
            '"' => in_text = !in_text,
            _ if c == close && !in_text => return (&from[1..index], &from[index + 1..]),
            _ => {}
        }
    }
    panic!("no {close} after byte {at} of {from}")
}

fn text(from: &str) -> (&str, &str) {
    let inside = from.strip_prefix('"').unwrap_or_else(|| panic!("a text begins at {from}"));
    inside.split_once('"').expect("a text ends")
}

#[test]
fn names_are_told_from_functions_numbers_texts_and_words() {
    let selector = |metric: &str, matchers: &[(&str, &str, &str)]| Selector {
        metric: metric.into(),
        matchers: matchers.iter().map(|(l, o, v)| ((*l).into(), (*o).into(), (*v).into())).collect(),
    };
    for (expression, selectors, grouped) in [
        ("up", vec![selector("up", &[])], vec![]),
        ("sum by (job, le) (rate(a_bucket[5m]))", vec![selector("a_bucket", &[])], vec!["job", "le"]),
        (
            "sum(rate(a{x=\"1\",y!~\"}.+\"}[1h] offset 5m)) > 0.01",
            vec![selector("a", &[("x", "=", "1"), ("y", "!~", "}.+")])],
            vec![],
        ),
        (
            "a:b:c / on (j) group_left () (d > 0) or vector(0)",
            vec![selector("a:b:c", &[]), selector("d", &[])],
            vec!["j"],
        ),
        (
            "topk(3, max_over_time(a[1w] offset 1h)) unless b <= 10 * c",
            vec![selector("a", &[]), selector("b", &[]), selector("c", &[])],
            vec![],
        ),
        ("1 + 2e3 - 5m", vec![], vec![]),
    ] {
        assert_eq!(
            named(expression),
            Named { selectors, grouped: grouped.into_iter().map(str::to_owned).collect() },
            "{expression}"
        );
    }
}
