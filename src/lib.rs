#![doc = include_str!("../README.md")]
//!
//! # Who may import whom
//!
//! A pure core (layers 0 to 2: no I/O, no clock, no threads) that builds alone with `--no-default-features`, and a thin
//! shell around it. `tests/architecture` reads this table and compares it with every `crate::` path in `src/`.
//!
//! | layer | folder | may use |
//! |---|---|---|
//! | 0 | `content` | nothing |
//! | 0 | `text` | nothing |
//! | 0 | `matcher` | `text` |
//! | 0 | `domain` | `text` |
//! | 0 | `names` | `text` |
//! | 1 | `rule` | `matcher`, `domain`, `names`, `text` |
//! | 1 | `engine` | `rule`, `matcher`, `domain`, `text`, `content` |
//! | 2 | `stream` | `content` |
//! | 2 | `event` | `engine`, `rule`, `stream`, `content`, `text` |
//! | 2 | `report` | `engine`, `rule`, `stream`, `content`, `text` |
//! | 3 | `config` | `event`, `stream`, `rule`, `content` |
//! | 3 | `metrics` | `event`, `engine`, `rule`, `stream`, `content`, `text` |
//! | 3 | `kafka` | `stream` |
//! | 3 | `pipeline` | `kafka`, `metrics`, `config`, `event`, `stream`, `engine`, `rule`, `content` |
//! | 3 | `http` | `metrics`, `pipeline` |
//! | 3 | `replay` | `kafka`, `report`, `event`, `stream`, `engine`, `rule`, `content` |
//! | 4 | `cli` | `replay`, `pipeline`, `http`, `report`, `kafka`, `metrics`, `config`, `event`, `stream`, `engine`, `rule`, `domain`, `matcher`, `text`, `content` |
#![forbid(unsafe_code)]

// -- layer 0: values in, values out
pub mod content;
pub mod domain;
pub mod matcher;
pub mod names;
pub mod text;
// -- layer 1: what the text means
pub mod engine;
pub mod rule;
// -- layer 2: stream logic without a stream
pub mod event;
pub mod report;
pub mod stream;
// -- layer 3: the shell
#[cfg(feature = "service")]
pub mod config;
#[cfg(feature = "service")]
pub mod http;
#[cfg(feature = "service")]
pub mod kafka;
#[cfg(feature = "service")]
pub mod metrics;
#[cfg(feature = "service")]
pub mod pipeline;
#[cfg(feature = "service")]
pub mod replay;
// -- layer 4: the command line, for the binary
#[cfg(feature = "service")]
#[doc(hidden)]
pub mod cli;
