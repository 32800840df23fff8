//! One conversation in full: facts, turns, latency, functions, metrics.

mod facts;
mod loading;
mod model;
mod pieces;
mod plain;
mod turn;
mod view;

pub(crate) use pieces::hits;
pub(crate) use view::pane;
