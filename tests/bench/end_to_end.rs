//! From topic to verdict on a real broker, against a consumer that only reads.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::Message as _;
use rdkafka::{Offset, TopicPartitionList};
use tempfile::TempDir;

use crate::http::ask;
use crate::kafka::{Broker, Message, unique};
use crate::memory::{decode_and_judge, field_map, shipped_rules};
use crate::records::posts;
use crate::rounds::{Contestant, compare};

const COUNT: u32 = 600_000;
const PARTITIONS: i32 = 8;
const ROUNDS: usize = 5;
const LIMIT: Duration = Duration::from_secs(300);

/// Records a second, end to end.
pub fn against_a_raw_consumer() {
    let broker = Broker::shared();
    let topics = Topics::fill(broker);
    let posts = posts(COUNT as usize, 50);
    let (rules, map) = (shipped_rules(), field_map());
    let rates = compare(
        "end to end on one broker, which shares this machine",
        "records",
        COUNT as usize,
        ROUNDS,
        vec![
            Contestant { name: "raw consume, one thread", round: Box::new(|| raw_consume(broker, &topics.posts)) },
            decode_and_judge(&rules, &map, &posts),
            Contestant { name: "tripline run, one consumer", round: Box::new(|| Run::of(broker, &topics, 1)) },
            Contestant { name: "tripline run, two consumers", round: Box::new(|| Run::of(broker, &topics, 2)) },
        ],
    );
    let slower = rates[0].min(rates[1]);
    println!(
        "  one consumer: {:.3} x the slower of raw consume and the engine in memory (target 0.85)",
        rates[2] / slower
    );
}

struct Topics {
    posts: String,
    others: [String; 3],
}

impl Topics {
    fn fill(broker: &Broker) -> Topics {
        let topics = Topics { posts: unique("bench-posts"), others: ["verdicts", "letters", "receipts"].map(unique) };
        broker.create_topic(&topics.posts, PARTITIONS, &[]);
        for topic in &topics.others {
            broker.create_topic(topic, PARTITIONS, &[]);
        }
        let records: Vec<Message> = posts(COUNT as usize, 50)
            .into_iter()
            .zip((0..PARTITIONS).cycle())
            .map(|(post, partition)| Message::to(&topics.posts).partition(partition).value(post))
            .collect();
        broker.produce(&records);
        topics
    }
}

/// Seconds from the first record to the last, with the settings that tripline reads by.
fn raw_consume(broker: &Broker, topic: &str) -> f64 {
    let consumer: BaseConsumer = broker
        .client()
        .set("group.id", unique("bench-raw"))
        .set("enable.auto.commit", "false")
        .set("auto.offset.reset", "error")
        .set("isolation.level", "read_committed")
        .set("fetch.queue.backoff.ms", "5")
        .create()
        .expect("the settings are valid");
    let mut list = TopicPartitionList::new();
    for partition in 0..PARTITIONS {
        list.add_partition_offset(topic, partition, Offset::Beginning).expect("an offset can be assigned");
    }
    consumer.assign(&list).expect("partitions can be assigned");
    let mut started = None;
    let mut bytes = 0;
    for _ in 0..COUNT {
        let record = consumer.poll(LIMIT).expect("records come").expect("they can be read");
        started.get_or_insert_with(Instant::now);
        bytes += record.payload().map_or(0, <[u8]>::len);
    }
    assert!(bytes > COUNT as usize, "records have bytes");
    started.expect("there was a record").elapsed().as_secs_f64()
}

/// One process of `tripline run` from the beginning of the topic to its end.
struct Run {
    process: Child,
    http: SocketAddr,
    _folder: TempDir,
}

impl Run {
    /// Seconds from the first record judged to the last, as its own metrics say.
    fn of(broker: &Broker, topics: &Topics, consumers: usize) -> f64 {
        let run = Run::start(broker, topics, consumers);
        let deadline = Instant::now() + LIMIT;
        let (mut first, mut before) = (None, 0.0);
        loop {
            assert!(Instant::now() < deadline, "tripline does not come to the end");
            let now = Instant::now();
            let judged = run.judged();
            if judged > 0.0 && first.is_none() {
                first = Some((now, judged));
            }
            if let Some((began, already)) = first
                && judged >= f64::from(COUNT)
            {
                // What was judged before our first look is left out of the time, so it is left out of the work too.
                let share = (judged - already) / judged;
                return now.duration_since(began).as_secs_f64() / share;
            }
            assert!(judged >= before, "a counter does not fall");
            before = judged;
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn start(broker: &Broker, topics: &Topics, consumers: usize) -> Run {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        let http = listener.local_addr().expect("it is bound");
        drop(listener);
        let file = folder.path().join("tripline.toml");
        fs::write(&file, settings(broker, topics, consumers, http)).expect("settings can be written");
        let log = fs::File::create(folder.path().join("log")).expect("a log can be made");
        let process = Command::new(env!("CARGO_BIN_EXE_tripline"))
            .args(["run".as_ref(), "-c".as_ref(), file.as_os_str()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("tripline runs");
        Run { process, http, _folder: folder }
    }

    /// The sum of `tripline_records_total`; 0 while nobody answers.
    fn judged(&self) -> f64 {
        let metrics = ask(self.http, "GET", "/metrics").unwrap_or_default();
        let series = metrics.lines().filter(|line| line.starts_with("tripline_records_total{"));
        series.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn settings(broker: &Broker, topics: &Topics, consumers: usize, http: SocketAddr) -> String {
    let rules = format!("{}/rules", env!("CARGO_MANIFEST_DIR"));
    let [verdicts, letters, receipts] = &topics.others;
    format!(
        r#"
[kafka]
bootstrap_servers = "{bootstrap}"
group_id = "{group}"
instance = "bench"
consumers = {consumers}
[[source]]
topic = "{posts}"
kind = "post"
id = "/id"
author = "/author/id"
time = "/created_at"
text = {{ title = "/title", body = "/body" }}
links = {{ urls = "/entities/urls/*/expanded_url" }}
[verdicts]
topic = "{verdicts}"
[dead_letters]
topic = "{letters}"
[receipts]
topic = "{receipts}"
[rules]
paths = ["{rules}"]
[http]
listen = "{http}"
"#,
        bootstrap = broker.bootstrap(),
        group = unique("bench"),
        posts = topics.posts,
    )
}
