//! The grammar, as tables: `‹name›` stands for the listed name, `⟦…⟧` for the whole that is expected, `[…]` for its place.

use super::{Kinship, kin_of};
use proptest::prelude::*;

const NAME: &str = "中国样例学会";
const ENGLISH: &str = "Example Sham Academy";

/// What is found around the name of `case`, as (kind, whole, place).
fn found(case: &str, name: &str) -> Option<(Kinship, String, Option<String>)> {
    let at = case.find(name).expect("the name stands in the case");
    let kin = kin_of(case, &(at..at + name.len()), &(0..case.len()))?;
    Some((kin.kind, case[kin.bytes].to_owned(), kin.place.map(|place| case[place].to_owned())))
}

fn assert_all(name: &str, kind: Kinship, cases: &[(&str, &str, Option<&str>)]) {
    for (case, whole, place) in cases {
        let (case, whole) = (case.replace('~', name), whole.replace('~', name));
        assert_eq!(found(&case, name), Some((kind, whole, place.map(str::to_owned))), "{case}");
    }
}

fn assert_none(name: &str, cases: &[&str]) {
    for case in cases {
        let case = case.replace('~', name);
        assert_eq!(found(&case, name), None, "{case}");
    }
}

#[test]
fn a_name_with_place_and_tail_is_a_branch() {
    assert_all(
        NAME,
        Kinship::Branch,
        &[
            ("~湖南分会", "~湖南分会", Some("湖南")),
            ("~江西省办事处", "~江西省办事处", Some("江西省")),
            ("~成都代表处来信", "~成都代表处", Some("成都")),
            ("~大连分站", "~大连分站", Some("大连")),
            ("~馬來西亞分會", "~馬來西亞分會", Some("馬來西亞")),
            ("~陕西 分会", "~陕西 分会", Some("陕西")),
            ("~·浙江·分会", "~·浙江·分会", Some("浙江")),
            ("~（浙江）分会", "~（浙江）分会", Some("浙江")),
            ("~（北京分会）成立", "~（北京分会）", Some("北京")),
            ("~(浙江象山)办事处已清退", "~(浙江象山)办事处", Some("浙江象山")),
            ("~象山县联络站", "~象山县联络站", Some("象山县")),
            ("~浙江省杭州市西湖区工作站", "~浙江省杭州市西湖区工作站", Some("浙江省杭州市西湖区")),
            ("~新疆维吾尔自治区分会", "~新疆维吾尔自治区分会", Some("新疆维吾尔自治区")),
            ("~驻京办", "~驻京办", Some("京")),
            ("~驻沪办事处", "~驻沪办事处", Some("沪")),
            ("~驻上海办事处主任", "~驻上海办事处", Some("上海")),
            ("~义乌分会", "~义乌分会", Some("义乌")),
            ("~华北分院", "~华北分院", Some("华北")),
            ("~四川书画专业委员会", "~四川书画专业委员会", Some("四川")),
            ("~北京青年工作委员会", "~北京青年工作委员会", Some("北京")),
            ("~广东教育培训中心", "~广东教育培训中心", Some("广东")),
            ("~北京办事处被查封", "~北京办事处", Some("北京")),
            ("~湖北分会秘书处通知", "~湖北分会秘书处", Some("湖北")),
            ("“~”天津分会", "~”天津分会", Some("天津")),
            ("~（四川）", "~（四川）", Some("四川")),
            ("~中国分会", "~中国分会", Some("中国")),
            ("~湖(hu)南分会", "~湖(hu)南分会", Some("湖(hu)南")),
            ("~湖南(hú nán)分(fēn)会(huì)成立", "~湖南(hú nán)分(fēn)会(huì)", Some("湖南(hú nán)")),
            ("~(hui)湖南分会", "~(hui)湖南分会", Some("湖南")),
            ("~（湖(hu)南）分会", "~（湖(hu)南）分会", Some("湖(hu)南")),
            ("~湖·南·分·会", "~湖·南·分·会", Some("湖·南")),
            ("~湖\u{200B}南 分★会", "~湖\u{200B}南 分★会", Some("湖\u{200B}南")),
            ("~_湖南分会", "~_湖南分会", Some("湖南")),
            ("~河南分会会长李某", "~河南分会", Some("河南")),
            ("~江苏省南京市分会", "~江苏省南京市分会", Some("江苏省南京市")),
            ("~西南地区联络处", "~西南地区联络处", Some("西南地区")),
            ("~湘西土家族苗族自治州分会", "~湘西土家族苗族自治州分会", Some("湘西土家族苗族自治州")),
            ("~美国洛杉矶分会", "~美国洛杉矶分会", Some("美国洛杉矶")),
            ("~北京第三分会", "~北京第三分会", Some("北京")),
            ("~深圳分公司", "~深圳分公司", Some("深圳")),
            ("~驻马店办事处", "~驻马店办事处", Some("驻马店")),
            ("~大连站", "~大连站", Some("大连")),
            ("~办事处（北京）", "~办事处（北京）", Some("北京")),
            ("~代表处(广东深圳)招人", "~代表处(广东深圳)", Some("广东深圳")),
            ("~粤港澳大湾区工作委员会", "~粤港澳大湾区工作委员会", Some("粤港澳大湾区")),
        ],
    );
}

#[test]
fn a_department_a_role_or_chance_words_are_no_branch() {
    assert_none(
        NAME,
        &[
            "~",
            "~湖(bei)南分会",
            "~湖(hu,nan)南分会",
            "~湖。南。分。会",
            "~湖(湖)南分会",
            "~湖(hu",
            "~官方",
            "~客服",
            "~会员处",
            "~秘书长",
            "~领队",
            "~秘书处",
            "~办公室",
            "~分会",
            "~青年分会",
            "~书画专业委员会",
            "~在北京设办事处",
            "~北京设办事处",
            "~北京的办事处",
            "~北京会员",
            "~北京年会",
            "~北京分会场",
            "~上海分站赛",
            "~上海市中心的活动",
            "~北京朝阳区建外街道办事处",
            "~北京。分会",
            "~，北京分会",
            "~：湖南分会",
            "~\n湖南分会",
            "~、湖南分会",
            "~合作中心",
            "~公安分会",
            "~大学",
            "~杂志社",
            "~医院",
            "~北京医院",
            "~（四川）的人",
            "~（四川",
            "~）四川分会",
            "~超市分部",
            "~社区中心",
            "~全省分会",
            "~某市分会",
            "~办事处（地址待定）",
            "~北京站台",
            "~筹备会议",
            "~北京被查封的中心",
            "~北京中心医院",
            "~象山中心",
            "~湖南",
            "~湖南省",
            "~驻京记者",
            "~驻",
            "湖南分会~",
            "~Hunan",
            "~和北京分会",
            "~北京某某公司派人去了成都分会",
            "~（简称学会）四川",
        ],
    );
}

#[test]
fn a_preparatory_committee_needs_no_place() {
    assert_all(
        NAME,
        Kinship::Preparatory,
        &[
            ("~筹委会", "~筹委会", None),
            ("~籌備委員會", "~籌備委員會", None),
            ("~筹备委员会办公室", "~筹备委员会", None),
            ("~福建分会筹委会", "~福建分会筹委会", Some("福建")),
            ("~湖南筹备组", "~湖南筹备组", Some("湖南")),
            ("~书画院筹备处", "~书画院筹备处", None),
            ("~筹备工作办公室", "~筹备工作办公室", None),
            ("~成立筹备委员会", "~成立筹备委员会", None),
            ("~筹建工作组", "~筹建工作组", None),
            ("~（筹）", "~（筹）", None),
            ("~湖南分会（筹）", "~湖南分会（筹）", Some("湖南")),
            ("~(筹备中)招人", "~(筹备中)", None),
            ("筹建中的~", "筹建中的~", None),
            ("他们拟成立~，要钱", "拟成立~", None),
            ("正在筹建的~", "正在筹建的~", None),
        ],
    );
    assert_none(
        NAME,
        &[
            "筹委会~",
            "~筹款",
            "~筹备年会",
            "~换届筹备组",
            "~年会筹委会",
            "~的筹备组",
            "筹备~年会",
            "~已成立筹备组",
            "~筹备。组",
            "~（筹款）",
            "~筹",
            "~预备队",
            "拟成立。~",
            "~组织大会筹备组",
        ],
    );
}

#[test]
fn english_branches_stand_behind_the_name_and_in_front_of_it() {
    assert_all(
        ENGLISH,
        Kinship::Branch,
        &[
            ("~ Shenzhen Branch", "~ Shenzhen Branch", Some("Shenzhen")),
            ("~ Dubai Representative Office", "~ Dubai Representative Office", Some("Dubai")),
            ("~ Singapore Liaison Office.", "~ Singapore Liaison Office", Some("Singapore")),
            ("~, Beijing Office", "~, Beijing Office", Some("Beijing")),
            ("~ (Sichuan)", "~ (Sichuan)", Some("Sichuan")),
            ("~ (Sichuan) Branch", "~ (Sichuan) Branch", Some("Sichuan")),
            ("~'s Inner Mongolia branch", "~'s Inner Mongolia branch", Some("Inner Mongolia")),
            ("~ Branch in Chengdu", "~ Branch in Chengdu", Some("Chengdu")),
            ("~ - Hong Kong Chapter", "~ - Hong Kong Chapter", Some("Hong Kong")),
            ("~ Zhejiang Provincial Office", "~ Zhejiang Provincial Office", Some("Zhejiang Provincial")),
            ("~ Ulmville Branch", "~ Ulmville Branch", Some("Ulmville")),
            ("Henan Branch of the ~", "Henan Branch of the ~", Some("Henan")),
            ("the Chengdu Office of the ~", "Chengdu Office of the ~", Some("Chengdu")),
            ("~BeijingBranch", "~BeijingBranch", Some("Beijing")),
            ("~_beijing_branch", "~_beijing_branch", Some("beijing")),
            ("~ (Sichuan Branch)", "~ (Sichuan Branch)", Some("Sichuan")),
            ("Wuhan Branch, ~", "Wuhan Branch, ~", Some("Wuhan")),
            ("our Baoding Chapter of ~", "Baoding Chapter of ~", Some("Baoding")),
            ("~ of Zhejiang", "~ of Zhejiang", Some("Zhejiang")),
            ("~ of Hong Kong invites you", "~ of Hong Kong", Some("Hong Kong")),
            ("~ China Committee", "~ China Committee", Some("China")),
            ("~ Guangdong Art Committee", "~ Guangdong Art Committee", Some("Guangdong")),
        ],
    );
    assert_all(
        ENGLISH,
        Kinship::Preparatory,
        &[
            ("~ Preparatory Committee", "~ Preparatory Committee", None),
            ("Preparatory Committee of the ~", "Preparatory Committee of the ~", None),
            ("~ Hunan Branch Preparatory Group", "~ Hunan Branch Preparatory Group", Some("Hunan")),
            ("Preparatory Office, ~", "Preparatory Office, ~", None),
            ("~ (in preparation)", "~ (in preparation)", None),
        ],
    );
}

#[test]
fn english_offices_and_sentences_are_no_branch() {
    assert_none(
        ENGLISH,
        &[
            "~",
            "~ Head Office",
            "~ Press Office",
            "~ Youth Branch",
            "~ opened an office in Beijing",
            "~ official",
            "~ Office",
            "~ branch",
            "~ Committee",
            "~. Beijing Office",
            "~; Shenzhen Branch",
            "~ (Sichuan) is fake",
            "~ Beijing",
            "Beijing ~",
            "Head Office of the ~",
            "the office of the ~",
            "a branch of the ~",
            "Olive Branch of ~",
            "~ University",
            "~beijingbranch",
            "~ Beijing Team Leader",
            "Head Office, ~",
            "~ Journal",
            "~\nShenzhen Branch",
            "~ and Shenzhen Branch",
            "the preparatory school of ~",
            "~ has a Beijing office",
            "~ preparation",
            "Beijing Office, ~",
            "~ Culture Office",
            "members of the ~",
            "~ of China",
            "~ of Boston",
            "~ of late",
        ],
    );
}

#[test]
fn the_whole_stays_within_its_ground() {
    let text = "中国样例学会北京办事处";
    let name = 0..NAME.len();
    assert!(kin_of(text, &name, &(0..text.len())).is_some());
    for ground in [name.clone(), 0..name.end + 6, 0..0] {
        assert_eq!(kin_of(text, &name, &ground), None, "{ground:?}");
    }
}

#[test]
fn the_look_is_bounded_however_long_the_text_is() {
    let far = "~".to_owned() + &" ".repeat(400) + "湖南分会";
    assert_none(
        NAME,
        &[&far, &("~".to_owned() + &"（".repeat(100_000)), &("~湖南".to_owned() + &"书".repeat(100_000) + "分会")],
    );
}

proptest! {
    #[test]
    fn the_whole_encloses_the_name_on_boundaries(before in "[筹建中的拟成立 A-z湖南（]{0,12}", after in "[湖南省北京市分会筹备组办事处驻（）()· ,A-zBranch\u{200B}]{0,24}") {
        let text = format!("{before}{NAME}{after}");
        let name = before.len()..before.len() + NAME.len();
        if let Some(kin) = kin_of(&text, &name, &(0..text.len())) {
            prop_assert!(kin.bytes.start <= name.start && name.end <= kin.bytes.end && kin.bytes != name);
            prop_assert!(text.get(kin.bytes.clone()).is_some());
            if let Some(place) = kin.place {
                prop_assert!(kin.bytes.start <= place.start && place.end <= kin.bytes.end);
                prop_assert!(text.get(place).is_some());
            }
        }
    }

    #[test]
    fn no_text_makes_it_fail(before in any::<String>(), after in any::<String>()) {
        let text = format!("{before}{NAME}{after}");
        let name = before.len()..before.len() + NAME.len();
        let _ = kin_of(&text, &name, &(0..text.len()));
    }
}
