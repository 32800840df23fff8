//! Text messages that open a conversation; replies continue it without the API.
//!
//! Source: <https://docs.poly.ai/api-reference/sms/introduction>. Prose only, there is no specification.
//! Limits of the channel: 10 messages in 60 seconds per sender, 100 a minute per agent, and the same
//! text five times in five minutes blocks the sender for ten.

use serde::{Deserialize, Serialize};

use crate::operation::limit::{
    Rule::{Phone, PhoneOrRcs},
    body,
};
use crate::operation::{Empty, Json, Nothing};

/// A message to send.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SendMessage {
    /// Whom to; E.164, with `rcs:` before it for rich messages.
    pub user_number: String,
    /// The agent's first words; not marked as required.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Whom from, E.164; one of the agent's numbers when absent, ignored for rich messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_number: Option<String>,
    /// Twilio's id of the service; needed for rich messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messaging_service_sid: Option<String>,
}

crate::operations! { OPERATIONS, Sms, "https://docs.poly.ai/api-reference/sms/introduction";
    /// Sends a message and opens a conversation. No id comes back, so its fate cannot be followed;
    /// to people who opted out nothing is sent, and nobody says so.
    Send { Post Platform "/v1/outbound-sms", "sms.send",
        Sms, Refused, Cost, Publisher, 202,
        path: Nothing, query: Nothing, request: Json<SendMessage>, response: Empty,
        limits: [body("user_number", PhoneOrRcs("messaging_service_sid")), body("agent_number", Phone)] }
}
