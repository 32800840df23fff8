//! The page to look at: three files of our own, and the list of operations that it explains.

use axum::Json;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use perch_api::operation;
use serde_json::{Value, json};

use crate::faults::{SIGNALLING, SOCKET};

/// Nothing from elsewhere, and nothing inline.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// `GET /`.
pub(super) async fn html() -> Response {
    file("text/html; charset=utf-8", include_str!("page.html"))
}

/// `GET /page.css`.
pub(super) async fn css() -> Response {
    file("text/css; charset=utf-8", include_str!("page.css"))
}

/// `GET /page.js`.
pub(super) async fn script() -> Response {
    file("text/javascript; charset=utf-8", include_str!("page.js"))
}

/// Every operation, as the table declares it, and the sockets beside it.
pub(super) async fn operations() -> Json<Value> {
    let rows = operation::all().map(|spec| {
        json!({
            "id": spec.id,
            "call": format!("{} {}", spec.method.as_str(), spec.path),
            "host": spec.host.as_str(),
            "credential": spec.credential.as_str(),
            "safety": spec.safety.as_str(),
            "doc": spec.doc,
        })
    });
    let sockets =
        [(SOCKET, "messaging", "GET /ws"), (SIGNALLING, "webrtc", "GET /api/v1/webrtc/signal")];
    let sockets = sockets.into_iter().map(|(id, host, call)| {
        json!({ "id": id, "call": call, "host": host, "credential": "token", "safety": "write", "doc": "A socket." })
    });
    Json(rows.chain(sockets).collect())
}

fn file(kind: &'static str, text: &'static str) -> Response {
    let headers =
        [(CONTENT_TYPE, kind), (CONTENT_SECURITY_POLICY, POLICY), (CACHE_CONTROL, "no-store")];
    (headers, text).into_response()
}
