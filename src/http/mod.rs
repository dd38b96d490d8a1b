//! `/metrics`, `/live`, `/ready`, `/-/reload` on a thread of their own, never on the way of a record.
//!
//! | route | answers |
//! |---|---|
//! | `GET /metrics` | the registry in the Prometheus text format, version 0.0.4 |
//! | `GET /live` | 200, or 503 when a consumer thread is stuck |
//! | `GET /ready` | 200 or 503, with each condition, the rule set and the last reload as JSON |
//! | `POST /-/reload` | loads the rules again and waits: 200 `loaded` or `unchanged`, 422 `failed` with the first problems |
//!
//! Anything else is 404, another method 405. Reading needs no password, and the default address is the loopback. A reload
//! changes nothing that the files do not say, but costs a build; so it is for whoever is on this machine, and from
//! elsewhere for whoever brings the token of the settings. A web page in somebody's browser is neither (see `access`).

mod access;
mod routes;
mod server;

pub use access::Token;
pub use routes::Views;
pub use server::{ListenError, Server};
