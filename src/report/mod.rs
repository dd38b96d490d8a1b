//! What a replay found, as values and as text: counts, examples, and what changes from one rule set to another.
//!
//! Nothing here reads or writes: verdicts go in, a summary comes out, and a renderer makes text, JSON or Markdown of it.
#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]
