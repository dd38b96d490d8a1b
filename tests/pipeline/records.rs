//! Mixed records for a long run, each of which says in a header what should become of it.

use serde_json::json;

use crate::judge::Expected;
use crate::kafka::Message;
use crate::support::{LISTED, Setup};

/// Record `n` of a run: nine posts to one registration; clean, listed, poison, deletions, with and without a key.
pub fn mixed(setup: &Setup, n: usize) -> Message {
    let is_post = n % 10 != 3;
    let topic = if is_post { &setup.posts } else { &setup.registrations };
    let (expected, value) = match n {
        // Prime steps, so that the kinds meet in every order; poison is too rare to look like a broken deployment.
        n if n % 211 == 0 => (Expected::DeadLetter, Some(poison(n / 211))),
        n if n % 53 == 0 => (Expected::Empty, None),
        n if n % 41 == 0 => (Expected::Flagged, Some(listed(n, is_post))),
        n => (Expected::None, Some(clean(n, is_post))),
    };
    let mut message = Message::to(topic).header("expected", expected.as_str());
    message.value = value;
    // Null keys go to whatever partition the client takes; others by their hash.
    if n.is_multiple_of(7) { message } else { message.key(format!("author-{}", n % 1000)) }
}

fn clean(n: usize, is_post: bool) -> Vec<u8> {
    let value = if is_post {
        json!({
            "id": format!("p-{n}"), "author": { "id": format!("u-{}", n % 1000) }, "title": "周末去哪里",
            "body": format!("今天天气很好，我们去公园散步。Nothing to see in number {n}, only a walk and some tea."),
            "urls": [{ "href": "https://photos.example/1" }], "unused": { "deep": [1, 2, { "deeper": true }] },
        })
    } else {
        json!({ "account_id": format!("a-{n}"), "display_name": "小明的厨房", "organization": null, "bio": "我爱做饭 and travel" })
    };
    value.to_string().into_bytes()
}

fn listed(n: usize, is_post: bool) -> Vec<u8> {
    let value = if is_post {
        json!({ "id": format!("p-{n}"), "title": "通知", "body": format!("{LISTED}招募会员，请缴费。编号{n}") })
    } else {
        json!({ "account_id": format!("a-{n}"), "display_name": LISTED, "bio": "" })
    };
    value.to_string().into_bytes()
}

fn poison(kind: usize) -> Vec<u8> {
    let all: [&[u8]; 5] =
        [b"{\"id\": ", b"[1, 2]", b"\xff\xfe{}", b"", br#"{"id": "p", "body": 5, "display_name": 5}"#];
    all[kind % all.len()].to_vec()
}
