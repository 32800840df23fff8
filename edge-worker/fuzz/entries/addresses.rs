//! Addresses, cookies and origins, as callers spell them.

use perch_api::operation::Audience;
use perch_edge_worker::config::Config;
use perch_edge_worker::policy::{
    admit::admit, cookie as cookies, cross_site, gate, headers, identity::Identity,
    origin as origins,
};
use perch_edge_worker::router::{Method, Route, Target, route};

use super::{byte, deployment, text};

const METHODS: [Method; 7] = [
    Method::Get,
    Method::Head,
    Method::Post,
    Method::Put,
    Method::Patch,
    Method::Delete,
    Method::Options,
];

thread_local! {
    static CONFIG: Config = Config::read(deployment::sound).expect("a sound configuration");
}

/// A method, a role and an address: whatever is admitted goes to a configured host, in plain spelling.
pub fn address(mut data: &[u8]) {
    let method = METHODS[usize::from(byte(&mut data)) % METHODS.len()];
    let role = Audience::ALL[usize::from(byte(&mut data)) % Audience::ALL.len()];
    let pii = byte(&mut data) & 1 == 1;
    let Ok(rest) = std::str::from_utf8(data) else { return };
    let url = format!("https://edge.test{rest}");
    let Some(target) = Target::parse(&url) else { return };
    assert_eq!(target.scheme, "https");
    let Ok(found) = route(method, &target) else { return };
    assert!(is_plain(target.path), "{:?}", target.path);
    let Route::Api { host, path } = found else { return };
    let who = operator(role, pii);
    let admitted =
        CONFIG.with(|config| admit(config, &who, method, (host, path, target.query), None));
    let Ok(admitted) = admitted else { return };
    assert!(admitted.spec.audience.admits(role) && admitted.spec.audience != Audience::Nobody);
    assert_eq!(admitted.spec.method.as_str(), method.as_str());
    let bases = [4101, 4102, 4103, 4104].map(|port| format!("http://127.0.0.1:{port}/"));
    let base =
        bases.iter().find(|base| admitted.url.starts_with(*base)).expect("a configured host");
    let rest = &admitted.url[base.len() - 1..];
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    assert!(is_plain(path), "{path:?}");
    assert_eq!(path.split('/').count(), admitted.spec.path.split('/').count(), "{path:?}");
    if admitted.spec.id == "conversations.audio" && !pii {
        let named = query.split('&').filter(|part| part.starts_with("redacted"));
        assert_eq!(named.collect::<Vec<_>>(), ["redacted=true"], "{query:?}");
    }
    assert!(query.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#'), "{query:?}");
}

fn operator(role: Audience, pii: bool) -> Identity {
    let known = serde_json::json!({
        "subject": "ada", "role": role.as_str(), "pii": pii, "provider": "setup", "session": "x",
        "authenticated_at": 1, "stepped_up_at": null, "absolute": 2,
    });
    serde_json::from_value(known).expect("an operator")
}

// One spelling: no escape but a plus, nothing that another reader takes for a separator.
fn is_plain(path: &str) -> bool {
    let odd =
        |byte: u8| !byte.is_ascii_graphic() || b"\\;#@?:\"'<>|^`{}[]$&(),!*=+".contains(&byte);
    path.starts_with('/')
        && !path.contains("//")
        && !path.replace("%2B", "").contains('%')
        && !path.bytes().any(odd)
        && path.split('/').all(|part| part != "." && part != "..")
}

/// A `Cookie` header: what is found stands there once and whole.
pub fn cookie(data: &[u8]) {
    let Ok(header) = std::str::from_utf8(data) else { return };
    let Some(value) = cookies::read(header) else { return };
    assert!(!value.contains(';'));
    assert!(header.contains(&format!("{}={value}", cookies::NAME)));
    let doubled = format!("{header}; {}={value}", cookies::NAME);
    assert_eq!(cookies::read(&doubled), None, "two of the name are none");
}

/// What a browser says of a page, and what a network says of a caller.
pub fn origin(mut data: &[u8]) {
    let (page, listed) = (text(&mut data), text(&mut data));
    if origins::is_well_formed(&page) {
        assert!(page.is_ascii() && page == page.to_ascii_lowercase());
        let (_, host) = page.split_once("://").expect("a scheme");
        assert!(!host.contains(['/', '@', '?', '#', '*', '\\']) && !host.ends_with('.'));
    }
    assert_eq!(origins::is_listed(std::slice::from_ref(&listed), &page), listed == page);
    let from = cross_site::Provenance { marker: Some("1"), site: None, origin: Some(&page) };
    if cross_site::check(Method::Post, ("https", "edge.test"), &from).is_ok() {
        assert_eq!(page, "https://edge.test");
    }
    let caller = gate::caller(&page);
    assert!(caller == "unknown" || caller.len() <= 24, "{caller}");
    let named = headers::correlation(Some(&page), "own");
    assert!(
        named == "own"
            || (named == page
                && named.len() <= 64
                && named.bytes().all(|byte| byte.is_ascii_graphic()))
    );
}
