//! The PolyAI platform in memory: seeded world, real protocol, fault switches.
//!
//! Five listeners on 127.0.0.1: a control API, and one for each kind of host the platform has. The
//! routes come from the operation tables of `perch_api`, the messaging protocol from its server
//! half; the world ([`world`]), the agent ([`agent`]) and the faults ([`faults`]) live here.
//!
//! Rules: one module reads the clock ([`clock`]); the world is a function of seed and moment; a
//! client can send what it likes and gets an answer of the documented shape.
//!
//! Absent on purpose: persistence. What was chatted is gone when the process ends, unless somebody took
//! a snapshot.
//!
//! In tests it runs in the same process, on free ports, and time is the test's own:
//!
//! ```
//! use perch_simulator::{Options, Simulator};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Monday, 23 November 2026, 14:20 UTC; 30 more conversations arrive every minute.
//! let options = Options {
//!     port: 0,
//!     conversations: 100,
//!     traffic: 30,
//!     now_ms: Some(1_795_443_600_000),
//!     ..Options::default()
//! };
//! let simulator = Simulator::start(options).await?;
//! simulator.clock().freeze();
//!
//! // Clients are pointed at its hosts; keys are `sim-` and their name.
//! let list = "/v3/ws-7f3a9c21/PROJECT-4E5B8A10/conversations?limit=5";
//! let list = format!("{}{list}", simulator.platform());
//! let ask = || reqwest::Client::new().get(&list).header("x-api-key", "sim-conversations").send();
//! let before = ask().await?.text().await?;
//!
//! let taken = simulator.snapshot()?;
//! simulator.clock().advance(600_000);
//! assert_ne!(ask().await?.text().await?, before, "ten minutes later there is more");
//! simulator.restore(&taken)?;
//! assert_eq!(ask().await?.text().await?, before);
//! simulator.shutdown().await;
//! # Ok(())
//! # }
//! ```

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
pub mod open_files;
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
