//! Sign-in links: `/console/#setup=<token>`.
//!
//! The token stands in the fragment, which browsers never send, so no log and no prefetch sees it.

use leptos::prelude::window;
use wasm_bindgen::JsValue;

const MARK: &str = "setup=";

/// Takes the token out of the address bar, which does not show it any longer.
pub(super) fn take() -> Option<String> {
    let location = window().location();
    let hash = location.hash().ok()?;
    let token = hash.strip_prefix('#')?.strip_prefix(MARK)?.to_owned();
    let clean = location.pathname().ok()? + &location.search().ok()?;
    let history = window().history().ok()?;
    // Refused only when a page floods its history; the token is used up in a moment anyway.
    let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&clean));
    (!token.is_empty()).then_some(token)
}

/// The token in what somebody pasted: a whole link, its end, or the token alone.
pub(crate) fn token_of(pasted: &str) -> Option<String> {
    let pasted = pasted.trim();
    let token = pasted.rsplit_once(MARK).map_or(pasted, |(_, token)| token);
    let lawful = |letter: char| letter.is_ascii_alphanumeric() || "-_.~=".contains(letter);
    (!token.is_empty() && token.len() <= 512 && token.chars().all(lawful)).then(|| token.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_ends_and_tokens_are_understood() {
        for pasted in ["http://localhost:8787/console/#setup=abc-_1", " #setup=abc-_1 ", "abc-_1"] {
            assert_eq!(token_of(pasted).as_deref(), Some("abc-_1"), "{pasted}");
        }
        for pasted in ["", "http://localhost:8787/console/", "two words", "#setup="] {
            assert_eq!(token_of(pasted), None, "{pasted}");
        }
    }
}
