//! The client for JavaScript, as far as it is Rust.
//!
//! What programs use is in `npm/`, plain JavaScript with types. It turns arguments into texts and
//! bytes, and texts and bytes into values. Values do not cross as values: `JSON.parse` is in every
//! runtime already, and converting them here was both slower and several kilobytes more.

#![allow(clippy::needless_pass_by_value, reason = "lists and texts cross from JavaScript by value")]

mod call;
mod context;
mod failure;
mod platform;
mod webhook;

pub use call::{Client, operations};
pub use context::mint;
pub use webhook::{sign, verify};
