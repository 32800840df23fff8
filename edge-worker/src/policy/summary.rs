//! The policy as the JavaScript half needs it: allow-lists, limits and fixed answers, as JSON.

use perch_api::messaging::frame::MAX_FRAME_BYTES;
use serde_json::json;

use super::controls::SMALL_BYTES;
use super::{cache, frames, headers, redact};
use crate::error::Refusal;

/// Largest answer to an operator that is read whole, in bytes; beyond, it streams.
const WHOLE_BYTES: u32 = 131_072;
/// Largest answer to the edge's own calls, in bytes.
const EXCHANGE_BYTES: u32 = 262_144;
/// How long the platform may take for the edge's own calls; chat turns take tens of seconds.
const EXCHANGE_MS: u32 = 60_000;
/// How long the platform's socket may take to open.
const DIAL_MS: u32 = 10_000;
/// Sent with every call: parts of the platform refuse clients without a name.
pub const AGENT: &str = concat!("perch-edge/", env!("CARGO_PKG_VERSION"));

/// The summary handed over once per instance.
pub fn json() -> String {
    let refusal = |refusal: Refusal| {
        let body = refusal.body("\n");
        let (head, tail) = body.split_once('\n').unwrap_or((&body, ""));
        json!([refusal.status(), head, tail, refusal.code()])
    };
    json!({
        "request": {
            "always": headers::REQUEST,
            "get": headers::REQUEST_GET,
            "body": headers::REQUEST_BODY,
        },
        "response": { "always": headers::RESPONSE, "odd": headers::RESPONSE_ODD },
        "always": headers::ALWAYS,
        "strict": headers::STRICT_TRANSPORT,
        "agent": AGENT,
        "secret": redact::hint(),
        "small_bytes": SMALL_BYTES,
        "whole_bytes": WHOLE_BYTES,
        "cache": {
            "entries": cache::ENTRIES,
            "entry": cache::ENTRY_SIZE,
            "total": cache::TOTAL_SIZE,
        },
        "exchange_bytes": EXCHANGE_BYTES,
        "exchange_ms": EXCHANGE_MS,
        "dial_ms": DIAL_MS,
        "frame_bytes": MAX_FRAME_BYTES,
        "spent": frames::spent(),
        "buffer_bytes": frames::BUFFER_BYTES,
        "close": {
            "lost": frames::CLOSE_LOST,
            "again": frames::CLOSE_AGAIN,
            "binary": frames::CLOSE_BINARY,
            "fault": frames::CLOSE_FAULT,
            "large": frames::CLOSE_LARGE,
        },
        "refusals": {
            "large": refusal(Refusal::TooLarge),
            "slow": refusal(Refusal::BodyTimeout),
            "broken": refusal(Refusal::BadBody),
            "packed": refusal(Refusal::BodyPacked),
            "withheld": refusal(Refusal::UpstreamWithheld),
            "timeout": refusal(Refusal::UpstreamTimeout),
            "unreachable": refusal(Refusal::UpstreamUnreachable),
            "redirected": refusal(Refusal::UpstreamRedirected),
            "missing": refusal(Refusal::UnknownRoute),
            "internal": refusal(Refusal::Internal),
        },
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    #[test]
    fn refusals_are_cut_where_the_request_id_goes() {
        let summary: serde_json::Value = serde_json::from_str(&super::json()).unwrap();
        for (name, parts) in summary["refusals"].as_object().unwrap() {
            let text = format!("{}r-9{}", parts[1].as_str().unwrap(), parts[2].as_str().unwrap());
            let body: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(body["request_id"], "r-9", "{name}");
        }
    }
}
