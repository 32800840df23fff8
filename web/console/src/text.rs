//! Text as people read it: durations, names of channels and languages, search hits.

mod format;
mod highlight;
mod json;
mod names;

pub(crate) use format::{count, duration, latency, relative, score, spoken_duration};
pub(crate) use highlight::{excerpt, split};
pub(crate) use json::{plain, pretty, quote};
pub(crate) use names::{channel, contact, language, legible};
