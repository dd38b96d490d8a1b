//! Amounts of money, telephone numbers and hosts: offers that no word list can hold.
//!
//! `会费2600元` -> `2600元`; `一万二`, `$400`, `USD 900`; `138-0000-0000`; `x@y.example`, `shop.example`. The grammar of numbers is code;
//! the words around them are data.

use crate::domain::find_hosts;
use crate::rule::CueKind;
use std::ops::Range;

/// What stands behind a number of money.
const UNITS: [&str; 16] = [
    "元",
    "块",
    "圆",
    "塊",
    "万元",
    "萬元",
    "人民币",
    "大洋",
    "yuan",
    "rmb",
    "usd",
    "dollar",
    "euro",
    "pound",
    "bucks",
    "eur",
];
/// What stands before one.
const SIGNS: [&str; 12] = ["¥", "￥", "$", "＄", "€", "£", "usd", "rmb", "cny", "eur", "us$", "hk$"];
/// What stands before a bare number that is one.
const BEFORE: [&str; 24] = [
    "费", "費", "款", "价", "價", "金", "每人", "每位", "每家", "每份", "每件", "每幅", "每校", "每科", "需", "只要",
    "共", "才", "仅", "僅", "理事", "会员", "會員", "only",
];
/// What is counted by a number that is no money.
const COUNTED: &str = concat!(
    "人名年家个個件篇张張字米册冊位场場里公种種次亩畝户戶天日月岁歲所套部条條平斤吨噸座例起份页頁倍度",
    "本只隻头頭匹根粒颗顆棵株幢栋棟栏欄版轮輪级級段代尺寸升克间間桌辆輛台支枚盒箱包瓶杯盏盞封首句行步集号號班组組届屆点點分秒词詞"
);
/// Digits of a telephone number.
const TELEPHONE: Range<usize> = 7..16;

/// Every amount, number and host of a text, with its weight.
pub(super) fn amounts(text: &str) -> Vec<(CueKind, u32, Range<usize>)> {
    let mut found = Vec::new();
    let mut listed = Vec::new();
    let mut from = 0;
    while let Some(offset) = text[from..].find(is_numeral) {
        let start = from + offset;
        let run = number(&text[start..]);
        let bytes = start..start + run.len();
        from = bytes.end;
        if let Some(priced) = price(text, &bytes) {
            if let Some(past) = past(&text[..priced.start]) {
                found.push((CueKind::Told, 2, past));
            }
            found.push((CueKind::Price, 2, priced));
        } else if is_telephone(run) {
            found.push((CueKind::Contact, 2, bytes));
        } else if is_listed(text, &bytes) {
            listed.push((CueKind::Price, 2, bytes));
        }
    }
    // one such number may count anything
    if listed.len() > 1 {
        found.append(&mut listed);
    }
    let hosts = find_hosts(text).into_iter();
    found.extend(
        hosts.map(
            |host| {
                if host.in_email { (CueKind::Contact, 2, host.bytes) } else { (CueKind::Site, 1, host.bytes) }
            },
        ),
    );
    found
}

fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '０'..='９') || is_han_numeral(c)
}

fn is_han_numeral(c: char) -> bool {
    "一二三四五六七八九十百千万萬两兩零〇半".contains(c)
}

/// The number that `text` begins with: digits with what stands inside numbers, or Han numerals.
fn number(text: &str) -> &str {
    let han = text.chars().next().is_some_and(is_han_numeral);
    let (mut end, mut len) = (0, 0);
    for c in text.chars() {
        len += c.len_utf8();
        if is_numeral(c) && (is_han_numeral(c) == han || matches!(c, '千' | '百' | '万' | '萬')) {
            end = len;
        } else if han || !matches!(c, ',' | '.' | '-' | ' ' | '，' | '\u{A0}') || len > end + 2 {
            break;
        }
    }
    &text[..end]
}

/// `包了八百`: what stands before an amount and says that it was paid.
fn past(before: &str) -> Option<Range<usize>> {
    let before = before.trim_end();
    let mark = ["了", "过", "過", "走", "掉"].into_iter().find(|mark| before.ends_with(mark))?;
    Some(before.len() - mark.len()..before.len())
}

/// `pay 120 instead`, `listing 480,`: a bare number that only its neighbours make money.
fn is_tagged(before: &str, behind: &str) -> bool {
    const BEFORE: [&str; 18] = [
        "pay", "pays", "costs", "cost", "bring", "just", "fee", "fees", "listing", "gold", "silver", "bronze",
        "deposit", "price", "is", "for", "about", "at",
    ];
    const BEHIND: [&str; 16] = [
        "a", "an", "per", "each", "in", "instead", "all", "total", "up", "plus", "now", "cash", "until", "before",
        "today", "this",
    ];
    let word = |text: &str| text.chars().take(12).take_while(char::is_ascii_alphabetic).collect::<String>();
    let head = &before[before.ceil_char_boundary(before.len().saturating_sub(12))..];
    let last = head.rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
    let next = word(behind.trim_start()).to_ascii_lowercase();
    let stands_alone = next.is_empty() && !behind.trim_start().starts_with(|c: char| c.is_alphanumeric() || c == '%');
    BEFORE.contains(&last.to_ascii_lowercase().as_str()) && (stands_alone || BEHIND.contains(&next.as_str()))
}

/// `grade one 2,800, grade two 2,200`, `一级2800，二级2200`: an item of a price list, between a grade and a mark.
fn is_listed(text: &str, number: &Range<usize>) -> bool {
    const GRADES: &str = "级級等档檔版型类類证證牌席卡班课課匾章";
    let (written, before) = (&text[number.clone()], &text[..number.start]);
    let digits = written.chars().filter(char::is_ascii_digit).count();
    let ends = text[number.end..]
        .trim_start_matches(' ')
        .chars()
        .next()
        .is_none_or(|c| !c.is_alphanumeric() && c != '%' && c != '-');
    let is_year = digits == 4 && !written.contains(',') && (written.starts_with("19") || written.starts_with("20"));
    let grade = before.ends_with(|c| GRADES.contains(c));
    let item = written.contains(',') && before.trim_end().ends_with(|c: char| c.is_ascii_alphabetic());
    (3..6).contains(&digits) && ends && !is_year && (grade || item)
}

/// `一份八十八`: a small number in Han behind what is sold.
fn is_each(before: &str) -> bool {
    const SOLD: &str = "份套本个個张張块塊位人科级級次节節盒席枚只件幅";
    let mut back = before.chars().rev();
    back.next().is_some_and(|c| SOLD.contains(c)) && back.next().is_some_and(|c| matches!(c, '一' | '每'))
}

/// The bytes of an amount of money around a number.
fn price(text: &str, number: &Range<usize>) -> Option<Range<usize>> {
    let (before, behind) = (text[..number.start].trim_end(), &text[number.end..]);
    let rest = behind.trim_start();
    // a sum of many payments, not a price
    if before.ends_with(['逾', '近', '超', '达', '達', '余', '餘', '多'])
        || before.ends_with("累计")
        || before.ends_with("共计")
        || before.ends_with("涉案")
    {
        return None;
    }
    let unit = |unit: &&&str| rest.get(..unit.len()).is_some_and(|head| head.eq_ignore_ascii_case(unit));
    let is_small = text[number.clone()].chars().count() == 1;
    // one 块 is a piece, eighty are money
    if let Some(unit) = UNITS.iter().find(unit).filter(|unit| !(is_small && matches!(**unit, "块" | "塊"))) {
        return Some(number.start..text.len() - rest.len() + unit.len());
    }
    let sign = |sign: &&&str| {
        let at = before.len().checked_sub(sign.len());
        at.and_then(|at| before.get(at..)).is_some_and(|tail| tail.eq_ignore_ascii_case(sign))
    };
    // 1.5k, 3w: only behind digits, and as a whole word
    let thousands = rest.starts_with(['k', 'K', 'w', 'W']) && !rest[1..].starts_with(|c: char| c.is_alphanumeric());
    if thousands && behind.len() == rest.len() && text[number.clone()].ends_with(|c: char| c.is_ascii_digit()) {
        return Some(number.start..number.end + 1);
    }
    if let Some(sign) = SIGNS.iter().find(sign) {
        return Some(before.len() - sign.len()..number.end);
    }
    let written = &text[number.clone()];
    // 0.91 is a share
    if written.starts_with("0.") {
        return None;
    }
    // 四万多: what is counted stands behind the 多
    let counts = rest.trim_start_matches(['多', '余', '餘', '来']).chars().next().is_some_and(|c| COUNTED.contains(c));
    let digits = written.chars().filter(char::is_ascii_digit).count();
    let is_year = digits == 4 && (written.starts_with("19") || written.starts_with("20"));
    let is_behind = || BEFORE.iter().any(|word| before.ends_with(word)) || is_tagged(before, behind);
    if (3..6).contains(&digits) && !is_year && !counts && is_behind() {
        return Some(number.clone());
    }
    let is_round = written.chars().count() > 1
        && written.contains(['百', '千', '万', '萬'])
        && !written.starts_with(['百', '千', '万', '萬']);
    if written.chars().count() > 1 && written.contains('十') && !counts && is_each(before) {
        return Some(number.clone());
    }
    let is_area = before.ends_with(['积', '積', '约', '約', '达', '達', '近']);
    (is_round && !counts && !is_area).then(|| number.clone())
}

/// Enough digits, and neither a date nor a range of years.
fn is_telephone(written: &str) -> bool {
    let digits = written.chars().filter(char::is_ascii_digit).count();
    let mut groups = written.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty());
    let is_year = |group: &str| group.len() == 4 && (group.starts_with("19") || group.starts_with("20"));
    let is_date = written.len() > digits && groups.next().is_some_and(is_year);
    TELEPHONE.contains(&digits) && !is_date && !written.contains(',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_telephones_and_hosts_are_told_from_other_numbers() {
        for (text, expected) in [
            ("会费2600元", vec!["2600元"]),
            ("一年三千六，两人", vec!["三千六"]),
            ("一万二拿走", vec!["一万二"]),
            ("only 400 euros or $1,200", vec!["400 euro", "$1,200"]),
            ("USD 900", vec!["USD 900"]),
            ("1.5k gets it", vec!["1.5k"]),
            ("报名费1680，三月中截止", vec!["1680"]),
            ("一份八十八，每席三百", vec!["八十八", "三百"]),
            ("members pay 120 instead of 200, gold listing 480, silver 300.", vec!["120", "480", "300"]),
            ("致电000-0000 0011或138 0000 0000", vec!["000-0000 0011", "138 0000 0000"]),
            ("join@sham.com", vec!["sham.com"]),
            ("grade one 2,800, grade two 2,200", vec!["2,800", "2,200"]),
            ("一级2800，二级2200。", vec!["2800", "2200"]),
            // not money, not a telephone
            ("grade one 2,800 members, grade two 2,200", vec![]),
            ("2021年4月14日，2015-2018", vec![]),
            ("2021-04-14", vec![]),
            ("涉案三百余万元，年收入逾千万元", vec![]),
            ("两百人，三千余家，1300名", vec![]),
            ("for 300 people, at 120 kilometres, page 480, in 2019", vec![]),
            ("一次二十人，第八十八页", vec![]),
            ("身高178，一、二、三", vec![]),
            ("read at 0.981, again at 0.9", vec![]),
            ("木牌一块，面积一万二，邮册三百本", vec![]),
            ("", vec![]),
        ] {
            let found: Vec<&str> = amounts(text).into_iter().map(|(.., bytes)| &text[bytes]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
