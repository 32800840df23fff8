//! Values that every family shares: ids, secrets, open enums, time.

mod id;
mod lenient;
mod open_enum;
#[doc(hidden)]
pub mod record;
mod secret;
mod text;
mod time;

pub use id::{
    AccountId, AlertRuleId, AttributeId, AudioEntryId, BranchId, CallSid, ConnectorId,
    ConversationId, DeploymentId, IdError, IdForm, MessageId, PhoneNumber, PhoneNumberError,
    ProjectId, SessionId, TopicId, VariantId, VoiceId, WebhookEndpointId,
};
#[doc(hidden)]
pub use lenient::read_text;
#[doc(hidden)]
pub use lenient::strict;
pub use lenient::{Entries, Lenient};
pub(crate) use lenient::{items, number};
#[doc(hidden)]
pub use open_enum::is_word;
pub use open_enum::{Channel, Environment};
pub use secret::Secret;
pub(crate) use text::nullable;
pub use text::{Extra, Tolerant};
pub use time::{Millis, Timestamp};
