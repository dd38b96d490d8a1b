//! Guards of the house: who may import whom, what the core must not name, what stands at the top level, what we may
//! depend on, and what the scripts say on a machine where something is missing.
//!
//! The first is checked on `src/` and, so that the checker itself is known to see, on made-up sources that must fail.

mod dependencies;
mod imports;
mod layers;
mod prerequisites;
mod source;
mod tree;

use std::path::Path;

/// The repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
