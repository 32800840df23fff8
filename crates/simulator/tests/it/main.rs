//! The simulator as its users meet it: five listeners, HTTP and WebSocket.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and says where"
)]

mod alerts;
mod audio;
mod chat;
mod client;
mod configs;
mod control;
mod debug_chat;
mod deliveries;
mod desk;
mod disclosure;
mod errors;
mod events;
mod faults;
mod harness;
mod hostile;
mod integrations;
mod isolation;
mod list;
mod messaging;
mod outbound;
mod readme;
mod receiver;
mod records;
mod sms;
mod snapshot;
mod studio;
mod telephony;
mod webhooks;
mod webrtc;
