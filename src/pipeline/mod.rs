//! The wiring: records in, verdicts, dead letters and receipts out, and offsets committed behind them.
//!
//! ```text
//! Source::take -> judge (in place) -> Batch -> Sink::send -> acknowledgements -> receipts -> acknowledgements -> commit
//! ```
//!
//! Each consumer thread owns a [`Source`](crate::kafka::Source), a [`Sink`](crate::kafka::Sink), a scanner and a ledger;
//! they share the rule set handle, the metrics, the [`Probe`] and the [`Stop`]. What is decided here is only the order:
//! what a record means is the engine's, what may be committed is the stream's.
//!
//! Not here: HTTP and signals' runtime beyond [`Stop::on_signals`], and exactly-once, whose seam is `commit::Delivery`.

mod batch;
mod beginning;
mod breaker;
mod commit;
#[cfg(test)]
mod commit_tests;
mod judge;
#[cfg(test)]
mod judge_tests;
mod once;
mod outputs;
mod probe;
mod rebalance;
mod reload;
mod run;
mod shutdown;
mod startup;
mod worker;
#[cfg(test)]
mod worker_tests;

pub use judge::{Observed, Observer};
pub use outputs::{longest_field, topic_needs, topic_uses};
pub use probe::{Condition, LastReload, Probe, Snapshot};
pub use reload::{Loaded, Outcome, Reload, RulesHandle, Trigger};
pub use run::{Exit, Fatal, Options, RunError, connection, run};
pub use shutdown::Stop;
