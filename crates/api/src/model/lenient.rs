//! Reading any JSON as a value of one type, straight from the input.
//!
//! Nothing here is generic over serde's formats, so it is compiled once, and rows of all types share
//! the search for their fields: browsers download little, and nothing is kept twice on the way.

mod entries;

use std::collections::BTreeMap;

use perch_json::{Error, Name, Reader, Token};
use serde::de::Deserializer;
use serde_json::{Map, Number, Value};

use super::{Timestamp, Tolerant};

pub use entries::Entries;

/// A type that any JSON can be read as: what does not fit is skipped and gives nothing.
///
/// Implemented for the scalars, ids, open enums, answers, and lists and objects of them. A list of
/// objects loses what is no object; a list of scalars with a foreign element is no such list.
pub trait Lenient: Sized {
    /// Whether a list may go on without an element that did not fit.
    const IS_ROW: bool = false;

    /// Reads one value. Fails where the input is no JSON, never for its type.
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, Error>;

    /// Reads one value to the end of a list; says whether it fitted.
    fn push(list: &mut Vec<Self>, reader: &mut Reader<'_>) -> Result<bool, Error> {
        let value = Self::read(reader)?;
        let fits = value.is_some();
        list.extend(value);
        Ok(fits)
    }

    /// Whether it stands for nothing.
    fn is_nothing(&self) -> bool {
        false
    }
}

/// Reads a value for serde: what does not fit is a fault.
#[doc(hidden)]
pub fn strict<'de, T: Lenient, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    perch_json::direct::<Value, T, D>(deserializer, |reader| T::read(reader)?.ok_or(Error))
}

/// Reads a text and what it means; for ids and open enums.
#[doc(hidden)]
pub fn read_text<T>(
    reader: &mut Reader<'_>,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, Error> {
    Ok(match reader.scalar()? {
        Token::Text(text) => parse(&text),
        _ => None,
    })
}

#[allow(clippy::cast_precision_loss, reason = "JSON's own numbers are no finer")]
pub(crate) const fn number(token: &Token<'_>) -> Option<f64> {
    match *token {
        Token::Unsigned(number) => Some(number as f64),
        Token::Signed(number) => Some(number as f64),
        Token::Float(number) => Some(number),
        _ => None,
    }
}

macro_rules! scalars {
    ($( $type:ty: $token:ident => $value:expr; )+) => { $(
        impl Lenient for $type {
            fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, Error> {
                let $token = reader.scalar()?;
                Ok($value)
            }
        }
    )+ };
}

scalars! {
    bool: token => match token { Token::Bool(value) => Some(value), _ => None };
    u32: token => match token { Token::Unsigned(value) => value.try_into().ok(), _ => None };
    u64: token => match token { Token::Unsigned(value) => Some(value), _ => None };
    i64: token => match token {
        Token::Unsigned(value) => value.try_into().ok(),
        Token::Signed(value) => Some(value),
        _ => None,
    };
    f64: token => number(&token);
}

impl Lenient for String {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, Error> {
        reader.text()
    }
}

impl Lenient for Timestamp {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, Error> {
        Ok(reader.text()?.map(Self::new))
    }
}

impl Lenient for Value {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, Error> {
        value(reader).map(Some)
    }

    fn is_nothing(&self) -> bool {
        self.is_null()
    }
}

/// Reads any value. No text is so deep that this could use up the stack: the reader refuses it before.
fn value(reader: &mut Reader<'_>) -> Result<Value, Error> {
    let mut first = true;
    Ok(match reader.token()? {
        Token::Null => Value::Null,
        Token::Bool(value) => Value::Bool(value),
        Token::Unsigned(value) => Value::Number(value.into()),
        Token::Signed(value) => Value::Number(value.into()),
        Token::Float(value) => Number::from_f64(value).map_or(Value::Null, Value::Number),
        Token::Text(text) => Value::String(text.into_owned()),
        Token::List => {
            let mut items = Vec::new();
            while reader.item(&mut first)? {
                items.push(value(reader)?);
            }
            Value::Array(items)
        }
        Token::Object => {
            let mut fields = Map::new();
            while let Some(name) = member(reader, &mut first)? {
                fields.insert(name, value(reader)?);
            }
            Value::Object(fields)
        }
    })
}

/// The name of the next member of an object.
#[inline(never)]
fn member(reader: &mut Reader<'_>, first: &mut bool) -> Result<Option<String>, Error> {
    Ok(reader.member(&[], 0, first)?.map(|name| match name {
        Name::Other(name) => name.into_owned(),
        Name::Known(_) => String::new(),
    }))
}

impl Lenient for Map<String, Value> {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, Error> {
        Ok(match value(reader)? {
            Value::Object(fields) => Some(fields),
            _ => None,
        })
    }
}

impl<T: Lenient> Lenient for Option<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, Error> {
        T::read(reader).map(Some)
    }
}

impl<T: Lenient> Lenient for Tolerant<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, Error> {
        Ok(Some(Self(T::read(reader)?.filter(|value| !value.is_nothing()))))
    }
}

impl<T: Lenient> Lenient for Vec<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, Error> {
        if !reader.list()? {
            return Ok(None);
        }
        items(reader)
    }
}

/// Reads the items of a list; nothing when there are some that it may not have.
pub(crate) fn items<T: Lenient>(reader: &mut Reader<'_>) -> Result<Option<Vec<T>>, Error> {
    let mut items = Vec::new();
    let is_whole = each(reader, &mut |reader| Ok(T::push(&mut items, reader)? || T::IS_ROW))?;
    Ok(is_whole.then_some(items))
}

/// Reads every item of a list; says whether all of them fitted. Once, and not for every type.
fn each(
    reader: &mut Reader<'_>,
    read: &mut dyn FnMut(&mut Reader<'_>) -> Result<bool, Error>,
) -> Result<bool, Error> {
    let (mut is_whole, mut first) = (true, true);
    while reader.item(&mut first)? {
        is_whole &= read(reader)?;
    }
    Ok(is_whole)
}

/// An object whose members are all of one type; others are left out.
impl<T: Lenient> Lenient for BTreeMap<String, T> {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, Error> {
        Ok(Entries::read(reader)?.map(|entries| entries.into_iter().collect()))
    }
}
