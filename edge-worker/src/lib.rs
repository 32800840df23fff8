//! The edge worker: the only part of Perch that holds credentials.
//!
//! Decisions are pure Rust modules, compiled and tested natively. The modules that touch the runtime
//! exist on wasm only and apply those decisions. Two planes share the process and nothing else: the
//! visitor plane (`/visitor/...`, signed tokens, exact origins) and the operator plane
//! (`/operator/...` and `/api/...`, a cookie, same origin).

// A panic is a trap here. The shield contains it, but none should be written in the first place.
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects
)]
#![cfg_attr(
    test,
    allow(
        clippy::panic,
        clippy::string_slice,
        clippy::arithmetic_side_effects,
        reason = "tests may stop at the first surprise"
    )
)]

pub mod config;
pub mod error;
pub mod keys;
pub mod policy;
pub mod router;
pub mod seal;
pub mod token;

#[cfg(target_arch = "wasm32")]
mod assets;
#[cfg(target_arch = "wasm32")]
mod audit;
#[cfg(target_arch = "wasm32")]
mod call;
#[cfg(target_arch = "wasm32")]
mod durable;
#[cfg(target_arch = "wasm32")]
mod entry;
#[cfg(target_arch = "wasm32")]
mod flow;
#[cfg(target_arch = "wasm32")]
mod glue;
#[cfg(target_arch = "wasm32")]
mod health;
#[cfg(target_arch = "wasm32")]
mod masking;
#[cfg(target_arch = "wasm32")]
mod operators;
#[cfg(all(target_arch = "wasm32", feature = "panic-probe"))]
mod probe;
#[cfg(target_arch = "wasm32")]
mod shield;
#[cfg(target_arch = "wasm32")]
mod upstream;
#[cfg(target_arch = "wasm32")]
mod vault;
#[cfg(target_arch = "wasm32")]
mod visitors;
