//! Answers: objects with known fields, all of them lenient, and whatever else came.

use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap as _, Serializer};

use super::Extra;
use super::lenient::{Scalar, skip_list, visit_scalars};

/// An object with fields of known names; [`answers!`](crate::answers) declares them.
#[doc(hidden)]
pub trait Record: Default {
    /// The names on the wire.
    const NAMES: &'static [&'static str];

    /// Reads the value of the field at this place of the names.
    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        at: usize,
        object: &mut A,
    ) -> Result<(), A::Error>;

    /// Writes the fields in the order of their names.
    fn write_fields<S: serde::ser::SerializeMap>(&self, object: &mut S) -> Result<(), S::Error>;

    /// Fields without a name here.
    fn extra(&self) -> &Extra;

    /// Fields without a name here.
    fn extra_mut(&mut self) -> &mut Extra;
}

/// Either the record, or the scalar that stood in its place.
pub(crate) enum Either<'de, R> {
    Record(R),
    Scalar(Scalar<'de>),
}

impl<'de, R: Record> Either<'de, R> {
    pub(crate) fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RecordVisitor(PhantomData))
    }
}

/// Reads an object, or nothing where something else stands.
#[doc(hidden)]
pub fn read_record<'de, R: Record, D: Deserializer<'de>>(d: D) -> Result<Option<R>, D::Error> {
    Ok(match Either::read(d)? {
        Either::Record(record) => Some(record),
        Either::Scalar(_) => None,
    })
}

/// Reads an object and nothing else.
#[doc(hidden)]
pub fn strict_record<'de, R: Record, D: Deserializer<'de>>(d: D) -> Result<R, D::Error> {
    match d.deserialize_map(RecordVisitor(PhantomData))? {
        Either::Record(record) => Ok(record),
        Either::Scalar(_) => Err(D::Error::custom("no object")),
    }
}

/// Writes an object: its fields first, then what else came.
#[doc(hidden)]
pub fn write_record<R: Record, S: Serializer>(
    record: &R,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut object = serializer.serialize_map(None)?;
    record.write_fields(&mut object)?;
    for (name, value) in record.extra() {
        object.serialize_entry(name, value)?;
    }
    object.end()
}

struct RecordVisitor<R>(PhantomData<R>);

impl<'de, R: Record> Visitor<'de> for RecordVisitor<R> {
    type Value = Either<'de, R>;

    visit_scalars! { Either::Scalar }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        skip_list(list).map(|()| Either::Scalar(Scalar::Nothing))
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
        fields(object).map(Either::Record)
    }
}

/// Reads the fields of an object.
pub(crate) fn fields<'de, R: Record, A: MapAccess<'de>>(mut object: A) -> Result<R, A::Error> {
    let mut record = R::default();
    let mut expected = 0;
    while let Some(key) = object.next_key_seed(Names { names: R::NAMES, expected })? {
        match key {
            Key::Known(at) => {
                record.read_field(at, &mut object)?;
                expected = at + 1;
            }
            Key::Unknown(name) => {
                let value = object.next_value()?;
                record.extra_mut().insert(name, value);
            }
        }
    }
    Ok(record)
}

enum Key {
    Known(usize),
    Unknown(String),
}

/// Finds a name. Objects come in the same order as a rule, so the search starts behind the last hit.
#[derive(Clone, Copy)]
struct Names {
    names: &'static [&'static str],
    expected: usize,
}

impl<'de> DeserializeSeed<'de> for Names {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Names {
    type Value = Key;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Key, E> {
        let find = |names: &[&str]| names.iter().position(|known| *known == name);
        let (before, behind) =
            self.names.split_at_checked(self.expected).unwrap_or((self.names, &[]));
        let at = find(behind).map(|at| at + before.len()).or_else(|| find(before));
        Ok(at.map_or_else(|| Key::Unknown(name.to_owned()), Key::Known))
    }
}

/// Reads a field's value; what does not fit is as good as absent.
#[doc(hidden)]
pub fn field<'de, T, A>(object: &mut A) -> Result<T, A::Error>
where
    T: super::Lenient + Default,
    A: MapAccess<'de>,
{
    Ok(object.next_value::<super::lenient::Member<T>>()?.0.unwrap_or_default())
}

/// Writes a field.
#[doc(hidden)]
pub fn write<T: Serialize, S: serde::ser::SerializeMap>(
    object: &mut S,
    name: &'static str,
    value: &T,
) -> Result<(), S::Error> {
    object.serialize_entry(name, value)
}

/// Declares answers: `field: Type`, or `field as "wire name": Type`.
///
/// All fields are lenient, so that one of another type than documented loses nothing but itself.
/// What has no field here is kept in `extra` and written back behind the fields. An empty field is
/// written as null, or not at all where its name is followed by `[optional]`.
#[macro_export]
macro_rules! answers {
    ($( $(#[doc = $doc:literal])+ $name:ident { $( $(#[doc = $fdoc:literal])+ $field:ident $(as $wire:literal)? $([$optional:ident])?: $type:ty ),+ $(,)? } )+) => { $(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Default, PartialEq)]
        #[allow(unreachable_pub, reason = "some are steps on the way to another type")]
        pub struct $name {
            $( $(#[doc = $fdoc])+ pub $field: $type, )+
            /// Fields this version does not know.
            pub extra: $crate::model::Extra,
        }

        impl $crate::model::record::Record for $name {
            const NAMES: &'static [&'static str] = &[$( $crate::answers!(@wire $field $($wire)?) ),+];

            fn read_field<'de, A: serde::de::MapAccess<'de>>(&mut self, at: usize, object: &mut A) -> Result<(), A::Error> {
                #[allow(non_camel_case_types, reason = "named like the fields, for their places")]
                enum Place { $($field),+ }
                $( if at == Place::$field as usize {
                    self.$field = $crate::model::record::field(object)?;
                    return Ok(());
                } )+
                Ok(())
            }

            fn write_fields<S: serde::ser::SerializeMap>(&self, object: &mut S) -> Result<(), S::Error> {
                $( $crate::answers!(@write object, $crate::answers!(@wire $field $($wire)?), self.$field $(, $optional)?); )+
                Ok(())
            }

            fn extra(&self) -> &$crate::model::Extra {
                &self.extra
            }

            fn extra_mut(&mut self) -> &mut $crate::model::Extra {
                &mut self.extra
            }
        }

        impl $crate::model::Lenient for $name {
            const IS_ROW: bool = true;

            fn read<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
                $crate::model::record::read_record(deserializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::model::record::strict_record(deserializer)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::model::record::write_record(self, serializer)
            }
        }
    )+ };
    (@wire $field:ident) => { stringify!($field) };
    (@wire $field:ident $wire:literal) => { $wire };
    (@write $object:ident, $wire:expr, $value:expr) => { $crate::model::record::write($object, $wire, &$value)?; };
    (@write $object:ident, $wire:expr, $value:expr, optional) => {
        if $value.is_some() { $crate::model::record::write($object, $wire, &$value)?; }
    };
}
