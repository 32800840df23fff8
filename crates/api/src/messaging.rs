//! The messaging WebSocket: its frames and both ends of its conversation, without any I/O.
//!
//! [`client::ClientSession`] is what a browser runs, [`server::ServerSession`] is what the
//! simulator runs; the two are tested against each other over a bad link.
//!
//! Rules of this module:
//! - No clock and no dice: time comes in as [`Millis`](crate::model::Millis), randomness as one
//!   number at construction.
//! - Drivers call `handle`, drain `poll` until it gives `None`, then arm one timer for `deadline`.
//! - Every queue and every memory has a bound.
//! - An event of an unknown kind is an event, never an error, and errors never contain frames.
//!
//! Absent on purpose: sockets, timers, tokens, and the agent itself.
//! Source: <https://docs.poly.ai/messaging-channel/introduction>.

pub mod backoff;
pub mod client;
pub mod frame;
pub mod server;
pub mod transcript;

pub(crate) mod dice;
