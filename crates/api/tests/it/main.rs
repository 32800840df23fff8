//! Integration tests of the API crate, in one binary.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "these are tests"
)]

mod bad_input;
mod calls_bounds;
mod calls_bridge;
mod calls_bridge_pair;
mod calls_bridge_server;
mod calls_frames;
mod calls_pair;
mod calls_properties;
mod calls_relay;
mod calls_script;
mod calls_server;
mod context_tokens;
mod drift;
mod erased;
mod error_bodies;
mod fuzz_smoke;
mod golden;
mod json;
mod messaging_frames;
mod messaging_limits;
mod messaging_pair;
mod messaging_properties;
mod messaging_script;
mod messaging_server;
mod needs;
mod range;
mod rows;
mod scripts;
mod seeds;
mod sources;
mod stream;
mod tolerance;
mod webhook_explain;
mod webhook_vectors;
mod webhook_verify;
