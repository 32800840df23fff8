//! The conversation explorer: filters, list, and the conversation that is open.

mod controls;
mod keys;
mod list;
mod listing;
mod menu;
mod page;
mod row;
mod shelf;
mod status;
mod sweep;
mod task;
mod window;

pub(crate) use page::{Desk, page};
pub(crate) use row::{Row, words};
pub(crate) use task::Task;
