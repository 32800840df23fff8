//! What each fuzz target does with its bytes.
//!
//! Plain functions, so that ordinary tests on a stable compiler can run them too
//! (`crates/api/tests/it/fuzz_smoke.rs`). Each asserts more than that nothing panics.

mod answers;
mod bodies;
mod calls;
mod messaging;
mod regions;
mod stream;
mod webhooks;

pub use answers::answer;
pub use bodies::{context_token, error_body, operation_match};
pub use calls::call_signal;
pub use messaging::{messaging_frame, session_script};
pub use regions::studio_url;
pub use stream::page_stream;
pub use webhooks::{webhook_explain, webhook_verify};

/// Takes a part off the front: one byte says how long it is.
fn part<'a>(data: &mut &'a [u8]) -> &'a [u8] {
    let Some((length, rest)) = data.split_first() else { return &[] };
    let length = usize::from(*length).min(rest.len());
    let (part, rest) = rest.split_at(length);
    *data = rest;
    part
}

/// Takes one byte off the front.
fn byte(data: &mut &[u8]) -> u8 {
    let Some((first, rest)) = data.split_first() else { return 0 };
    *data = rest;
    *first
}
