//! Reading any JSON as a value of one type, straight from the input.
//!
//! Scalars of all types share one visitor, rows of all types share the search for their fields:
//! browsers download little, and nothing is kept twice on the way.

mod list;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

pub(crate) use list::{rest, rows};

use super::{Timestamp, Tolerant};

/// A type that any JSON can be read as: what does not fit is skipped and gives nothing.
///
/// Implemented for the scalars, ids, open enums, answers, and lists and objects of them. A list of
/// objects loses what is no object; a list of scalars with a foreign element is no such list.
pub trait Lenient: Sized {
    /// Whether a list may go on without an element that did not fit.
    const IS_ROW: bool = false;

    /// Reads one value. Fails where the input is no JSON, never for its type.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error>;

    /// Reads one value to the end of a list; says whether it fitted.
    fn push<'de, D: Deserializer<'de>>(
        list: &mut Vec<Self>,
        deserializer: D,
    ) -> Result<bool, D::Error> {
        let value = Self::read(deserializer)?;
        let fits = value.is_some();
        list.extend(value);
        Ok(fits)
    }

    /// Whether it stands for nothing.
    fn is_nothing(&self) -> bool {
        false
    }
}

/// Reads a value of a type that has no other reader: what does not fit is a fault.
pub(crate) fn strict<'de, T: Lenient, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    T::read(deserializer)?.ok_or_else(|| D::Error::custom("a value of another type"))
}

/// Reads a text and what it means; for ids and open enums.
#[doc(hidden)]
pub fn read_text<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, D::Error> {
    Ok(match Scalar::read(deserializer)? {
        Scalar::Text(text) => parse(&text),
        _ => None,
    })
}

/// A value as a member of something else: never a fault.
pub(crate) struct Member<T>(pub Option<T>);

impl<'de, T: Lenient> Deserialize<'de> for Member<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Self)
    }
}

/// What is neither list nor object; those are `Nothing`.
pub(crate) enum Scalar<'de> {
    Nothing,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(Cow<'de, str>),
}

impl<'de> Scalar<'de> {
    pub(crate) fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }

    #[allow(clippy::cast_precision_loss, reason = "JSON's own numbers are no finer")]
    pub(crate) const fn number(&self) -> Option<f64> {
        match *self {
            Self::Unsigned(number) => Some(number as f64),
            Self::Signed(number) => Some(number as f64),
            Self::Float(number) => Some(number),
            _ => None,
        }
    }
}

/// The methods of a visitor that give a [`Scalar`] as it is, turned by `$wrap`.
macro_rules! visit_scalars {
    ($wrap:path) => {
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("any JSON")
        }

        fn visit_bool<F: serde::de::Error>(self, value: bool) -> Result<Self::Value, F> {
            Ok($wrap(Scalar::Bool(value)))
        }

        fn visit_i64<F: serde::de::Error>(self, value: i64) -> Result<Self::Value, F> {
            Ok($wrap(Scalar::Signed(value)))
        }

        fn visit_u64<F: serde::de::Error>(self, value: u64) -> Result<Self::Value, F> {
            Ok($wrap(Scalar::Unsigned(value)))
        }

        fn visit_f64<F: serde::de::Error>(self, value: f64) -> Result<Self::Value, F> {
            Ok($wrap(Scalar::Float(value)))
        }

        fn visit_borrowed_str<F: serde::de::Error>(
            self,
            value: &'de str,
        ) -> Result<Self::Value, F> {
            Ok($wrap(Scalar::Text(std::borrow::Cow::Borrowed(value))))
        }

        fn visit_str<F: serde::de::Error>(self, value: &str) -> Result<Self::Value, F> {
            self.visit_string(value.to_owned())
        }

        fn visit_string<F: serde::de::Error>(self, value: String) -> Result<Self::Value, F> {
            Ok($wrap(Scalar::Text(std::borrow::Cow::Owned(value))))
        }

        fn visit_unit<F: serde::de::Error>(self) -> Result<Self::Value, F> {
            Ok($wrap(Scalar::Nothing))
        }
    };
}
pub(super) use visit_scalars;

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    visit_scalars! { std::convert::identity }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        skip_list(list).map(|()| Scalar::Nothing)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
        skip_object(object).map(|()| Scalar::Nothing)
    }
}

/// What a scalar is where a list or an object is wanted.
pub(super) fn nothing<T>(_: Scalar<'_>) -> Option<T> {
    None
}

pub(super) fn skip_list<'de, A: SeqAccess<'de>>(mut list: A) -> Result<(), A::Error> {
    while list.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

pub(super) fn skip_object<'de, A: MapAccess<'de>>(mut object: A) -> Result<(), A::Error> {
    while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(())
}

macro_rules! scalars {
    ($( $type:ty: $scalar:ident => $value:expr; )+) => { $(
        impl Lenient for $type {
            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
                let $scalar = Scalar::read(deserializer)?;
                Ok($value)
            }
        }
    )+ };
}

scalars! {
    bool: scalar => match scalar { Scalar::Bool(value) => Some(value), _ => None };
    u32: scalar => match scalar { Scalar::Unsigned(value) => value.try_into().ok(), _ => None };
    u64: scalar => match scalar { Scalar::Unsigned(value) => Some(value), _ => None };
    i64: scalar => match scalar {
        Scalar::Unsigned(value) => value.try_into().ok(),
        Scalar::Signed(value) => Some(value),
        _ => None,
    };
    f64: scalar => scalar.number();
    String: scalar => match scalar { Scalar::Text(text) => Some(text.into_owned()), _ => None };
    Timestamp: scalar => match scalar { Scalar::Text(text) => Some(Self::new(text)), _ => None };
}

impl Lenient for Value {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Self::deserialize(deserializer).map(Some)
    }

    fn is_nothing(&self) -> bool {
        self.is_null()
    }
}

impl Lenient for Map<String, Value> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(match Value::deserialize(deserializer)? {
            Value::Object(fields) => Some(fields),
            _ => None,
        })
    }
}

impl<T: Lenient> Lenient for Option<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        T::read(deserializer).map(Some)
    }
}

impl<T: Lenient> Lenient for Tolerant<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(Some(Self(T::read(deserializer)?.filter(|value| !value.is_nothing()))))
    }
}

impl<T: Lenient> Lenient for BTreeMap<String, T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        deserializer.deserialize_any(Entries(PhantomData))
    }
}

/// An object whose entries are all of one type; others are left out.
struct Entries<T>(PhantomData<T>);

impl<'de, T: Lenient> Visitor<'de> for Entries<T> {
    type Value = Option<BTreeMap<String, T>>;

    visit_scalars! { nothing }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        skip_list(list).map(|()| None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut entries = BTreeMap::new();
        while let Some((name, Member(value))) = object.next_entry()? {
            entries.extend(value.map(|value| (name, value)));
        }
        Ok(Some(entries))
    }
}
