//! Documents of identity providers, kept in this isolate, and tokens verified with the keys in them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;

use crate::call::now;
use crate::error::Refusal;
use crate::glue;
use crate::policy::claims::Claims;
use crate::policy::documents::{Fetch, Times, fetch};
use crate::policy::jws::{self, Alg, KeySet};
use crate::policy::summary::AGENT;
use crate::upstream::exchange;

// A provider has two; beyond, all are asked for again.
const KEPT: usize = 8;

#[derive(Default)]
struct Entry {
    text: Option<Rc<str>>,
    times: Times,
}

thread_local! {
    static ENTRIES: RefCell<BTreeMap<String, Entry>> = const { RefCell::new(BTreeMap::new()) };
}

/// The claims of a token that one of the keys at `url` has signed; for [`jws::parse`]'s `allowed` and
/// [`KeySet::key`]'s `assumed`.
pub(super) async fn verified(
    token: &str,
    url: &str,
    allowed: &[Alg],
    assumed: Option<Alg>,
) -> Result<Claims, Refusal> {
    let refused = |_| Refusal::ProviderRefused;
    let token = jws::parse(token, allowed).map_err(refused)?;
    let mut keys = key_set(url, false).await?;
    if !keys.knows(&token.kid) {
        keys = key_set(url, true).await?;
    }
    let key = keys.key(&token.kid, token.alg, assumed).map_err(refused)?;
    // A copy: the runtime reads it after other requests had their turn.
    let signature = Uint8Array::from(token.signature.as_slice());
    let verdict = glue::verify(token.alg.as_str(), &key, signature, token.signed);
    match JsFuture::from(verdict).await {
        Ok(verdict) if verdict == true => Claims::read(&token.payload).map_err(refused),
        _ => Err(Refusal::ProviderRefused),
    }
}

/// The document at `url`, kept or new; one for which `is_sound` does not hold counts as none.
pub(super) async fn document(
    url: &str,
    lacks: bool,
    is_sound: impl Fn(&str) -> bool,
) -> Result<Rc<str>, Refusal> {
    let at = now();
    let kept = entry(url, |entry| {
        let decision = fetch(at, entry.times, lacks);
        if decision == Fetch::Ask {
            entry.times.asked = Some(at);
            return None;
        }
        Some(entry.text.clone())
    });
    if let Some(kept) = kept {
        return kept.ok_or(Refusal::ProviderUnreachable);
    }
    let headers = format!("user-agent\n{AGENT}\naccept\napplication/json");
    let found = match exchange(url, "GET", &headers, "").await {
        Ok((200, text)) if is_sound(&text) => Some(Rc::from(text)),
        _ => None,
    };
    let kept = entry(url, |entry| {
        if let Some(found) = found {
            entry.text = Some(found);
            entry.times.kept = Some(at);
        } else {
            entry.times.failed = Some(at);
        }
        entry.text.clone()
    });
    kept.ok_or(Refusal::ProviderUnreachable)
}

async fn key_set(url: &str, lacks: bool) -> Result<KeySet, Refusal> {
    let text = document(url, lacks, |text| KeySet::read(text).is_ok()).await?;
    KeySet::read(&text).map_err(|_| Refusal::ProviderUnreachable)
}

fn entry<T>(url: &str, work: impl FnOnce(&mut Entry) -> T) -> T {
    ENTRIES.with_borrow_mut(|entries| {
        if entries.len() >= KEPT && !entries.contains_key(url) {
            entries.clear();
        }
        work(entries.entry(url.to_owned()).or_default())
    })
}
