//! How many conversations ran at once.
//!
//! Source: <https://docs.poly.ai/api-reference/concurrent-calls/introduction>. Speaks `snake_case`.

use super::conversations::ListPath;
use crate::model::{Environment, PhoneNumber, Timestamp, Tolerant, VariantId};
use crate::operation::limit::{
    Rule::{Excludes, Moment, Span, Words},
    query,
};
use crate::operation::{Empty, Json};

/// Longest span of one question, in seconds: a week.
pub const MAX_SPAN_SECONDS: i64 = 7 * 86_400;

crate::query_params! {
    /// The span and what is counted. `variant_id` and `variant_name` exclude each other.
    ConcurrencyQuery [start_time, end_time] {
        /// From when, rounded down to five minutes.
        start_time: Option<Timestamp>,
        /// Until when, rounded up to five minutes; at most a week later.
        end_time: Option<Timestamp>,
        /// Where the agent ran. Sources disagree on the default: send it.
        client_env: Option<Environment>,
        /// Only the variant with this name.
        variant_name: Option<String>,
        /// Only this variant.
        variant_id: Option<VariantId>,
        /// Only this language, BCP 47.
        language: Option<String>,
        /// Only this number.
        phone_number: Option<PhoneNumber>,
        /// `variant`; the documented `language` and `phone_number` answer 501.
        slice_by: Option<String>,
    }
}

crate::answers! {
    /// Peaks over time.
    Concurrency {
        /// The workspace, in either form.
        account_id: Tolerant<String>,
        /// The agent, in either form.
        project_id: Tolerant<String>,
        /// Five minutes each, the earliest first.
        intervals: Vec<Interval>,
    }

    /// The peak of five minutes.
    Interval {
        /// When they began.
        time: Tolerant<Timestamp>,
        /// Most conversations at once.
        max_concurrent_conversations: Tolerant<u64>,
        /// The variant, when sliced by it.
        variant_id: Tolerant<String>,
        /// Its name.
        variant_name: Tolerant<String>,
        /// The language, when sliced by it.
        language: Tolerant<String>,
        /// The number, when sliced by it.
        phone_number: Tolerant<String>,
    }
}

crate::operations! { OPERATIONS, Concurrency, "https://docs.poly.ai/api-reference/concurrent-calls/introduction";
    /// Peaks of concurrent conversations in steps of five minutes.
    Get { Get Platform "/v1/{account_id}/{project_id}/conversations/concurrency", "concurrency.get",
        Conversations, Safe, Read, Viewer, 200,
        path: ListPath, query: ConcurrencyQuery, request: Empty, response: Json<Concurrency>,
        limits: [
            query("start_time", Moment),
            query("end_time", Moment),
            query("start_time", Span("end_time", MAX_SPAN_SECONDS)),
            query("client_env", Words(Environment::KNOWN)),
            query("variant_id", Excludes("variant_name")),
        ] }
}
