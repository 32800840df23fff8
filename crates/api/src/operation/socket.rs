//! Sockets: what is known of them before the first frame.

use super::{CredentialKind, Host};

/// One WebSocket route. It is no [`super::OperationSpec`]: it has no bodies, and no one proxies it.
#[derive(Debug, PartialEq, Eq)]
pub struct SocketSpec {
    /// Stable name, in one namespace with the operations'.
    pub id: &'static str,
    /// The kind of host that serves it.
    pub host: Host,
    /// Path, without placeholders.
    pub path: &'static str,
    /// What it must be authorised with; `doc` says where that travels.
    pub credential: CredentialKind,
    /// The query parameters it knows.
    pub query: &'static [&'static str],
    /// Those of them without which the handshake is refused.
    pub required: &'static [&'static str],
    /// What it is for.
    pub doc: &'static str,
    /// The vendor's page about it.
    pub source: &'static str,
}

/// Every socket Perch knows.
pub static SOCKETS: &[SocketSpec] = &[
    SocketSpec {
        id: "messaging.ws",
        host: Host::Messaging,
        path: "/ws",
        credential: CredentialKind::MessagingAccess,
        query: &["session_id", "access_token", "cursor"],
        required: &["session_id", "access_token"],
        doc: "Live chat; the token travels in the query. Spoken by [`crate::messaging`].",
        source: "https://docs.poly.ai/api-reference/messaging/websocket",
    },
    SocketSpec {
        id: "webrtc.signal.ws",
        host: Host::Webrtc,
        path: "/api/v1/webrtc/signal",
        credential: CredentialKind::WebCalling,
        query: &[],
        required: &[],
        doc: "Call signalling; the token travels inside the offer, so the handshake itself is open.",
        source: "https://docs.poly.ai/api-reference/webrtc-gateway/ws/signaling",
    },
];
