//! The reader itself, for types that read without serde.
//!
//! Code that is generic over all of serde's formats is compiled once for each type that it reads. A type may
//! instead read by a plain function over [`Reader`], and say so to serde by the name of a newtype:
//! where the format is this crate's, the reader is lent to it; any other format goes by way of a text.

use std::fmt;
use std::marker::PhantomData;

use serde::Serialize;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer,
    SeqAccess, VariantAccess, Visitor,
    value::{BorrowedStrDeserializer, U8Deserializer, UsizeDeserializer},
};

use super::Reader;
use crate::Error;

/// By this name a type asks for the reader.
pub(super) const NAME: &str = "$perch_json::Reader";

/// Reads by a function instead of a visitor.
///
/// `Any` is the type that a value of another format goes through on its way to a text.
pub fn direct<'de, Any, T, D>(
    deserializer: D,
    read: fn(&mut Reader<'_>) -> Result<T, Error>,
) -> Result<T, D::Error>
where
    Any: DeserializeOwned + Serialize,
    D: Deserializer<'de>,
{
    deserializer.deserialize_newtype_struct(NAME, Borrower { read, any: PhantomData::<Any> })
}

struct Borrower<Any, T> {
    read: fn(&mut Reader<'_>) -> Result<T, Error>,
    any: PhantomData<Any>,
}

impl<'de, Any: DeserializeOwned + Serialize, T> Visitor<'de> for Borrower<Any, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    /// This crate's format; no other has an enum here.
    fn visit_enum<A: EnumAccess<'de>>(self, loan: A) -> Result<T, A::Error> {
        let (mut reader, back) = borrow(loan)?;
        let value = (self.read)(&mut reader);
        // Also after a failure, for its place.
        back.tuple_variant(reader.at, Unit)?;
        value.map_err(A::Error::custom)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        let text = crate::write(&Any::deserialize(deserializer)?).map_err(D::Error::custom)?;
        (self.read)(&mut Reader::new(&text)).map_err(D::Error::custom)
    }
}

// Once, and not for every type.
#[inline(never)]
fn borrow<'de, A: EnumAccess<'de>>(loan: A) -> Result<(Reader<'de>, A::Variant), A::Error> {
    let ((text, at, depth), back) = loan.variant::<(&'de str, usize, u8)>()?;
    Ok((Reader { text, at, depth }, back))
}

struct Unit;

impl Visitor<'_> for Unit {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// The reader on loan: what it is goes out as the variant, where it is comes back as a length.
pub(super) struct Loan<'r, 'de>(pub(super) &'r mut Reader<'de>);

impl<'de> EnumAccess<'de> for Loan<'_, 'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let Reader { text, at, depth } = *self.0;
        Ok((seed.deserialize(Parts { text, at, depth, given: 0 })?, self))
    }
}

impl<'de> VariantAccess<'de> for Loan<'_, 'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Err(Error)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, Error> {
        Err(Error)
    }

    fn tuple_variant<V: Visitor<'de>>(self, at: usize, visitor: V) -> Result<V::Value, Error> {
        self.0.at = at;
        visitor.visit_unit()
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        Err(Error)
    }
}

/// What a reader consists of.
struct Parts<'de> {
    text: &'de str,
    at: usize,
    depth: u8,
    given: u8,
}

impl<'de> SeqAccess<'de> for Parts<'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        self.given += 1;
        match self.given {
            1 => seed.deserialize(BorrowedStrDeserializer::new(self.text)),
            2 => {
                let at: UsizeDeserializer<Error> = self.at.into_deserializer();
                seed.deserialize(at)
            }
            _ => {
                let depth: U8Deserializer<Error> = self.depth.into_deserializer();
                seed.deserialize(depth)
            }
        }
        .map(Some)
    }
}

impl<'de> Deserializer<'de> for Parts<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
