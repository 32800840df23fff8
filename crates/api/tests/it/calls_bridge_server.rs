//! The bridge's own half: rights, order, repetitions, events sockets.

use perch_api::{
    calls::{
        bridge::{
            Method, Provisioned, auth_frame,
            server::{self, Asked, Bridge, Credential, SocketId},
        },
        message::{Sdp, WireText},
    },
    model::{Millis, Secret},
};

/// A bridge, and what it says to requests one after the other.
struct Desk {
    bridge: Bridge,
    count: u64,
    events: Vec<server::Event>,
}

impl Desk {
    fn new() -> Self {
        let bridge = Bridge::new(server::Config::default(), 7);
        Self { bridge, count: 0, events: Vec::new() }
    }

    /// Statuses and bodies that one request led to, its own last.
    fn ask(
        &mut self,
        method: &str,
        path: &str,
        credential: Credential<'_>,
        body: &str,
    ) -> (u16, String) {
        self.count += 1;
        let method = match method {
            "POST" => Some(Method::Post),
            "DELETE" => Some(Method::Delete),
            _ => None,
        };
        let asked = Asked { method, path, credential, body };
        self.bridge.handle(Millis(0), server::Input::Request { request: self.count, asked });
        self.answer()
    }

    fn answer(&mut self) -> (u16, String) {
        let mut answers = Vec::new();
        while let Some(output) = self.bridge.poll() {
            match output {
                server::Output::Respond { status, body, .. } => {
                    answers.push((status, body.map_or_else(String::new, WireText::into_string)));
                }
                server::Output::Event(event) => self.events.push(event),
                _ => {}
            }
        }
        answers.pop().unwrap_or_default()
    }

    fn say(&mut self, input: server::Input<'_>) -> (u16, String) {
        self.bridge.handle(Millis(0), input);
        self.answer()
    }
}

#[test]
fn what_is_out_of_order_or_without_a_right_is_refused() {
    let mut desk = Desk::new();
    let calls = "/api/v1/call";
    let agent = r#"{"mode":"voice-agent","caller":"me"}"#;
    let cases = [
        ("POST", "/api/v1/calls", Credential::WebCalling, agent, 404),
        ("GET", calls, Credential::WebCalling, agent, 405),
        ("POST", calls, Credential::None, agent, 401),
        ("POST", calls, Credential::CallToken("x"), agent, 401),
        ("POST", calls, Credential::WebCalling, "{}", 403),
        ("POST", calls, Credential::WebCalling, r#"{"mode":"echo"}"#, 403),
        ("POST", calls, Credential::WebCalling, r#"{"mode":"karaoke"}"#, 400),
        ("POST", calls, Credential::WebCalling, "[", 400),
        ("POST", "/api/v1/call/call-00000000/sdp", Credential::WebCalling, "{}", 404),
        ("POST", calls, Credential::WebCalling, agent, 201),
    ];
    for (method, path, credential, body, status) in cases {
        assert_eq!(desk.ask(method, path, credential, body).0, status, "{method} {path} {body}");
    }
    let [server::Event::Made { call, name, caller, .. }] = &desk.events[..] else {
        panic!("{:?}", desk.events)
    };
    let (call, name) = (*call, name.clone());
    assert_eq!(caller.as_deref(), Some("me"));
    assert!(name.len() == 13 && name.starts_with("call-"), "{name}");

    // The first call's token is not looked at; the second call's is.
    let made = desk.ask("POST", calls, Credential::WebCalling, agent).1;
    let made = Provisioned::parse(&made).unwrap();
    assert_ne!(made.call_id, name);
    let own = Credential::CallToken(made.token.expose());
    let offer = r#"{"sdp":"v=0","mid":"0"}"#;
    let foreign = format!("/api/v1/call/{name}/sdp");
    assert_eq!(desk.ask("POST", &foreign, own, offer).0, 401, "a token is good for one call");
    for (path, body, status) in [
        (&made.connect_path, "{}", 400),
        (&made.pull_path, "{}", 409),
        (&made.renegotiate_path, offer, 409),
        (&made.events_path, "{}", 404),
    ] {
        assert_eq!(desk.ask("POST", path, own, body).0, status, "{path}");
    }
    assert_eq!(desk.ask("DELETE", &made.connect_path, own, "").0, 405);
    assert_eq!(desk.ask("POST", &made.connect_path, own, offer).0, 0, "the driver is asked first");
    let Some(server::Event::Offer { call: second, .. }) = desk.events.last() else { panic!() };
    let second = *second;
    assert_ne!(second, call);
    let answer = desk.say(server::Input::Described { call: second, sdp: Sdp::new("v=1") });
    assert_eq!(answer, (200, r#"{"sdp":"v=1"}"#.to_owned()));
    assert_eq!(desk.ask("POST", &made.connect_path, own, offer), answer, "once more, as before");
    let other = r#"{"sdp":"v=2"}"#;
    assert_eq!(desk.ask("POST", &made.connect_path, own, other).0, 409);
    assert_eq!(desk.ask("DELETE", &made.delete_path, own, ""), (204, String::new()));
    assert_eq!(desk.ask("DELETE", &made.delete_path, own, "").0, 404);
    assert_eq!(desk.bridge.calls().collect::<Vec<_>>(), [call]);
}

#[test]
fn an_events_socket_shows_the_token_first_and_in_time() {
    let mut desk = Desk::new();
    let body = r#"{"mode":"voice-agent"}"#;
    let made = desk.ask("POST", "/api/v1/call", Credential::WebCalling, body).1;
    let made = Provisioned::parse(&made).unwrap();
    let closes = |bridge: &mut Bridge| -> Vec<(u64, u16)> {
        let all = std::iter::from_fn(|| bridge.poll());
        all.filter_map(|output| match output {
            server::Output::Close { socket, code } => Some((socket.0, code)),
            _ => None,
        })
        .collect()
    };
    let bridge = &mut desk.bridge;
    let open = |bridge: &mut Bridge, socket, path: &str, frame: &str| {
        let socket = SocketId(socket);
        bridge.handle(Millis(10), server::Input::EventsOpened { socket, path });
        bridge.handle(Millis(10), server::Input::EventsFrame { socket, text: frame });
    };
    let auth = |token: &str| {
        let token = Secret::new(token.to_owned());
        auth_frame(&token).into_string()
    };
    let good = auth(made.token.expose());
    open(bridge, 1, "/api/v1/call/call-00000000/events", &good);
    open(bridge, 2, &made.events_path, &auth("another"));
    open(bridge, 3, &made.events_path, r#"{"event":"repull"}"#);
    assert_eq!(closes(bridge), [(1, 1008), (2, 1008), (3, 1008)]);
    open(bridge, 4, &made.events_path, &good);
    open(bridge, 5, &made.events_path, &good);
    assert_eq!(closes(bridge), [(4, 1000)], "the newest is the caller's");
    let socket = SocketId(6);
    let path = made.events_path.as_str();
    bridge.handle(Millis(20), server::Input::EventsOpened { socket, path });
    bridge.handle(Millis(5_020), server::Input::Tick);
    assert_eq!(closes(bridge), [(6, 1008)]);
    assert_eq!(bridge.calls().count(), 1);
    bridge.handle(Millis(6_000), server::Input::EventsClosed { socket: SocketId(5) });
    assert_eq!(bridge.calls().count(), 0, "a call does not outlive its events socket");
}
