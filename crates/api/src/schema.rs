//! What generators of other languages' types ask of every path, query and body.
//!
//! With the feature `schema` each of them is a `schemars::JsonSchema`, from the same declaration that
//! reads and writes it; without, nothing is asked and nothing is compiled. Four keywords of our own
//! say what JSON Schema cannot: `x-known`, the known words of an open enum; `x-lenient`, any field may
//! be missing or null; `x-binary`, bytes; `x-form`, fields of a form.

#[cfg(not(feature = "schema"))]
pub use plain::Described;
#[cfg(feature = "schema")]
pub use schemars::JsonSchema as Described;

#[cfg(not(feature = "schema"))]
mod plain {
    /// Asks nothing, of any type.
    pub trait Described {}
    impl<T> Described for T {}
}

/// Bodies that are read and written by hand.
#[cfg(feature = "schema")]
mod by_hand {
    use std::borrow::Cow;

    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

    use crate::families::agents::audio_cache::{DetailsUpload, Settings};
    use crate::families::agents::{Agent, Agents};
    use crate::families::external_events::EventBody;
    use crate::families::messaging::AccessTokenReply;
    use crate::families::webhooks::{CreatedEndpoint, Endpoint, RotatedSecret};
    use crate::families::webrtc::IceServers;
    use crate::operation::{Empty, Wav, WavUpload};

    macro_rules! by_hand {
        ($( $type:ident: |$generator:ident| $schema:expr; )+) => { $(
            impl JsonSchema for $type {
                fn inline_schema() -> bool {
                    true
                }

                fn schema_name() -> Cow<'static, str> {
                    stringify!($type).into()
                }

                fn json_schema($generator: &mut SchemaGenerator) -> Schema {
                    $schema
                }
            }
        )+ };
    }

    by_hand! {
        Empty: |_generator| json_schema!({ "type": "null" });
        Wav: |_generator| json_schema!({ "x-binary": "audio/wav" });
        WavUpload: |_generator| json_schema!({ "x-binary": "audio/wav" });
        DetailsUpload: |generator| json_schema!({ "x-form": {
            "file": { "x-binary": "audio/wav" },
            "settings": generator.subschema_for::<Settings>(),
        } });
        EventBody: |_generator| json_schema!({ "anyOf": [
            {},
            { "x-form": {} },
            { "type": "string" },
        ] });
        Agents: |generator| json_schema!({ "anyOf": [
            { "type": "array", "items": generator.subschema_for::<Agent>() },
            {
                "type": "object",
                "properties": { "agents": { "type": "array", "items": generator.subschema_for::<Agent>() } },
                "required": ["agents"],
            },
        ] });
        AccessTokenReply: |_generator| json_schema!({
            "type": "object",
            "properties": {
                "access_token": { "type": "string" },
                "expires_in": { "type": "integer" },
                "token_type": { "type": "string" },
            },
            "required": ["access_token"],
        });
        CreatedEndpoint: |generator| json_schema!({ "allOf": [
            generator.subschema_for::<Endpoint>(),
            generator.subschema_for::<RotatedSecret>(),
        ] });
        RotatedSecret: |_generator| json_schema!({
            "type": "object",
            "properties": { "signing_secret": { "type": "string" } },
            "required": ["signing_secret"],
        });
        IceServers: |_generator| json_schema!({
            "type": "object",
            "properties": { "iceServers": { "type": "array", "items": {
                "type": "object",
                "properties": {
                    "urls": { "anyOf": [
                        { "type": "string" },
                        { "type": "array", "items": { "type": "string" } },
                    ] },
                    "username": { "type": "string" },
                    "credential": { "type": "string" },
                },
                "required": ["urls"],
            } } },
            "required": ["iceServers"],
        });
    }
}
