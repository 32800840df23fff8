//! What each fuzz target does with its bytes: everything of the worker that reads what others wrote.
//!
//! Plain functions, so that ordinary tests on a stable compiler can run them too
//! (`edge-worker/tests/fuzz_smoke.rs`). Each asserts more than that nothing panics.

mod addresses;
mod deployment;
mod frames;
mod identity;
mod secrets;

pub use addresses::{address, cookie, origin};
pub use deployment::config;
pub use frames::{frame, signal};
pub use identity::identity;
pub use secrets::{seal, token};

/// Takes a part off the front: one byte says how long it is.
fn part<'a>(data: &mut &'a [u8]) -> &'a [u8] {
    let Some((length, rest)) = data.split_first() else { return &[] };
    let length = usize::from(*length).min(rest.len());
    let (part, rest) = rest.split_at(length);
    *data = rest;
    part
}

/// A part as text; bytes that are none are replaced.
fn text(data: &mut &[u8]) -> String {
    String::from_utf8_lossy(part(data)).into_owned()
}

/// Takes one byte off the front.
fn byte(data: &mut &[u8]) -> u8 {
    let Some((first, rest)) = data.split_first() else { return 0 };
    *data = rest;
    *first
}

/// Takes eight bytes off the front, or what is there.
fn number(data: &mut &[u8]) -> u64 {
    (0..8).fold(0, |sum, _| (sum << 8) | u64::from(byte(data)))
}
