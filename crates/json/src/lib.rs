//! JSON between bytes and serde, for programs that are downloaded.
//!
//! `serde_json` reads and writes the same texts and is what to use where bytes do not matter. Here they
//! do: its errors are formatted texts, its numbers bring tables along, and all of it is generic, so
//! that it is compiled again for each type. Here everything that does not depend on a type is an
//! ordinary function, and an error is nothing but a fact; [`read`] says where it happened.
//!
//! Two things are more lenient than in `serde_json`, because one of them in a page must not lose the
//! page: half a surrogate pair reads as U+FFFD, and a number beyond an `f64` as infinity, which is written as
//! null. Floats are read and written exactly.

mod big;
mod read;
mod write;

use std::fmt;

use serde::{Serialize, de::DeserializeOwned};

pub use read::{MAX_DEPTH, Name, Reader, Token, direct};
pub use write::{Writer, quote};

/// The text is not JSON, or not what the type wants. Says nothing else, so that it costs nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Error;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not the JSON that is expected here")
    }
}

impl std::error::Error for Error {}

impl serde::de::Error for Error {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }

    fn invalid_type(_: serde::de::Unexpected<'_>, _: &dyn serde::de::Expected) -> Self {
        Self
    }

    fn invalid_value(_: serde::de::Unexpected<'_>, _: &dyn serde::de::Expected) -> Self {
        Self
    }

    fn invalid_length(_: usize, _: &dyn serde::de::Expected) -> Self {
        Self
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn missing_field(_: &'static str) -> Self {
        Self
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

impl serde::ser::Error for Error {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

/// Where `name` stands among `names`; objects come in the same order as a rule, so the search begins
/// at `expected` and goes round.
#[inline(never)]
pub fn position(names: &[&str], expected: usize, name: &str) -> Option<usize> {
    let (before, behind) = names.split_at_checked(expected).unwrap_or((names, &[]));
    let find = |names: &[&str]| names.iter().position(|known| *known == name);
    find(behind).map(|at| at + before.len()).or_else(|| find(before))
}

/// Reads a whole text; on failure gives the byte where it was noticed.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, usize> {
    let mut reader = Reader::new(text);
    match T::deserialize(&mut reader) {
        Ok(value) if reader.is_at_end() => Ok(value),
        _ => Err(reader.place()),
    }
}

/// Writes the shortest text. Fails for maps whose keys are no texts, and where the value itself fails.
pub fn write<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    let mut writer = Writer::default();
    value.serialize(&mut writer)?;
    Ok(writer.into_text())
}
