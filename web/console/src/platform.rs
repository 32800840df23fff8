//! What requests are sent with.

use std::sync::Arc;

use perch_client::Platform;

/// The browser's own `fetch`.
#[cfg(target_family = "wasm")]
pub(crate) fn platform() -> Arc<dyn Platform> {
    Arc::new(perch_client::WebPlatform)
}

/// Natively only tests are built, and none of them sends anything.
#[cfg(not(target_family = "wasm"))]
#[allow(clippy::expect_used, reason = "never called: the console runs in browsers only")]
pub(crate) fn platform() -> Arc<dyn Platform> {
    Arc::new(perch_client::NativePlatform::new().expect("a native HTTP client"))
}
