//! Answers: objects with known fields, all of them lenient, and whatever else came.

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
        let mut record = R::default();
        let other = deserializer.deserialize_any(Fill(&mut record))?;
        Ok(other.map_or(Self::Record(record), Self::Scalar))
    }
}

/// Reads an object, or nothing where something else stands.
#[doc(hidden)]
pub fn read_record<'de, R: Record, D: Deserializer<'de>>(d: D) -> Result<Option<R>, D::Error> {
    let mut record = R::default();
    let other = d.deserialize_any(Fill(&mut record))?;
    Ok(other.is_none().then_some(record))
}

/// Reads an object to the end of a list; says whether it was one.
#[doc(hidden)]
pub fn push_record<'de, R: Record, D: Deserializer<'de>>(
    list: &mut Vec<R>,
    d: D,
) -> Result<bool, D::Error> {
    list.push(R::default());
    let Some(record) = list.last_mut() else { return Ok(false) };
    let is_record = d.deserialize_any(Fill(record))?.is_none();
    if !is_record {
        list.pop();
    }
    Ok(is_record)
}

/// Reads an object and nothing else.
#[doc(hidden)]
pub fn strict_record<'de, R: Record, D: Deserializer<'de>>(d: D) -> Result<R, D::Error> {
    let mut record = R::default();
    match d.deserialize_map(Fill(&mut record))? {
        None => Ok(record),
        Some(_) => Err(D::Error::custom("no object")),
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

/// Fills a record where it is, or gives back the scalar that stood there.
struct Fill<'a, R>(&'a mut R);

impl<'de, R: Record> Visitor<'de> for Fill<'_, R> {
    type Value = Option<Scalar<'de>>;

    visit_scalars! { Some }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        skip_list(list).map(|()| Some(Scalar::Nothing))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut expected = 0;
        while let Some(key) = object.next_key_seed(Names { names: R::NAMES, expected })? {
            match key {
                Key::Known(at) => {
                    self.0.read_field(at, &mut object)?;
                    expected = at + 1;
                }
                Key::Unknown(name) => {
                    let value = object.next_value()?;
                    self.0.extra_mut().insert(name, value);
                }
            }
        }
        Ok(None)
    }
}

enum Key {
    Known(usize),
    Unknown(String),
}

/// Finds a name.
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
        let at = perch_json::position(self.names, self.expected, name);
        Ok(at.map_or_else(|| Key::Unknown(name.to_owned()), Key::Known))
    }
}

/// Reads a field's value into its place; what does not fit is as good as absent.
// Once for each type and not for each field: 5 KB less code in the console.
#[doc(hidden)]
#[inline(never)]
pub fn field<'de, T, A>(place: &mut T, object: &mut A) -> Result<(), A::Error>
where
    T: super::Lenient + Default,
    A: MapAccess<'de>,
{
    if let Some(value) = object.next_value::<super::lenient::Member<T>>()?.0 {
        *place = value;
    }
    Ok(())
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
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(default, extend("x-lenient" = true)))]
        #[allow(unreachable_pub, reason = "some are steps on the way to another type")]
        pub struct $name {
            $( $(#[doc = $fdoc])+ $(#[cfg_attr(feature = "schema", schemars(rename = $wire))])? pub $field: $type, )+
            /// Fields this version does not know.
            #[cfg_attr(feature = "schema", schemars(skip))]
            pub extra: $crate::model::Extra,
        }

        impl $crate::model::record::Record for $name {
            const NAMES: &'static [&'static str] = &[$( $crate::answers!(@wire $field $($wire)?) ),+];

            fn read_field<'de, A: serde::de::MapAccess<'de>>(&mut self, at: usize, object: &mut A) -> Result<(), A::Error> {
                #[allow(non_camel_case_types, reason = "named like the fields, for their places")]
                enum Place { $($field),+ }
                $( if at == Place::$field as usize {
                    return $crate::model::record::field(&mut self.$field, object);
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

            fn push<'de, D: serde::Deserializer<'de>>(list: &mut Vec<Self>, deserializer: D) -> Result<bool, D::Error> {
                $crate::model::record::push_record(list, deserializer)
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
