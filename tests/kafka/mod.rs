//! A real Apache Kafka for tests: one KRaft node on loopback, and what a test does with a broker.
//!
//! ```ignore
//! #[path = "../kafka/mod.rs"]
//! mod kafka;
//! let broker = kafka::Broker::shared();               // started once per test process
//! broker.create_topic("posts", 8, &[]);
//! broker.produce(&[kafka::Message::to("posts").value(b"{}")]);
//! let all = broker.read_all("posts");                 // read_committed, up to the end of now
//! ```
//!
//! With `KAFKA_BOOTSTRAP=host:port` in the environment `Broker::shared` is that broker and no Java is needed; then use
//! topic names from [`unique`], because that broker keeps what earlier runs wrote.
//!
//! The JVM belongs to `tests/kafka/guardian`, a process that ends it when ours is gone.
#![allow(dead_code, unused_imports, reason = "each harness uses its part of this module")]

mod broker;
mod client;
mod guardian;
mod jars;

pub use broker::Broker;
pub use client::{Message, Transaction, unique};
pub use guardian::Guardian;
