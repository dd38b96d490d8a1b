//! What the Unicode and OpenCC data leave out, by hand, each with its reason.
//! Read only when the table is generated.

/// Forms of one and the same character that OpenCC's single characters keep apart: why, and pairs of (seen, folded to).
///
/// Different characters that look alike (日 and 曰, 士 and 土, 未 and 末) never stand here, nor characters that only share a sound: they
/// would make one organisation's name equal another's.
pub(super) const VARIANTS: &[(&str, &str)] = &[
    ("a second simplified form: 餘 is 余, and 馀 where 余 would be misread", "馀余"),
    (
        "forms written in Japan since 1946, where China simplified otherwise",
        "広广 図图 団团 対对 総总 経经 済济 実实 発发 栄荣 営营 観观 薬药 歴历 暦历 楽乐 気气 県县 郷乡 賛赞 覚觉 斉齐 斎斋 恵惠 徳德 鉱矿 闘斗 奨奖 \
         荘庄 験验 険险 検检 剣剑 豊丰 鶏鸡 隷隶 挙举 巌岩 麺面 錬炼 戸户 呉吴 処处 価价 黒黑 晩晚",
    ),
    (
        "other printed and handwritten forms of the same character, as old type, fonts and dictionaries of variants show them",
        "囯国 圀国 硏研 靑青 淸清 寕宁 竝并 幷并 崐昆 愼慎 谘咨 緖绪 鄕乡 斈学 聨联 聫联 聮联 恊协 惪德 悳德 濶阔 鑛矿 鬪斗 鬭斗 髙高 蕐华 崋华 毉医 閒间 塲场 \
         敍叙 槪概 凖准 郞郎 秊年 剏创 剙创 欝郁 厰厂 躰体 軆体 亁乾 吿告 冨富 鼔鼓 皷鼓 夀寿 擧举 氷冰 礮炮 砲炮 衞卫 値值 亊事 巿市 塡填 倂并",
    ),
];

/// Characters that look like another one of another script and have a decomposition, a case or a likeness that leads elsewhere, or that
/// Unicode's data do not have: (seen, folded to). The lunate sigma is a `c`, whatever it stands for, and the small ya of Warang Citi a `z`.
/// The soft sign and the tone six are `b` in either case, lest the case of a word tell its forms apart. Kana stand for the Han character
/// that they are drawn like, and the small characters of phonetic notes for the great ones.
pub(super) const LOOK_ALIKES: &str = "ϲc Ϲc ꮁr Ьb ьb Ƅb ƅb 𐔜c 𑣄z 𖿲儿 𖿳儿 チ千 オ才 ヌ又 ェ工";

/// Han characters that no text has but as a bar or a dot between others: strokes.
pub(super) const BARS: [char; 3] = ['丨', '丶', '丿'];

/// Styled letters and digits that have no decomposition in Unicode: the first of a run, and what each of the run reads as, in order.
/// Regional indicators are not here: a flag between two characters is an emoji, and is dropped.
pub(super) const STYLED: &[(char, &str)] = &[
    // Dingbats and enclosed alphanumerics: negative, sans-serif, double circled.
    ('\u{2776}', "1 2 3 4 5 6 7 8 9 10"),
    ('\u{2780}', "1 2 3 4 5 6 7 8 9 10"),
    ('\u{278A}', "1 2 3 4 5 6 7 8 9 10"),
    ('\u{24EB}', "11 12 13 14 15 16 17 18 19 20"),
    ('\u{24F5}', "1 2 3 4 5 6 7 8 9 10"),
    ('\u{24FF}', "0"),
    ('\u{1F10B}', "0 0"),
    ('\u{1F150}', "a b c d e f g h i j k l m n o p q r s t u v w x y z"),
    ('\u{1F170}', "a b c d e f g h i j k l m n o p q r s t u v w x y z"),
    // Phonetic small capitals.
    ('\u{1D00}', "a ae"),
    ('\u{0299}', "b"),
    ('\u{1D04}', "c d"),
    ('\u{1D07}', "e"),
    ('\u{A730}', "f s"),
    ('\u{0262}', "g"),
    ('\u{029C}', "h"),
    ('\u{026A}', "i"),
    ('\u{1D0A}', "j k"),
    ('\u{029F}', "l"),
    ('\u{1D0D}', "m"),
    ('\u{0274}', "n"),
    ('\u{1D0F}', "o"),
    ('\u{1D18}', "p"),
    ('\u{A7AF}', "q"),
    ('\u{0280}', "r"),
    ('\u{1D1B}', "t u"),
    ('\u{1D20}', "v w"),
    ('\u{028F}', "y"),
    ('\u{1D22}', "z"),
    // The estimated sign of pre-packed goods.
    ('\u{212E}', "e"),
];
