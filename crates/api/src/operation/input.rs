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
    /// The body; members of members as `settings.greeting`, elements of lists as `annotations[1].role`.
    Body,
    /// A credential, by its kind or its header.
    Credential,
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
    /// It is shorter than this many characters.
    TooShort(usize),
    /// It has more elements than this.
    TooMany(usize),
    /// It has fewer elements than this.
    TooFew(usize),
    /// It is below the first or above the second.
    OutOfRange(i64, i64),
    /// It is none of these words, which are all there are.
    Word(&'static [&'static str]),
    /// It has this many bytes as base64, the second is the first that is too many.
    Base64(usize, usize),
    /// This other one stands beside it, and only one of the two may.
    Excluded(&'static str),
    /// This other one belongs to it and is missing.
    Without(&'static str),
    /// It holds something that it may not hold; this is what it may.
    Unlawful(&'static str),
    /// It is of another type; these the operation takes.
    Type(Vec<&'static str>),
}

impl InputError {
    /// What is wrong with a field; of its name, 60 characters are kept.
    pub fn new(part: InputPart, field: &str, fault: InputFault) -> Self {
        let field = field.chars().filter(|c| !c.is_control()).take(60).collect();
        Self { part, field, fault }
    }

    /// The bound that was crossed, in words; nothing where there is none.
    pub fn limit(&self) -> Option<String> {
        match &self.fault {
            InputFault::TooLong(most) | InputFault::TooMany(most) => {
                Some(format!("at most {most}"))
            }
            InputFault::TooShort(least) | InputFault::TooFew(least) => {
                Some(format!("at least {least}"))
            }
            InputFault::OutOfRange(least, i64::MAX) => Some(format!("{least} or more")),
            InputFault::OutOfRange(least, most) => Some(format!("{least} to {most}")),
            InputFault::Word(words) => Some(words.join(", ")),
            InputFault::Base64(_, bound) => Some(format!("fewer than {bound}")),
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
            (InputFault::Missing | InputFault::TooShort(_), _) => "Give it a value.",
            (InputFault::Unlawful(_), InputPart::Credential) => {
                "Look at where the value comes from: another one belongs here."
            }
            (InputFault::TooMany(_), _) => "Share them out over several calls.",
            (InputFault::TooFew(_), _) => "Add one.",
            (InputFault::OutOfRange(..), _) => "Take a number within the limits.",
            (InputFault::Word(_), _) => "Take one of the words as they are spelled.",
            (InputFault::Base64(..), _) => {
                "Send references in place of records: base64 makes four bytes of three."
            }
            (InputFault::Excluded(_), _) => "Leave one of the two out.",
            (InputFault::Without(_), _) => "Give the other one, too.",
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
            InputPart::Credential => "credential",
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
            InputFault::TooShort(_) => " is too short",
            InputFault::TooMany(_) => " has too many elements",
            InputFault::TooFew(_) => " has too few elements",
            InputFault::OutOfRange(..) => " is out of range",
            InputFault::Word(_) => " is none of the words",
            InputFault::Base64(bytes, _) => return self.base64(f, bytes),
            InputFault::Excluded(other) => return write!(f, " excludes {other}"),
            InputFault::Without(other) => return write!(f, " needs {other}"),
            InputFault::Unlawful(_) => " is not lawful",
            InputFault::Type(_) => " is of another type",
        })?;
        match self.limit() {
            Some(limit) => write!(f, " ({limit})"),
            None => Ok(()),
        }
    }
}

impl InputError {
    fn base64(&self, f: &mut fmt::Formatter<'_>, bytes: usize) -> fmt::Result {
        write!(f, " has {bytes} bytes as base64 ({})", self.limit().unwrap_or_default())
    }
}

impl std::error::Error for InputError {}
