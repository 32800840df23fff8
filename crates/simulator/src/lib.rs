//! The PolyAI platform in memory: seeded world, real protocol, fault switches.
//!
//! Five listeners on 127.0.0.1: a control API, and one for each kind of host the platform has. The
//! routes come from the operation tables of `perch_api`, the messaging protocol from its server
//! half; the world ([`world`]), the agent ([`agent`]) and the faults ([`faults`]) live here.
//!
//! Rules: one module reads the clock ([`clock`]); the world is a function of seed and moment; a
//! client can send what it likes and gets an answer of the documented shape.
//!
//! Absent on purpose: persistence. What was chatted is gone when the process ends, unless a snapshot
//! was taken.

pub mod account;
mod accounts;
pub mod agent;
mod alerts;
mod calls;
mod catalog;
pub mod clock;
mod control;
pub mod conversation;
mod desk;
pub mod disclosure;
mod dni;
mod external_events;
mod families;
pub mod faults;
mod fields;
mod host;
mod json;
mod keys;
mod live;
mod outbound;
mod outcome;
mod platform;
mod record;
mod recording;
mod refusal;
pub mod requests;
mod router;
mod samples;
mod session;
mod simulator;
mod sms;
mod snapshot;
mod socket;
mod studio;
mod sync;
mod tokens;
pub mod traffic;
mod wav;
mod webhooks;
pub mod world;

pub use keys::{FurtherKey, Keys};
pub use simulator::{Addresses, Options, Running, Simulator, StartError};
pub use snapshot::SnapshotError;
