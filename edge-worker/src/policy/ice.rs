//! Which servers for calls through firewalls a browser is told of.

use perch_api::families::webrtc::{IceServer, IceServers};
use perch_api::model::Secret;

use super::leak::Spellings;

/// Seconds a list is kept.
pub const KEPT_SECONDS: u64 = 300;
/// Servers, and addresses of each.
const MOST: usize = 8;
/// Longest address, name or password.
const TEXT_BYTES: usize = 512;

/// The list without what a browser could not use, or must not see: `secret`, for one.
pub fn presentable(servers: IceServers, secret: &Secret) -> IceServers {
    let secret = Spellings::of(secret);
    let fits = |text: &str| {
        (1..=TEXT_BYTES).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_graphic())
            && !secret.are_in(text)
    };
    let is_address = |url: &String| {
        let kinds = ["stun:", "stuns:", "turn:", "turns:"];
        kinds.iter().any(|kind| url.starts_with(kind)) && fits(url)
    };
    let one = |server: IceServer| {
        let urls: Vec<_> = server.urls.into_iter().filter(is_address).take(MOST).collect();
        let sound = !urls.is_empty()
            && server.username.as_deref().is_none_or(fits)
            && server.credential.as_ref().is_none_or(|password| fits(password.expose()));
        sound.then_some(IceServer { urls, ..server })
    };
    IceServers(servers.0.into_iter().filter_map(one).take(MOST).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use perch_api::operation::Payload as _;

    #[test]
    fn what_a_browser_can_use_passes_and_the_token_does_not() {
        let body = br#"{"iceServers":[
            {"urls":["stun:a:3478","https://evil.example","turn:b?transport=udp"]},
            {"urls":"turns:c:443","username":"17:u","credential":"p","token":"tok-canary"},
            {"urls":["turn:d"],"username":"x-TOK-canary"},
            {"urls":["turn:e"],"credential":"a tok-canary"},
            {"urls":["turn:tok-canary.example"]},
            {"urls":["javascript:1"]}]}"#;
        let servers = IceServers::decode(body).unwrap();
        let seen = presentable(servers, &Secret::new("tok-canary".to_owned()));
        let text = String::from_utf8(seen.encode()).unwrap();
        assert_eq!(
            text,
            r#"{"iceServers":[{"urls":["stun:a:3478","turn:b?transport=udp"]},{"credential":"p","urls":["turns:c:443"],"username":"17:u"}]}"#
        );
    }

    #[test]
    fn the_list_is_bounded() {
        let server =
            IceServer { urls: vec!["stun:a".to_owned(); 100], username: None, credential: None };
        let seen = presentable(IceServers(vec![server; 100]), &Secret::new("t".repeat(20)));
        assert_eq!((seen.0.len(), seen.0[0].urls.len()), (8, 8));
    }
}
