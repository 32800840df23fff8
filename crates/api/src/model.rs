//! Values that every family shares: ids, secrets, open enums, time.

mod id;
mod open_enum;
mod secret;
mod text;
mod time;

pub use id::{
    AccountId, AlertRuleId, AttributeId, AudioEntryId, BranchId, CallSid, ConnectorId,
    ConversationId, DeploymentId, IdError, IdForm, MessageId, PhoneNumber, PhoneNumberError,
    ProjectId, SessionId, TopicId, VariantId, VoiceId, WebhookEndpointId,
};
pub use open_enum::{Channel, Environment};
pub use secret::Secret;
pub use text::{Extra, Tolerant};
pub(crate) use text::{nullable, rows, some_lists, some_rows, text};
pub use time::{Millis, Timestamp};
