//! What the platform documents about values, beyond their types: lengths, counts, ranges, words.

mod check;
mod values;

pub use check::{Checks, within_limits};

use super::InputPart;

/// A bound on one argument of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Where the argument belongs.
    pub part: InputPart,
    /// Its name; for a body's member the names from the outside in: `settings.greeting`, `annotations[].role`.
    pub field: &'static str,
    /// The bound.
    pub rule: Rule,
}

/// What holds for an argument that is there; whether it must be is said by [`Rule::Needed`] alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// It is there whenever what it stands in is there.
    Needed,
    /// Text of so many characters at least and at most.
    Chars(usize, usize),
    /// A list of so many elements at least and at most.
    Items(usize, usize),
    /// A whole number from the first to the second.
    Range(i64, i64),
    /// One of these words: the list is closed.
    Words(&'static [&'static str]),
    /// An address with `https`.
    Https,
    /// These letters, then letters and digits.
    Prefixed(&'static str),
    /// Letters, digits and hyphens.
    Plain,
    /// A telephone number, E.164.
    Phone,
    /// A telephone number, E.164 or national; the latter needs this other member.
    PhoneOr(&'static str),
    /// A telephone number, E.164; with `rcs:` before it, this other member is needed.
    PhoneOrRcs(&'static str),
    /// An object of texts, smaller than this many bytes as base64 of its JSON.
    Base64(usize),
    /// A moment, ISO 8601.
    Moment,
    /// A moment at most so many seconds before this other one, and not after it.
    Span(&'static str, i64),
    /// Never beside this other one.
    Excludes(&'static str),
    /// Never without this other one.
    With(&'static str),
    /// One of the two is there.
    Or(&'static str),
}

/// Of a body's member.
pub const fn body(field: &'static str, rule: Rule) -> Limit {
    Limit { part: InputPart::Body, field, rule }
}

/// Of a query parameter.
pub const fn query(field: &'static str, rule: Rule) -> Limit {
    Limit { part: InputPart::Query, field, rule }
}

/// A whole number from 1.
#[allow(clippy::cast_lossless, reason = "`From` is not const")]
pub const fn up_to(most: u32) -> Rule {
    Rule::Range(1, most as i64)
}
