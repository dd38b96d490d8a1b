//! The words of the grammar: Chinese ones in simplified characters and English ones in lower case, as the fold leaves them.
//!
//! Chinese words are parted by spaces, English tails by commas.

/// Tails that mean a branch whatever the place before them.
pub(super) const BRANCHES: &str = "分会 分站 分院 分社 分部 分校 分馆 分局 分队 分团 分中心 分联盟 分协会 分公司 分支机构 分理处 支会 支部 支队 \
     总队 大队 办事处 办事机构 驻地办 代表处 代表机构 联络站 联络处 联络部 联络点 联络中心 工作站 工作处 工作点 服务站 培训基地";

/// Tails that are also something else: only behind a place that the tables know, or that has its suffix.
pub(super) const PARTS: &str = "秘书处 中心 委员会 工作委员会 专业委员会 专委会 工委 工委会 组委会 办公室 办公处 基地 俱乐部 服务队 救援队 工作组 站";

/// Tails of what is only being founded.
pub(super) const PREPARATIONS: &str = "筹委会 筹委 筹备会 筹备委员会 筹建委员会 筹备组 筹建组 筹备处 筹建处 筹备办 筹建办 筹备办公室 筹建办公室 \
     筹备工作组 筹建工作组 筹备工作委员会 筹备工作领导小组 筹备领导小组 筹建领导小组 筹备小组 筹建小组 筹备中心 筹建中心 筹备秘书处 筹备工作办公室 筹备工作处 \
     筹备工作小组 成立筹备委员会 成立筹备组";

/// Alone in brackets behind a name or a tail: `…学会（筹）`.
pub(super) const IN_PREPARATION: &str = "筹 筹备 筹建 筹办 拟筹 筹备中 筹建中 待批 待成立";

/// Right before a name: `筹建中的…学会`. The verbs alone are none: 筹备…学会年会.
pub(super) const BEING_FOUNDED: &str = "筹建中的 筹建中 筹备中的 筹备中 筹备成立的 筹备成立 正在筹建的 正在筹建 正在筹备的 正在筹备成立的 拟成立的 拟成立 \
     拟筹建的 拟筹建 拟设立的 拟设立 拟组建的 拟组建 待成立的 即将成立的 尚未成立的";

/// What a committee prepares that is no body: 换届筹备组, 年会筹委会.
pub(super) const EVENTS: &str = "换届 年会 大会 会议 庆典 周年 展览 大赛 比赛 论坛 晚会 活动 仪式 典礼 峰会 艺术节 文化节 选举 聚会 联欢 颁奖 盛典 \
     画展 书展 博览";

/// A tail with these behind it is another word: 分会场, 分站赛, 中心医院.
pub(super) const GOES_ON: &[(&str, &str)] = &[
    ("分会", "场 计 议 员"),
    ("分站", "赛"),
    ("分社", "区 会"),
    ("分部", "门"),
    ("分校", "区 园"),
    ("分团", "委"),
    ("大队", "部"),
    ("支部", "书"),
    ("筹委", "员"),
    ("筹备会", "议 场"),
    ("委员会", "议"),
    ("基地", "组"),
    ("站", "赛 在 台 起 出 点 着 到 前 口 队 票 内 外 地"),
    ("中心", "城 大厦 广场 公园 小学 医院 商圈 地铁 地带 思想 任务 组 内容 街 路 区 校 学 线"),
];

/// Never part of a place or of the subject before a tail: what a sentence needs and a name does not.
pub(super) const NOT_IN_A_NAME: &str = "设的在了和与及有是被将到去来立召举派从向把为以于这那我你他她它们不没也都就很各某等称说给让请找查封关停曝由\
     其该本另已曾又再还拟要想会次办";

/// These before a tail make it the state's own: 街道办事处.
pub(super) const OF_THE_STATE: &str = "街道 镇政府 乡政府 人民政府 公安 派出所 民政";

/// Suffixes of places.
pub(super) const SUFFIXES: &str = "维吾尔自治区 壮族自治区 回族自治区 特别行政区 自治区 自治州 自治县 自治旗 开发区 高新区 经开区 新区 地区 \
     省 市 州 县 区 盟 旗 镇 乡 岛";

/// Before a suffix these make a word and no place: 社区, 超市, 校区, 全省.
pub(super) const NO_PLACE_BEFORE_A_SUFFIX: &str = "超夜股门都城社小校园景地特山战灾库专辖分联神全外";

/// One character for a place, only behind 驻.
pub(super) const SHORT_PLACES: &str =
    "京沪津渝冀晋蒙辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川蜀黔贵云滇藏陕秦甘陇青宁新港澳台穗深蓉汉杭甬";

/// English tails that mean a branch whatever capitalised word stands before them.
pub(super) const ENGLISH_BRANCHES: &str = "branch,subbranch,chapter,branch office,branch association,branch society,representative office,\
    rep office,liaison office,liaison station,liaison centre,liaison center,regional office,local office,local chapter,provincial office,\
    municipal office";

/// English tails that any body may have: only with a place that the tables know.
pub(super) const ENGLISH_PARTS: &str = "office,offices,general office,secretariat,committee,working committee,work committee,\
    special committee,centre,center,training base,training centre,training center,station,workstation,bureau,delegation,detachment,\
    division";

/// English tails of what is only being founded.
pub(super) const ENGLISH_PREPARATIONS: &str = "preparatory committee,preparatory working committee,preparatory working group,\
    preparatory group,preparatory office,preparatory team,preparatory board,preparatory commission,preparation committee,\
    preparation group,preparation office,preparation team,founding committee,founding group";

/// Alone in brackets behind a name.
pub(super) const ENGLISH_IN_PREPARATION: &str =
    "in preparation,under preparation,preparatory,in formation,being formed,to be founded";

/// Capitalised words before a tail that are no place: `Head Office`, `Youth Branch`.
pub(super) const NO_PLACES: &str = "head main general press youth student students women womens local regional official executive steering \
    organizing organising membership member new our the this that your my a an its olive first second every each any no of for and in at on \
    by from with special professional academic art arts education business sales ticket box post back front home opening closing last next \
    one two three chapter branch committee office is was has to president chairman secretary director representative liaison preparatory \
    international national";

/// Words that go with a place: `Zhejiang Provincial Office`.
pub(super) const PLACE_SUFFIXES: &str =
    "province provincial city municipal municipality region regional county district prefecture sar area";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    #[test]
    fn every_word_is_written_as_the_fold_leaves_it() {
        let han = [BRANCHES, PARTS, PREPARATIONS, IN_PREPARATION, BEING_FOUNDED, EVENTS, OF_THE_STATE, SUFFIXES];
        let others = [NO_PLACE_BEFORE_A_SUFFIX, NOT_IN_A_NAME, SHORT_PLACES, NO_PLACES, PLACE_SUFFIXES];
        let english = [ENGLISH_BRANCHES, ENGLISH_PARTS, ENGLISH_PREPARATIONS, ENGLISH_IN_PREPARATION];
        let follow = GOES_ON.iter().flat_map(|(tail, rest)| [*tail, *rest]);
        for word in han.into_iter().chain(others).chain(english).chain(follow).flat_map(|words| words.split([' ', ',']))
        {
            assert_eq!(fold(word), word.encode_utf16().collect::<Vec<_>>(), "{word}");
        }
    }
}
