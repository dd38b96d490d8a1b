//! Made-up posts of the lengths that posts have: one to six sentences, Chinese and English mixed.

use serde_json::json;

/// What people write when they write about nothing of ours.
const SENTENCES: &[&str] = &[
    "今天天气很好，我们去公园散步，孩子们玩得很开心。",
    "周末去哪里吃饭？听说新开的那家面馆不错。",
    "昨晚的比赛真精彩，最后一分钟才分出胜负！",
    "这本书我看了三遍，每一次都有新的收获。",
    "明天下午三点在图书馆门口见，别忘了带上笔记。",
    "学会做饭以后，生活变得有意思多了 😋",
    "中国的高铁越来越快，从北京到上海只要四个多小时。",
    "研究表明，每天走一万步对身体有好处，不过也要注意休息。",
    "The new café on the corner serves the best cinnamon rolls in town.",
    "We finally finished the garden fence; it took all weekend.",
    "Does anyone know a good way to remove coffee stains? https://tips.example/coffee",
    "Trains were late again, so I read half a novel on the platform.",
];

/// A name of the shipped lists, as every fiftieth post has it.
const HITS: &[&str] = &["中国雷锋基金会招募会员", "中國雷·锋基金會的活动", "听说过中国雷锋基金会吗"];

/// `count` posts, every `nth` of which names a listed organization (0 = none does).
pub fn texts(count: usize, nth: usize) -> Vec<String> {
    (0..count)
        .map(|n| {
            let sentences = (0..=n % 6).map(|k| SENTENCES[(n * 7 + k * 5) % SENTENCES.len()]);
            let mut text: String = sentences.collect();
            if nth > 0 && n % nth == 0 {
                text.push_str(HITS[n / nth % HITS.len()]);
            }
            text
        })
        .collect()
}

/// The same as records of a platform: JSON with more fields than anybody judges.
pub fn posts(count: usize, nth: usize) -> Vec<Vec<u8>> {
    let post = |(n, text): (usize, String)| {
        json!({
            "id": format!("p-{n}"),
            "created_at": "2026-01-01T00:00:00Z",
            "author": { "id": format!("u-{}", n % 5000), "name": "小明", "followers": n % 700, "verified": false },
            "title": "日常",
            "body": text,
            "lang": "zh",
            "entities": { "urls": [{ "expanded_url": "https://photos.example/1", "indices": [0, 23] }], "hashtags": [] },
            "metrics": { "likes": n % 90, "shares": 0, "views": n },
            "client": { "name": "web", "version": "12.4.1", "features": ["a", "b", "c"] },
        })
        .to_string()
        .into_bytes()
    };
    texts(count, nth).into_iter().enumerate().map(post).collect()
}
