//! Signatures for JavaScript: deliveries verified and signed, context tokens minted.
//!
//! A module of its own: servers need it, pages do not, and calls are smaller without it.

#![allow(clippy::needless_pass_by_value, reason = "lists and texts cross from JavaScript by value")]

mod context;
mod webhook;

pub use context::mint;
pub use webhook::{sign, verify};
