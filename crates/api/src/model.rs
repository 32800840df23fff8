//! Values that every family shares: ids, secrets, open enums, time.

mod id;
mod open_enum;
mod secret;
mod text;
mod time;

pub use id::{AccountId, ConversationId, IdError, MessageId, ProjectId, SessionId, VariantId};
pub use open_enum::{Channel, Environment};
pub use secret::Secret;
pub use text::Tolerant;
pub use time::{Millis, Timestamp};
