//! Error bodies, tokens, paths and query strings.

use std::collections::BTreeMap;

use perch_api::{
    context::{Claims, ContextKey, ContextValue, mint, verify},
    error::ErrorBody,
    families::conversations,
    model::Secret,
    operation::{self, Host, Method, query},
};
use serde_json::{Map, Value};

use super::{answers::assert_alike, byte};

/// A status in two bytes, then the body of an answer.
pub fn error_body(mut data: &[u8]) {
    let status = u16::from_be_bytes([byte(&mut data), byte(&mut data)]);
    let error = ErrorBody::parse(status, data);
    assert_eq!(error.status, status);
    let texts = [&error.code, &error.message, &error.correlation_id];
    for text in texts.into_iter().flatten() {
        assert!(text.chars().count() <= 300 && !text.chars().any(char::is_control));
    }
    assert!(!error.remedy().is_empty());
    assert_eq!(
        error.number().is_some(),
        error.catalogue_entry().is_some_and(|it| it.number.is_some())
    );
    // A body that is no object gives plain words only: nothing that could be a key.
    if operation::decode_json::<Map<String, Value>>(data).is_err() {
        assert!(error.code.is_none() && error.fields.is_empty() && error.conflicts.is_empty());
        let words = error.message.unwrap_or_default();
        assert!(words.split(' ').all(|word| word.len() <= 20));
    }
}

/// A token of any bytes, then one minted of them.
pub fn context_token(data: &[u8]) {
    const NOW: i64 = 1_788_257_100;
    let keys = [ContextKey::new("k", Secret::new("secret".to_owned())).expect("lawful")];
    let text = String::from_utf8_lossy(data);
    // Signed by nobody: only a broken check lets it through.
    assert!(verify(&text, &keys, NOW, 0).is_err());
    let Ok(Value::Object(values)) = serde_json::from_slice(data) else { return };
    let Ok(claims) = Claims::from_json("context", &values) else { return };
    let Ok(minted) = mint(&keys[0], &claims, NOW) else { return };
    let read = verify(minted.token.expose(), &keys, NOW, 0).expect("just minted");
    assert_eq!(read.context_id, claims.context_id);
    let values = |values: &BTreeMap<String, ContextValue>| {
        let pairs = values.iter().map(|(name, value)| (name.clone(), plain(value)));
        Value::Object(pairs.collect())
    };
    assert_alike(&values(&claims.values), &values(&read.values));
}

fn plain(value: &ContextValue) -> Value {
    match value {
        ContextValue::Null => Value::Null,
        ContextValue::Bool(value) => Value::Bool(*value),
        ContextValue::Number(value) => Value::Number(value.clone()),
        ContextValue::Text(value) => Value::String(value.clone()),
    }
}

/// A method and host in one byte, then a raw path with its query.
pub fn operation_match(mut data: &[u8]) {
    let choice = byte(&mut data);
    let methods = [Method::Get, Method::Post, Method::Put, Method::Patch, Method::Delete];
    let hosts = [Host::Build, Host::Platform, Host::Messaging, Host::Webrtc];
    let method = methods[usize::from(choice >> 2) % methods.len()];
    let host = hosts[usize::from(choice & 3)];
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (path, search) = text.split_once('?').unwrap_or((text, ""));
    if let Ok(found) = operation::find(host, method, path) {
        assert_eq!((found.spec.host, found.spec.method), (host, method));
        // Encoded anew, a lawful path leads to the same row with the same values.
        let again = found.path();
        let same = operation::find(host, method, &again).expect("a path of our own");
        assert_eq!((same.spec.id, &same.params), (found.spec.id, &found.params));
    }
    if let Some(pairs) = query::read(search) {
        let written = query::write(pairs.iter().map(|(name, value)| (&**name, &**value)));
        assert_eq!(query::read(&written).as_ref(), Some(&pairs));
        let _ = query::from_pairs::<conversations::ListQuery>(&pairs);
    }
}
