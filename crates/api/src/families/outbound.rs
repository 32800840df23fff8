//! Calls that an agent places, the older way: with a token that fixes agent and environment.
//!
//! Source: <https://docs.poly.ai/api-reference/outbound/introduction>. Speaks `snake_case` and lower-case
//! words. The newer way is [`crate::families::agents::outbound`]; its warnings hold here as well.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::agents::outbound::MAX_METADATA;
use crate::model::{CallSid, Tolerant};
use crate::operation::limit::{
    Rule::{Base64, Chars, PhoneOr, Words},
    body,
};
use crate::operation::{Empty, Json, Nothing};

crate::path_params! {
    /// A call.
    CallPath {
        /// The call.
        call_sid as "call_sid": CallSid,
    }
}

/// A call to place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlaceCall {
    /// E.164, or a national number together with `country_code`.
    pub to_number: String,
    /// ISO 3166, two letters; for national numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
    /// Reaches the agent as SIP headers; under 26 KB as base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<BTreeMap<String, String>>,
    /// `TLS/SRTP` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encryption: Option<Encryption>,
}

crate::open_enum! {
    /// How the call travels: signalling, then sound.
    Encryption {
        /// Both open.
        UdpRtp = "UDP/RTP",
        /// Sound encrypted.
        UdpSrtp = "UDP/SRTP",
        /// Signalling encrypted.
        TlsRtp = "TLS/RTP",
        /// Both encrypted.
        TlsSrtp = "TLS/SRTP",
    }

    /// How far a call is.
    CallStatus {
        /// Waits for its turn.
        Queued = "queued",
        /// Rings.
        Calling = "calling",
        /// Was answered.
        Success = "success",
        /// Was not.
        Failure = "failure",
    }
}

crate::answers! {
    /// A call on its way.
    PlacedCall {
        /// Names the call and the conversation.
        call_sid: Tolerant<CallSid>,
    }

    /// How far a call is. Kept for about two hours after its end; an unknown call gives 404.
    CallState {
        /// How far it is.
        status: Tolerant<CallStatus>,
        /// Why it failed.
        reason: Tolerant<String>,
    }
}

crate::operations! { OPERATIONS, Outbound, "https://docs.poly.ai/api-reference/outbound/introduction";
    /// Places a call. Never repeated without asking: the telephone would ring twice.
    Place { Post Platform "/v1/outbound-calling", "outbound.legacy.create",
        Outbound, Refused, Cost, Publisher, 200,
        path: Nothing, query: Nothing, request: Json<PlaceCall>, response: Json<PlacedCall>,
        limits: [
            body("to_number", PhoneOr("country_code")),
            body("country_code", Chars(2, 2)),
            body("metadata", Base64(MAX_METADATA)),
            body("encryption", Words(Encryption::KNOWN)),
        ] }
    /// How far a call is; ask every 2 to 5 seconds.
    Status { Get Platform "/v1/outbound-calling/{call_sid}/status", "outbound.legacy.status",
        Outbound, Safe, Read, Viewer, 200,
        path: CallPath, query: Nothing, request: Empty, response: Json<CallState> }
}
