//! tripline: a content-moderation stream processor.
#![forbid(unsafe_code)]

// -- layer 0: values in, values out
pub mod content;
pub mod domain;
pub mod matcher;
pub mod text;
// -- layer 1: what the text means
pub mod engine;
pub mod rule;
// -- layer 2: stream logic without a stream
pub mod event;
pub mod stream;
