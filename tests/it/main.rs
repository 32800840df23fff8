//! The native client against the simulator, over real sockets.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod chat;
mod conversations;
mod faults;
mod messaging;
mod world;
