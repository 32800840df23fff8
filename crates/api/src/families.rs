//! The platform's API families: types first, then one table of operations each.

pub mod chat;
pub mod conversations;
pub mod messaging;
