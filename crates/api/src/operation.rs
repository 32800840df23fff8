//! One flat row per REST operation, and everything that follows from the rows.
//!
//! A row is plain data without function pointers: linking the whole table costs text, not code. From
//! it come the typed and the erased client call, the edge worker's admission, the simulator's router
//! and the reference pages. What has no row does not exist for any of them.

mod check;
mod credential;
mod input;
pub mod limit;
mod lists;
mod matching;
mod needs;
mod pages;
mod payload;
pub mod query;
mod socket;
mod spec;

#[doc(hidden)]
pub use check::placeholders;
pub use credential::lawful_credential;
pub use input::{InputError, InputFault, InputPart};
pub use limit::{Checks, within_limits};
pub use lists::{LISTS, ListSpec};
pub use matching::{Match, Miss, find};
pub use payload::{
    DecodeError, Empty, Json, Multipart, MultipartError, Part, Payload, Wav, WavUpload,
    decode_json, decode_value, encode_json,
};
pub use socket::{SOCKETS, SocketSpec};
pub use spec::{
    Audience, CORRELATION_HEADER, CredentialKind, Family, Host, MAX_CORRELATION_ID, Method,
    OperationSpec, Retry, Safety, is_correlation_id,
};

use serde::{Serialize, de::DeserializeOwned};

use crate::families;
use crate::schema::Described;

/// Values of the `{placeholders}` of a path; one type per URL prefix, shared by its operations.
pub trait PathParams: Serialize + DeserializeOwned + Described {
    /// The placeholders in the order of the path.
    const NAMES: &'static [&'static str];
}

/// Query parameters; every field is optional or repeated, so all of it has a default.
pub trait QueryParams: Serialize + DeserializeOwned + Default + Described {
    /// Every parameter name, as it stands on the wire.
    const NAMES: &'static [&'static str];
    /// Those of them without which the platform refuses the call.
    const REQUIRED: &'static [&'static str] = &[];
}

/// One REST operation: its row and its four types.
///
/// The client encodes the request and decodes the response; the simulator does the reverse.
pub trait Operation {
    /// The row.
    const SPEC: &'static OperationSpec;
    /// The checks that the row's limits ask for.
    const CHECKS: &'static Checks = &Checks::of(Self::SPEC);
    /// Values for the placeholders of the path.
    type Path: PathParams;
    /// Query parameters.
    type Query: QueryParams;
    /// Request body.
    type Request: Payload;
    /// Response body on success.
    type Response: Payload;
}

/// An operation that answers with a page and says where the next one starts.
pub trait Paged: Operation {
    /// The same as data.
    const CURSOR: &'static Cursor;

    /// The cursor of the next page; nothing on the last.
    fn next_cursor(page: &Self::Response) -> Option<&str>;

    /// Makes the query ask for the page at `cursor`.
    fn resume(query: &mut Self::Query, cursor: &str);
}

/// How a list is followed from page to page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The member of the page that says where the next one starts; missing, null or empty on the last.
    pub member: &'static str,
    /// The query parameter that asks for it.
    pub parameter: &'static str,
    /// Query parameters that may not stand beside it.
    pub excludes: &'static [&'static str],
}

/// Every operation Perch knows, family by family.
pub static TABLES: &[&[&OperationSpec]] = families::TABLES;

/// Other names of rows, `(alias, id)`: the vendor documents some routes in several families.
///
/// [`by_id`] knows both; rows, lists and logs carry the id only.
pub static ALIASES: &[(&str, &str)] = &[
    ("conversations.debug_chat.create", "debug_chat.create"),
    ("conversations.debug_chat.respond", "debug_chat.respond"),
    ("data.debug_chat.create", "debug_chat.create"),
    ("data.debug_chat.respond", "debug_chat.respond"),
    ("data.conversations.get", "conversations.get"),
    ("data.audio.get", "conversations.audio"),
];

/// Something to be done for every operation with its types at hand.
pub trait Visitor {
    /// Called once per operation.
    fn visit<O: Operation>(&mut self);
}

/// Shows every operation to the visitor, in the order of [`TABLES`].
///
/// Linking this links every type of the crate; programs that count bytes use the rows alone.
pub fn visit(visitor: &mut impl Visitor) {
    families::visit(visitor);
}

/// Every operation Perch knows.
pub fn all() -> impl Iterator<Item = &'static OperationSpec> {
    TABLES.iter().flat_map(|table| table.iter().copied())
}

/// The operation with this id, for example `conversations.v3.list`.
pub fn by_id(id: &str) -> Option<&'static OperationSpec> {
    let id = ALIASES.iter().find(|(alias, _)| *alias == id).map_or(id, |(_, id)| id);
    all().find(|spec| spec.id == id)
}

/// No parameters at all, for paths without placeholders and for absent queries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
pub struct Nothing {}

impl PathParams for Nothing {
    const NAMES: &'static [&'static str] = &[];
}

impl QueryParams for Nothing {
    const NAMES: &'static [&'static str] = &[];
}

/// Declares the struct for a path's placeholders: `field as "wire name": Type`.
#[macro_export]
macro_rules! path_params {
    ($(#[doc = $doc:literal])+ $name:ident { $( $(#[doc = $fdoc:literal])+ $field:ident as $wire:literal: $type:ty ),+ $(,)? }) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub struct $name { $( $(#[doc = $fdoc])+ #[serde(rename = $wire)] pub $field: $type ),+ }
        impl $crate::operation::PathParams for $name {
            const NAMES: &'static [&'static str] = &[$($wire),+];
        }
    };
}

/// Declares the struct for a query; fields are `Option` or `Vec` and named as on the wire.
///
/// A list of names in brackets before the fields says which ones the platform insists on.
#[macro_export]
macro_rules! query_params {
    ($(#[doc = $doc:literal])+ $name:ident $([ $($required:ident),+ ])? { $( $(#[doc = $fdoc:literal])+ $field:ident: $type:ty ),+ $(,)? }) => {
        #[allow(non_snake_case, reason = "the platform's spelling, so that nothing is renamed")]
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(default)]
        pub struct $name { $( $(#[doc = $fdoc])+ pub $field: $type ),+ }
        impl $crate::operation::QueryParams for $name {
            const NAMES: &'static [&'static str] = &[$(stringify!($field)),+];
            $( const REQUIRED: &'static [&'static str] = &[$(stringify!($required)),+]; )?
        }
    };
}

/// Declares a family's operations as flat rows and collects them into a table.
#[macro_export]
macro_rules! operations {
    (@limits) => { &[] };
    (@limits $limits:expr) => { &$limits };
    ($table:ident, $family:ident, $source:literal; $( $(#[doc = $doc:literal])+ $name:ident { $method:ident $host:ident $path:literal, $id:literal,
        $credential:ident, $retry:ident, $safety:ident, $audience:ident, $success:literal,
        path: $p:ty, query: $q:ty, request: $b:ty, response: $r:ty $(, limits: $limits:expr)? } )+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Debug, Clone, Copy)]
            pub struct $name;
            impl $crate::operation::Operation for $name {
                const SPEC: &'static $crate::operation::OperationSpec = &$crate::operation::OperationSpec {
                    id: $id,
                    family: $crate::operation::Family::$family,
                    method: $crate::operation::Method::$method,
                    host: $crate::operation::Host::$host,
                    path: $path,
                    credential: $crate::operation::CredentialKind::$credential,
                    retry: $crate::operation::Retry::$retry,
                    safety: $crate::operation::Safety::$safety,
                    audience: $crate::operation::Audience::$audience,
                    query: <$q as $crate::operation::QueryParams>::NAMES,
                    required: <$q as $crate::operation::QueryParams>::REQUIRED,
                    success: $success,
                    sends: <$b as $crate::operation::Payload>::CONTENT_TYPE,
                    sends_also: <$b as $crate::operation::Payload>::OTHER_TYPES,
                    limits: $crate::operations!(@limits $($limits)?),
                    answers: <$r as $crate::operation::Payload>::CONTENT_TYPE,
                    doc: concat!($($doc, "\n"),+),
                    source: $source,
                };
                type Path = $p;
                type Query = $q;
                type Request = $b;
                type Response = $r;
            }
            const _: () = $crate::operation::placeholders($path, <$p as $crate::operation::PathParams>::NAMES);
        )+
        /// Every operation of this table, in the order of their declaration.
        pub static $table: &[&$crate::operation::OperationSpec] = &[$( <$name as $crate::operation::Operation>::SPEC ),+];

        /// Shows every operation of this table to the visitor, in the same order.
        pub fn visit(visitor: &mut impl $crate::operation::Visitor) {
            $( visitor.visit::<$name>(); )+
        }
    };
}
