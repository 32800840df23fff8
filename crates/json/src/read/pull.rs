//! What a reader gives to whom reads without serde: values, items and members in turn.

use std::borrow::Cow;

use super::{Reader, Token};
use crate::Error;

/// The name of an object's member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Name<'de> {
    /// The one at this place of those that were expected.
    Known(usize),
    /// Another one.
    Other(Cow<'de, str>),
}

impl<'de> Reader<'de> {
    /// Reads a scalar; passes over anything else and gives `Null` for it.
    #[inline(never)]
    pub fn scalar(&mut self) -> Result<Token<'de>, Error> {
        let token = self.token()?;
        if !matches!(token, Token::List | Token::Object) {
            return Ok(token);
        }
        self.pass(&token)?;
        Ok(Token::Null)
    }

    /// Reads a string; passes over anything else.
    #[inline(never)]
    pub fn text(&mut self) -> Result<Option<String>, Error> {
        self.space();
        if self.peek() == b'"' {
            return self.string().map(|text| Some(text.into_owned()));
        }
        self.skip().map(|()| None)
    }

    /// Goes into a list, or passes over anything else; says which it was.
    #[inline(never)]
    pub fn list(&mut self) -> Result<bool, Error> {
        let token = self.token()?;
        let is_list = token == Token::List;
        if !is_list {
            self.pass(&token)?;
        }
        Ok(is_list)
    }

    /// Goes into an object, or passes over anything else; says which it was.
    #[inline(never)]
    pub fn object(&mut self) -> Result<bool, Error> {
        let token = self.token()?;
        let is_object = token == Token::Object;
        if !is_object {
            self.pass(&token)?;
        }
        Ok(is_object)
    }

    /// Passes over what belongs to a token.
    #[inline(never)]
    pub fn pass(&mut self, token: &Token<'_>) -> Result<(), Error> {
        let mut first = true;
        match token {
            Token::List => {
                while self.item(&mut first)? {
                    self.skip()?;
                }
            }
            Token::Object => {
                while self.more(b'}', &mut first)? {
                    self.string()?;
                    self.colon()?;
                    self.skip()?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Goes to the next item of a list, if there is one, or past its end. `first` is true at the start.
    pub fn item(&mut self, first: &mut bool) -> Result<bool, Error> {
        self.more(b']', first)
    }

    /// Goes to the value of the next member of an object, if there is one, or past its end.
    ///
    /// Objects come in the same order as a rule, so the name at the place `expected` is tried first.
    #[inline(never)]
    pub fn member(
        &mut self,
        names: &[&str],
        expected: usize,
        first: &mut bool,
    ) -> Result<Option<Name<'de>>, Error> {
        if names.get(expected).is_some_and(|name| self.eat_name(name, *first)) {
            *first = false;
            return Ok(Some(Name::Known(expected)));
        }
        if !self.more(b'}', first)? {
            return Ok(None);
        }
        let name = self.string()?;
        self.colon()?;
        let known = crate::position(names, expected, &name);
        Ok(Some(known.map_or(Name::Other(name), Name::Known)))
    }

    /// Goes past a name, with its comma and its colon, where exactly these follow.
    fn eat_name(&mut self, name: &str, first: bool) -> bool {
        let bytes = self.text.as_bytes();
        let start = self.at + usize::from(!first);
        let end = start + 1 + name.len();
        let is_next = (first || self.peek() == b',')
            && bytes.get(start) == Some(&b'"')
            && bytes.get(start + 1..end).is_some_and(|bytes| same(bytes, name.as_bytes()))
            && bytes.get(end..end + 2) == Some(b"\":");
        if is_next {
            self.at = end + 2;
        }
        is_next
    }

    /// Passes over one value.
    pub fn skip(&mut self) -> Result<(), Error> {
        let token = self.token()?;
        self.pass(&token)
    }
}

/// Whether both are the same; a call of `memcmp` would look at one byte after the other.
fn same(one: &[u8], other: &[u8]) -> bool {
    let number = |word: &[u8; 8]| u64::from_le_bytes(*word);
    let (words, rest) = one.as_chunks::<8>();
    let (other_words, other_rest) = other.as_chunks::<8>();
    one.len() == other.len()
        && words.iter().map(number).eq(other_words.iter().map(number))
        && match (one.last_chunk(), other.last_chunk()) {
            (Some(last), Some(other_last)) => number(last) == number(other_last),
            _ => rest.iter().eq(other_rest),
        }
}
