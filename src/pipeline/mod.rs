//! The wiring.
mod probe;
mod reload;
mod shutdown;
pub use probe::{Condition, Probe, Snapshot};
pub use reload::{Loaded, RulesHandle};
pub use shutdown::Stop;
