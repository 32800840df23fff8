//! Lists and objects, item by item.

use serde::Serialize;
use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant,
};

use super::{Key, Writer};
use crate::Error;

/// A list that is open.
#[derive(Debug)]
pub struct Items<'w> {
    writer: &'w mut Writer,
    close: &'static str,
    first: bool,
}

impl<'w> Items<'w> {
    pub(super) fn open(writer: &'w mut Writer, open: &str, close: &'static str) -> Self {
        writer.push(open);
        Self { writer, close, first: true }
    }

    fn next(&mut self) -> &mut Writer {
        if !std::mem::take(&mut self.first) {
            self.writer.push(",");
        }
        self.writer
    }

    fn close(self) {
        self.writer.push(self.close);
    }
}

macro_rules! lists {
    ($($trait:ident $method:ident),+) => { $(
        impl $trait for Items<'_> {
            type Ok = ();
            type Error = Error;

            fn $method<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
                value.serialize(self.next())
            }

            fn end(self) -> Result<(), Error> {
                self.close();
                Ok(())
            }
        }
    )+ };
}

lists! {
    SerializeSeq serialize_element, SerializeTuple serialize_element, SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field
}

/// An object that is open.
#[derive(Debug)]
pub struct Object<'w>(pub(super) Items<'w>);

impl SerializeMap for Object<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Result<(), Error> {
        key.serialize(Key(self.0.next()))
    }

    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Error> {
        self.0.writer.push(":");
        value.serialize(&mut *self.0.writer)
    }

    fn end(self) -> Result<(), Error> {
        self.0.close();
        Ok(())
    }
}

macro_rules! structs {
    ($($trait:ident),+) => { $(
        impl $trait for Object<'_> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: ?Sized + Serialize>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
                self.0.next().string(key);
                self.serialize_value(value)
            }

            fn end(self) -> Result<(), Error> {
                self.0.close();
                Ok(())
            }
        }
    )+ };
}

structs! { SerializeStruct, SerializeStructVariant }
