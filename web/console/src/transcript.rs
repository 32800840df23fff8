//! One conversation in full: facts, turns, latency, functions, metrics.

mod loading;
mod model;
mod pieces;
mod plain;
mod turn;
mod view;

pub(crate) use pieces::Hits;
pub(crate) use view::TranscriptPane;
