//! What the agent knew when it handed a conversation over.
//!
//! Source: <https://docs.poly.ai/api-reference/handoff/introduction>. A snapshot for the people who take over;
//! asking for it triggers nothing.

use serde_json::{Map, Value};

use super::conversations::ListPath;
use crate::model::Tolerant;
use crate::operation::limit::{Rule::Or, query};
use crate::operation::{Empty, Json};

crate::query_params! {
    /// Which handover. One of the two is needed; `shared_id` wins.
    HandoffQuery {
        /// The conversation.
        id: Option<String>,
        /// The id that the two telephone systems agreed on.
        shared_id: Option<String>,
    }
}

crate::answers! {
    /// A snapshot.
    HandoffState {
        /// The conversation.
        id: Tolerant<String>,
        /// The id that the two telephone systems agreed on.
        shared_id: Tolerant<String>,
        /// Whatever the agent wrote; may name the customer.
        data: Tolerant<Map<String, Value>>,
    }
}

crate::operations! { OPERATIONS, Handoff, "https://docs.poly.ai/api-reference/handoff/introduction";
    /// Reads the snapshot of a handover; 404 when none was written.
    Get { Get Platform "/v1/{account_id}/{project_id}/handoff_state", "handoff.get",
        Handoff, Safe, Read, Analyst, 200,
        path: ListPath, query: HandoffQuery, request: Empty, response: Json<HandoffState>,
        limits: [query("id", Or("shared_id"))] }
}
