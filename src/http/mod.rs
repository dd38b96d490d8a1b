//! `/metrics`, `/live`, `/ready` on a thread of their own, never on the way of a record.
//!
//! | route | answers |
//! |---|---|
//! | `/metrics` | the registry in the Prometheus text format, version 0.0.4 |
//! | `/live` | 200, or 503 when a consumer thread is stuck |
//! | `/ready` | 200 or 503, with each condition and the rule set as JSON |
//!
//! Anything else is 404. No route writes anything, so none needs a password; the default address is the loopback.

mod routes;
mod server;

pub use server::{ListenError, Server};
