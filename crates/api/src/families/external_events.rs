//! Results that other systems post into a running conversation.
//!
//! Source: <https://docs.poly.ai/api-reference/external-events/introduction>. The agent makes an event id,
//! which lives for an hour; the sender repeats it somewhere, and the query says where.

mod body;

use serde::{Deserialize, Serialize};

pub use body::EventBody;

use crate::model::{AccountId, ConversationId, ProjectId};
use crate::operation::limit::{Rule::Words, query};
use crate::operation::{Empty, Json, Nothing};

crate::query_params! {
    /// Where the event id is, and whose conversation it belongs to.
    EventQuery [event_id_location, event_id_path, account_id, project_id] {
        /// Which part of the request holds the event id.
        event_id_location: Option<EventIdLocation>,
        /// A name there, or a dotted path into the body: `cid`, `order.cid`.
        event_id_path: Option<String>,
        /// The workspace.
        account_id: Option<AccountId>,
        /// The agent.
        project_id: Option<ProjectId>,
    }
}

crate::open_enum! {
    /// Which part of the request holds the event id.
    EventIdLocation {
        /// A header.
        Headers = "headers",
        /// The query.
        Query = "querystring",
        /// The body.
        Payload = "payload",
    }
}

/// How a bridged call ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BridgeEnded {
    /// The conversation.
    pub conversation_id: ConversationId,
    /// Seconds the two parties were joined.
    pub bridge_duration_seconds: f64,
    /// Seconds from start to end.
    pub call_duration_seconds: f64,
}

crate::operations! { OPERATIONS, ExternalEvents, "https://docs.poly.ai/api-reference/external-events/introduction";
    /// Hands a result to the conversation that waits for it.
    Post { Post Platform "/v1/external-events/webhook", "external_events.webhook",
        ExternalEvents, Refused, Write, Nobody, 201,
        path: Nothing, query: EventQuery, request: EventBody, response: Empty,
        limits: [query("event_id_location", Words(EventIdLocation::KNOWN))] }
    /// Reports the end of a bridged call; between the telephony's own machines, without a key.
    ReportBridgeEnd { Post Platform "/internal/v1/agentic-dial/bridge-ended", "external_events.bridge_ended",
        Anonymous, Refused, Write, Nobody, 200,
        path: Nothing, query: Nothing, request: Json<BridgeEnded>, response: Empty }
}
