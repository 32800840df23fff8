//! Voice calls: what is said over the signalling socket and its successor, without any I/O.
//!
//! [`session::CallSession`] is what a browser runs against the `WebRTC` gateway,
//! [`server::Gateway`] is what the simulator runs; the two are tested against each other over a
//! bad link, with a [`relay::Relay`] in between as at the edge. [`bridge::BridgeSession`] speaks to
//! the gateway's successor, whose own half is [`bridge::server::Bridge`].
//!
//! Rules of this module, as of [`messaging`](crate::messaging):
//! - No clock and no dice: time comes in as [`Millis`](crate::model::Millis), randomness as one
//!   number at construction.
//! - Drivers call `handle`, drain `poll` until it gives `None`, then arm one timer for `deadline`.
//! - Every queue and every memory has a bound.
//! - A frame of an unknown kind is an event, never an error, and errors never contain frames.
//! - Session descriptions, candidates and tokens have no readable `Debug`: they name addresses of
//!   people, or open doors.
//!
//! Absent on purpose: sockets, timers, microphones and peer connections. The driver has those, and
//! is told what to do with them.
//! Source: <https://docs.poly.ai/api-reference/webrtc-gateway/introduction>.

pub mod bridge;
pub mod message;
pub mod relay;
pub mod server;
pub mod session;

mod queue;
