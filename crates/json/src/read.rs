//! Text to values.

mod access;
mod lend;
mod number;
mod pull;
mod text;

use std::borrow::Cow;

use serde::de::{Deserializer, Visitor};

use crate::Error;
use access::{Items, Variant};
use lend::Loan;

pub use lend::direct;
pub use pull::Name;

/// How deep a text may be nested; the same as in `serde_json`.
pub const MAX_DEPTH: u8 = 127;

/// Where reading is.
#[derive(Debug)]
pub struct Reader<'de> {
    text: &'de str,
    at: usize,
    /// How much deeper it may go.
    depth: u8,
}

/// What begins here, or all of it where it is no list and no object.
#[derive(Debug, Clone, PartialEq)]
pub enum Token<'de> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A whole number that is not negative.
    Unsigned(u64),
    /// A negative whole number.
    Signed(i64),
    /// Any other number.
    Float(f64),
    /// A string; borrowed where it has no escapes.
    Text(Cow<'de, str>),
    /// Its items follow: see [`Reader::item`].
    List,
    /// Its members follow: see [`Reader::member`].
    Object,
}

impl<'de> Reader<'de> {
    /// Reads from the start.
    pub const fn new(text: &'de str) -> Self {
        Self { text, at: 0, depth: MAX_DEPTH }
    }

    /// Where it is, in bytes; after a failure, where that was noticed.
    pub const fn place(&self) -> usize {
        self.at
    }

    /// Whether nothing follows but white space.
    pub fn is_at_end(&mut self) -> bool {
        self.space();
        self.at >= self.text.len()
    }

    /// Reads a scalar, or the first bracket of a list or an object.
    #[inline(never)]
    pub fn token(&mut self) -> Result<Token<'de>, Error> {
        self.space();
        Ok(match self.peek() {
            b'"' => Token::Text(self.string()?),
            b'{' => {
                self.enter()?;
                Token::Object
            }
            b'[' => {
                self.enter()?;
                Token::List
            }
            b'n' => {
                self.word(*b"null")?;
                Token::Null
            }
            b't' => {
                self.word(*b"true")?;
                Token::Bool(true)
            }
            b'f' => {
                self.at += 1;
                self.word(*b"alse")?;
                Token::Bool(false)
            }
            _ => self.number()?,
        })
    }

    fn enter(&mut self) -> Result<(), Error> {
        self.depth = self.depth.checked_sub(1).ok_or(Error)?;
        self.at += 1;
        Ok(())
    }

    /// Whether another item follows; passes over what is before it or over the end.
    #[inline(never)]
    fn more(&mut self, close: u8, first: &mut bool) -> Result<bool, Error> {
        self.space();
        if self.peek() == close {
            self.at += 1;
            self.depth += 1;
            return Ok(false);
        }
        if !std::mem::take(first) {
            self.must(b',')?;
            self.space();
        }
        Ok(true)
    }

    fn colon(&mut self) -> Result<(), Error> {
        self.space();
        self.must(b':')
    }

    fn word(&mut self, word: [u8; 4]) -> Result<(), Error> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        if rest.first_chunk() == Some(&word) {
            self.at += 4;
            return Ok(());
        }
        self.at += rest.iter().zip(word).take_while(|(byte, own)| *byte == own).count();
        Err(Error)
    }

    fn must(&mut self, byte: u8) -> Result<(), Error> {
        if self.peek() != byte {
            return Err(Error);
        }
        self.at += 1;
        Ok(())
    }

    fn space(&mut self) {
        // Most texts have none.
        if self.peek() <= b' ' {
            self.pass_space();
        }
    }

    #[inline(never)]
    fn pass_space(&mut self) {
        while matches!(self.peek(), b' ' | b'\n' | b'\r' | b'\t') {
            self.at += 1;
        }
    }

    /// The byte that is next; 0 at the end, where JSON never has one.
    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    /// Goes past the end of a list or an object, unless its visitor has; no item may be left over.
    #[inline(never)]
    fn leave(&mut self, close: u8, depth: u8) -> Result<(), Error> {
        let is_over = self.depth == depth || !self.more(close, &mut true)?;
        if is_over && self.depth == depth { Ok(()) } else { Err(Error) }
    }
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let depth = self.depth;
        match self.token()? {
            Token::Null => visitor.visit_unit(),
            Token::Bool(value) => visitor.visit_bool(value),
            Token::Unsigned(value) => visitor.visit_u64(value),
            Token::Signed(value) => visitor.visit_i64(value),
            Token::Float(value) => visitor.visit_f64(value),
            Token::Text(Cow::Borrowed(text)) => visitor.visit_borrowed_str(text),
            Token::Text(Cow::Owned(text)) => visitor.visit_string(text),
            Token::List => {
                let value = visitor.visit_seq(Items::new(self))?;
                self.leave(b']', depth)?;
                Ok(value)
            }
            Token::Object => {
                let value = visitor.visit_map(Items::new(self))?;
                self.leave(b'}', depth)?;
                Ok(value)
            }
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.space();
        match self.string()? {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.space();
        if self.peek() == b'n' {
            self.word(*b"null")?;
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        if name == lend::NAME {
            visitor.visit_enum(Loan(self))
        } else {
            visitor.visit_newtype_struct(self)
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.skip()?;
        visitor.visit_unit()
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.space();
        if self.peek() == b'"' {
            return visitor.visit_enum(Variant { reader: self, has_value: false });
        }
        let depth = self.depth;
        self.must(b'{')?;
        self.depth = depth.checked_sub(1).ok_or(Error)?;
        self.space();
        let value = visitor.visit_enum(Variant { reader: self, has_value: true })?;
        self.leave(b'}', depth)?;
        Ok(value)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier
    }
}
