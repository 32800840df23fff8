//! Integration tests of the API crate, in one binary.

mod messaging_pair;
