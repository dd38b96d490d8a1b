//! What a test does with a broker: make topics, write records, read everything.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use std::{process, thread};

use rdkafka::admin::{AdminClient, AdminOptions, NewPartitions, NewTopic, TopicReplication};
use rdkafka::client::{ClientContext, DefaultClientContext};
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{DeliveryResult, Header, OwnedHeaders, OwnedMessage};
use rdkafka::metadata::{MetadataPartition, MetadataTopic};
use rdkafka::producer::{BaseRecord, Producer, ProducerContext, ThreadedProducer};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};

use super::Broker;

const LIMIT: Duration = Duration::from_secs(60);

/// A name that no earlier run used, also on a broker that outlives us.
pub fn unique(stem: &str) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is after 1970").as_millis();
    format!("{stem}-{now}-{}-{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// A record to write.
#[derive(Clone, Debug, Default)]
pub struct Message {
    pub topic: String,
    /// `None`: by the key, or any.
    pub partition: Option<i32>,
    pub key: Option<Vec<u8>>,
    pub value: Option<Vec<u8>>,
    pub headers: Vec<(String, Option<Vec<u8>>)>,
    pub timestamp_ms: Option<i64>,
}

impl Message {
    /// A record with a null key and a null value.
    pub fn to(topic: &str) -> Message {
        Message { topic: topic.to_owned(), ..Message::default() }
    }

    pub fn partition(mut self, partition: i32) -> Message {
        self.partition = Some(partition);
        self
    }

    pub fn key(mut self, key: impl AsRef<[u8]>) -> Message {
        self.key = Some(key.as_ref().to_vec());
        self
    }

    pub fn value(mut self, value: impl AsRef<[u8]>) -> Message {
        self.value = Some(value.as_ref().to_vec());
        self
    }

    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Message {
        self.headers.push((name.to_owned(), Some(value.as_ref().to_vec())));
        self
    }

    pub fn timestamp_ms(mut self, timestamp_ms: i64) -> Message {
        self.timestamp_ms = Some(timestamp_ms);
        self
    }

    fn headers(&self) -> Option<OwnedHeaders> {
        if self.headers.is_empty() {
            return None;
        }
        let mut headers = OwnedHeaders::new_with_capacity(self.headers.len());
        for (key, value) in &self.headers {
            headers = headers.insert(Header { key, value: value.as_deref() });
        }
        Some(headers)
    }
}

/// Counts what did not arrive.
#[derive(Clone, Default)]
struct Failures(Arc<AtomicUsize>);

impl ClientContext for Failures {}

impl ProducerContext for Failures {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        if let Err((error, _)) = result {
            eprintln!("a test record did not arrive: {error}");
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Broker {
    /// Settings of a client of this broker.
    pub fn client(&self) -> ClientConfig {
        let mut client = ClientConfig::new();
        client.set("bootstrap.servers", self.bootstrap()).set("log_level", "3");
        client
    }

    /// Makes a topic and waits until its partitions have leaders.
    pub fn create_topic(&self, name: &str, partitions: i32, settings: &[(&str, &str)]) {
        let topic = NewTopic::new(name, partitions, TopicReplication::Fixed(1));
        let topic = settings.iter().fold(topic, |topic, (key, value)| topic.set(key, value));
        let answers = self.administer(|admin, options| block_on(admin.create_topics([&topic], options)));
        for answer in answers {
            answer.unwrap_or_else(|(topic, error)| panic!("topic {topic} was not created: {error}"));
        }
        self.await_leaders(name, partitions);
    }

    /// Grows a topic to `partitions`.
    pub fn grow_topic(&self, name: &str, partitions: i32) {
        let count = partitions.try_into().expect("a count of partitions is not negative");
        let answers = self.administer(|admin, options| {
            block_on(admin.create_partitions([&NewPartitions::new(name, count)], options)).map(|answers| answers.len())
        });
        assert_eq!(answers, 1, "one topic grows");
        self.await_leaders(name, partitions);
    }

    /// Deletes the records of a partition that lie before `offset`, as retention does.
    pub fn delete_before(&self, topic: &str, partition: i32, offset: i64) {
        let mut list = TopicPartitionList::new();
        list.add_partition_offset(topic, partition, Offset::Offset(offset)).expect("an offset can be listed");
        self.administer(|admin, options| block_on(admin.delete_records(&list, options)));
        assert_eq!(self.watermarks(topic, partition).0, offset, "the records are gone");
    }

    fn administer<T>(
        &self,
        order: impl FnOnce(&AdminClient<DefaultClientContext>, &AdminOptions) -> Result<T, KafkaError>,
    ) -> T {
        let admin = self.client().create().expect("the settings are valid");
        let options = AdminOptions::new().operation_timeout(Some(LIMIT));
        order(&admin, &options).expect("the broker answers")
    }

    fn await_leaders(&self, topic: &str, partitions: i32) {
        let consumer: BaseConsumer = self.client().create().expect("the settings are valid");
        let deadline = Instant::now() + LIMIT;
        while Instant::now() < deadline {
            let metadata = consumer.fetch_metadata(Some(topic), Duration::from_secs(5));
            let led = metadata.map_or(0, |metadata| {
                let partitions = metadata.topics().iter().flat_map(MetadataTopic::partitions);
                partitions.filter(|partition| partition.leader() >= 0).count()
            });
            if i32::try_from(led) == Ok(partitions) {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("topic {topic} has no leaders");
    }

    /// Writes records and waits until all have arrived.
    pub fn produce(&self, messages: &[Message]) {
        let failures = Failures::default();
        let producer: ThreadedProducer<Failures> = self
            .client()
            .set("linger.ms", "5")
            .set("message.max.bytes", "20000000")
            .set("enable.idempotence", "true")
            .create_with_context(failures.clone())
            .expect("the settings are valid");
        for message in messages {
            send(&producer, message);
        }
        producer.flush(LIMIT).expect("the broker takes them in time");
        assert_eq!(failures.0.load(Ordering::Relaxed), 0, "records that did not arrive");
    }

    /// Begins a transaction and writes records in it, which have all arrived when this returns.
    pub fn begin(&self, messages: &[Message]) -> Transaction {
        let failures = Failures::default();
        let producer: ThreadedProducer<Failures> = self
            .client()
            .set("transactional.id", unique("tripline-tests"))
            .create_with_context(failures.clone())
            .expect("the settings are valid");
        producer.init_transactions(LIMIT).expect("a coordinator answers");
        producer.begin_transaction().expect("a transaction begins");
        for message in messages {
            send(&producer, message);
        }
        producer.flush(LIMIT).expect("the broker takes them in time");
        assert_eq!(failures.0.load(Ordering::Relaxed), 0, "records that did not arrive");
        Transaction { producer }
    }

    /// The members of a group; none when there is no such group.
    pub fn members(&self, group: &str) -> usize {
        let consumer: BaseConsumer = self.client().create().expect("the settings are valid");
        let list = consumer.fetch_group_list(Some(group), LIMIT).expect("the broker answers");
        list.groups().iter().map(|group| group.members().len()).sum()
    }

    /// Every record of a topic that a `read_committed` reader sees, each partition in order, up to the end of now.
    pub fn read_all(&self, topic: &str) -> Vec<OwnedMessage> {
        let consumer: BaseConsumer = self
            .client()
            .set("group.id", "tripline-tests-reader")
            .set("enable.auto.commit", "false")
            .set("enable.partition.eof", "true")
            .set("isolation.level", "read_committed")
            .set("auto.offset.reset", "error")
            .set("fetch.message.max.bytes", "20000000")
            .set("fetch.queue.backoff.ms", "5")
            .create()
            .expect("the settings are valid");
        let mut open = self.assign_all(&consumer, topic);
        let mut all = Vec::new();
        let mut deadline = Instant::now() + LIMIT;
        while !open.is_empty() {
            assert!(Instant::now() < deadline, "{topic}: no end of partitions {open:?} in sight");
            match consumer.poll(Duration::from_millis(200)) {
                None => {}
                Some(Ok(message)) => {
                    all.push(message.detach());
                    deadline = Instant::now() + LIMIT;
                }
                Some(Err(KafkaError::PartitionEOF(partition))) => {
                    open.remove(&partition);
                }
                Some(Err(error)) => panic!("{topic} cannot be read: {error}"),
            }
        }
        all
    }

    fn assign_all(&self, consumer: &BaseConsumer, topic: &str) -> BTreeSet<i32> {
        let partitions = self.partitions(topic);
        let mut list = TopicPartitionList::new();
        for &partition in &partitions {
            let (low, _) = consumer.fetch_watermarks(topic, partition, LIMIT).expect("the partition has watermarks");
            list.add_partition_offset(topic, partition, Offset::Offset(low)).expect("an offset can be assigned");
        }
        consumer.assign(&list).expect("partitions can be assigned");
        partitions
    }

    /// The partitions of a topic.
    pub fn partitions(&self, topic: &str) -> BTreeSet<i32> {
        let consumer: BaseConsumer = self.client().create().expect("the settings are valid");
        let metadata = consumer.fetch_metadata(Some(topic), LIMIT).expect("the broker answers");
        metadata.topics().iter().flat_map(MetadataTopic::partitions).map(MetadataPartition::id).collect()
    }

    /// The offsets that a group has committed on a topic; a partition without one is left out.
    pub fn committed(&self, group: &str, topic: &str) -> Vec<(i32, i64)> {
        let consumer: BaseConsumer = self.client().set("group.id", group).create().expect("the settings are valid");
        let mut list = TopicPartitionList::new();
        for partition in self.partitions(topic) {
            list.add_partition(topic, partition);
        }
        let committed = consumer.committed_offsets(list, LIMIT).expect("the broker answers");
        let offsets = committed.elements().into_iter().filter_map(|element| match element.offset() {
            Offset::Offset(offset) => Some((element.partition(), offset)),
            _ => None,
        });
        offsets.collect()
    }

    /// First and next offset of a partition.
    pub fn watermarks(&self, topic: &str, partition: i32) -> (i64, i64) {
        let consumer: BaseConsumer = self.client().create().expect("the settings are valid");
        consumer.fetch_watermarks(topic, partition, LIMIT).expect("the broker answers")
    }
}

/// A transaction that is open: no `read_committed` reader sees anything behind its first record.
pub struct Transaction {
    producer: ThreadedProducer<Failures>,
}

impl Transaction {
    pub fn commit(self) {
        self.producer.commit_transaction(LIMIT).expect("the transaction is committed");
    }

    pub fn abort(self) {
        self.producer.abort_transaction(LIMIT).expect("the transaction is aborted");
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime without drivers starts");
    runtime.block_on(future)
}

/// A full queue is waited out; any other error is a fault of the test.
fn send(producer: &ThreadedProducer<Failures>, message: &Message) {
    let mut record: BaseRecord<'_, [u8], [u8]> = BaseRecord::to(&message.topic);
    record.partition = message.partition;
    record.key = message.key.as_deref();
    record.payload = message.value.as_deref();
    record.headers = message.headers();
    record.timestamp = message.timestamp_ms;
    loop {
        match producer.send(record) {
            Ok(()) => return,
            Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), back)) => {
                record = back;
                thread::sleep(Duration::from_millis(5));
            }
            Err((error, _)) => panic!("a test record cannot be sent: {error}"),
        }
    }
}
