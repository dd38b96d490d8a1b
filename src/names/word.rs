//! Reading a name: its words in lower-case Latin letters or Han characters, its numbers, its legal forms.
//!
//! `S.C. Johnson & Son, Inc.` -> `sc` `johnson` `and` `son` + the form `inc`; `中国某某协会` -> `中国` `某某` `协会`.

use deunicode::deunicode_char;

use super::alike::spelled;
use super::form::{self, Form};
use super::han;
use super::rarity::rarity;
use super::weights::HAN_FRAME;

/// A name is read as far as this many words: longer ones are texts.
pub const MOST_WORDS: usize = 32;

/// What a number weighs: two bodies of a series differ in nothing else.
const NUMBER_WEIGHT: f64 = 0.6;

/// What kind of word it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters.
    Latin,
    /// Digits; number words are read as digits.
    Number,
    /// A Roman numeral behind a word. It is compared like letters, since V for VI is a slip as well as another fund.
    Roman,
    /// Han characters between prefix and head.
    Han,
    /// 中国, 国际, 协会: what many Chinese names begin or end with.
    HanFrame,
}

/// One word of a name.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub text: String,
    pub kind: Kind,
    pub bracketed: bool,
    pub weight: f64,
}

/// A name, read.
#[derive(Clone, Debug)]
pub struct Name {
    raw: String,
    pub(super) words: Vec<Word>,
    pub(super) forms: Vec<&'static Form>,
    /// All letters and digits in one, forms too.
    pub(super) letters: String,
}

impl Name {
    /// Reads a name.
    #[must_use]
    pub fn new(raw: &str) -> Self {
        Self::read(raw, false)
    }

    /// The same name with its Han characters in Latin letters, to compare with a name that has none.
    pub(super) fn in_latin(&self) -> Self {
        Self::read(&self.raw, true)
    }

    pub(super) fn has_han(&self) -> bool {
        self.raw.chars().any(han::is_han)
    }

    /// The words that carry the name, those that are rare first: not links, and neither prefix nor head of a Chinese name.
    #[must_use]
    pub fn telling_words(&self) -> Vec<&str> {
        let mut words: Vec<&Word> = self.words.iter().filter(|word| word.kind != Kind::HanFrame).collect();
        words.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        words.into_iter().map(|word| word.text.as_str()).collect()
    }

    fn read(raw: &str, in_latin: bool) -> Self {
        let (pieces, mut forms) = han::without_form(pieces(raw), in_latin);
        let letters = pieces.iter().map(|piece| piece.text.as_str()).collect();
        let mut words: Vec<(String, bool)> =
            numbers(joined_initials(pieces)).into_iter().map(|p| (p.text, p.bracketed)).collect();
        words.truncate(MOST_WORDS);
        forms.extend(form::take(&mut words));
        let mut read = Vec::new();
        for (at, (text, bracketed)) in words.into_iter().enumerate() {
            if text.chars().any(han::is_han) {
                let parts = han::parts(&text);
                read.extend(parts.into_iter().map(|(text, kind)| Word {
                    weight: han_weight(kind),
                    text,
                    kind,
                    bracketed,
                }));
            } else {
                read.push(latin(&text, at, bracketed));
            }
        }
        Self { raw: raw.to_owned(), words: read, forms, letters }
    }
}

fn han_weight(kind: Kind) -> f64 {
    if kind == Kind::HanFrame { HAN_FRAME } else { 1.0 }
}

fn latin(text: &str, at: usize, bracketed: bool) -> Word {
    let kind = match text {
        _ if text.bytes().all(|b| b.is_ascii_digit()) => Kind::Number,
        _ if at > 0 && roman(text).is_some() => Kind::Roman,
        _ => Kind::Latin,
    };
    let weight = if kind == Kind::Latin { rarity(spelled(text)).min(rarity(text)) } else { NUMBER_WEIGHT };
    Word { text: text.to_owned(), kind, bracketed, weight }
}

/// Between two separators, of one script.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub text: String,
    pub bracketed: bool,
    /// A dot and nothing else parts it from the piece before.
    dotted: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Digit,
    Han,
}

/// The pieces of a name: lower case, Latin or Han.
fn pieces(raw: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let (mut depth, mut gap, mut last) = (0usize, String::from(" "), None);
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        let (text, script) = match c {
            '(' | '（' | '[' | '【' => {
                depth += 1;
                gap.push(c);
                continue;
            }
            ')' | '）' | ']' | '】' => {
                depth = depth.saturating_sub(1);
                gap.push(c);
                continue;
            }
            '\'' | '’' | '‘' | 'ʼ' | '`' | 'ʻ' => {
                // of Bank's only the bank is kept; 'Ndrangheta and Qa'ida lose the mark alone
                let mut rest = chars.clone();
                let owns = last.is_some()
                    && matches!(rest.next(), Some('s' | 'S'))
                    && !rest.next().is_some_and(char::is_alphanumeric);
                if owns {
                    chars.next();
                }
                continue;
            }
            '&' | '+' => (" and ".to_owned(), Script::Latin),
            '%' => (" percent".to_owned(), Script::Latin),
            _ if han::is_han(c) => (han::folded(c), Script::Han),
            _ if c.is_ascii_digit() => (c.to_string(), Script::Digit),
            _ if c.is_alphanumeric() => match deunicode_char(c).map(str::to_lowercase) {
                Some(text) if text.chars().any(|c| c.is_ascii_digit()) => (text.trim().to_owned(), Script::Digit),
                Some(text) => (text.trim().replace('\'', ""), Script::Latin),
                None => continue,
            },
            _ if !c.is_ascii() && deunicode_char(c).is_some_and(str::is_empty) => continue, // a mark on the letter before
            _ => {
                gap.push(c);
                continue;
            }
        };
        let starts = text.starts_with(' ');
        if starts || !gap.is_empty() || last != Some(script) || pieces.is_empty() {
            let dotted = !starts && gap == "." && script == Script::Latin && last == Some(Script::Latin);
            pieces.push(Piece { text: String::new(), bracketed: depth > 0, dotted });
        }
        let piece = pieces.last_mut().expect("there is one, or one was pushed");
        piece.text.push_str(text.trim());
        gap.clear();
        if text.ends_with(' ') {
            gap.push(' ');
        }
        last = Some(script);
        if pieces.len() > 4 * MOST_WORDS {
            break;
        }
    }
    pieces
}

/// `p` `.` `l` `.` `c` -> `plc`; `A` `B` `C` -> `abc`.
fn joined_initials(pieces: Vec<Piece>) -> Vec<Piece> {
    const LONGEST_INITIAL: usize = 2;
    let is_letter =
        |piece: &Piece, most: usize| piece.text.len() <= most && piece.text.bytes().all(|b| b.is_ascii_lowercase());
    let mut dotted: Vec<Piece> = Vec::new();
    let mut tail = 0; // the length of the last joined initial
    for piece in pieces {
        if let Some(last) = dotted.last_mut()
            && piece.dotted
            && tail <= LONGEST_INITIAL
            && is_letter(&piece, LONGEST_INITIAL)
        {
            last.text.push_str(&piece.text);
            tail = piece.text.len();
            continue;
        }
        tail = if is_letter(&piece, LONGEST_INITIAL) { piece.text.len() } else { usize::MAX };
        dotted.push(piece);
    }
    let mut joined: Vec<Piece> = Vec::new();
    let mut is_run = false;
    for piece in dotted {
        let single = is_letter(&piece, 1);
        if let Some(last) = joined.last_mut()
            && single
            && is_run
        {
            last.text.push_str(&piece.text);
            continue;
        }
        is_run = single;
        joined.push(piece);
    }
    joined
}

/// Numbers in words, as digits: `forty` `four` -> `44`, `1` `st` -> `1`, `first` -> `1`.
fn numbers(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut read: Vec<Piece> = Vec::new();
    let mut tens = false;
    for mut piece in pieces {
        let number = number(&piece.text);
        let last = read.last_mut().filter(|last| last.text.bytes().all(|b| b.is_ascii_digit()));
        match (number, last) {
            (Some(n), Some(last)) if tens && n < 10 => {
                last.text = (last.text.parse::<u32>().unwrap_or(0) + n).to_string();
                tens = false;
                continue;
            }
            (None, Some(last)) if matches!(piece.text.as_str(), "st" | "nd" | "rd" | "th") && last.text.len() < 4 => {
                continue;
            }
            (Some(n), _) => {
                tens = (20..100).contains(&n) && n.is_multiple_of(10);
                piece.text = n.to_string();
            }
            (None, _) => tens = false,
        }
        read.push(piece);
    }
    read
}

/// The number that a word says.
fn number(word: &str) -> Option<u32> {
    const ONES: [&[&str]; 20] = [
        &["zero"],
        &["one", "first"],
        &["two", "second"],
        &["three", "third"],
        &["four", "fourth"],
        &["five", "fifth"],
        &["six", "sixth"],
        &["seven", "seventh"],
        &["eight", "eighth"],
        &["nine", "ninth"],
        &["ten", "tenth"],
        &["eleven", "eleventh"],
        &["twelve", "twelfth"],
        &["thirteen"],
        &["fourteen"],
        &["fifteen"],
        &["sixteen"],
        &["seventeen"],
        &["eighteen"],
        &["nineteen"],
    ];
    const TENS: [&[&str]; 8] = [
        &["twenty"],
        &["thirty"],
        &["forty", "fourty"],
        &["fifty"],
        &["sixty"],
        &["seventy"],
        &["eighty"],
        &["ninety"],
    ];
    let place =
        |rows: &[&[&str]]| rows.iter().position(|row| row.contains(&word)).and_then(|at| u32::try_from(at).ok());
    place(&ONES).or_else(|| place(&TENS).map(|at| (at + 2) * 10))
}

/// The value of a Roman numeral up to thirty; larger ones do not stand in names, and their letters are words.
pub(super) fn roman(word: &str) -> Option<u32> {
    const NUMERALS: [&str; 30] = [
        "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii",
        "xviii", "xix", "xx", "xxi", "xxii", "xxiii", "xxiv", "xxv", "xxvi", "xxvii", "xxviii", "xxix", "xxx",
    ];
    NUMERALS.iter().position(|numeral| *numeral == word).and_then(|at| u32::try_from(at + 1).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_as_words_and_forms() {
        for (name, words, forms) in [
            ("S.C. Johnson & Son, Inc.", "sc johnson and son", "inc"),
            ("Invented p.l.c.", "invented", "plc"),
            ("ООО «Выдумка 2000»", "vydumka 2000", "ooo"),
            ("Gesellschaft mit beschränkter Haftung Erdacht", "erdacht", "gmbh"),
            ("Spółka Wymyślona Sp. z o.o.", "spolka wymyslona", "spzoo"),
            ("Deutsche Bank's AG", "deutsche bank", "ag"),
            ("3%ers", "3 percenters", ""),
            ("Brigade Forty-Four", "brigade 44", ""),
            ("1st Made-Up Bank", "1 made up bank", ""),
            ("中国某某协会", "中国 某某 协会", ""),
            ("中國某某協會", "中国 某某 协会", ""),
            ("某某（虚构）技术有限公司", "某某 虚构 技术", "ltd"),
            ("A B C Company", "abc", "co"),
            ("JSC", "jsc", ""),
            ("", "", ""),
            ("·—", "", ""),
        ] {
            let name_read = Name::new(name);
            let read: Vec<&str> = name_read.words.iter().map(|word| word.text.as_str()).collect();
            let ids: Vec<&str> = name_read.forms.iter().map(|form| form.id).collect();
            assert_eq!((read.join(" ").as_str(), ids.join(" ").as_str()), (words, forms), "{name}");
        }
        assert_eq!(Name::new("中国网络作家协会").telling_words(), ["网络作家"]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_within_the_bound(text in "\\PC{0,400}") {
            let name = Name::new(&text);
            proptest::prop_assert!(name.words.len() <= 3 * MOST_WORDS);
            name.in_latin();
        }
    }
}
