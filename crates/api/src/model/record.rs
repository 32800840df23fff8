//! Answers: objects with known fields, all of them lenient, and whatever else came.

use perch_json::{Error, Name, Reader};
use serde::ser::Serialize;

use super::{Extra, Lenient};

/// An object with fields of known names; [`answers!`](crate::answers) declares them.
#[doc(hidden)]
pub trait Record {
    /// The names on the wire.
    fn names(&self) -> &'static [&'static str];

    /// Reads the value of the field at this place of the names.
    fn read_field(&mut self, at: usize, reader: &mut Reader<'_>) -> Result<(), Error>;

    /// Fields without a name here.
    fn extra_mut(&mut self) -> &mut Extra;
}

/// Reads an object, or nothing where something else stands.
#[doc(hidden)]
pub fn read_record<R: Record + Default>(reader: &mut Reader<'_>) -> Result<Option<R>, Error> {
    if !reader.object()? {
        return Ok(None);
    }
    let mut record = R::default();
    members(&mut record, reader)?;
    Ok(Some(record))
}

/// Reads an object to the end of a list, where it stays; says whether it was one.
#[doc(hidden)]
pub fn push_record<R: Record + Default>(
    list: &mut Vec<R>,
    reader: &mut Reader<'_>,
) -> Result<bool, Error> {
    if !reader.object()? {
        return Ok(false);
    }
    list.push(R::default());
    if let Some(record) = list.last_mut() {
        members(record, reader)?;
    }
    Ok(true)
}

/// Reads what follows the first bracket of an object: one loop for all records.
pub(crate) fn members(record: &mut dyn Record, reader: &mut Reader<'_>) -> Result<(), Error> {
    let (names, mut expected, mut first) = (record.names(), 0, true);
    while let Some(name) = reader.member(names, expected, &mut first)? {
        match name {
            Name::Known(at) => {
                record.read_field(at, reader)?;
                expected = at + 1;
            }
            Name::Other(name) => {
                let value = Lenient::read(reader)?.unwrap_or_default();
                record.extra_mut().insert(name.into_owned(), value);
            }
        }
    }
    Ok(())
}

/// Reads a field's value into its place; what does not fit is as good as absent.
// Once for each type and not for each field: 5 KB less code in the console.
#[doc(hidden)]
#[inline(never)]
pub fn field<T: Lenient>(place: &mut T, reader: &mut Reader<'_>) -> Result<(), Error> {
    if let Some(value) = T::read(reader)? {
        *place = value;
    }
    Ok(())
}

/// Writes what has no field.
#[doc(hidden)]
pub fn write_extra<S: serde::ser::SerializeMap>(
    object: &mut S,
    extra: &Extra,
) -> Result<(), S::Error> {
    extra.iter().try_for_each(|(name, value)| object.serialize_entry(name, value))
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
            fn names(&self) -> &'static [&'static str] {
                &[$( $crate::answers!(@wire $field $($wire)?) ),+]
            }

            fn read_field(&mut self, at: usize, reader: &mut perch_json::Reader<'_>) -> Result<(), perch_json::Error> {
                #[allow(non_camel_case_types, reason = "named like the fields, for their places")]
                enum Place { $($field),+ }
                $( if at == Place::$field as usize {
                    return $crate::model::record::field(&mut self.$field, reader);
                } )+
                Ok(())
            }

            fn extra_mut(&mut self) -> &mut $crate::model::Extra {
                &mut self.extra
            }
        }

        impl $crate::model::Lenient for $name {
            const IS_ROW: bool = true;

            fn read(reader: &mut perch_json::Reader<'_>) -> Result<Option<Self>, perch_json::Error> {
                $crate::model::record::read_record(reader)
            }

            fn push(list: &mut Vec<Self>, reader: &mut perch_json::Reader<'_>) -> Result<bool, perch_json::Error> {
                $crate::model::record::push_record(list, reader)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::model::strict(deserializer)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap as _;
                let mut object = serializer.serialize_map(None)?;
                $( $crate::answers!(@write object, $crate::answers!(@wire $field $($wire)?), self.$field $(, $optional)?); )+
                $crate::model::record::write_extra(&mut object, &self.extra)?;
                object.end()
            }
        }
    )+ };
    (@wire $field:ident) => { stringify!($field) };
    (@wire $field:ident $wire:literal) => { $wire };
    (@write $object:ident, $wire:expr, $value:expr) => { $crate::model::record::write(&mut $object, $wire, &$value)?; };
    (@write $object:ident, $wire:expr, $value:expr, optional) => {
        if $value.is_some() { $crate::model::record::write(&mut $object, $wire, &$value)?; }
    };
}
