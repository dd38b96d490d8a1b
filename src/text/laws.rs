//! What holds for every text: laws as properties, and the tables of what must and must not fold alike.

use proptest::prelude::*;

use super::{Fold, OffsetMap, Span, fold, fold_into, folds_between};

const NORMALIZATION: &str = include_str!("testdata/normalization.txt");

fn folded(text: &str) -> String {
    String::from_utf16(&fold(text)).expect("a fold is well-formed UTF-16")
}

#[test]
fn every_normalization_test_line_folds_like_its_nfkc_column() {
    let column = |hex: &str| -> String {
        hex.split(' ').map(|code| char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap()).collect()
    };
    let announced = NORMALIZATION.lines().find_map(|line| line.strip_prefix("# lines: ")).unwrap();
    let mut lines = 0_usize;
    for line in NORMALIZATION.lines().filter(|line| !line.starts_with('#')) {
        lines += 1;
        // The lunate sigma is a sigma to Unicode, and a c to its reader.
        if line.starts_with("03F2;") || line.starts_with("03F9;") {
            continue;
        }
        let (source, nfkc) = line.split_once(';').unwrap();
        assert_eq!(folded(&column(source)), folded(&column(nfkc)), "{line}");
    }
    assert_eq!(lines.to_string(), announced);
}

#[test]
fn spellings_of_one_name_fold_alike() {
    #[rustfmt::skip]
    let table = [
        ("協會", "协会"), ("聯合會", "联合会"), ("聨合會", "联合会"), ("网絡", "网络"), ("網絡", "网络"), ("平臺", "平台"),
        ("中華餘氏宗親聯合會", "中华余氏宗亲联合会"), ("馀氏", "余氏"), ("研究會", "研究会"), ("國際藝術", "国际艺术"), ("広告", "广告"),
        ("ＣＨＩＮＡ", "china"), ("Ｃｈｉｎａ　１２３", "china123"), ("ⒸⓗⒾⓝⓐ", "china"), ("🄲🄷🄸🄽🄰", "china"), ("🅒🅗🅘🅝🅐", "china"),
        ("𝐂𝐡𝒊𝓷𝖺", "china"), ("ℂ𝕙𝕚𝕟𝕒", "china"), ("ᴄʜɪɴᴀ", "china"), ("①②③", "123"), ("❶❷❸", "123"), ("⑩", "10"), ("㈠", "一"), ("㊥", "中"),
        ("⼈⺠", "人民"), ("エ力", "工カ"), ("巿", "市"), ("中丨国", "中国"), ("ϲhina", "china"), ("㍿", "株式会社"), ("ﬁne", "fine"), ("Straße", "STRASSE"), ("ⅳ", "iv"),
        ("Сhіnа", "china"), ("СНІNА", "CHINA"), ("ΑΒΕΝ", "aben"), ("сhιnα", "china"), ("ԁ", "d"), ("Ꭰ", "d"),
        ("中\u{200B}国", "中国"), ("中\u{AD}国", "中国"), ("中\u{2060}国\u{FEFF}", "中国"), ("国\u{FE00}", "国"), ("国\u{E0101}", "国"),
        ("中\u{E0041}\u{E007F}国", "中国"), ("\u{202E}中国\u{202C}", "中国"), ("\u{2067}中\u{2069}国", "中国"), ("中\u{3164}国", "中国"),
        ("中🎉国", "中国"), ("中👨\u{200D}👩\u{200D}👧国", "中国"), ("中🇨🇳国", "中国"), ("1\u{FE0F}\u{20E3}", "1"),
        ("ｶﾞ", "ガ"), ("ﾊﾟｰ", "パー"), ("が", "か\u{3099}"), ("é", "e\u{301}"), ("é", "e"), ("한국", "\u{1112}\u{1161}\u{11AB}\u{1100}\u{116E}\u{11A8}"),
        ("中∣国", "中国"), ("中×国", "中国"), ("中│国", "中国"), ("China’s", "chinas"), ("Chinaʼs", "chinas"), ("中。国", "中国"), ("中\n国", "中国"),
        ("𠔻", "𠔻"), ("\u{2F800}", "丽"), ("", ""), ("…—", ""),
    ];
    for (written, official) in table {
        assert_eq!(folded(written), folded(official), "{written:?} {official:?}");
    }
}

#[test]
fn different_names_fold_apart() {
    #[rustfmt::skip]
    let table = [
        ("日", "曰"), ("士", "土"), ("未", "末"), ("己", "已"), ("己", "巳"), ("入", "人"), ("八", "人"), ("大", "太"), ("王", "玉"), ("千", "干"),
        ("装修", "装饰"), ("中国", "中华"), ("协会", "学会"), ("m", "rn"), ("1", "l"), ("0", "o"), ("w", "vv"), ("5", "s"), ("一", "二"), ("〇", "o"),
        ("菓", "花"), ("ϲ", "o"), ("ロ", "日"), ("雷锋", "雷峰"), ("余", "佘"), ("戊", "戌"), ("侯", "候"), ("园", "圆"),
    ];
    for (one, other) in table {
        assert_ne!(folded(one), folded(other), "{one:?} {other:?}");
    }
}

#[test]
fn no_han_character_becomes_anything_but_han_and_only_as_a_variant() {
    for c in ('\u{3400}'..='\u{4DBF}').chain('\u{4E00}'..='\u{9FFF}').chain('\u{20000}'..='\u{2F7FF}') {
        if super::variants::BARS.contains(&c) {
            continue;
        }
        let text = c.to_string();
        let to = folded(&text);
        assert!(to.chars().count() == 1 && to.chars().all(super::is_han_like), "{c} {to}");
        let classes: Vec<Fold> = folds_between(&text, &to).iter().collect();
        assert!(classes.iter().all(|class| matches!(class, Fold::Traditional | Fold::Styled)), "{c} {to} {classes:?}");
    }
}

/// Texts with all that a real or hostile one has, in short runs of each kind.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => any::<char>().prop_map(String::from),
        2 => "[ -~]{0,6}",
        2 => "[\u{4E00}-\u{9FFF}]{0,4}",
        1 => "[\u{300}-\u{36F}\u{FE00}-\u{FE0F}\u{200B}-\u{200F}\u{E0100}-\u{E0110}]{1,3}",
        1 => "[\u{AC00}-\u{D7A3}\u{1100}-\u{11FF}]{0,3}",
        1 => "[\u{FB00}-\u{FB06}\u{FDF0}-\u{FDFB}\u{3300}-\u{33FF}\u{FF00}-\u{FFEF}]{0,3}",
        1 => "[\u{1D400}-\u{1D7FF}\u{20000}-\u{2FFFF}\u{1F100}-\u{1F9FF}]{0,3}",
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn folding_a_fold_changes_nothing(text in texts()) {
        let once = folded(&text);
        prop_assert_eq!(folded(&once), once);
    }

    #[test]
    fn what_was_in_the_buffer_does_not_matter(text in texts(), before in proptest::collection::vec(any::<u16>(), 0..40)) {
        let mut out = before;
        fold_into(&text, &mut out);
        prop_assert_eq!(out, fold(&text));
    }

    #[test]
    fn the_fold_of_a_text_is_the_folds_of_its_characters(text in texts()) {
        let apart: Vec<u16> = text.chars().flat_map(|c| fold(&c.to_string())).collect();
        prop_assert_eq!(fold(&text), apart);
    }

    #[test]
    fn the_offset_map_agrees_unit_for_unit(text in texts(), start in 0_usize..40, len in 0_usize..10) {
        let units = fold(&text);
        let mut map = OffsetMap::default();
        map.rebuild(&text);
        prop_assert_eq!(map.len(), units.len());
        let range = start..start + len;
        if let Some(bytes) = map.source(range.clone()) {
            let span = Span::new(&text, bytes.clone());
            prop_assert_eq!(&fold(&text[bytes])[..], &units[range]);
            prop_assert_eq!(text.chars().skip(span.chars.start).take(span.chars.len()).collect::<String>(), &text[span.bytes]);
        }
        if !units.is_empty() {
            prop_assert!(map.source(0..units.len()).is_some());
        }
    }

    #[test]
    fn only_equal_letters_differ_in_nothing(text in texts()) {
        prop_assert!(folds_between(&text, &text).is_empty());
        let official = folded(&text);
        let letters: String = text.chars().filter(|c| !super::is_dropped(*c)).collect();
        prop_assert_eq!(folds_between(&letters, &official).is_empty(), letters == official);
    }

    #[test]
    fn any_two_texts_can_be_compared(one in texts(), other in texts()) {
        let _ = folds_between(&one, &other);
        for at in 0..one.len() + 2 {
            let _ = super::is_word_boundary(&one, at);
        }
    }
}
