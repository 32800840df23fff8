//! Preview images of cards and portraits, drawn from a few shapes, and samples of voices.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::ControlState;
use crate::accounts::Accounts;
use crate::platform::Platform;
use crate::recording;
use crate::sync::lock;

/// Name, description, two colours of the ground, and the shapes on it (320 by 200).
const IMAGES: [(&str, &str, &str, &str, &str); 9] = [
    (
        "jacket",
        "A green rain jacket",
        "#dfe9df",
        "#b9cfbf",
        r##"<path fill="#2f6b4f" d="M120 48l28-12h24l28 12 30 26-18 28-14-8v74h-76V94l-14 8-18-28z"/><path stroke="#e7b24a" stroke-width="4" d="M160 40v126"/><path fill="#24533d" d="M146 36q14 16 28 0l-4 22h-20z"/>"##,
    ),
    (
        "down-jacket",
        "An orange down jacket",
        "#f3e3d3",
        "#e2c3a5",
        r##"<path fill="#c2622b" d="M116 46l30-10h28l30 10 32 34-20 24-14-8v70h-84V96l-14 8-20-24z"/><path stroke="#8f4117" stroke-width="3" d="M120 90h80M119 112h82M119 134h82M160 38v128"/>"##,
    ),
    (
        "sizes",
        "A tape measure on a shirt outline",
        "#e6e4f2",
        "#c6c2e0",
        r##"<path fill="none" stroke="#4a4380" stroke-width="5" d="M112 52l30-14q18 16 36 0l30 14 24 28-18 20-14-8v70h-80V92l-14 8-18-20z"/><path stroke="#c2622b" stroke-width="6" stroke-dasharray="10 5" d="M118 104h84"/>"##,
    ),
    (
        "boot",
        "A leather hiking boot",
        "#efe6da",
        "#d9c4a5",
        r##"<path fill="#7a4a24" d="M112 44h52v50q30 14 54 22 16 6 16 26H112z"/><path fill="#3b2412" d="M108 142h130v16H108z"/><path stroke="#e7d3b5" stroke-width="4" d="M150 60h18M150 74h18M150 88h20"/>"##,
    ),
    (
        "tent",
        "A tent below mountains",
        "#dbe8f1",
        "#b2cde0",
        r##"<path fill="#8aa9bf" d="M40 150l60-88 40 56 34-44 106 76z"/><path fill="#d9822b" d="M160 76l70 82H90z"/><path fill="#7c4512" d="M160 76l22 82h-44z"/>"##,
    ),
    (
        "shop",
        "A shop front",
        "#e3ecdf",
        "#c1d4b9",
        r##"<path fill="#35593f" d="M84 60h152l12 34H72z"/><path fill="#f7f3e8" d="M86 94h148v68H86z"/><path fill="#35593f" d="M146 112h30v50h-30zM98 112h36v30H98zM188 112h36v30h-36z"/>"##,
    ),
    (
        "gift",
        "A gift card with a ribbon",
        "#f3dfe3",
        "#e0b7c1",
        r##"<rect x="92" y="56" width="136" height="92" rx="10" fill="#8e2f4b"/><path fill="#f0c75e" d="M150 56h18v92h-18z"/><path fill="none" stroke="#f0c75e" stroke-width="8" d="M159 82q-34-30-34-6t34 6q34-30 34-6t-34 6"/>"##,
    ),
    (
        "juno",
        "Juno, a jay in a circle",
        "#2f6b4f",
        "#24533d",
        r##"<circle cx="160" cy="100" r="58" fill="#f4efe2"/><path fill="#2f6b4f" d="M128 112q4-46 42-46 34 0 34 36l18 8-20 8q-8 30-40 30-30 0-34-36z"/><circle cx="182" cy="92" r="6" fill="#f4efe2"/>"##,
    ),
    (
        "imre",
        "Imre, a person in a circle",
        "#3d4f7a",
        "#2d3b5e",
        r##"<circle cx="160" cy="84" r="30" fill="#f0d7bd"/><path fill="#c9d3ea" d="M104 172q4-50 56-50t56 50z"/><path fill="#3b2412" d="M130 80q0-34 30-34t30 34q-30-18-60 0z"/>"##,
    ),
];

/// `GET /media/{name}.svg`.
pub(super) async fn image(Path(name): Path<String>) -> Response {
    let found =
        name.strip_suffix(".svg").and_then(|name| IMAGES.iter().find(|(known, ..)| *known == name));
    let Some((_, description, light, dark, shapes)) = found else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200" width="320" height="200" role="img" aria-label="{description}"><defs><linearGradient id="g" x2="0" y2="1"><stop stop-color="{light}"/><stop offset="1" stop-color="{dark}"/></linearGradient></defs><rect width="320" height="200" fill="url(#g)"/>{shapes}</svg>"#
    );
    (
        [
            (CONTENT_TYPE, "image/svg+xml"),
            (CACHE_CONTROL, "public, max-age=3600"),
            (CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'"),
            (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
        ],
        svg,
    )
        .into_response()
}

/// What signs the address of a sample.
#[derive(Deserialize)]
pub(super) struct Signed {
    #[serde(default)]
    expires: i64,
    #[serde(default)]
    signature: String,
}

/// `GET /media/voices/{voice}.wav`, for as long as the address works.
pub(super) async fn sample(
    State(ControlState { accounts, .. }): State<ControlState>,
    Path(name): Path<String>,
    Query(signed): Query<Signed>,
) -> Response {
    let file = name.strip_suffix(".wav").map(|voice| sampled(&accounts, voice, &signed));
    match file.unwrap_or(Err(StatusCode::NOT_FOUND)) {
        Ok(file) => {
            ([(CONTENT_TYPE, "audio/wav"), (CACHE_CONTROL, "no-store")], file).into_response()
        }
        Err(status) => status.into_response(),
    }
}

fn sampled(accounts: &Accounts, id: &str, signed: &Signed) -> Result<Vec<u8>, StatusCode> {
    // The signature tells whose voice it is.
    let admits = |platform: &&Arc<Platform>| {
        let now_ms = platform.clock.now_ms();
        platform.samples.admits(id, signed.expires, &signed.signature, now_ms)
    };
    let platform = accounts.iter().find(admits).ok_or(StatusCode::FORBIDDEN)?;
    let voice = lock(&platform.agents).voices.find(id).cloned();
    let voice = voice.map_err(|_| StatusCode::NOT_FOUND)?;
    Ok(recording::words(&voice.sample(), &voice.provider_voice_id, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::knowledge;

    #[test]
    fn every_card_has_its_image() {
        for card in knowledge::topics().flat_map(|topic| topic.cards) {
            assert!(IMAGES.iter().any(|(name, ..)| *name == card.image), "{}", card.image);
        }
    }
}
