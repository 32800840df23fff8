//! What calls and chats stand on.

use std::sync::Arc;

use perch_client::Sockets;

/// The runtime's own `fetch`, `WebSocket` and timers.
#[cfg(target_family = "wasm")]
#[allow(clippy::unnecessary_wraps, reason = "the native one may fail")]
pub(crate) fn platform() -> Option<Arc<dyn Sockets>> {
    Some(Arc::new(perch_client::WebPlatform))
}

/// Only so that the crate's pure parts can be tested natively.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn platform() -> Option<Arc<dyn Sockets>> {
    perch_client::NativePlatform::new().ok().map(|platform| Arc::new(platform) as Arc<dyn Sockets>)
}
