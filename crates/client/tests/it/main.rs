//! The client against a scripted platform in virtual time.

#![cfg(not(target_family = "wasm"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod by_id;
mod calls;
mod driving;
mod erased;
mod examples;
mod garbage;
mod pages;
mod patience;
mod recordings;
mod scripted;
mod streaming;
mod virtual_time;
mod visiting;
