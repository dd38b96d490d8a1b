//! Compression both ways: every codec of `kafka.compression`, and whatever codec the records come in.

use std::path::Path;
use std::time::Duration;

use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer as _, ThreadedProducer};

use crate::judge::event;
use crate::kafka::Broker;
use crate::support::{LISTED, Service, Setup};

const LIMIT: Duration = Duration::from_secs(60);
/// The names of the setting and of the producer's property are the same.
const CODECS: [&str; 5] = ["none", "gzip", "snappy", "lz4", "zstd"];

/// Records in one batch of this codec.
fn produce(broker: &Broker, topic: &str, codec: &str, count: usize) {
    let producer: ThreadedProducer<DefaultProducerContext> = broker
        .client()
        .set("compression.type", codec)
        .set("linger.ms", "100")
        .create()
        .expect("librdkafka is built with this codec");
    for n in 0..count {
        let value = format!(r#"{{"id":"{codec}-{n}","body":"看：{LISTED}，看：{LISTED}"}}"#);
        let record: BaseRecord<'_, (), str> = BaseRecord::to(topic).partition(0).payload(&value);
        producer.send(record).map_err(|(error, _)| error).expect("there is room");
    }
    producer.flush(LIMIT).expect("the broker takes them");
}

/// The compression of every record batch in a topic's logs, as the files say: bits 0 to 2 of the attributes.
fn codecs_on_disk(data: &Path, topic: &str, partitions: usize) -> Vec<u8> {
    let mut codecs = Vec::new();
    for partition in 0..partitions {
        let log = data.join(format!("{topic}-{partition}/00000000000000000000.log"));
        let log = std::fs::read(log).expect("the log is there");
        let mut at = 0;
        // baseOffset i64, batchLength i32, partitionLeaderEpoch i32, magic i8, crc u32, attributes i16, …
        while let Some(batch) = log.get(at..at + 23) {
            let length = i32::from_be_bytes(batch[8..12].try_into().expect("four bytes"));
            if length <= 0 {
                break; // the file is longer than what is written
            }
            codecs.push(batch[22] & 7);
            at += 12 + usize::try_from(length).expect("it is positive");
        }
    }
    codecs
}

#[test]
fn records_of_every_codec_are_read_and_verdicts_of_every_codec_are_written() {
    let broker = Broker::shared();
    for (number, codec) in (0..).zip(CODECS) {
        let mut setup = Setup::on(broker, 1).set("kafka.compression", codec).set("kafka.properties.linger.ms", "50");
        setup.flags.push("--once".to_owned());
        for codec in CODECS {
            produce(broker, &setup.posts, codec, 20);
        }
        let mut service = Service::start(&setup, "one");
        let status = service.ended_within(LIMIT);
        assert_eq!(status.code(), Some(0), "{codec}; its log:\n{}", service.log());
        let verdicts = broker.read_all(&setup.verdicts);
        assert_eq!(verdicts.len(), 20 * CODECS.len(), "{codec}");
        assert!(verdicts.iter().all(|verdict| event(verdict).1.action == "flag"), "{codec}");
        if let Some(data) = broker.data() {
            let mut read = codecs_on_disk(data, &setup.posts, 1);
            read.dedup(); // on a busy machine a batch may be written in two
            assert_eq!(read, [0, 1, 2, 3, 4], "batches of each");
            let written = codecs_on_disk(data, &setup.verdicts, 3);
            assert!(!written.is_empty() && written.iter().all(|found| *found == number), "{codec}: {written:?}");
        }
    }
}
