//! Credentials for servers that help calls through firewalls, as coturn checks them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, Mac as _};
use perch_api::families::webrtc::{IceServer, IceServers};
use perch_api::model::Secret;
use sha1::Sha1;

/// Seconds a credential is good for.
const SECONDS: i64 = 86_400;
/// Known to the servers, if there were any.
const SHARED: &[u8] = b"simulated-turn-secret";

/// The servers, with a credential made at `now_ms`. None of them runs: the addresses are this
/// machine's, so that nothing leaves it.
pub(crate) fn servers(now_ms: i64) -> IceServers {
    let username = format!("{}:webrtc-gateway", now_ms / 1_000 + SECONDS);
    let credential = credential(&username);
    let server = |urls: &[&str], signed: bool| IceServer {
        urls: urls.iter().map(|url| (*url).to_owned()).collect(),
        username: signed.then(|| username.clone()),
        credential: signed.then(|| Secret::new(credential.clone())),
    };
    IceServers(vec![
        server(&["stun:127.0.0.1:3478"], false),
        server(&["turn:127.0.0.1:3478?transport=udp", "turns:127.0.0.1:443?transport=tcp"], true),
    ])
}

#[allow(clippy::expect_used, reason = "HMAC accepts keys of any length")]
fn credential(username: &str) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(SHARED).expect("any length");
    mac.update(username.as_bytes());
    BASE64.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_names_the_day_after_and_signs_it() {
        let servers = servers(1_795_443_600_000).0;
        assert!(servers[0].credential.is_none());
        let username = servers[1].username.as_deref().unwrap();
        assert_eq!(username, "1795530000:webrtc-gateway");
        let own = servers[1].credential.as_ref().unwrap();
        assert!(own.ct_eq(&credential(username)) && !own.ct_eq(&credential("1:webrtc-gateway")));
    }
}
