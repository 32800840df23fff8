//! The client for JavaScript, as far as it is Rust.
//!
//! What programs use is in `npm/`, plain JavaScript with types. It turns arguments into texts and
//! bytes, and texts and bytes into values. Here they do not cross as values, as in the module that explains: a page of 1.75 MB took
//! `JSON.parse` 13 ms, reading it here and handing it over with `serde-wasm-bindgen` 70 ms (Node 22,
//! medians of 25 interleaved runs), and that code is 5 KB more (gzip).

#![allow(clippy::needless_pass_by_value, reason = "lists and texts cross from JavaScript by value")]

mod call;

pub use call::{Client, Stop, operations};
