//! Reading whole partitions without a group: nothing is committed, nobody is disturbed.

use std::time::Duration;

use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::message::Message as _;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use super::{Connection, Error, TopicPartition};

/// A reader of partitions from their beginning, in the order of each.
pub struct Tail {
    client: BaseConsumer,
}

impl Tail {
    /// Connects in the background.
    ///
    /// # Errors
    /// When librdkafka refuses a property or a partition.
    pub fn from_beginning(connection: &Connection, partitions: &[TopicPartition]) -> Result<Self, Error> {
        let client: BaseConsumer = connection.consumer().create()?;
        let mut list = TopicPartitionList::with_capacity(partitions.len());
        for at in partitions {
            list.add_partition_offset(&at.topic, at.partition, Offset::Beginning)?;
        }
        client.assign(&list)?;
        Ok(Self { client })
    }

    /// Lends the next record's topic and value to `each`, after waiting up to `wait` for it; false when none came.
    ///
    /// # Errors
    /// What librdkafka says of a partition or of the client.
    pub fn next(&self, wait: Duration, each: &mut dyn FnMut(&str, &[u8])) -> Result<bool, Error> {
        match self.client.poll(wait) {
            None | Some(Err(KafkaError::PartitionEOF(_) | KafkaError::NoMessageReceived)) => Ok(false),
            Some(Ok(message)) => {
                each(message.topic(), message.payload().unwrap_or_default());
                Ok(true)
            }
            Some(Err(error)) => Err(error.into()),
        }
    }
}
