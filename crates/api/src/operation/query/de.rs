//! Pairs to structs: the value's expected type decides how its text is read.

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess,
    SeqAccess, Visitor,
};

use super::QueryError;

/// Reads a flat struct. Unknown names are ignored, repeated names make lists, the first one wins elsewhere.
pub fn from_pairs<T: DeserializeOwned>(pairs: &[(String, String)]) -> Result<T, QueryError> {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for (name, value) in pairs {
        match groups.iter_mut().find(|(known, _)| known == name) {
            Some((_, values)) => values.push(value),
            None => groups.push((name, vec![value])),
        }
    }
    let mut access = Groups { rest: groups.into_iter(), current: None, name: "" };
    T::deserialize(Root(&mut access))
        .map_err(|error| QueryError { name: access.name.to_owned(), reason: error.to_string() })
}

type Error = serde::de::value::Error;

struct Groups<'a> {
    rest: std::vec::IntoIter<(&'a str, Vec<&'a str>)>,
    current: Option<Vec<&'a str>>,
    name: &'a str,
}

struct Root<'r, 'a>(&'r mut Groups<'a>);

impl<'de> Deserializer<'de> for Root<'_, '_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(self.0)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> MapAccess<'de> for &mut Groups<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some((name, values)) = self.rest.next() else { return Ok(None) };
        self.name = name;
        self.current = Some(values);
        seed.deserialize(name.into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(Values(self.current.take().unwrap_or_default()))
    }
}

struct Values<'a>(Vec<&'a str>);

impl<'a> Values<'a> {
    fn first(&self) -> &'a str {
        self.0.first().copied().unwrap_or_default()
    }
}

macro_rules! parsed {
    ($($method:ident, $visit:ident, $expected:literal;)+) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            let value = self.first().parse().map_err(|_| Error::custom($expected))?;
            visitor.$visit(value)
        }
    )+ };
}

impl<'de> Deserializer<'de> for Values<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(self.first())
    }

    parsed! {
        deserialize_i8, visit_i8, "a whole number is expected";
        deserialize_i16, visit_i16, "a whole number is expected";
        deserialize_i32, visit_i32, "a whole number is expected";
        deserialize_i64, visit_i64, "a whole number is expected";
        deserialize_u8, visit_u8, "a whole number from 0 is expected";
        deserialize_u16, visit_u16, "a whole number from 0 is expected";
        deserialize_u32, visit_u32, "a whole number from 0 is expected";
        deserialize_u64, visit_u64, "a whole number from 0 is expected";
        deserialize_f32, visit_f32, "a number is expected";
        deserialize_f64, visit_f64, "a number is expected";
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.first() {
            "true" | "True" | "1" => visitor.visit_bool(true),
            "false" | "False" | "0" => visitor.visit_bool(false),
            _ => Err(Error::custom("true or false is expected")),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.first().is_empty() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(List(self.0.into_iter()))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(self.first().into_deserializer())
    }

    serde::forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct tuple tuple_struct map struct identifier ignored_any
    }
}

struct List<'a>(std::vec::IntoIter<&'a str>);

impl<'de> SeqAccess<'de> for List<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        self.0.next().map(|value| seed.deserialize(Values(vec![value]))).transpose()
    }
}
