//! tripline against a real Apache Kafka: the binary, its records, its signals.

#[path = "../kafka/mod.rs"]
mod kafka;

mod broker;
