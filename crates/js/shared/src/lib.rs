//! What the modules for JavaScript have in common: clients, arguments, errors. No exports of its own, as
//! they would be in every module.

pub mod failure;

use std::sync::Arc;

use perch_api::model::Secret;
use perch_api::region::Region;
use perch_client::{Client, Credentials, Hosts, OwnPlatform, RetryPolicy};
use wasm_bindgen::JsValue;

use failure::invalid;

/// A client through a Perch edge worker; `base` is its origin, or empty for the page's own.
pub fn edge(base: &str, attempts: Option<u32>) -> Result<Client, JsValue> {
    Ok(patient(Client::edge(platform()?, base), attempts))
}

/// A client straight to the platform, with keys. `hosts` is a region, or an origin for each kind of host;
/// `keys` are slots and values in turn.
pub fn direct(
    hosts: &[String],
    keys: Vec<String>,
    attempts: Option<u32>,
) -> Result<Client, JsValue> {
    let hosts = match hosts {
        [region] => Hosts::region(
            Region::parse(region)
                .map_err(|error| invalid(&error.to_string(), "Write one of them."))?,
        ),
        [build, platform, messaging, webrtc] => Hosts::custom(build, platform, messaging, webrtc),
        _ => return Err(invalid("there is neither a region nor four hosts", "Give either.")),
    };
    Ok(patient(Client::direct(platform()?, hosts, credentials(keys)?), attempts))
}

/// The runtime's own `fetch` and timers.
pub fn platform() -> Result<Arc<OwnPlatform>, JsValue> {
    let none = |_| invalid("there is no network here", "Use a runtime with fetch.");
    OwnPlatform::new().map(Arc::new).map_err(none)
}

fn patient(client: Client, attempts: Option<u32>) -> Client {
    match attempts {
        None => client,
        Some(attempts) => client.with_retry(RetryPolicy { attempts, ..RetryPolicy::default() }),
    }
}

/// Names and values, from texts in turn.
pub fn pairs(texts: &[String]) -> Vec<(&str, &str)> {
    texts.as_chunks().0.iter().map(|[name, value]| (name.as_str(), value.as_str())).collect()
}

/// Keys by the names they have in JavaScript.
fn credentials(keys: Vec<String>) -> Result<Credentials, JsValue> {
    let mut all = Credentials::default();
    let mut keys = keys.into_iter();
    let mut next = || keys.next().map(Secret::new);
    while let Some(slot) = next() {
        let slot = slot.expose();
        let missing = || invalid("a key has no value", "Leave out what you do not have.");
        let mut secret = || next().filter(|secret| !secret.is_empty()).ok_or_else(missing);
        match slot {
            "workspace" => all.workspace = Some(secret()?),
            "conversations" => all.conversations = Some(secret()?),
            "conversationsLegacy" => all.conversations_legacy = Some(secret()?),
            "handoff" => all.handoff = Some(secret()?),
            "dni" => all.dni = Some(secret()?),
            "externalEvents" => all.external_events = Some(secret()?),
            "outbound" => all.outbound = Some(secret()?),
            "access" => all.access = Some(secret()?),
            "webCalling" => all.web_calling = Some(secret()?),
            "chat" => all.chat = Some((secret()?, secret()?)),
            "sms" => all.sms = Some((secret()?, secret()?.expose().to_owned())),
            "messaging" => all.messaging = Some((secret()?, secret()?.expose().to_owned())),
            _ => return Err(invalid("there is no key of this name", "See the list of keys.")),
        }
    }
    Ok(all)
}
