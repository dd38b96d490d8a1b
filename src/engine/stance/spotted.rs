//! Cues where they stand: found in the folded text, proved on the original, and muted where they are not the author's own word.

use super::amounts::amounts;
use super::held::held;
use super::layout::{Layout, Mark};
use crate::matcher::Found;
use crate::rule::{CueKind, CuePart, Cues, Gap, Scope};
use crate::text::{OffsetMap, fold_into, is_han_like, is_word_boundary};
use std::collections::HashMap;
use std::ops::Range;

/// The most cues of one kind that a passage keeps: the decision asks for the strongest, and whether there are a few.
pub(super) const MAX_OF_A_KIND: usize = 16;
/// The widest gap of a cue with one, in bytes, names not counted: a clause or two.
const WIDEST_GAP: usize = 75;
/// A cue with a gap that is no longer than a word covers others as a word does.
const SHORT_WITH_A_GAP: usize = 30;
/// Marks that no word goes across, nor a narrow gap.
const MARKS: [char; 14] = ['，', '。', '；', '：', '、', ',', ';', ':', '！', '？', '!', '?', '\n', '｜'];
/// The widest of a narrow gap, in bytes: six characters.
const NARROW_GAP: usize = 18;
/// A name that stands in a gap counts no more than this, in bytes.
const LONGEST_IN_GAP: usize = 300;
/// A quotation of a longer text is speech, not the name of an award.
const LONGEST_TITLE: usize = 30;
/// How far a negation reaches, in bytes.
const NEGATION_REACHES: usize = 24;

/// A cue in a text.
#[derive(Clone, Debug)]
pub(super) struct Spotted {
    pub kind: CueKind,
    pub weight: u32,
    pub scope: Scope,
    pub field: usize,
    pub bytes: Range<usize>,
    pub clause: usize,
    pub sentence: usize,
    /// Written with spaces between words: its parts of speech stand in another order than in Han.
    pub spaced: bool,
    /// Inside a quotation.
    pub quoted: bool,
    /// Quoted, negated, told or supposed: not the author's own word.
    pub muted: bool,
}

/// Every cue of a field; `names` are the places whose words are no cues, in order.
pub(super) fn spot(cues: &Cues, layout: &Layout, field: usize, text: &str, names: &[Range<usize>]) -> Vec<Spotted> {
    let mut found: Vec<(Range<usize>, CueKind, u32, Scope, bool)> = Vec::new();
    words(cues, text, names, |cue, bytes| {
        let cue = &cues.all()[cue];
        let has_gap = cue.parts > 1 && bytes.len() > SHORT_WITH_A_GAP;
        found.push((bytes, cue.kind, cue.strength.weight(), cue.scope, has_gap));
    });
    let numbers = amounts(text).into_iter().filter(|(.., bytes)| !overlaps(names, bytes));
    found.extend(numbers.map(|(kind, weight, bytes)| (bytes, kind, weight, Scope::Text, false)));
    found.extend(names.iter().filter_map(|name| belonging(text, name).or_else(|| title(text, name))));
    found.extend(names.iter().filter_map(|name| telling(text, name)));
    found.extend(layout.spoken(field, text).map(|bytes| (bytes, CueKind::Quoting, 2, Scope::Text, true)));
    found.extend(
        names.iter().filter_map(|name| held(text, name)).map(|bytes| (bytes, CueKind::Role, 2, Scope::Clause, true)),
    );
    found.sort_by_key(|(bytes, ..)| (bytes.start, std::cmp::Reverse(bytes.end)));
    let (mut cover, mut covers) = (0..0, CueKind::Unrelated);
    let mut spotted = Vec::new();
    for (bytes, kind, weight, scope, has_gap) in found {
        // the longer word is the one that is meant, in all its kinds; a gap covers nothing, and who tells is heard in what is told
        let tells = kind == CueKind::Witness && matches!(covers, CueKind::Told | CueKind::Loss);
        if bytes.end <= cover.end && !has_gap && cover != bytes && !tells {
            continue;
        }
        if !has_gap && !tells {
            (cover, covers) = (bytes.clone(), kind);
        }
        let Some(clause) = layout.clause_at(field, bytes.start) else { continue };
        let before = &text[layout.clauses[clause].bytes.start..bytes.start];
        let kind = if kind == CueKind::Prohibition && !(is_order(before) && is_ordered(&text[bytes.end..])) {
            CueKind::Negation
        } else {
            kind
        };
        let (kind, weight) =
            if is_either(before, &text[bytes.start..]) { (CueKind::Question, 2) } else { (kind, weight) };
        let sentence = layout.clauses[clause].sentence;
        let ends_in = layout.clause_at(field, bytes.end - 1).map(|clause| layout.clauses[clause].sentence);
        if ends_in == Some(sentence) {
            let quotation = layout.quotation(field, bytes.start);
            let quoted = quotation.is_some_and(|quotation| match kind {
                // an award's name stands in quotation marks too
                CueKind::Role => quotation.len() > LONGEST_TITLE,
                _ => true,
            });
            let spaced = !text[bytes.start..].starts_with(is_han_like);
            let weight = if kind == CueKind::Prohibition && begins(before) { weight.max(2) } else { weight };
            spotted.push(Spotted { kind, weight, scope, field, bytes, clause, sentence, spaced, quoted, muted: false });
        }
    }
    spotted
}

/// Calls `each` with every cue word of a text and its bytes.
fn words(cues: &Cues, text: &str, names: &[Range<usize>], mut each: impl FnMut(usize, Range<usize>)) {
    let mut units = Vec::new();
    fold_into(text, &mut units);
    let mut hits: Vec<(Found, CuePart)> = Vec::new();
    cues.automaton().for_each(&units, |found| hits.extend(cues.parts(found.pattern).iter().map(|part| (found, *part))));
    if hits.is_empty() {
        return;
    }
    let mut offsets = OffsetMap::default();
    offsets.rebuild(text);
    // of each cue with gaps, how many parts have been seen, and where
    let mut begun: HashMap<usize, (usize, Range<usize>)> = HashMap::new();
    for (found, part) in hits {
        let Some(bytes) = offsets.source(found.start..found.end) else { continue };
        let is_word = (!part.starts_word || is_word_boundary(text, bytes.start))
            && (!part.ends_word || is_word_boundary(text, bytes.end));
        if !is_word || text[bytes.clone()].contains(MARKS) || overlaps(names, &bytes) {
            continue;
        }
        let parts = cues.all()[part.cue].parts;
        if part.part == 0 {
            if parts == 1 {
                each(part.cue, bytes);
            } else {
                begun.insert(part.cue, (1, bytes));
            }
        } else if let Some((seen, so_far)) = begun.get(&part.cue).cloned()
            && seen == part.part
            && so_far.end <= bytes.start
            && is_bridged(text, names, part.gap, so_far.end..bytes.start)
        {
            let joined = so_far.start..bytes.end;
            if part.part + 1 == parts {
                begun.remove(&part.cue);
                each(part.cue, joined);
            } else {
                begun.insert(part.cue, (part.part + 1, joined));
            }
        }
    }
}

/// `某某协会的，`: a person is somebody of the body. A branch that no notice lists may stand between.
fn belonging(text: &str, name: &Range<usize>) -> Option<(Range<usize>, CueKind, u32, Scope, bool)> {
    const BRANCH_CHARS: usize = 6;
    let rest = head(&text[name.end..], 4 * (BRANCH_CHARS + 2));
    let of = rest.find('的').filter(|at| {
        *at == 0
            || rest[..*at].chars().count() <= BRANCH_CHARS
                && rest[..*at].ends_with(['会', '院', '处', '處', '會', '部'])
    })?;
    let behind = &rest[of + '的'.len_utf8()..];
    let ends = behind.is_empty() || behind.starts_with(['，', ',', '。', '；', ';', '\n']);
    let bytes = name.end + of..name.end + of + '的'.len_utf8();
    ends.then_some((bytes, CueKind::Role, 2, Scope::Clause, false))
}

/// `某某协会考评组长，`: what stands between the name and a mark, and ends as words for people and honours do; an honour in quotation
/// marks; a year, as lists of honours have it.
fn title(text: &str, name: &Range<usize>) -> Option<(Range<usize>, CueKind, u32, Scope, bool)> {
    const LONGEST: usize = 16;
    const ENDS: &str = "员員师師家长長官士事問问任席委使者队隊手位奖獎证證段杯品生友徒授";
    let rest = head(&text[name.end..], 3 * (LONGEST + 1));
    let len = quoted_title(rest).or_else(|| year(rest)).or_else(|| {
        let end = rest.find(|c: char| !is_han_like(c))?;
        let words = &rest[..end];
        let is_title = words.chars().nth(1).is_some() && !words.contains('的') && words.ends_with(|c| ENDS.contains(c));
        is_title.then_some(end)
    })?;
    // it covers no other word: 招收小队长 is a call too
    Some((name.end..name.end + len, CueKind::Role, 2, Scope::Clause, true))
}

/// How the name of an honour ends.
const HONOURS: &str =
    "员員师師家长長官士使队隊手奖獎证證段杯品生友徒业業位牌店户戶星章园園级級商人者地匠项項号號标標王冠强強佳";

/// `某某协会说`, `the academy told us`: the body is who tells, and the author tells of it.
fn telling(text: &str, name: &Range<usize>) -> Option<(Range<usize>, CueKind, u32, Scope, bool)> {
    const VERBS: [&str; 26] = [
        "说",
        "說",
        "讲",
        "講",
        "话",
        "話",
        "打来",
        "发来",
        "寄来",
        "叫我",
        "让我",
        "要我",
        "收了",
        "拿了",
        "找到我",
        "找上",
        "said",
        "says",
        "told",
        "asked me",
        "charged",
        "sent me",
        "sent us",
        "took",
        "kept",
        "billed",
    ];
    let rest = head(&text[name.end..], 3);
    let rest = &text[name.end + (rest.len() - rest.trim_start_matches([' ', '”', '」']).len())..];
    let verb = VERBS.iter().find(|verb| head(rest, verb.len()) == **verb)?;
    let end = text.len() - rest.len() + verb.len();
    let is_whole = is_word_boundary(text, end) || rest.starts_with(is_han_like);
    // 说明, 话剧: other words
    let is_other =
        rest[verb.len()..].starts_with(['明', '剧', '劇', '法', '题', '題', '课', '課', '座', '解', '师', '師']);
    let quoted = rest[verb.len()..].starts_with(['：', ':']);
    (is_whole && !is_other && !quoted).then_some((end - verb.len()..end, CueKind::Told, 2, Scope::Text, false))
}

/// `的“放心产品”`
fn quoted_title(rest: &str) -> Option<usize> {
    let behind = rest.strip_prefix('的').unwrap_or(rest);
    let inner = behind.strip_prefix(['“', '「', '《', '『'])?;
    let end = inner.find(['”', '」', '》', '』'])?;
    let is_short = (2..=LONGEST_TITLE / 3).contains(&inner[..end].chars().count());
    let is_honour = !inner[..end].contains(MARKS) && inner[..end].ends_with(|c| HONOURS.contains(c));
    (is_short && is_honour).then(|| rest.len() - inner.len() + end)
}

/// `, 2014)`, `（2017）`
fn year(rest: &str) -> Option<usize> {
    let behind = rest.strip_prefix([',', '，', '（', '(']).or_else(|| rest.strip_prefix(" ("))?.trim_start();
    let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
    let is_year = digits == 4 && (behind.starts_with("19") || behind.starts_with("20"));
    let ends = behind[digits..].trim_start().is_empty()
        || behind[digits..].starts_with([')', '）', '.', '。', ';', '；', '至', '-', '—', ',']);
    (is_year && ends).then(|| rest.len() - behind.len() + digits)
}

/// At most so many bytes from the beginning of a text.
fn head(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

/// At most so many bytes from the end of a text.
fn tail(text: &str, bytes: usize) -> &str {
    &text[text.ceil_char_boundary(text.len().saturating_sub(bytes))..]
}

/// What stands before an order in its clause: nothing in an alphabet but words of courtesy; anything in Han, where nothing marks
/// an order.
fn is_order(before: &str) -> bool {
    const COURTESY: [&str; 9] = ["please", "so", "just", "and", "but", "kindly", "also", "then", "you"];
    // a longer clause has said something else before
    let mut words = tail(before, 60).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.all(|word| !word.is_ascii() || COURTESY.contains(&word.to_lowercase().as_str()))
}

/// `never owned a car` tells; `never own a car` orders.
fn is_ordered(behind: &str) -> bool {
    const PAST: [&str; 24] = [
        "was", "were", "had", "did", "saw", "came", "got", "went", "met", "knew", "heard", "spoke", "sent", "gave",
        "took", "told", "left", "made", "held", "wrote", "said", "found", "kept", "sold",
    ];
    let word = behind.trim_start().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
    let is_past = word.ends_with("ed") && !word.ends_with("eed") || PAST.contains(&word);
    !is_past
}

/// `要|不要填`: a verb on both sides of 不 asks, it does not forbid.
fn is_either(before: &str, from: &str) -> bool {
    let mut chars = from.chars();
    chars.next() == Some('不') && chars.next().is_some_and(|verb| before.ends_with(verb))
}

/// Whether nothing stands before a word in its clause but whom it is said to.
fn begins(before: &str) -> bool {
    const SAID_TO: [&str; 14] =
        ["大家", "各位", "家长", "你们", "姐妹们", "朋友们", "同学们", "千万", "可", "请", "都", "就", "也", "再"];
    let before = before.trim_end();
    before.chars().all(|c| !c.is_alphanumeric())
        || before.len() <= 24 && SAID_TO.iter().any(|word| before.ends_with(word))
}

fn overlaps(names: &[Range<usize>], bytes: &Range<usize>) -> bool {
    let behind = names.partition_point(|name| name.start < bytes.end);
    names[..behind].iter().rev().take(4).any(|name| name.end > bytes.start)
}

/// A gap that is short enough; a narrow one has no mark in it.
fn is_bridged(text: &str, names: &[Range<usize>], kind: Gap, between: Range<usize>) -> bool {
    match kind {
        Gap::None => false,
        Gap::Wide => gap(names, between) <= WIDEST_GAP,
        Gap::Narrow => between.len() <= NARROW_GAP && !text[between].contains(MARKS),
    }
}

/// The length of a gap without the names in it.
fn gap(names: &[Range<usize>], gap: Range<usize>) -> usize {
    if gap.len() > WIDEST_GAP + LONGEST_IN_GAP {
        return gap.len();
    }
    let from = names.partition_point(|name| name.start < gap.start);
    let inside = names[from..].iter().take_while(|name| name.end <= gap.end);
    gap.len().saturating_sub(inside.map(Range::len).sum::<usize>().min(LONGEST_IN_GAP))
}

/// Kinds of an offer: what an author means only when it is the author's own word.
pub(super) const OFFER: [CueKind; 8] = [
    CueKind::Invitation,
    CueKind::Fee,
    CueKind::Price,
    CueKind::Contact,
    CueKind::Site,
    CueKind::Sale,
    CueKind::Address,
    CueKind::Endorsement,
];
/// Kinds that a negation before them turns into praise: 不是骗子, was not banned.
const TURNED: [CueKind; 3] = [CueKind::Discredit, CueKind::Measure, CueKind::Loss];

/// Kinds of money: what was paid in one clause is not asked for in the next of the sentence.
const MONEY: [CueKind; 2] = [CueKind::Fee, CueKind::Price];

/// Mutes what is quoted, negated, told or supposed. One walk in order of clauses.
pub(super) fn mute(cues: &mut [Spotted], layout: &Layout) {
    let (mut first, mut sentence, mut last) = (0, usize::MAX, 0);
    let (mut told_before, mut announced) = (false, false);
    while first < cues.len() {
        let clause = cues[first].clause;
        let len = cues[first..].iter().take_while(|cue| cue.clause == clause).count();
        let goes_on = cues[first].sentence == sentence;
        announced &= goes_on;
        // another matter begins
        told_before &= goes_on && !layout.clauses[last..clause].iter().any(|clause| clause.mark == Mark::Semicolon);
        sentence = cues[first].sentence;
        let of_clause = &mut cues[first..first + len];
        if announced {
            for cue in of_clause.iter_mut() {
                cue.quoted = true;
            }
        }
        told_before |= mute_clause(of_clause, layout.asks[sentence], told_before);
        announced |= layout.clauses[clause].mark == Mark::Colon && announces(of_clause, &layout.clauses[clause].bytes);
        last = clause;
        first += len;
    }
}

/// `墙上贴着：`, `the flyer reads:`: whose words come behind the colon, and not as the first word of all.
fn announces(cues: &[Spotted], clause: &Range<usize>) -> bool {
    const NEAR: usize = 12;
    cues.iter().any(|cue| {
        cue.kind == CueKind::Quoting && cue.bytes.end + NEAR >= clause.end && cue.bytes.start > clause.start + NEAR
    })
}

/// Says whether something is told in it.
fn mute_clause(cues: &mut [Spotted], asks: bool, told_before: bool) -> bool {
    // what was paid and lost is no price that is asked
    let is_told = cues.iter().any(|cue| tells(cue) && !cue.quoted);
    // a telephone of the authorities, or to report it, is nobody's offer
    let is_official = cues.iter().any(|cue| matches!(cue.kind, CueKind::Authority | CueKind::Advice) && !cue.quoted);
    let (mut negated_until, mut turned_until, mut supposed) = (0, 0, false);
    for cue in cues {
        match cue.kind {
            CueKind::Negation | CueKind::Prohibition => {
                negated_until = cue.bytes.end + NEGATION_REACHES;
                turned_until = cue.bytes.end + NEGATION_REACHES / 2;
            }
            // advice begins with its prohibition: 别交会费
            CueKind::Advice => {
                negated_until = cue.bytes.end + NEGATION_REACHES;
                cue.muted = cue.quoted;
            }
            CueKind::Hypothetical => supposed = true,
            kind if OFFER.contains(&kind) => {
                cue.muted = cue.quoted
                    || is_told
                    || supposed
                    || cue.bytes.start < negated_until
                    || told_before && MONEY.contains(&kind)
                    || is_official && kind == CueKind::Contact && cue.weight < 3;
            }
            kind if TURNED.contains(&kind) && cue.bytes.start < turned_until => {
                (cue.kind, cue.weight) = (CueKind::Endorsement, 1);
            }
            CueKind::Discredit | CueKind::Role => cue.muted = asks || cue.quoted,
            CueKind::Witness | CueKind::Loss => cue.muted = cue.quoted,
            _ => {}
        }
    }
    is_told
}

fn tells(cue: &Spotted) -> bool {
    cue.kind == CueKind::Told || cue.kind == CueKind::Loss && cue.weight > 1
}
