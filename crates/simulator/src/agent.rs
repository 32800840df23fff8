//! The shop's answering agent: understands, answers, asks back, hands over, switches language.
//!
//! One state machine ([`Dialogue`]) serves the messaging family, the chat family and the callers
//! of the seeded world, so what an operator reads is what the agent would really say. It knows no
//! clock and no socket; every choice of words is a function of the dialogue so far.

pub mod control;
mod dialogue;
pub mod knowledge;
pub mod language;
mod order;
pub mod phrases;
mod reply;

pub use dialogue::{Dialogue, Understood};
pub use language::Language;
pub use order::order_number;
pub use reply::{Handoff, Line, Reply, ToolCall};

/// The agent's name.
pub const AGENT_NAME: &str = "Juno";
/// The colleague who takes over.
pub const LIVE_AGENT_NAME: &str = "Imre";
/// Identifier of that colleague.
pub const LIVE_AGENT_ID: &str = "la-8";
/// The queue a visitor waits in.
pub const QUEUE_NAME: &str = "Customer care";
