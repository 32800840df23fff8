//! Calls that an agent places.
//!
//! There is no idempotency key and no way to cancel: a call is placed almost at once, so an answer
//! that was lost must not be asked for again. Whether the call is lawful is the caller's duty.
//! The older way, with a token of its own, is [`crate::families::outbound`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::AgentPath;
use crate::model::{CallSid, Environment, ProjectId, Tolerant, VariantId};
use crate::operation::limit::{
    Rule::{Base64, Chars, PhoneOr, Words},
    body, query,
};
use crate::operation::{Empty, Json, Nothing};

/// Largest metadata, in bytes of its base64 form, not of its JSON.
pub const MAX_METADATA: usize = 26 * 1024;

crate::path_params! {
    /// A call of an agent.
    CallPath {
        /// The agent.
        agent_id as "agentId": ProjectId,
        /// The call.
        call_sid as "callSid": CallSid,
    }
}

crate::query_params! {
    /// Where the call was placed.
    StatusQuery [environment] {
        /// The same as when it was placed; the platform insists on it.
        environment: Option<Environment>,
    }
}

/// A call to place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PlaceCall {
    /// E.164, or a national number together with `country_code`.
    pub to_number: String,
    /// Which version of the agent speaks.
    pub environment: Environment,
    /// ISO 3166, two letters; for national numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
    /// Which variant speaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<VariantId>,
    /// `tls_srtp` when absent; other words are undocumented.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encryption: Option<String>,
    /// Reaches the agent as SIP headers; under [`MAX_METADATA`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<BTreeMap<String, String>>,
}

crate::answers! {
    /// A call on its way.
    PlacedCall {
        /// Names the call and the conversation.
        call_sid as "callSid": Tolerant<CallSid>,
        /// How far it is.
        status: Tolerant<CallStatus>,
    }

    /// How far a call is. Kept for about two hours after its end; an unknown call gives 400.
    CallState {
        /// Names the call and the conversation.
        call_sid as "callSid": Tolerant<CallSid>,
        /// How far it is.
        status: Tolerant<CallStatus>,
        /// Why it failed.
        reason: Tolerant<String>,
    }
}

crate::open_enum! {
    /// How far a call is; upper case here, lower case in the older family.
    CallStatus {
        /// Waits for its turn.
        Queued = "QUEUED",
        /// Rings.
        Calling = "CALLING",
        /// Was answered.
        Success = "SUCCESS",
        /// Was not.
        Failure = "FAILURE",
    }
}

crate::operations! { OPERATIONS, Agents, "https://docs.poly.ai/api-reference/agents/introduction";
    /// Places a call. Never repeated without asking: the telephone would ring twice.
    Place { Post Build "/v1/agents/{agentId}/telephony/outbound-calls", "agents.outbound.create",
        Workspace, Refused, Cost, Publisher, 200,
        path: AgentPath, query: Nothing, request: Json<PlaceCall>, response: Json<PlacedCall>,
        limits: [
            body("toNumber", PhoneOr("countryCode")),
            body("environment", Words(Environment::KNOWN)),
            body("countryCode", Chars(2, 2)),
            body("metadata", Base64(MAX_METADATA)),
        ] }
    /// How far a call is; ask every 2 to 5 seconds.
    Status { Get Build "/v1/agents/{agentId}/telephony/outbound-calls/{callSid}/status", "agents.outbound.status",
        Workspace, Safe, Read, Viewer, 200,
        path: CallPath, query: StatusQuery, request: Empty, response: Json<CallState>,
        limits: [query("environment", Words(Environment::KNOWN))] }
}
