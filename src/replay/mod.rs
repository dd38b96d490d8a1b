//! Judging a bounded range again: of topics, without joining a group or committing anything, or of files.
//!
//! ```text
//! plan (where each partition begins and ends now) -> readers (one a topic) -> batches -> judges (one a core) -> report
//!                                                                                \-> writer: verdicts to another topic
//! ```
//! A reader copies records into batches and hands them over a short queue, so that one partition or one file keeps
//! all cores busy; a judge decodes each record once and gives it to every rule set. Each judge has a tally of its own, and
//! they are merged at the end, in no particular order.
//!
//! Not here: what a verdict means (`engine`), what is counted (`report`), flags and files (`cli`).

mod batch;
mod bound;
mod judge;
mod plan;
mod progress;
mod read;
mod run;
mod write;

pub use bound::{Bound, ParseBoundError, check_order};
pub use plan::{Plan, PlanError, Scope, plan};
pub use progress::Progress;
pub use read::{Broken, RecordFile};
pub use run::{Job, Outcome, Sources, run};
pub use write::{Output, WriteError};
