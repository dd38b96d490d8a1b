//! Words that stand for each other, in three grades: other writings, inflections, heads that translators exchange.

use super::weights::{HAN_HEAD, HEAD, INFLECTED, SPELLED};

/// Other writings of one word: the first is the one that a name is read with.
const SPELLINGS: &[&[&str]] = &[
    &["international", "intl", "int", "internationale", "internacional", "mezhdunarodnyi"],
    &["organization", "organisation", "org", "organizatsiia"],
    &["center", "centre", "centr", "tsentr", "centro"],
    &["theater", "theatre"],
    &["labor", "labour"],
    &["department", "dept"],
    &["government", "govt"],
    &["university", "univ", "universidad", "universite", "universitat", "universidade", "universita", "universitet"],
    &["association", "assn", "assoc", "asociacion", "associacao", "assotsiatsiia"],
    &["institute", "inst", "institut", "instituto", "instituto"],
    &["development", "dev", "developement"],
    &["technology", "tech", "technologies"],
    &["engineering", "engg", "eng"],
    &["manufacturing", "mfg"],
    &["industry", "industries", "ind", "inds", "industrial"],
    &["brothers", "bros"],
    &["group", "grp", "groupe", "grupo", "gruppa", "gruppe"],
    &["holding", "holdings", "hldg", "hldgs"],
    &["services", "service", "svcs", "svc"],
    &["management", "mgmt"],
    &["national", "natl"],
    &["general", "gen"],
    &["trading", "trade"],
    &["investment", "investments", "invest"],
    &["transportation", "transport"],
    &["saint", "st", "sankt"],
    &["mount", "mt"],
    &["fort", "ft"],
    &["and", "und", "et", "y", "e", "i"],
    &["bank", "banco", "banque", "banca"],
    &["export", "exports"],
    &["import", "imports"],
    &["chemical", "chemicals"],
    &["pharmaceutical", "pharmaceuticals", "pharma"],
    &["electronic", "electronics"],
    &["programme", "program"],
    &["defence", "defense"],
    &["usa", "us"],
];

/// One root in two shapes. What is a plural with `s` need not be here.
const INFLECTIONS: &[&[&str]] = &[
    &["china", "chinese"],
    &["asia", "asian"],
    &["africa", "african"],
    &["europe", "european"],
    &["culture", "cultural"],
    &["economy", "economic", "economics"],
    &["art", "arts", "artistic"],
    &["industry", "industrial"],
    &["science", "scientific"],
    &["education", "educational"],
    &["medicine", "medical"],
    &["agriculture", "agricultural"],
    &["technology", "technical"],
    &["finance", "financial"],
    &["photography", "photographic"],
    &["literature", "literary"],
];

/// Heads that two translators of one Chinese name choose.
const HEADS: &[&[&str]] = &[
    &["association", "society", "federation"],
    &["alliance", "union", "league"],
    &["committee", "commission"],
    &["institute", "academy"],
];

/// Chinese heads; each is another legal or social form, so that two bodies of one subject often differ in nothing else.
const HAN_HEADS: &[&[&str]] = &[
    &[
        "协会",
        "学会",
        "研究会",
        "促进会",
        "联合会",
        "联谊会",
        "总会",
        "商会",
        "公会",
        "联盟",
        "联合总会",
        "协进会",
        "发展协会",
        "发展促进会",
    ],
    &["委员会", "组委会", "组织委员会", "筹委会", "评委会", "考评委员会"],
    &["研究院", "研究所", "研究中心", "科学院"],
    &["基金会"],
    &["书画院", "画院", "艺术院"],
];
/// Chinese prefixes of reach.
const HAN_PREFIXES: &[&[&str]] =
    &[&["中国", "中华", "全国", "国家", "华夏"], &["国际", "世界", "全球", "环球"], &["亚洲", "亚太"]];

/// The Chinese head that a run ends with, and what is before it.
pub(super) fn han_head(run: &str) -> Option<(&str, &'static str)> {
    let fitting = HAN_HEADS.iter().copied().flatten().filter(|head| run.ends_with(**head) && run.len() > head.len());
    let head = fitting.max_by_key(|head| head.len())?;
    Some((&run[..run.len() - head.len()], head))
}

/// The Chinese prefix that a run begins with, and what follows.
pub(super) fn han_prefix(run: &str) -> Option<(&'static str, &str)> {
    let prefix =
        HAN_PREFIXES.iter().copied().flatten().find(|prefix| run.starts_with(**prefix) && run.len() > prefix.len())?;
    Some((prefix, &run[prefix.len()..]))
}

/// The word that a name is read with: `intl` is `international`.
pub(super) fn spelled(word: &str) -> &str {
    SPELLINGS.iter().find(|row| row[1..].contains(&word)).map_or(word, |row| row[0])
}

/// How near two different words are that may stand for each other: 0.98 for other writings, 0.95 for inflections, 0.85 for heads, 0.4 for
/// Chinese heads and prefixes; `None` for others.
#[must_use]
pub fn words_alike(a: &str, b: &str) -> Option<f64> {
    if spelled(a) == spelled(b) {
        return Some(SPELLED);
    }
    let grades = [(INFLECTIONS, INFLECTED), (HEADS, HEAD), (HAN_HEADS, HAN_HEAD), (HAN_PREFIXES, HAN_HEAD)];
    let in_a_row = |rows: &[&[&str]]| rows.iter().any(|row| row.contains(&a) && row.contains(&b));
    let listed = grades.iter().find(|(rows, _)| in_a_row(rows)).map(|(_, grade)| *grade);
    listed.or_else(|| are_one_and_many(a, b).then_some(INFLECTED))
}

/// `Artist`, `Artists`; not a letter in place of a word.
fn are_one_and_many(a: &str, b: &str) -> bool {
    let (one, many) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let long_enough = one.len() >= 3 && one.is_ascii();
    long_enough
        && (many.strip_suffix('s') == Some(one)
            || one.strip_suffix('y').is_some_and(|stem| many.strip_suffix("ies") == Some(stem)))
}

/// How an English word was exchanged for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exchange {
    /// Its other shape: China, Chinese; Art, Arts. The name says the same.
    Shape,
    /// A head for another of its class: the same body in a translator's words, or another body.
    Head,
}

/// The English words (lower case) that may be written for one.
pub fn exchanges(word: &str) -> impl Iterator<Item = (&'static str, Exchange)> {
    const SHAPES: &[&[&str]] =
        &[&["china", "chinese"], &["art", "arts"], &["culture", "cultural"], &["center", "centre"]];
    let word = word.to_owned();
    let shapes = SHAPES.iter().map(|row| (row, Exchange::Shape));
    let rows = shapes.chain(HEADS.iter().map(|row| (row, Exchange::Head)));
    rows.flat_map(|(row, how)| row.iter().map(move |other| (*row, *other, how)))
        .filter(move |(row, other, _)| row.contains(&word.as_str()) && *other != word)
        .map(|(_, other, how)| (other, how))
}

/// The Chinese names that differ from this one in their head or their prefix alone. They are most often names of other bodies.
#[must_use]
pub fn han_exchanges(name: &str) -> Vec<String> {
    const COMMON: [&str; 5] = ["协会", "学会", "研究会", "促进会", "联合会"];
    const REACH: [&str; 2] = ["中国", "中华"];
    let mut names = Vec::new();
    if let Some((body, head)) = han_head(name).filter(|(_, head)| COMMON.contains(head)) {
        names.extend(COMMON.iter().filter(|other| **other != head).map(|other| format!("{body}{other}")));
    }
    if let Some((prefix, rest)) = han_prefix(name).filter(|(prefix, _)| REACH.contains(prefix)) {
        names.extend(REACH.iter().filter(|other| **other != prefix).map(|other| format!("{other}{rest}")));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_words_stand_for_others() {
        for (a, b, grade) in [
            ("intl", "international", Some(SPELLED)),
            ("china", "chinese", Some(INFLECTED)),
            ("artist", "artists", Some(INFLECTED)),
            ("academies", "academy", Some(INFLECTED)),
            ("association", "society", Some(HEAD)),
            ("学会", "协会", Some(HAN_HEAD)),
            ("association", "alliance", None),
            ("association", "company", None),
            ("协会", "基金会", None),
            ("as", "a", None),
            ("glass", "glas", Some(INFLECTED)),
            ("boston", "atlanta", None),
        ] {
            assert_eq!(words_alike(a, b), grade, "{a} {b}");
            assert_eq!(words_alike(b, a), grade, "{b} {a}");
        }
    }

    #[test]
    fn a_chinese_name_ends_in_the_longest_head() {
        assert_eq!(han_head("某某联合总会"), Some(("某某", "联合总会")));
        assert_eq!(han_head("协会"), None);
        assert_eq!(han_prefix("中国某某"), Some(("中国", "某某")));
        assert_eq!(han_prefix("中国"), None);
        let heads = ["association", "federation"].map(|head| (head, Exchange::Head));
        assert_eq!(exchanges("society").collect::<Vec<_>>(), heads);
        assert_eq!(exchanges("china").collect::<Vec<_>>(), [("chinese", Exchange::Shape)]);
        assert_eq!(exchanges("boston").count(), 0);
        assert_eq!(
            han_exchanges("中国某某协会"),
            ["中国某某学会", "中国某某研究会", "中国某某促进会", "中国某某联合会", "中华某某协会"]
        );
        for none in ["某某基金会", "协会", "国际某某委员会", "Made-Up Society", ""] {
            assert!(han_exchanges(none).is_empty(), "{none}");
        }
    }
}
