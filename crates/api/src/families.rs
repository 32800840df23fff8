//! The platform's API families: types first, then one table of operations each.
//!
//! Answers are read with patience: a field of an unexpected type is empty, a word nobody knows is
//! kept, and fields nobody knows are kept in `extra` and written back. What is not written back: a known
//! field's value of another type than documented, and elements of lists of objects that are no objects;
//! absent fields are written as null. Requests hold exactly what the
//! platform knows; an absent field is not sent.

pub mod agents;
pub mod alerts;
pub mod chat;
pub mod concurrency;
pub mod conversations;
pub mod data;
pub mod debug_chat;
pub mod dni;
pub mod external_events;
pub mod handoff;
pub mod messaging;
pub mod outbound;
pub mod sms;
pub mod webhooks;
pub mod webrtc;

use crate::operation::{OperationSpec, Visitor};

macro_rules! tables {
    ($($module:path),+ $(,)?) => {
        /// The families' tables, in the order of the families' names.
        pub(crate) static TABLES: &[&[&OperationSpec]] = &[$({ use $module as family; family::OPERATIONS }),+];

        /// Shows every operation to the visitor.
        pub(crate) fn visit(visitor: &mut impl Visitor) {
            $({ use $module as family; family::visit(visitor); })+
        }
    };
}

tables! {
    self::agents,
    self::agents::attributes,
    self::agents::audio_cache,
    self::agents::behavior,
    self::agents::branches,
    self::agents::connectors,
    self::agents::deployments,
    self::agents::numbers,
    self::agents::outbound,
    self::agents::real_time_configs,
    self::agents::topics,
    self::agents::variants,
    self::agents::voices,
    self::alerts,
    self::chat,
    self::concurrency,
    self::conversations,
    self::data,
    self::debug_chat,
    self::dni,
    self::external_events,
    self::handoff,
    self::messaging,
    self::outbound,
    self::sms,
    self::webhooks,
    self::webrtc,
}
