//! How a listed domain is spelt between its first and its last letter: `q s n r c [.] com`.

use super::Domain;
use super::dots::dot_at;
use super::sign::{Sign, is_space, sign_at};
use crate::text::{Fold, FoldSet, folds_between};

/// A spelling that was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Spelling {
    pub(super) folds: FoldSet,
    /// Words or blanks stand at its dots: what follows may go on in the same way.
    pub(super) has_loose_dots: bool,
    /// Its letters stand one by one.
    pub(super) is_spaced_out: bool,
    /// A line ends within a label.
    pub(super) is_broken: bool,
}

/// What stands between two letters of a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gap {
    Line,
    Blank,
    Noise,
}

/// A sign that nobody takes for a part of an address, a sentence's end or a list's mark: only such may stand alone
/// inside a label.
fn is_noise(c: char) -> bool {
    const STRUCTURE: &str = ".,;:/\\?#&=@%|<>()[]{}!，。；：、？！（）【】《》「」“”‘’\"'…—";
    !c.is_alphanumeric() && !STRUCTURE.contains(c)
}

/// Characters of noise in one gap.
const NOISE: usize = 3;

/// The spelling of `domain` that `written` is; `None` when it is another host, or none.
pub(super) fn spelling(written: &str, domain: &Domain) -> Option<Spelling> {
    let mut reader = Reader::default();
    let mut at = 0;
    while at < written.len() {
        at += reader.step(&written[at..])?;
    }
    reader.finish(domain)
}

#[derive(Default)]
struct Reader {
    /// The labels so far, the last one open.
    labels: Vec<String>,
    open: String,
    spelling: Spelling,
    /// Gaps within labels that are filled.
    filled: Vec<Gap>,
    /// Since the last letter or dot.
    gap: Option<Gap>,
    noise: usize,
    is_after_dot: bool,
}

impl Reader {
    /// Reads what `rest` begins with, and says how long it is.
    fn step(&mut self, rest: &str) -> Option<usize> {
        let is_spaced = matches!(self.gap, Some(Gap::Blank | Gap::Line));
        let seen = sign_at(rest)?;
        if let (true, Some(length)) = (!matches!(seen.sign, Sign::Letter(_)) || is_spaced, dot_at(rest, is_spaced)) {
            return self.dot(rest, length);
        }
        match seen.sign {
            Sign::Dot => {
                self.spelling.folds = self.spelling.folds.union(seen.folds);
                self.dot(rest, seen.length)?;
            }
            Sign::Unseen => self.spelling.folds.insert(Fold::Invisible),
            Sign::Letter(c) => self.letter(c, seen.folds)?,
            Sign::Other(c) if is_space(c) => self.blank(c)?,
            Sign::Other(c) if c.is_alphanumeric() => self.letter(c, seen.folds)?,
            Sign::Other(c) => {
                self.noise += 1;
                self.gap = Some(Gap::Noise)
                    .filter(|_| is_noise(c) && self.noise <= NOISE && self.gap.is_none_or(|gap| gap == Gap::Noise));
                self.gap?;
            }
        }
        Some(seen.length)
    }

    fn dot(&mut self, rest: &str, length: usize) -> Option<usize> {
        if self.open.is_empty() {
            return None;
        }
        let sign = &rest[..length];
        let is_plain = sign_at(sign).is_some_and(|seen| {
            seen.length == length && seen.sign == Sign::Dot && !seen.folds.contains(Fold::Defanged)
        });
        if let (true, Some(seen)) = (is_plain, sign_at(sign)) {
            self.spelling.folds = self.spelling.folds.union(seen.folds);
        } else {
            self.spelling.folds.insert(Fold::Defanged);
            self.spelling.has_loose_dots |=
                sign_at(sign).is_some_and(|seen| matches!(seen.sign, Sign::Other(_) | Sign::Letter(_)));
        }
        self.around_dot();
        if self.gap == Some(Gap::Noise) {
            return None;
        }
        self.labels.push(std::mem::take(&mut self.open));
        (self.gap, self.noise, self.is_after_dot) = (None, 0, true);
        Some(length)
    }

    /// Blanks around a dot are a way of making it harmless; a line that ends there is a broken line.
    fn around_dot(&mut self) {
        match self.gap.take_if(|gap| *gap != Gap::Noise) {
            Some(Gap::Blank) => {
                self.spelling.folds.insert(Fold::Defanged);
                self.spelling.has_loose_dots = true;
            }
            Some(Gap::Line) => self.spelling.folds.insert(Fold::Separator),
            _ => {}
        }
    }

    fn letter(&mut self, c: char, folds: FoldSet) -> Option<()> {
        self.spelling.folds = self.spelling.folds.union(folds);
        if self.is_after_dot {
            self.around_dot();
            if self.gap.is_some() {
                return None;
            }
        } else {
            self.filled.extend(self.gap.take());
        }
        (self.gap, self.noise, self.is_after_dot) = (None, 0, false);
        self.open.push(c);
        Some(())
    }

    /// One blank, or one line's end with blanks around it.
    fn blank(&mut self, c: char) -> Option<()> {
        let is_line = matches!(c, '\n' | '\u{2028}');
        self.gap = match (self.gap, is_line) {
            (Some(Gap::Noise), _) | (Some(Gap::Line), true) => return None,
            (_, true) | (Some(Gap::Line), false) => Some(Gap::Line),
            (_, false) => Some(Gap::Blank),
        };
        Some(())
    }

    fn finish(mut self, domain: &Domain) -> Option<Spelling> {
        self.labels.push(std::mem::take(&mut self.open));
        let host = self.labels.join(".");
        if Domain::read(&host).ok()? != *domain {
            return None;
        }
        let count = |gap: Gap| self.filled.iter().filter(|filled| **filled == gap).count();
        let gaps: usize = self.labels.iter().map(|label| label.chars().count().saturating_sub(1)).sum();
        // In most gaps the signs are the disguise; a single blank parts two words.
        self.spelling.is_spaced_out = self.filled.len() >= 3 && self.filled.len() * 2 > gaps;
        self.spelling.is_broken = count(Gap::Line) == 1 && count(Gap::Blank) == 0;
        if count(Gap::Blank) > 0 && !self.spelling.is_spaced_out || count(Gap::Line) > 1 {
            return None;
        }
        if !self.filled.is_empty() {
            self.spelling.folds.insert(Fold::Separator);
        }
        self.spelling.folds = self.spelling.folds.union(letter_folds(self.labels.iter().map(String::as_str), domain));
        Some(self.spelling)
    }
}

/// How the letters of `labels` differ from those of `domain`, which is the same host.
pub(super) fn letter_folds<'l>(labels: impl Iterator<Item = &'l str>, domain: &Domain) -> FoldSet {
    let own = domain.to_unicode();
    let mut folds = FoldSet::EMPTY;
    for (written, listed) in labels.zip(own.split('.')) {
        let is_encoded = written.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("xn--"));
        if is_encoded && !listed.is_ascii() {
            folds.insert(Fold::Punycode);
        } else {
            folds = folds.union(folds_between(written, listed));
        }
    }
    folds
}

#[cfg(test)]
mod tests {
    use super::*;
    use Fold::{Case, Defanged, Escape, Invisible, Punycode, Separator, Styled, Width};

    #[test]
    fn one_host_has_many_spellings() {
        let domain = Domain::parse("shamsite.example").expect("a domain");
        for (written, folds) in [
            ("shamsite.example", &[][..]),
            ("ShamSite.Example", &[Case]),
            ("ｓｈａｍｓｉｔｅ．ｅｘａｍｐｌｅ", &[Width]),
            ("ⓢⓗⓐⓜⓢⓘⓣⓔ.example", &[Styled]),
            ("shamsite。example", &[Width]),
            ("shamsite[.]example", &[Defanged]),
            ("shamsite(dot)example", &[Defanged]),
            ("shamsite点example", &[Defanged]),
            ("shamsite 點 example", &[Defanged]),
            ("shamsite dot example", &[Defanged]),
            ("shamsite . example", &[Defanged]),
            ("shamsite .example", &[Defanged]),
            ("sham\u{AD}site.exam\u{200B}ple", &[Invisible]),
            ("%73hamsite%2Eexample", &[Escape]),
            ("shamsite&#46;example", &[Escape]),
            ("s h a m s i t e . e x a m p l e", &[Separator, Defanged]),
            ("s·h·a·m·s·i·t·e.example", &[Separator]),
            ("sham*site.example", &[Separator]),
            ("sham\nsite.example", &[Separator]),
            ("shamsite.\nexample", &[Separator]),
        ] {
            let found = spelling(written, &domain).map(|spelling| spelling.folds);
            assert_eq!(found, Some(folds.iter().copied().collect()), "{written}");
        }
    }

    #[test]
    fn letters_and_their_xn_form_are_one_host() {
        let domain = Domain::parse("样例.example").expect("a domain");
        for (written, folds) in [
            ("样例.example", &[][..]),
            ("样例。example", &[Width]),
            ("样例.EXAMPLE", &[Case]),
            ("xn--fsq49e.example", &[Punycode]),
            ("XN--FSQ49E.example", &[Punycode]),
        ] {
            let encoded = domain.as_ascii().split('.').next().unwrap_or_default();
            let written = written.replace("xn--fsq49e", encoded).replace("XN--FSQ49E", &encoded.to_uppercase());
            let found = spelling(&written, &domain).map(|spelling| spelling.folds);
            assert_eq!(found, Some(folds.iter().copied().collect()), "{written}");
        }
    }

    #[test]
    fn other_hosts_and_words_are_no_spelling() {
        let domain = Domain::parse("shamsite.example").expect("a domain");
        for written in [
            "shamsiteexample",
            "shamsite, example",
            "shamsite/example",
            "shamsite example",
            "shamsite\nexample",
            "shamsite..example",
            "sham site.example",
            "sham si te.example",
            "sham/site.example",
            "sham，site.example",
            "sham.site.example",
            "sham-site.example",
            "sham\n\nsite.example",
            "sham\nsi\nte.example",
            "shamsite.\n\nexample",
            "shamsite*.example",
            "shаmsite.example",
            "shamsite dotexample",
            "",
        ] {
            assert_eq!(spelling(written, &domain), None, "{written}");
        }
    }
}
