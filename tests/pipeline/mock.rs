//! The pipeline against librdkafka's mock cluster: errors that a real broker cannot be asked for.
//!
//! The mock has no transactions and keeps 5 MiB a partition, so this is at least once over a thousand records.
//! `TRIPLINE_TEST_LOG=1` shows what the service says.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use prometheus::{Registry, TextEncoder};
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::message::{Message as _, OwnedMessage};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer as _, ThreadedProducer};
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};
use tripline::config::{
    Breaker, Compression, Delivery, Emit, Gaps, Http, Kafka, Log, LogFormat, Rules, Settings, Shutdown, Source, Topic,
    Verdicts,
};
use tripline::content::Kind;
use tripline::event::Mode;
use tripline::pipeline::{Exit, Options, Probe, RunError, Stop, run};
use tripline::rule::RuleSet;
use tripline::stream::{Receipt, SourceFields, Start, check_tiling};

const LISTED: &str = "虚构示例促进会";
const RULES: &str = "\
notice:
  id: made-up-1
  authority: { zh: 虚构机关, en: Made-up Authority }
  kind: ban
  jurisdiction: CN
  published: 2020-01-01
  sources: [{ url: https://notices.example/1, kind: press }]
organizations:
  - id: made-up
    name: 虚构示例促进会
    listing: banned
";
const PARTITIONS: i32 = 4;

/// A mock cluster with the topics of one service.
struct Mock {
    cluster: MockCluster<'static, DefaultProducerContext>,
}

impl Mock {
    fn new() -> Mock {
        let cluster = MockCluster::new(1).expect("a mock cluster starts");
        for (topic, partitions) in [("posts", PARTITIONS), ("verdicts", 2), ("dead", 2), ("receipts", 2)] {
            cluster.create_topic(topic, partitions, 1).expect("a topic can be made");
        }
        Mock { cluster }
    }

    fn client(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", self.cluster.bootstrap_servers());
        config
    }

    /// Posts `records`; every tenth names a listed body.
    fn feed(&self, records: std::ops::Range<i32>) {
        let producer: ThreadedProducer<DefaultProducerContext> = self.client().create().expect("a producer");
        for number in records {
            let listed = if number % 10 == 0 { LISTED } else { "nothing of note" };
            let value = format!(r#"{{"id":"p-{number}","body":"{listed} {number}"}}"#);
            let record: BaseRecord<'_, str, str> = BaseRecord::to("posts").partition(number % PARTITIONS);
            producer.send(record.key(&number.to_string()).payload(&value)).map_err(|(e, _)| e).expect("room");
        }
        producer.flush(Duration::from_secs(20)).expect("the mock takes it");
    }

    /// Everything in a topic.
    fn read(&self, topic: &str) -> Vec<OwnedMessage> {
        let mut config = self.client();
        config.set("group.id", "reader").set("auto.offset.reset", "earliest").set("enable.auto.commit", "false");
        let consumer: BaseConsumer = config.create().expect("a consumer");
        let metadata = consumer.fetch_metadata(Some(topic), Duration::from_secs(10)).expect("metadata");
        let mut list = TopicPartitionList::new();
        let mut missing = 0;
        for partition in metadata.topics()[0].partitions() {
            let (low, high) =
                consumer.fetch_watermarks(topic, partition.id(), Duration::from_secs(10)).expect("watermarks");
            missing += high - low;
            list.add_partition_offset(topic, partition.id(), Offset::Beginning).expect("an offset");
        }
        consumer.assign(&list).expect("an assignment");
        let deadline = Instant::now() + Duration::from_secs(20);
        let mut all = Vec::new();
        while missing > 0 && Instant::now() < deadline {
            if let Some(message) = consumer.poll(Duration::from_millis(100)) {
                all.push(message.expect("a message").detach());
                missing -= 1;
            }
        }
        assert_eq!(missing, 0, "the rest of {topic}");
        all
    }

    fn receipts(&self) -> Vec<Receipt> {
        let all = self.read("receipts");
        all.iter().map(|m| serde_json::from_slice(m.payload().expect("a value")).expect("a receipt")).collect()
    }

    fn committed(&self, group: &str) -> BTreeMap<i32, Offset> {
        let consumer: BaseConsumer = self.client().set("group.id", group).create().expect("a consumer");
        let mut list = TopicPartitionList::new();
        list.add_partition_range("posts", 0, PARTITIONS - 1);
        let answer = consumer.committed_offsets(list, Duration::from_secs(10)).expect("an answer");
        answer.elements().iter().map(|e| (e.partition(), e.offset())).collect()
    }
}

fn settings(bootstrap: &str) -> Settings {
    let topic = |topic: &str| Topic { topic: topic.into() };
    Settings {
        kafka: Kafka {
            bootstrap_servers: bootstrap.into(),
            group_id: "tripline".into(),
            instance: "one".into(),
            delivery: Delivery::AtLeastOnce,
            start: Start::Earliest,
            gaps: Gaps::Stop,
            consumers: 1,
            compression: Compression::Lz4,
            // The mock lets whoever joins after a leave wait for the session of who left.
            properties: BTreeMap::from([("session.timeout.ms".into(), "6000".into())]),
        },
        sources: vec![Source {
            topic: "posts".into(),
            fields: SourceFields {
                kind: Kind::Post,
                id: Some("/id".into()),
                author: None,
                time: None,
                region: None,
                attributes: vec![],
                text: vec![("body".into(), "/body".into())],
                links: vec![],
            },
        }],
        verdicts: Verdicts { topic: "verdicts".into(), mode: Mode::Binary, emit: Emit::Flagged, headers: vec![] },
        dead_letters: topic("dead"),
        receipts: topic("receipts"),
        rules: Rules { paths: vec![], jurisdictions: vec![], watch: false },
        breaker: Breaker { texts: 1_000, window_s: 3_600 },
        http: Http { listen: ([127, 0, 0, 1], 0).into(), token: None },
        log: Log { format: LogFormat::Text, level: "info".into() },
        shutdown: Shutdown { drain_ms: 10_000 },
    }
}

/// A running service.
struct Service {
    stop: Stop,
    probe: Arc<Probe>,
    registry: Registry,
    thread: JoinHandle<Result<Exit, RunError>>,
}

impl Service {
    fn start(settings: Settings) -> Service {
        if std::env::var_os("TRIPLINE_TEST_LOG").is_some() {
            let _ = tracing_subscriber::fmt().with_max_level(tracing::Level::DEBUG).with_test_writer().try_init();
        }
        let rules = RuleSet::builder().add_yaml("made-up.yaml", RULES).build().expect("these rules are fine");
        let (stop, probe, registry) = (Stop::new(), Arc::new(Probe::new()), Registry::new());
        let options =
            Options { registry: registry.clone(), probe: Arc::clone(&probe), stop: stop.clone(), ..Options::default() };
        let thread = std::thread::spawn(move || run(&settings, Arc::new(rules), options));
        Service { stop, probe, registry, thread }
    }

    fn metric(&self, start: &str) -> f64 {
        let text = TextEncoder::new().encode_to_string(&self.registry.gather()).expect("text");
        let values = text.lines().filter(|line| line.starts_with(start));
        values.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
    }

    /// Waits until so many records are done.
    fn wait_for(&self, records: f64) {
        self.wait("records", || self.metric("tripline_records_total") >= records);
    }

    fn wait(&self, what: &str, mut holds: impl FnMut() -> bool) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while !holds() {
            assert!(!self.thread.is_finished(), "the service ended while waiting for {what}");
            let seen = self.probe.snapshot();
            assert!(Instant::now() < deadline, "{what}: {} records, {seen:?}", self.metric("tripline_records_total"));
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn stop(self) -> Exit {
        self.stop.request();
        self.thread.join().expect("no panic").expect("it could begin")
    }
}

/// Every record has its outcome, receipts tile, and the group is at the end.
fn assert_whole(mock: &Mock, records: u64, dead: usize) {
    let verdicts = mock.read("verdicts");
    let letters = mock.read("dead");
    assert_eq!(letters.len(), dead, "dead letters");
    let receipts = mock.receipts();
    let total: u64 = receipts.iter().map(|r| r.records).sum();
    let promised: u64 = receipts.iter().map(|r| r.verdicts).sum();
    let put_aside: u64 = receipts.iter().map(|r| r.outcomes.dead_letter).sum();
    assert_eq!((total, put_aside), (records, dead as u64), "receipts");
    assert_eq!(verdicts.len() as u64, promised, "verdicts are those that the receipts state");
    assert_eq!(check_tiling(&receipts), []);
    let ends: BTreeMap<i32, i64> = (0..PARTITIONS)
        .map(|p| (p, receipts.iter().filter(|r| r.partition == p).map(|r| r.next).max().unwrap_or(0)))
        .collect();
    for (partition, committed) in mock.committed("tripline") {
        assert_eq!(committed, Offset::Offset(ends[&partition]), "commit of partition {partition}");
    }
}

#[test]
fn a_thousand_records_go_through_whole() {
    let mock = Mock::new();
    mock.feed(0..1000);
    let service = Service::start(settings(&mock.cluster.bootstrap_servers()));
    service.wait_for(1000.0);
    service.wait("readiness", || service.probe.snapshot().ready);
    assert!(service.probe.snapshot().live);
    service.wait("lag", || service.metric("tripline_consumer_lag{") == 0.0);
    let began = Instant::now();
    assert!(matches!(service.stop(), Exit::Clean));
    assert!(began.elapsed() < Duration::from_secs(2), "an idle stop took {:?}", began.elapsed());
    assert_whole(&mock, 1000, 0);
    assert_eq!(mock.read("verdicts").len(), 100);
}

#[test]
fn a_second_run_goes_on_where_the_first_stopped() {
    let mock = Mock::new();
    mock.feed(0..200);
    let first = Service::start(settings(&mock.cluster.bootstrap_servers()));
    first.wait_for(200.0);
    assert!(matches!(first.stop(), Exit::Clean));
    mock.feed(200..500);
    let second = Service::start(settings(&mock.cluster.bootstrap_servers()));
    second.wait_for(300.0);
    assert!(matches!(second.stop(), Exit::Clean));
    assert_whole(&mock, 500, 0);
}

#[test]
fn refused_requests_are_sent_again() {
    use RDKafkaRespErr::*;
    let mock = Mock::new();
    mock.feed(0..500);
    let errors = [
        RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
        RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
        RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
        RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
    ];
    mock.cluster.request_errors(RDKafkaApiKey::Produce, &errors);
    let service = Service::start(settings(&mock.cluster.bootstrap_servers()));
    service.wait_for(500.0);
    assert!(matches!(service.stop(), Exit::Clean));
    assert_whole(&mock, 500, 0);
}

#[test]
fn who_stood_in_a_request_that_was_too_large_is_sent_alone() {
    let mock = Mock::new();
    mock.feed(0..100);
    mock.cluster.request_errors(RDKafkaApiKey::Produce, &[RDKafkaRespErr::RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE]);
    let service = Service::start(settings(&mock.cluster.bootstrap_servers()));
    service.wait_for(100.0);
    assert!(matches!(service.stop(), Exit::Clean));
    assert_whole(&mock, 100, 0);
}

#[test]
fn a_verdict_that_is_too_large_even_alone_becomes_a_dead_letter() {
    let mock = Mock::new();
    // One flagged record, so one verdict in one request.
    mock.feed(0..1);
    let too_large = RDKafkaRespErr::RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;
    mock.cluster.request_errors(RDKafkaApiKey::Produce, &[too_large, too_large]);
    let service = Service::start(settings(&mock.cluster.bootstrap_servers()));
    service.wait_for(1.0);
    assert!((service.metric(r#"tripline_dead_letters_total{reason="too-large""#) - 1.0).abs() < 0.1);
    assert!(matches!(service.stop(), Exit::Clean));
    assert_whole(&mock, 1, 1);
}

#[test]
fn a_dead_letter_that_nobody_takes_stops_the_service() {
    let mock = Mock::new();
    mock.feed(0..1);
    let too_large = RDKafkaRespErr::RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;
    mock.cluster.request_errors(RDKafkaApiKey::Produce, &[too_large; 12]);
    let service = Service::start(settings(&mock.cluster.bootstrap_servers()));
    let exit = service.thread.join().expect("no panic").expect("it could begin");
    assert_eq!(exit.code(), 3, "{exit:?}");
    assert_eq!(mock.committed("tripline")[&0], Offset::Offset(0), "nothing was finished");
}

#[test]
fn commits_that_fail_are_asked_again() {
    use RDKafkaRespErr::*;
    let mock = Mock::new();
    mock.feed(0..500);
    let service = Service::start(settings(&mock.cluster.bootstrap_servers()));
    mock.cluster.request_errors(
        RDKafkaApiKey::OffsetCommit,
        &[RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS],
    );
    service.wait_for(500.0);
    assert!(matches!(service.stop(), Exit::Clean));
    assert_whole(&mock, 500, 0);
}

#[test]
fn a_broker_that_is_away_for_a_while_loses_nothing() {
    let mock = Mock::new();
    mock.feed(0..400);
    let service = Service::start(settings(&mock.cluster.bootstrap_servers()));
    service.wait_for(100.0);
    mock.cluster.broker_down(-1).expect("down");
    std::thread::sleep(Duration::from_secs(3));
    assert!(service.probe.snapshot().live, "a broker that is away is no reason to be restarted");
    mock.cluster.broker_up(-1).expect("up");
    mock.feed(400..800);
    service.wait_for(800.0);
    assert!(matches!(service.stop(), Exit::Clean));
    let receipts = mock.receipts();
    let covered: i64 =
        (0..PARTITIONS).map(|p| receipts.iter().filter(|r| r.partition == p).map(|r| r.next).max().unwrap_or(0)).sum();
    assert_eq!(covered, 800);
    // What was written while the answer got lost may stand twice, never not at all.
    let holes = check_tiling(&receipts).into_iter().filter(|f| f.to_string().starts_with("no receipt"));
    assert_eq!(holes.count(), 0);
}

#[test]
fn a_stop_is_done_in_time_though_the_broker_is_away() {
    let mock = Mock::new();
    mock.feed(0..400);
    let mut settings = settings(&mock.cluster.bootstrap_servers());
    settings.shutdown.drain_ms = 3_000;
    let service = Service::start(settings);
    service.wait("the group", || service.probe.snapshot().ready);
    mock.cluster.broker_down(-1).expect("down");
    let began = Instant::now();
    assert!(matches!(service.stop(), Exit::Clean));
    assert!(began.elapsed() < Duration::from_millis(4_500), "{:?}", began.elapsed());
}

#[test]
fn a_broker_that_cannot_be_reached_is_waited_for() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let nobody = taken.local_addr().expect("an address");
    drop(taken);
    let service = Service::start(settings(&nobody.to_string()));
    std::thread::sleep(Duration::from_secs(6));
    let snapshot = service.probe.snapshot();
    assert!(!snapshot.ready && snapshot.live);
    let cluster = snapshot.conditions.iter().find(|c| c.name == "cluster").expect("a condition");
    assert!(cluster.reason.as_deref().is_some_and(|reason| reason.contains("no broker answers")), "{cluster:?}");
    assert!(matches!(service.stop(), Exit::Clean));
}

#[test]
fn a_property_that_librdkafka_refuses_ends_the_start() {
    let mut settings = settings("127.0.0.1:1");
    settings.kafka.properties.insert("session.timeout.ms".into(), "soon".into());
    let service = Service::start(settings);
    // Properties of the consumer's side are seen before the cluster is asked.
    let error = service.thread.join().expect("no panic").expect_err("a refused property");
    let cause = std::error::Error::source(&error).expect("a cause").to_string();
    assert!(cause.contains("session.timeout.ms"), "{cause}");
}
