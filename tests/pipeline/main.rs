//! tripline against a real Apache Kafka: the binary, its records, its signals. And, in `mock`, the pipeline against
//! librdkafka's mock cluster.

#[path = "../kafka/mod.rs"]
mod kafka;

mod judge;
mod made_up;
mod records;
mod support;

mod bad_input;
mod broker;
mod codecs;
mod events;
mod every_record;
mod headers;
mod mock;
mod once;
mod overtaken;
mod reload;
mod replay;
mod replay_trouble;
mod signals;
mod start;
mod topics;
