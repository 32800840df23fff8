//! Lists, element by element.

use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{
    DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer,
};

use super::{Lenient, Member, Scalar, nothing, skip_list, skip_object, visit_scalars};

impl<T: Lenient> Lenient for Vec<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        deserializer.deserialize_any(List::<Member<T>>(PhantomData))
    }
}

/// Reads a list of objects: what is no object is left out, what is no list is empty.
pub(crate) fn rows<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_any(List::<Row<T>>(PhantomData)).map(Option::unwrap_or_default)
}

/// Reads what is left of a list; nothing when it has elements that it may not have.
pub(crate) fn rest<'de, E: Element<'de>, A: SeqAccess<'de>>(
    mut list: A,
) -> Result<Option<Vec<E::Item>>, A::Error> {
    let (mut items, mut is_whole) = (Vec::new(), true);
    while let Some(fits) = list.next_element_seed(Next::<E>(&mut items))? {
        is_whole &= fits || E::IS_ROW;
    }
    Ok(is_whole.then_some(items))
}

/// How the elements of a list are read.
pub(crate) trait Element<'de>: Sized {
    type Item;
    const IS_ROW: bool;

    /// Reads an element to the end of the list; says whether it fitted.
    fn push<D: Deserializer<'de>>(
        list: &mut Vec<Self::Item>,
        deserializer: D,
    ) -> Result<bool, D::Error>;
}

/// The next element of a list, read where it stays: rows are large.
struct Next<'a, 'de, E: Element<'de>>(&'a mut Vec<E::Item>);

impl<'de, E: Element<'de>> DeserializeSeed<'de> for Next<'_, 'de, E> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        E::push(self.0, deserializer)
    }
}

impl<'de, T: Lenient> Element<'de> for Member<T> {
    type Item = T;
    const IS_ROW: bool = T::IS_ROW;

    fn push<D: Deserializer<'de>>(list: &mut Vec<T>, deserializer: D) -> Result<bool, D::Error> {
        T::push(list, deserializer)
    }
}

struct List<E>(PhantomData<E>);

impl<'de, E: Element<'de>> Visitor<'de> for List<E> {
    type Value = Option<Vec<E::Item>>;

    visit_scalars! { nothing }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
        skip_object(object).map(|()| None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        rest::<E, A>(list)
    }
}

/// An object that its own type reads.
struct Row<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Element<'de> for Row<T> {
    type Item = T;
    const IS_ROW: bool = true;

    fn push<D: Deserializer<'de>>(list: &mut Vec<T>, deserializer: D) -> Result<bool, D::Error> {
        let row = deserializer.deserialize_any(OneRow(PhantomData))?;
        let fits = row.is_some();
        list.extend(row);
        Ok(fits)
    }
}

struct OneRow<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OneRow<T> {
    type Value = Option<T>;

    visit_scalars! { nothing }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(object)).map(Some)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        skip_list(list).map(|()| None)
    }
}
