//! What is wrong with the arguments of a call, found before anything is sent.

use std::fmt;

/// An argument that the operation does not take as it is; nothing was sent.
///
/// It holds names and limits, never a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputError {
    /// Where the argument belongs.
    pub part: InputPart,
    /// The parameter, the body's member or the header; at most 60 characters.
    pub field: String,
    /// What is wrong with it.
    pub fault: InputFault,
}

/// Where an argument belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InputPart {
    /// The operation itself, by its id.
    Operation,
    /// A placeholder of the path.
    Path,
    /// The query.
    Query,
    /// The body.
    Body,
    /// Anything else that goes along with a call.
    Option,
}

/// What is wrong with an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InputFault {
    /// It is not there, or empty.
    Missing,
    /// There is no such name; these there are.
    Unknown(Vec<&'static str>),
    /// It is there twice.
    Repeated,
    /// It is longer than this many characters, or larger than this many bytes.
    TooLong(usize),
    /// It holds something that it may not hold; this is what it may.
    Unlawful(&'static str),
    /// It is of another type; these the operation takes.
    Type(Vec<&'static str>),
}

impl InputError {
    pub(crate) fn new(part: InputPart, field: &str, fault: InputFault) -> Self {
        let field = field.chars().filter(|c| !c.is_control()).take(60).collect();
        Self { part, field, fault }
    }

    /// The bound that was crossed, in words; nothing where there is none.
    pub fn limit(&self) -> Option<String> {
        match &self.fault {
            InputFault::TooLong(most) => Some(format!("at most {most}")),
            InputFault::Unlawful(rule) => Some((*rule).to_owned()),
            InputFault::Unknown(names) | InputFault::Type(names) if !names.is_empty() => {
                Some(names.join(", "))
            }
            _ => None,
        }
    }

    /// What to do about it, in one sentence.
    pub const fn remedy(&self) -> &'static str {
        match (&self.fault, self.part) {
            (_, InputPart::Operation) => "Take an id from the list of operations.",
            (InputFault::Missing, _) => "Give it a value.",
            (InputFault::Unknown(_), _) => "Leave it out, or spell it as the operation does.",
            (InputFault::Repeated, _) => "Give it once.",
            (InputFault::TooLong(_), _) => "Send less.",
            (InputFault::Unlawful(_), _) => "Correct the value.",
            (InputFault::Type(_), _) => "Send one of the types that the operation takes.",
        }
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.part {
            InputPart::Operation => "operation",
            InputPart::Path => "path parameter",
            InputPart::Query => "query parameter",
            InputPart::Body => "body",
            InputPart::Option => "option",
        })?;
        if !self.field.is_empty() {
            write!(f, " {}", self.field)?;
        }
        f.write_str(match self.fault {
            InputFault::Missing => " is missing",
            InputFault::Unknown(_) => " is unknown",
            InputFault::Repeated => " is given twice",
            InputFault::TooLong(_) => " is too long",
            InputFault::Unlawful(_) => " is not lawful",
            InputFault::Type(_) => " is of another type",
        })?;
        match self.limit() {
            Some(limit) => write!(f, " ({limit})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for InputError {}
