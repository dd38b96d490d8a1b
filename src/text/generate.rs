//! How the committed fold table is made: from well-kept Unicode and OpenCC data in the dev-dependencies, and two tables of our own.
//!
//! The test at the end makes the table anew and compares; `TRIPLINE_BLESS=1` rewrites the two files. An update of a
//! dependency that changes what is matched is therefore seen as a difference of lines, and never at run time.

use std::collections::HashMap;
use std::fmt::Write as _;

use caseless::Caseless as _;
use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory, Script};
use icu_properties::{CodePointMapData, CodePointSetData};
use unicode_normalization::UnicodeNormalization as _;

use super::folds::{Fold, FoldSet};
use super::table::is_hangul_syllable;
use super::variants::{BARS, LOOK_ALIKES, STYLED, VARIANTS};

/// What one character becomes. Without a character left it is dropped, and the classes hold exactly one of mark, separator and invisible.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Folded {
    chars: Vec<char>,
    classes: FoldSet,
}

impl Folded {
    fn kept(c: char) -> Self {
        Self { chars: vec![c], classes: FoldSet::EMPTY }
    }

    fn dropped(class: Fold) -> Self {
        Self { chars: Vec::new(), classes: FoldSet::from_iter([class]) }
    }

    fn is_dropped(&self) -> bool {
        self.chars.is_empty()
    }
}

/// The fold, one character at a time, straight from the data.
struct Generator {
    opencc: OpenCC,
    upper: HashMap<char, char>,
    styled: HashMap<char, Vec<char>>,
    variants: HashMap<char, char>,
    known: HashMap<char, Folded>,
    path: Vec<char>,
}

impl Generator {
    fn new() -> Self {
        let upper = all_chars()
            .filter(|c| category(*c) == GeneralCategory::UppercaseLetter)
            .filter_map(|c| Some((only(&case_folded(c))?, c)))
            .filter(|(lower, c)| lower != c)
            .collect();
        Self {
            opencc: OpenCC::from_config(BuiltinConfig::T2s).expect("the crate embeds its dictionaries"),
            upper,
            styled: STYLED
                .iter()
                .flat_map(|(first, run)| (*first..).zip(run.split(' ').map(|plain| plain.chars().collect())))
                .collect(),
            variants: VARIANTS.iter().flat_map(|(_, pairs)| pairs.split_whitespace()).map(pair).collect(),
            known: HashMap::new(),
            path: Vec::new(),
        }
    }

    fn fold(&mut self, c: char) -> Folded {
        if let Some(folded) = self.known.get(&c) {
            return folded.clone();
        }
        assert!(!self.path.contains(&c), "{:?} lead back to {c:?}", self.path);
        self.path.push(c);
        let folded = self.compute(c);
        self.path.pop();
        self.known.insert(c, folded.clone());
        folded
    }

    fn compute(&mut self, c: char) -> Folded {
        if c.is_ascii_lowercase() || c.is_ascii_digit() {
            return Folded::kept(c);
        }
        if is_invisible(c) {
            return Folded::dropped(Fold::Invisible);
        }
        if BARS.contains(&c) {
            return Folded::dropped(Fold::Separator);
        }
        if let Some((_, like)) = LOOK_ALIKES.split_whitespace().map(pair).find(|(from, _)| *from == c) {
            return self.fold_all(&[like], FoldSet::from_iter([Fold::Confusable]));
        }
        let decomposed: Vec<char> = std::iter::once(c).nfkd().collect();
        if decomposed != [c] {
            return self.fold_decomposed(c, &decomposed);
        }
        if is_mark(c) {
            return Folded::dropped(Fold::Mark);
        }
        if let Some(plain) = self.styled.get(&c).cloned() {
            return self.fold_all(&plain, FoldSet::from_iter([Fold::Styled]));
        }
        if let Some(folded) = self.looks_like_an_upper_case_letter(c) {
            return folded;
        }
        let lower = case_folded(c);
        if lower != [c] {
            return self.fold_all(&lower, FoldSet::from_iter([Fold::Case]));
        }
        if let Some(simplified) = self.simplified(c) {
            return self.fold_all(&[simplified], FoldSet::from_iter([Fold::Traditional]));
        }
        if let Some(folded) = self.prototype(c) {
            return folded;
        }
        if is_letter_or_digit(c) { Folded::kept(c) } else { Folded::dropped(Fold::Separator) }
    }

    fn fold_all(&mut self, pieces: &[char], with: FoldSet) -> Folded {
        let mut all = Folded { chars: Vec::new(), classes: with };
        for piece in pieces {
            let folded = self.fold(*piece);
            if !folded.is_dropped() {
                all.chars.extend(folded.chars);
                all.classes = all.classes.union(folded.classes);
            }
        }
        all
    }

    /// A compatibility character, or a letter composed with its marks.
    fn fold_decomposed(&mut self, c: char, pieces: &[char]) -> Folded {
        let dropped: Vec<Fold> = pieces
            .iter()
            .map(|piece| self.fold(*piece))
            .filter(Folded::is_dropped)
            .flat_map(|folded| folded.classes.iter().collect::<Vec<_>>())
            .collect();
        let is_composed = std::iter::once(c).nfd().eq(pieces.iter().copied()) && dropped.contains(&Fold::Mark);
        let class = match c {
            '\u{FF00}'..='\u{FFEF}' => Fold::Width,
            _ if is_composed => Fold::Mark,
            _ => Fold::Styled,
        };
        let mut folded = self.fold_all(pieces, FoldSet::from_iter([class]));
        if !folded.is_dropped() {
            if dropped.contains(&Fold::Mark) {
                folded.classes.insert(Fold::Mark);
            }
            return folded;
        }
        let class = [Fold::Separator, Fold::Mark, Fold::Invisible].into_iter().find(|class| dropped.contains(class));
        Folded::dropped(class.expect("a decomposition is never empty"))
    }

    /// Upper case before look-alikes would read a capital Greek nu as `v`: a letter that looks like a Latin capital is that letter.
    fn looks_like_an_upper_case_letter(&mut self, c: char) -> Option<Folded> {
        let capital = only(&prototype(c)?).filter(char::is_ascii_uppercase)?;
        let is_upper = category(c) == GeneralCategory::UppercaseLetter && !c.is_ascii();
        is_upper.then(|| self.fold_all(&[capital], FoldSet::from_iter([Fold::Case, Fold::Confusable])))
    }

    /// OpenCC's first simplified form of a single character, or ours.
    fn simplified(&self, c: char) -> Option<char> {
        if script(c) != Script::Han {
            return None;
        }
        let converted = self.opencc.convert(c.encode_utf8(&mut [0; 4]));
        let target = only(&converted.chars().collect::<Vec<_>>()).unwrap_or(c);
        let target = self.variants.get(&target).copied().unwrap_or(target);
        (target != c).then_some(target)
    }

    /// The ASCII or Han letters that a letter of another script looks like. Han is never taken for other Han, nor ASCII for anything.
    /// Signs are not read as letters, since they stand between characters far more often (`中∣国`, `中×国`); Han radicals are.
    fn prototype(&mut self, c: char) -> Option<Folded> {
        if is_letter_or_digit(c) == (script(c) == Script::Han) {
            return None;
        }
        let direct = prototype(c).filter(|pieces| !pieces.iter().any(|piece| case_folded(*piece).contains(&c)));
        let capital = self.capital(c).map(|capital| vec![capital]);
        let is_plain = |pieces: &Vec<char>| pieces.iter().all(|piece| piece.is_ascii() || is_mark(*piece));
        let folded = [direct.clone().filter(is_plain), capital, direct]
            .into_iter()
            .flatten()
            .map(|pieces| self.fold_all(&pieces, FoldSet::from_iter([Fold::Confusable])))
            .find(|folded| folded.is_dropped() || is_ascii_or_han(&folded.chars))?;
        if folded.is_dropped() {
            let is_modifier = category(c) == GeneralCategory::ModifierLetter;
            return is_modifier.then(|| Folded::dropped(Fold::Separator));
        }
        // A small letter whose prototype happens to be a capital is not written in another case.
        let classes = folded.classes.iter().filter(|class| *class != Fold::Case).collect();
        Some(Folded { classes, ..folded })
    }

    /// The Latin capital that the upper case of a small letter looks like: small Cyrillic en is not `h`, but its capital is `H`.
    fn capital(&self, c: char) -> Option<char> {
        only(&prototype(*self.upper.get(&c)?)?).filter(char::is_ascii_uppercase)
    }
}

fn is_ascii_or_han(chars: &[char]) -> bool {
    chars.iter().all(char::is_ascii) || chars.iter().all(|c| script(*c) == Script::Han)
}

fn pair(written: &str) -> (char, char) {
    let mut chars = written.chars();
    let (Some(from), Some(to), None) = (chars.next(), chars.next(), chars.next()) else {
        panic!("{written} is no pair")
    };
    (from, to)
}

fn all_chars() -> impl Iterator<Item = char> {
    '\0'..=char::MAX
}

fn only(chars: &[char]) -> Option<char> {
    if let [c] = *chars { Some(c) } else { None }
}

fn case_folded(c: char) -> Vec<char> {
    std::iter::once(c).default_case_fold().collect()
}

fn category(c: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(c)
}

fn script(c: char) -> Script {
    CodePointMapData::<Script>::new().get(c)
}

/// Default ignorable code points, formats, and controls that are not white space.
fn is_invisible(c: char) -> bool {
    let is_blank = matches!(c, '\t'..='\r' | '\u{85}');
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
        || category(c) == GeneralCategory::Format
        || category(c) == GeneralCategory::Control && !is_blank
}

fn is_mark(c: char) -> bool {
    use GeneralCategory as G;
    matches!(category(c), G::NonspacingMark | G::SpacingMark | G::EnclosingMark)
}

/// Letters, digits and numbers; and what is not assigned yet in the planes that are reserved for Han characters, since it can only become
/// one. Everything else that is not assigned, or is private, is a sign nobody can read: dropped as a separator.
fn is_letter_or_digit(c: char) -> bool {
    use GeneralCategory as G;
    match category(c) {
        G::UppercaseLetter
        | G::LowercaseLetter
        | G::TitlecaseLetter
        | G::ModifierLetter
        | G::OtherLetter
        | G::DecimalNumber
        | G::LetterNumber
        | G::OtherNumber => true,
        G::Unassigned => ('\u{20000}'..='\u{3FFFD}').contains(&c) && u32::from(c) & 0xFFFE != 0xFFFE,
        _ => false,
    }
}

/// The prototype of UTS 39 when it differs. It takes `m` for `rn`: we keep `m`.
fn prototype(c: char) -> Option<Vec<char>> {
    let skeleton: String = unicode_security::confusable_detection::skeleton(c.encode_utf8(&mut [0; 4])).collect();
    let pieces: Vec<char> = skeleton.replace("rn", "m").chars().collect();
    (pieces != [c]).then_some(pieces)
}

fn header() -> String {
    let (major, minor, update) = unicode_normalization::UNICODE_VERSION;
    let (case_major, case_minor, case_update) = caseless::UNICODE_VERSION;
    format!(
        "\
# Generated: `TRIPLINE_BLESS=1 cargo test --lib text::generate` makes it anew. Do not edit.
# From Unicode {major}.{minor}.{update} (unicode-normalization, unicode-security, icu_properties), Unicode {case_major}.{case_minor}.{case_update} (caseless),
# OpenCC's single characters (ferrous-opencc; Apache-2.0) and src/text/variants.rs. Unicode data: © Unicode, Inc., Unicode License v3.
"
    )
}

fn folds_tsv(generator: &mut Generator) -> String {
    let mut tsv = format!("{}# code point, its fold (code points), classes, both as text\n", header());
    for c in all_chars().filter(|c| !is_hangul_syllable(*c)) {
        let folded = generator.fold(c);
        if folded.is_dropped() || folded.chars == [c] {
            continue;
        }
        let codes: Vec<String> = folded.chars.iter().map(|c| format!("{:04X}", u32::from(*c))).collect();
        let classes: Vec<&str> = folded.classes.iter().map(Fold::as_str).collect();
        let text = folded.chars.iter().collect::<String>();
        let picture = if is_right_to_left(c) { String::new() } else { format!("\t{c} {text}") };
        writeln!(tsv, "{:04X}\t{}\t{}{picture}", u32::from(c), codes.join(" "), classes.join(",")).unwrap();
    }
    tsv
}

/// Blocks written from right to left: their letters would turn the line around.
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

fn ranges_tsv(generator: &mut Generator) -> String {
    let mut runs: Vec<(u32, u32, &'static str)> = Vec::new();
    for c in all_chars() {
        let folded = generator.fold(c);
        let class = match folded.classes.iter().next() {
            Some(class) if folded.is_dropped() => class.as_str(),
            _ => "letter",
        };
        let code = u32::from(c);
        match runs.last_mut() {
            Some((_, last, of)) if *of == class && (*last + 1 == code || (*last, code) == (0xD7FF, 0xE000)) => {
                *last = code;
            }
            _ => runs.push((code, code, class)),
        }
    }
    let mut tsv = format!(
        "{}# first, last, what it is: a letter (or digit) that is kept or folded, or why it is dropped\n",
        header()
    );
    for (first, last, class) in runs {
        writeln!(tsv, "{first:04X}\t{last:04X}\t{class}").unwrap();
    }
    tsv
}

#[test]
fn the_committed_table_is_what_the_data_gives() {
    let mut generator = Generator::new();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/text/generated");
    for (name, made) in [("folds.tsv", folds_tsv(&mut generator)), ("ranges.tsv", ranges_tsv(&mut generator))] {
        let path = format!("{folder}/{name}");
        if std::env::var_os("TRIPLINE_BLESS").is_some() {
            std::fs::write(&path, &made).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        let differs = committed.lines().zip(made.lines()).find(|(old, new)| old != new);
        assert_eq!(differs, None, "{name}: TRIPLINE_BLESS=1 rewrites it");
        assert_eq!(committed.lines().count(), made.lines().count(), "{name}: TRIPLINE_BLESS=1 rewrites it");
    }
}

#[test]
fn all_data_is_of_one_unicode_version() {
    let (major, minor, update) = unicode_normalization::UNICODE_VERSION;
    assert_eq!(unicode_security::UNICODE_VERSION, (major.into(), minor.into(), update.into()));
    let lines = include_str!("testdata/normalization.txt");
    assert!(lines.contains(&format!("NormalizationTest-{major}.{minor}.{update}.txt")));
    // A letter that came with this version, so that the categories are not older.
    assert_ne!(category('\u{A7DD}'), GeneralCategory::Unassigned);
}

#[test]
fn folding_a_fold_changes_nothing() {
    let mut generator = Generator::new();
    for c in all_chars().filter(|c| !is_hangul_syllable(*c)) {
        for kept in generator.fold(c).chars {
            assert_eq!(generator.fold(kept), Folded::kept(kept), "{c:?} -> {kept:?}");
        }
    }
}
