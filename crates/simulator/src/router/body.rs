//! Bodies to the types that operations declare.

use perch_api::families::agents::audio_cache::MAX_FILE;
use perch_api::model::PhoneNumber;
use perch_api::operation::{DecodeError, Family, Operation, OperationSpec, Payload};
use serde_json::{Map, Value};

use super::{Raw, closed, monitoring, odd_number};
use crate::keys::header;
use crate::refusal::Refusal;
use crate::studio::audio;

const JSON: &str = "application/json";
/// Largest body; files may be twice what the platform takes, so that it is the handler who refuses them.
const LARGEST: usize = 1 << 20;
const LARGEST_WITH_FILE: usize = 2 * MAX_FILE;

/// How many bytes of a body are read.
pub(crate) const fn limit(spec: &OperationSpec) -> usize {
    if has_file(spec) { LARGEST_WITH_FILE } else { LARGEST }
}

/// The refusal of a body beyond the limit.
pub(crate) fn too_large(spec: &OperationSpec) -> Refusal {
    if has_file(spec) {
        return audio::too_large();
    }
    Refusal::new(413, "PAYLOAD_TOO_LARGE", "The body is too large.")
}

/// Reads the body of a request.
pub(super) fn read<O: Operation>(raw: &Raw<'_>) -> Result<O::Request, Refusal> {
    let kind = header(raw.headers, "content-type").unwrap_or_default();
    match O::SPEC.sends {
        Some(JSON) if O::SPEC.sends_also.is_empty() => json::<O>(raw.body),
        Some(declared) => O::Request::decode_as(kind, raw.body).map_err(|error| {
            let place =
                if error == DecodeError::NOWHERE { String::new() } else { format!(": {error}") };
            refusal::<O>(&format!("The body must be {declared}{place}."))
        }),
        None => O::Request::decode(raw.body).map_err(|error| refusal::<O>(&error.to_string())),
    }
}

fn json<O: Operation>(body: &[u8]) -> Result<O::Request, Refusal> {
    // Optional bodies are documented as such: nothing means an empty object.
    let body = if body.is_empty() { b"{}" } else { body };
    // serde would take an array for a struct.
    if !body.trim_ascii_start().starts_with(b"{") {
        return Err(refusal::<O>("The body must be a JSON object."));
    }
    monitoring::check_body(O::SPEC, body)?;
    let request = O::Request::decode(body).map_err(|error| {
        number_refusal(body).unwrap_or_else(|| refusal::<O>(&error.to_string()))
    })?;
    let known = request.encode();
    if let Some(name) = closed::unknown_field(O::SPEC, body, &known) {
        return Err(refusal::<O>(&format!("The body has an unknown field: {name}.")));
    }
    if let Some(name) = null_object(body, &known) {
        return Err(refusal::<O>(&format!("{name} must be an object.")));
    }
    Ok(request)
}

fn refusal<O: Operation>(reason: &str) -> Refusal {
    match O::SPEC.family {
        Family::Messaging => Refusal::new(400, "", "Error parsing request"),
        _ => Refusal::new(400, "SCHEMA_VALIDATION_FAILED", reason),
    }
}

/// A field that is null and was read as an empty object, as `serde_json` does.
fn null_object(given: &[u8], known: &[u8]) -> Option<String> {
    let read = |bytes| serde_json::from_slice::<Map<String, Value>>(bytes).ok();
    let (given, known) = (read(given)?, read(known)?);
    let mut nulls = given.into_iter().filter(|(_, value)| value.is_null()).map(|(name, _)| name);
    nulls.find(|name| known.get(name).is_some_and(Value::is_object))
}

/// Telephone numbers have a code of their own; a body that cannot be read is searched for them.
fn number_refusal(body: &[u8]) -> Option<Refusal> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let many = body.get("phoneNumbers").and_then(Value::as_array).into_iter().flatten();
    let mut numbers = many.chain(body.get("phoneNumber")).filter_map(Value::as_str);
    numbers.any(|number| PhoneNumber::parse(number).is_err()).then(odd_number)
}

const fn has_file(spec: &OperationSpec) -> bool {
    matches!(spec.sends, Some(kind) if matches!(kind.as_bytes(), b"audio/wav" | b"multipart/form-data"))
}

#[cfg(test)]
mod tests {
    use perch_api::operation::by_id;

    use super::*;

    #[test]
    fn null_is_no_object() {
        let is = |given: &str, known: &str| null_object(given.as_bytes(), known.as_bytes());
        assert_eq!(is(r#"{"a":null}"#, r#"{"a":{}}"#), Some("a".to_owned()));
        assert_eq!(is(r#"{"a":null,"b":{}}"#, r#"{"b":{}}"#), None, "absent and null may be alike");
        assert_eq!(is(r#"{"a":{}}"#, r#"{"a":{}}"#), None);
    }

    #[test]
    fn files_may_be_larger_than_other_bodies() {
        for (id, has) in [
            ("agents.audio_cache.replace_file", true),
            ("agents.audio_cache.update_details", true),
            ("agents.audio_cache.synthesize", false),
            ("external_events.webhook", false),
            ("agents.list", false),
        ] {
            let spec = by_id(id).unwrap();
            assert_eq!((limit(spec) > MAX_FILE, too_large(spec).status == 400), (has, has), "{id}");
        }
    }
}
