//! Error bodies of every family, parsed into one type.
//!
//! The families answer in ten shapes, an edge worker in an eleventh, and gateways in front of them in
//! whatever they like. What arrives is untrusted: texts are cut, control characters dropped, and nothing
//! of the body is kept besides the fields named here.

mod catalogue;
mod conflict;
mod words;

use serde_json::{Map, Value};

use crate::operation::decode_value;

pub use catalogue::{CATALOGUE, CatalogueEntry, Category, Repeat};
pub use conflict::{ChangeKind, MergeConflict};
pub use words::first as first_words;

/// Longest text kept of an error body, in characters.
const MAX_TEXT: usize = 300;
/// Most conflicts kept of a merge.
const MAX_CONFLICTS: usize = 200;

/// What kind of failure a status stands for, and so what a caller can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request itself is wrong (400, 405, 412, 415, 422).
    Request,
    /// The credential is missing, wrong, expired or of another region (401).
    Credential,
    /// The credential may not do this (403).
    Forbidden,
    /// Nothing there, or a wrong host (404, 410).
    Missing,
    /// It exists already or a cap is reached (409).
    Conflict,
    /// Too many requests (429).
    RateLimit,
    /// The server failed (5xx, 408).
    Server,
    /// A status nobody documents.
    Other,
}

impl ErrorKind {
    /// The kind a status stands for.
    pub const fn of(status: u16) -> Self {
        match status {
            400 | 405 | 412..=422 => Self::Request,
            401 => Self::Credential,
            403 => Self::Forbidden,
            404 | 410 => Self::Missing,
            409 => Self::Conflict,
            429 => Self::RateLimit,
            408 | 500..=599 => Self::Server,
            _ => Self::Other,
        }
    }

    /// What to do about it, in one sentence.
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::Request => "Correct the request; sending it again unchanged fails again.",
            Self::Credential => "Check that the key is current and was made in this region.",
            Self::Forbidden => "Ask the owner of the key for the missing permission.",
            Self::Missing => "Check the id and the region.",
            Self::Conflict => "Look at what exists already; it may be what you wanted.",
            Self::RateLimit => "Wait as long as the answer says, then try again.",
            Self::Server => "Try again in a moment.",
            Self::Other => "Quote the correlation id to support.",
        }
    }
}

/// A failed answer of the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorBody {
    /// HTTP status.
    pub status: u16,
    /// The platform's code, for example `CONVERSATIONS_NOT_FOUND`.
    pub code: Option<String>,
    /// The correlation id, when the body repeats it.
    pub correlation_id: Option<String>,
    /// The platform's own words, cut to 300 characters.
    pub message: Option<String>,
    /// Faults of single fields, `(field, message)`.
    pub fields: Vec<(String, String)>,
    /// What a merge could not decide; answer with resolutions.
    pub conflicts: Box<[MergeConflict]>,
}

impl ErrorBody {
    /// Reads the body of a failed answer. Never fails: what cannot be read leaves the fields empty.
    pub fn parse(status: u16, body: &[u8]) -> Self {
        let mut error = Self {
            status,
            code: None,
            correlation_id: None,
            message: None,
            fields: Vec::new(),
            conflicts: Box::default(),
        };
        let Ok(Value::Object(mut body)) = decode_value(body) else {
            error.message = words::first(body);
            return error;
        };
        let has_conflicts = matches!(body.get("hasConflicts"), Some(Value::Bool(true)));
        if has_conflicts {
            error.conflicts = conflicts(&mut body).into();
        }
        // The order matters: fields of one shape occur in others with another meaning.
        let mut codes: &[&str] = &["error_code", "code"];
        let mut messages: &[&str] = &["error_message", "message", "error"];
        let (mut from, mut id) = (&body, "error_id");
        if let Some(Value::Object(inner)) = body.get("error") {
            // An edge worker's own refusal, which comes by the same way as the platform's, and errors
            // of the realtime socket.
            (codes, messages, from, id) = (&["code"], &["message"], inner, "request_id");
        } else if body.contains_key("success") && body.contains_key("message") {
            codes = &["error_code", "code", "error"];
        }
        error.code = if has_conflicts && id == "error_id" {
            Some("MERGE_CONFLICT".to_owned())
        } else {
            first_text(from, codes)
        };
        error.correlation_id = first_text(&body, &[id]);
        error.message = match body.get("detail") {
            Some(Value::String(detail)) => Some(clean(detail)),
            _ => first_text(from, messages),
        };
        for (list, read) in [("detail", detail_item as fn(&Value) -> _), ("errors", field)] {
            let Some(Value::Array(list)) = body.get(list) else { continue };
            for item in list.iter().take(20) {
                error.fields.extend(read(item));
            }
        }
        error
    }

    /// What kind of failure it is.
    pub const fn kind(&self) -> ErrorKind {
        ErrorKind::of(self.status)
    }

    /// The catalogue's entry for the code.
    pub fn catalogue_entry(&self) -> Option<&'static CatalogueEntry> {
        let code = self.code.as_deref()?;
        CATALOGUE.iter().find(|entry| entry.code == code)
    }

    /// The code's number, where one is published.
    pub fn number(&self) -> Option<u32> {
        self.catalogue_entry()?.number
    }

    /// What to do about it, in one sentence: the code's own advice, or that of the status.
    pub fn remedy(&self) -> &'static str {
        if !self.conflicts.is_empty() {
            return "Decide every conflict, then merge again with the resolutions.";
        }
        self.catalogue_entry().map_or_else(|| self.kind().remedy(), |entry| entry.remedy)
    }

    /// Whether the request is worth sending again: what the code says, or else the status.
    pub fn repeat(&self) -> Repeat {
        match self.catalogue_entry() {
            Some(entry) if entry.repeat != Repeat::Never || self.status < 500 => entry.repeat,
            _ => repeat_of(self.status),
        }
    }
}

const fn repeat_of(status: u16) -> Repeat {
    match status {
        429 | 503 => Repeat::Later,
        501 => Repeat::Never,
        408 | 500..=599 => Repeat::IfHarmless,
        _ => Repeat::Never,
    }
}

/// The text of the first of these fields that has one; an empty one is none.
fn first_text(object: &Map<String, Value>, names: &[&str]) -> Option<String> {
    let text = |name: &&str| object.get(*name)?.as_str().map(clean);
    names.iter().filter_map(text).find(|text| !text.is_empty())
}

fn conflicts(body: &mut Map<String, Value>) -> Vec<MergeConflict> {
    let mut conflicts = Vec::new();
    if let Some(Value::Array(list)) = body.get_mut("conflicts") {
        for conflict in list.iter_mut().take(MAX_CONFLICTS) {
            if let Some(conflict) = MergeConflict::read(conflict) {
                conflicts.push(conflict);
            }
        }
    }
    conflicts
}

/// One element of the older validation list: `{field, message}`.
fn field(item: &Value) -> Option<(String, String)> {
    Some((clean(item.get("field")?.as_str()?), clean(item.get("message")?.as_str()?)))
}

/// One element of a validation list: `{loc: [..], msg}`.
fn detail_item(item: &Value) -> Option<(String, String)> {
    let mut place = String::new();
    for part in item.get("loc")?.as_array()? {
        if !place.is_empty() {
            place.push('.');
        }
        // Names and places in lists.
        match part {
            Value::String(name) => place += name,
            other => place += &other.as_u64()?.to_string(),
        }
    }
    Some((clean(&place), clean(item.get("msg")?.as_str()?)))
}

/// Cut, and without control characters: the text may be shown.
fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(MAX_TEXT).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_shape_gives_its_message_and_code() {
        let cases: [(&str, Option<&str>, Option<&str>); 13] = [
            (
                r#"{"success":false,"error":"Gone","error_id":"c-1","error_code":"CONVERSATIONS_NOT_FOUND","error_message":"No such conversation","data":null}"#,
                Some("CONVERSATIONS_NOT_FOUND"),
                Some("No such conversation"),
            ),
            (r#"{"message":"Unauthorized"}"#, None, Some("Unauthorized")),
            (
                r#"{"detail":"agent_number is not provisioned"}"#,
                None,
                Some("agent_number is not provisioned"),
            ),
            (r#"{"error_message":"end_time must be later"}"#, None, Some("end_time must be later")),
            (
                r#"{"error":"metadata values must be strings","code":"BAD_REQUEST"}"#,
                Some("BAD_REQUEST"),
                Some("metadata values must be strings"),
            ),
            (
                r#"{"success":false,"error":"not_found","message":"No route available"}"#,
                Some("not_found"),
                Some("No route available"),
            ),
            (
                r#"{"hasConflicts":true,"conflicts":[],"errors":[],"sequence":"41"}"#,
                Some("MERGE_CONFLICT"),
                None,
            ),
            (
                r#"{"error":{"code":"not_signed_in","message":"There is no session.","remedy":"Sign in."},"request_id":"r-1"}"#,
                Some("not_signed_in"),
                Some("There is no session."),
            ),
            (r#"{"error":"invalid auth token"}"#, None, Some("invalid auth token")),
            (
                r#"{"type":"error","error":{"code":"unsupported_parameter","message":"No audio"}}"#,
                Some("unsupported_parameter"),
                Some("No audio"),
            ),
            ("<html><title>502 Bad Gateway</title></html>", None, Some("502 Bad Gateway")),
            ("", None, None),
            ("[]", None, None),
        ];
        for (body, code, message) in cases {
            let error = ErrorBody::parse(400, body.as_bytes());
            assert_eq!(
                (error.code.as_deref(), error.message.as_deref()),
                (code, message),
                "{body}"
            );
        }
    }

    #[test]
    fn field_faults_are_listed() {
        let body = r#"{"detail":[{"loc":["body","metric",0],"msg":"unexpected value","type":"enum"},{"loc":3}]}"#;
        assert_eq!(
            ErrorBody::parse(422, body.as_bytes()).fields,
            [("body.metric.0".to_owned(), "unexpected value".to_owned())]
        );
        let body = r#"{"message":"Validation failed","errors":[{"field":"threshold","message":"0 or more"}]}"#;
        assert_eq!(
            ErrorBody::parse(400, body.as_bytes()).fields,
            [("threshold".to_owned(), "0 or more".to_owned())]
        );
    }

    #[test]
    fn a_merge_says_what_it_cannot_decide() {
        let body = r#"{"hasConflicts":true,"sequence":"41","errors":[],"conflicts":[
            {"path":["behavior"],"baseValue":"a","oursValue":"b","theirsValue":"c","type":"modify"},
            7,{"path":["topics","t1"],"oursValue":null,"type":"rename"}]}"#;
        let error = ErrorBody::parse(400, body.as_bytes());
        let [first, second] = &*error.conflicts else { panic!("two conflicts") };
        assert_eq!(first.path, ["behavior"]);
        assert_eq!(first.theirs_value, "c");
        assert_eq!(first.change.as_ref(), Some(&ChangeKind::Modify));
        assert_eq!(second.change.as_ref().map(ChangeKind::as_str), Some("rename"));
        assert!(error.remedy().contains("resolutions"));
    }

    #[test]
    fn the_code_decides_before_the_status() {
        let error = |status, code: &str| {
            ErrorBody::parse(status, format!(r#"{{"error_code":"{code}"}}"#).as_bytes())
        };
        assert_eq!(error(400, "CHAT_TIMEOUT").repeat(), Repeat::Once);
        assert_eq!(error(400, "CHAT_TIMEOUT").number(), Some(4_002));
        assert_eq!(error(500, "CHAT_DRAFT_DEPLOYMENT_FAILED").repeat(), Repeat::Later);
        assert_eq!(error(404, "PROJECT_NOT_FOUND").repeat(), Repeat::Never);
        assert_eq!(error(502, "PROJECT_NOT_FOUND").repeat(), Repeat::IfHarmless);
        let plain = |status| ErrorBody::parse(status, b"").repeat();
        assert_eq!([plain(429), plain(503)], [Repeat::Later; 2]);
        assert_eq!([plain(408), plain(500), plain(502)], [Repeat::IfHarmless; 3]);
        assert_eq!([plain(400), plain(401), plain(501)], [Repeat::Never; 3]);
        assert_eq!(ErrorBody::parse(409, b"").remedy(), ErrorKind::Conflict.remedy());
        assert_ne!(
            error(409, "VARIANTS_DUPLICATE_NAME_ERROR").remedy(),
            ErrorKind::Conflict.remedy()
        );
    }

    #[test]
    fn texts_are_cut_and_cleaned() {
        let body = format!(r#"{{"message":"a\u0007{}"}}"#, "b".repeat(5_000));
        let message = ErrorBody::parse(500, body.as_bytes()).message.unwrap();
        assert_eq!(message.len(), MAX_TEXT);
        assert!(message.starts_with("ab"));
    }

    proptest! {
        #[test]
        fn no_body_panics(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = ErrorBody::parse(500, &body);
        }
    }
}
