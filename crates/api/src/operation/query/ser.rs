//! Structs to pairs: scalars, options (absent when empty) and lists (repeated).

use serde::{
    Serialize,
    ser::{Error as _, Impossible, SerializeSeq, SerializeStruct, Serializer},
};

/// The pairs of a flat struct, in the order of its fields.
///
/// A field that is no scalar, option or list of scalars is left out: the types of this crate have none,
/// and a test over every query type keeps it so.
pub fn to_pairs<T: Serialize>(value: &T) -> Vec<(&'static str, String)> {
    let mut fields = Fields(Vec::new());
    match value.serialize(&mut fields) {
        Ok(()) => fields.0,
        Err(_) => Vec::new(),
    }
}

type Error = serde::de::value::Error;

struct Fields(Vec<(&'static str, String)>);

macro_rules! refuse {
    ($($method:ident($($type:ty),*)),+ $(,)?) => { $(
        fn $method(self, $(_: $type),*) -> Result<Self::Ok, Error> {
            Err(Error::custom("a query is a flat struct"))
        }
    )+ };
}

macro_rules! refuse_compounds {
    () => {
        fn serialize_newtype_variant<T: ?Sized + Serialize>(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
            _: &T,
        ) -> Result<Self::Ok, Error> {
            Err(Error::custom("a query is a flat struct"))
        }
        fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Error> {
            Err(Error::custom("a query is a flat struct"))
        }
        fn serialize_tuple_struct(
            self,
            _: &'static str,
            _: usize,
        ) -> Result<Self::SerializeTupleStruct, Error> {
            Err(Error::custom("a query is a flat struct"))
        }
        fn serialize_tuple_variant(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
            _: usize,
        ) -> Result<Self::SerializeTupleVariant, Error> {
            Err(Error::custom("a query is a flat struct"))
        }
        fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Error> {
            Err(Error::custom("a query is a flat struct"))
        }
        fn serialize_struct_variant(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
            _: usize,
        ) -> Result<Self::SerializeStructVariant, Error> {
            Err(Error::custom("a query is a flat struct"))
        }
    };
}

impl Serializer for &mut Fields {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Impossible<(), Error>;
    type SerializeTuple = Impossible<(), Error>;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Impossible<(), Error>;
    type SerializeStruct = Self;
    type SerializeStructVariant = Impossible<(), Error>;

    refuse! {
        serialize_bool(bool), serialize_i8(i8), serialize_i16(i16), serialize_i32(i32), serialize_i64(i64),
        serialize_u8(u8), serialize_u16(u16), serialize_u32(u32), serialize_u64(u64), serialize_f32(f32),
        serialize_f64(f64), serialize_char(char), serialize_str(&str), serialize_bytes(&[u8]), serialize_none(),
        serialize_unit(), serialize_unit_struct(&'static str),
        serialize_unit_variant(&'static str, u32, &'static str),
    }
    refuse_compounds!();

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Error> {
        Err(Error::custom("a query is a flat struct"))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Error> {
        Ok(self)
    }
}

impl SerializeStruct for &mut Fields {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: ?Sized + Serialize>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(Field { key, pairs: &mut self.0 })
    }

    fn end(self) -> Result<(), Error> {
        Ok(())
    }
}

/// One field: each scalar it holds becomes a pair.
struct Field<'a> {
    key: &'static str,
    pairs: &'a mut Vec<(&'static str, String)>,
}

macro_rules! scalars {
    ($($method:ident($type:ty)),+ $(,)?) => { $(
        fn $method(self, value: $type) -> Result<(), Error> {
            self.pairs.push((self.key, value.to_string()));
            Ok(())
        }
    )+ };
}

impl<'a> Serializer for Field<'a> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Field<'a>;
    type SerializeTuple = Impossible<(), Error>;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Impossible<(), Error>;
    type SerializeStruct = Impossible<(), Error>;
    type SerializeStructVariant = Impossible<(), Error>;

    scalars! {
        serialize_bool(bool), serialize_i8(i8), serialize_i16(i16), serialize_i32(i32), serialize_i64(i64),
        serialize_u8(u8), serialize_u16(u16), serialize_u32(u32), serialize_u64(u64), serialize_f32(f32),
        serialize_f64(f64), serialize_char(char), serialize_str(&str),
    }
    refuse! { serialize_bytes(&[u8]), serialize_unit_struct(&'static str) }
    refuse_compounds!();

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_none(self) -> Result<(), Error> {
        Ok(())
    }

    fn serialize_unit(self) -> Result<(), Error> {
        Ok(())
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Error> {
        Ok(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Impossible<(), Error>, Error> {
        Err(Error::custom("a query is a flat struct"))
    }
}

impl SerializeSeq for Field<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(Field { key: self.key, pairs: &mut *self.pairs })
    }

    fn end(self) -> Result<(), Error> {
        Ok(())
    }
}
