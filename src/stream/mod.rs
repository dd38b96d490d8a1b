//! Stream logic without a stream: what a record is, what becomes of it, and how far we may commit.
//!
//! Bytes in, decisions out: nothing here opens a socket, reads a clock or rolls a die. Whoever owns the consumer
//! passes times and random numbers as arguments, so every rule of delivery can be tested as arithmetic.
//!
//! | file | answers |
//! |---|---|
//! | `record` | what came from the broker, and what goes back |
//! | `pointer`, `field_map`, `decode`, `walk`, `attribute`, `poison` | which fields of a record are judged |
//! | `outcome`, `receipt` | what became of the records of a batch |
//! | `offsets`, `start`, `assignment`, `goal` | from where to where a partition is ours, and what may be committed |
//! | `range` | when a bounded part of a topic is done |
//! | `topic` | what the topics should be like, what is wrong with them, and the rights that they take |
//! | `dead_letter` | how a record that cannot be judged is kept |
//! | `breaker` | when a condition raises more than people can review |
//! | `backoff`, `rarely` | how long to wait, and how often to say so |

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod assignment;
mod attribute;
mod backoff;
mod breaker;
mod dead_letter;
mod decode;
mod field_map;
mod goal;
mod offsets;
mod outcome;
mod pointer;
mod poison;
mod range;
mod rarely;
mod receipt;
mod record;
mod start;
mod topic;
mod walk;

pub use assignment::{Assignment, Consuming, Drain, Draining, Released};
pub use backoff::Backoff;
pub use breaker::{BreakerLimits, BreakerTurn, Breakers, Raised};
pub use dead_letter::{Stage, dead_letter};
pub use decode::{Decoded, MAX_DEPTH, decode, decode_record};
pub use field_map::{FieldMap, FieldMapError, FieldMapFault, SourceFields};
pub use goal::Goal;
pub use offsets::OffsetTracker;
pub use outcome::{Outcome, OutcomeCounts};
pub use pointer::PointerError;
pub use poison::{Poison, PoisonClass};
pub use range::{Range, Ranges, Within};
pub use rarely::{Rarely, RarelyPer};
pub use receipt::{Receipt, RuleSetStamp, Tally, TilingFault, check_tiling};
pub use record::{Outgoing, Record};
pub use start::{Begin, Gap, GapKind, ParseStartError, Start, begin};
pub use topic::{
    Acl, AclUse, CreateOptions, DescribedTopic, FaultLevel, NewTopic, Resource, TopicFacts, TopicFault, TopicNeeds,
    TopicRole, TopicSetting, TopicState, acls, check_topics, missing_topics,
};
