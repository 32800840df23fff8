//! Dynamic numbers: a telephone number lent to one visitor, so that the agent knows who calls.
//!
//! Source: <https://docs.poly.ai/integrations/voice/dnis-pool>. The key is one of its own and names the
//! agent. How long a number is lent is undocumented.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::model::Tolerant;
use crate::operation::{Json, Nothing};

/// What the agent is to know when the number is called.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reserve {
    /// Readable in the start function of that call.
    pub attributes: Map<String, Value>,
}

crate::answers! {
    /// A number, lent.
    Reserved {
        /// The number to show to the visitor.
        dni: Tolerant<String>,
    }
}

crate::operations! { OPERATIONS, Dni, "https://docs.poly.ai/integrations/voice/dnis-pool";
    /// Lends a number. An empty pool answers 404.
    ReserveNumber { Post Platform "/v1/conversations/dni-reservation", "dni.reserve",
        Dni, Refused, Write, Nobody, 200,
        path: Nothing, query: Nothing, request: Json<Reserve>, response: Json<Reserved> }
}
