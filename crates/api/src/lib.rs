//! The PolyAI platform's interface as data, types and sans-I/O protocols.
//!
//! This crate is the only place in Perch that knows a path, a field, a header name or an error code
//! of the platform. It opens no socket, reads no clock and throws no dice, so the same code runs in a
//! browser, at the edge, natively and under a virtual clock in tests.
//!
//! - [`operation`]: one flat row per REST operation, and everything derived from the rows;
//! - [`families`]: the platform's API families, types first, then their table of operations;
//! - [`json`]: what the widget reads and writes JSON with, in few bytes;
//! - [`messaging`]: the messaging socket, both halves, as state machines;
//! - [`calls`]: voice calls' signalling, both halves, and what a relay may let through;
//! - [`model`]: ids, secrets, open enums, time;
//! - [`region`]: which host serves what;
//! - [`error`]: error bodies of every family, parsed into one type, and the catalogue of codes;
//! - [`schema`]: what generators of other languages' types ask of every type;
//! - [`range`]: parts of recordings, and how to go on after a break;
//! - [`stream`]: pages read row by row while they arrive;
//! - [`webhook`]: signed deliveries, verified, explained and sent;
//! - [`context`]: the tokens by which a backend vouches for a visitor.

pub mod calls;
pub mod context;
pub mod error;
pub mod families;
pub mod json;
pub mod messaging;
pub mod model;
pub mod operation;
pub mod range;
pub mod region;
pub mod schema;
pub mod stream;
pub mod webhook;
