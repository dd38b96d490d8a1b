//! Each route is a function of the registry or of a snapshot.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus::{Registry, TEXT_FORMAT, TextEncoder};
use serde::Serialize;

use crate::pipeline::Probe;

/// What the routes read.
#[derive(Clone)]
pub(super) struct Views {
    pub registry: Registry,
    pub probe: Arc<Probe>,
}

pub(super) fn router(views: Views) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .route("/live", get(live))
        .route("/ready", get(ready))
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

fn json(fine: bool, body: &impl Serialize) -> Response {
    let status = if fine { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = serde_json::to_string(body).expect("strings, numbers and truth values can be written as JSON");
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}
