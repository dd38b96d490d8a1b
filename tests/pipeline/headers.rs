//! Headers of a record on its verdict: those on the list, as they stand, and never in place of ours.

use std::time::Duration;

use rdkafka::message::{Headers as _, Message as _, OwnedMessage};

use crate::judge::{event, header};
use crate::kafka::{Broker, Message};
use crate::support::{LISTED, Service, Setup, until_all_committed};

const LIMIT: Duration = Duration::from_secs(60);

type Header = (&'static str, Option<&'static [u8]>);

/// A verdict's headers that are neither CloudEvents' nor the content type, in order.
fn others(record: &OwnedMessage) -> Vec<(String, Option<Vec<u8>>)> {
    let headers = record.headers().expect("a verdict has headers").iter();
    let others = headers.filter(|header| !header.key.starts_with("ce_") && header.key != "content-type");
    others.map(|header| (header.key.to_owned(), header.value.map(<[u8]>::to_vec))).collect()
}

#[test]
fn headers_on_the_list_go_along_in_both_content_modes() {
    let broker = Broker::shared();
    let post = Message::to("").value(format!(r#"{{"id":"p-1","body":"看：{LISTED}"}}"#));
    let mut with_headers = post
        .clone()
        .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
        .header("ce_id", "forged")
        .header("content-type", "text/forged")
        .header("cookie", "not for others")
        .header("region", "one");
    with_headers.headers.push(("region".to_owned(), None));
    let large = post.clone().header("region", vec![b'x'; 500_000]).header("traceparent", b"\xff\x00");
    let passed: [&[Header]; 3] = [
        &[
            ("traceparent", Some(b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")),
            ("region", Some(b"one")),
            ("region", None),
        ],
        &[],
        &[("traceparent", Some(b"\xff\x00")), ("tripline.headers.omitted", Some(b"1"))],
    ];
    for mode in ["binary", "structured"] {
        let setup = Setup { mode, ..Setup::on(broker, 1) }.set("verdicts.headers", "traceparent,region");
        let to = |message: &Message| Message { topic: setup.posts.clone(), ..message.clone() };
        broker.produce(&[to(&with_headers), to(&post), to(&large)]);
        let mut service = Service::start_ready(&setup, "one");
        until_all_committed(broker, &setup, &mut [&mut service], LIMIT);
        service.stop();
        let mut verdicts = broker.read_all(&setup.verdicts);
        verdicts.sort_by_key(|verdict| event(verdict).0);
        assert_eq!(verdicts.len(), passed.len(), "{mode}");
        for (verdict, expected) in verdicts.iter().zip(passed) {
            let expected: Vec<_> = expected.iter().map(|(n, v)| ((*n).to_owned(), v.map(<[u8]>::to_vec))).collect();
            assert_eq!(others(verdict), expected, "{mode}");
            assert!(header(verdict, "content-type").is_some_and(|kind| kind.starts_with("application/")), "{mode}");
        }
        let ids = verdicts.iter().flat_map(|verdict| verdict.headers().expect("it has some").iter());
        let ids = ids.filter(|header| header.key == "ce_id").count();
        assert_eq!(ids, if mode == "binary" { 3 } else { 0 }, "one of ours each, none of theirs");
    }
}
