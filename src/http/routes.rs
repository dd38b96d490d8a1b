//! Each route is a function of the registry, of a snapshot, or of a reload's outcome.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use prometheus::{Registry, TEXT_FORMAT, TextEncoder};
use serde::Serialize;

use super::access::{Refusal, Token, may_reload};
use crate::metrics::ReloadResult;
use crate::pipeline::{Outcome, Probe, Reload, Trigger};

/// A million names are built in less; who waited so long reads the rest in `/ready`.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the routes read, and the reload that one of them asks for.
#[derive(Clone, Debug)]
pub struct Views {
    /// Behind `/metrics`.
    pub registry: Registry,
    /// Behind `/live` and `/ready`.
    pub probe: Arc<Probe>,
    /// Behind `/-/reload`.
    pub reload: Reload,
    /// What a request for a reload from elsewhere has to bring; `None`: nothing would do.
    pub token: Option<Token>,
}

pub(super) fn router(views: Views) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .route("/live", get(live))
        .route("/ready", get(ready))
        .route("/-/reload", post(reload))
        .with_state(views)
}

async fn metrics(State(views): State<Views>) -> Response {
    let families = views.registry.gather();
    match TextEncoder::new().encode_to_string(&families) {
        Ok(text) => ([(header::CONTENT_TYPE, TEXT_FORMAT)], text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn live(State(views): State<Views>) -> Response {
    #[derive(Serialize)]
    struct Live {
        live: bool,
    }
    let live = views.probe.snapshot().live;
    json(live, &Live { live })
}

async fn ready(State(views): State<Views>) -> Response {
    let snapshot = views.probe.snapshot();
    json(snapshot.ready, &snapshot)
}

/// What a body says is not read: there is nothing to say.
async fn reload(
    State(views): State<Views>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Response {
    if let Err(refusal) = may_reload(peer.ip(), &headers, views.token.as_ref()) {
        return refused(refusal);
    }
    match tokio::time::timeout(PATIENCE, views.reload.ask(Trigger::Http)).await {
        Ok(Ok(outcome)) => reloaded(&outcome),
        Ok(Err(_closed)) => not_done(StatusCode::SERVICE_UNAVAILABLE, "stopping, or not started"),
        Err(_late) => not_done(StatusCode::GATEWAY_TIMEOUT, "still loading; /ready will show how it ended"),
    }
}

fn reloaded(outcome: &Outcome) -> Response {
    #[derive(Serialize)]
    struct Reloaded<'o> {
        result: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<&'o str>,
        /// Of the rules that judge now, whatever the result.
        digest: &'o str,
        epoch: u64,
    }
    let status = match outcome.result {
        ReloadResult::Loaded | ReloadResult::Unchanged => StatusCode::OK,
        ReloadResult::Failed => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let reason = outcome.reason.as_deref();
    let result = outcome.result.as_str();
    answer(status, &Reloaded { result, reason, digest: &outcome.digest, epoch: outcome.epoch })
}

fn refused(refusal: Refusal) -> Response {
    let status = match refusal {
        Refusal::WebPage | Refusal::NoToken => StatusCode::FORBIDDEN,
        Refusal::Unauthorized => StatusCode::UNAUTHORIZED,
    };
    let mut response = not_done(status, refusal.reason());
    if refusal == Refusal::Unauthorized {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, header::HeaderValue::from_static("Bearer"));
    }
    response
}

fn not_done(status: StatusCode, reason: &str) -> Response {
    #[derive(Serialize)]
    struct NotDone<'r> {
        result: &'static str,
        reason: &'r str,
    }
    let result = if status.is_server_error() { "unknown" } else { "refused" };
    answer(status, &NotDone { result, reason })
}

fn json(fine: bool, body: &impl Serialize) -> Response {
    answer(if fine { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, body)
}

fn answer(status: StatusCode, body: &impl Serialize) -> Response {
    let body = serde_json::to_string(body).expect("strings, numbers and truth values can be written as JSON");
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}
