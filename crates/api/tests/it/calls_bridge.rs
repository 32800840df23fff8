//! Calls over the bridge: scripts as of `calls_script`, and the bodies.

use perch_api::{
    calls::{
        bridge::{
            Auth, BodyFault, BridgeSession, CallMode, Config, Event, Input, MediaAction, Method,
            Output, Provision, Provisioned, SdpOffer, answer_body, auth_frame, read_sdp,
        },
        message::{Sdp, WireText},
        session::{MediaState, MicrophoneFault, PeerId},
    },
    model::{Millis, Secret},
};
use serde_json::json;
use std::fmt::Write as _;

#[test]
fn bridge_scripts_come_out_as_written() {
    crate::scripts::come_out_as_written("calls_bridge", 3, Stage::run);
}

struct Stage {
    call: BridgeSession,
    out: String,
}

/// `ok 1 made` is this body.
const MADE: &str = r#"{"callId":"call-0a1b2c3d","creds":{"provider":"cloudflare",
    "connectUrl":"/api/v1/call/call-0a1b2c3d/sdp","token":"per-call-77","trackName":"agent",
    "iceServers":[{"urls":"stun:stun.example"}],
    "extra":{"eventsUrl":"/api/v1/call/call-0a1b2c3d/events"}}}"#;

impl Stage {
    fn run(script: &str) -> String {
        let call = BridgeSession::new(Config::default());
        let mut stage = Self { call, out: String::new() };
        for line in script.lines() {
            if line.starts_with(char::is_numeric) {
                stage.input(line);
            } else if !line.starts_with(' ') {
                writeln!(stage.out, "{line}").unwrap();
            }
        }
        stage.out
    }

    fn input(&mut self, line: &str) {
        let (at, verb) = line.split_once(' ').unwrap();
        let at = Millis(at.parse().unwrap());
        while let Some(timer) = self.call.deadline().filter(|timer| *timer < at) {
            self.handle(timer, Input::Tick);
        }
        writeln!(self.out, "{line}").unwrap();
        let (verb, rest) = verb.split_once(' ').unwrap_or((verb, ""));
        let (first, second) = rest.split_once(' ').unwrap_or((rest, ""));
        let peer = || PeerId(first.parse().unwrap());
        let request = || first.parse().unwrap();
        let sdp = json!({ "sdp": second }).to_string();
        let input = match verb {
            "call" => Input::Call,
            "ok" if second == "made" => {
                Input::Response { request: request(), status: 200, body: MADE }
            }
            "ok" => Input::Response { request: request(), status: 200, body: &sdp },
            "status" => {
                Input::Response { request: request(), status: second.parse().unwrap(), body: "" }
            }
            "body" => Input::Response { request: request(), status: 200, body: second },
            "unanswered" => Input::RequestFailed { request: request() },
            "linked" => Input::Linked,
            "unlinked" => Input::LinkFailed,
            "created" => Input::OfferCreated { peer: peer() },
            "found" => Input::CandidateFound { peer: peer(), last: false },
            "gathered" => Input::CandidateFound { peer: peer(), last: true },
            "offer" => {
                let offer = SdpOffer { sdp: Sdp::new(second), mid: None };
                Input::OfferReady { peer: peer(), offer }
            }
            "answer" => Input::AnswerReady { peer: peer(), sdp: Sdp::new(second) },
            "connected" => Input::Media { peer: peer(), state: MediaState::Connected },
            "disconnected" => Input::Media { peer: peer(), state: MediaState::Disconnected },
            "failed" => Input::Media { peer: peer(), state: MediaState::Failed },
            "missing" => Input::NoMicrophone { peer: peer(), fault: MicrophoneFault::Missing },
            "opened" => Input::EventsOpened,
            "closed" => Input::EventsClosed,
            "mute" => Input::Mute(true),
            "hangup" => Input::HangUp,
            "wait" => return,
            "<-" => Input::EventsFrame(rest),
            other => panic!("no such verb: {other}"),
        };
        self.handle(at, input);
    }

    fn handle(&mut self, at: Millis, input: Input<'_>) {
        self.call.handle(at, input);
        while let Some(output) = self.call.poll() {
            let text = match output {
                Output::Request { id, request } => {
                    // The rule of this socket's tokens, checked wherever a script leads.
                    assert!(!request.path.contains("per-call-77"), "{}", request.path);
                    let body = request.body.map_or_else(String::new, WireText::into_string);
                    let method = if request.method == Method::Post { "POST" } else { "DELETE" };
                    let token = match &request.auth {
                        Auth::WebCalling => "web-calling",
                        Auth::CallToken(token) => token.expose(),
                    };
                    format!("#{id} {method} {} [{token}] {body}", request.path).trim().to_owned()
                }
                Output::Link { call_sid } => format!("link {call_sid}"),
                Output::DialEvents { path } => {
                    assert!(!path.contains("per-call-77"), "{path}");
                    format!("dial events {path}")
                }
                Output::WriteEvents(text) => format!("-> {}", text.as_str()),
                Output::HangupEvents => "hang up events".to_owned(),
                Output::Media(action) => media(action),
                Output::Event(Event::Status) => {
                    let status = self.call.status();
                    format!(
                        "status muted={} silenced={} unsteady={}",
                        status.muted, status.agent_silenced, status.unsteady
                    )
                }
                Output::Event(event) => format!("{event:?}"),
            };
            writeln!(self.out, "    {} {text}", at.0).unwrap();
        }
    }
}

fn media(action: MediaAction) -> String {
    match action {
        MediaAction::CreateOffer { peer, ice_servers } => {
            format!("media {} create offer {ice_servers:?}", peer.0)
        }
        MediaAction::ReadOffer { peer } => format!("media {} read offer", peer.0),
        MediaAction::SetAnswer { peer, sdp } => {
            format!("media {} set answer {:?}", peer.0, sdp.as_str())
        }
        MediaAction::AnswerPull { peer, sdp } => {
            format!("media {} answer pull {:?}", peer.0, sdp.as_str())
        }
        MediaAction::Silence { peer, silent } => format!("media {} silence {silent}", peer.0),
        MediaAction::Mute { peer, muted } => format!("media {} mute {muted}", peer.0),
        MediaAction::Close { peer } => format!("media {} close", peer.0),
    }
}

#[test]
fn what_is_left_out_has_its_documented_place() {
    let made = Provisioned::parse(
        r#"{"callId":"call-00000001","creds":{"token":"t0ken","iceServers":[
        {"urls":["turn:a","turns:b"],"username":"u","credential":"secret-c"},{"urls":[]},7]}}"#,
    )
    .unwrap();
    assert_eq!(
        [
            made.connect_path,
            made.pull_path,
            made.renegotiate_path,
            made.events_path,
            made.delete_path
        ],
        [
            "/api/v1/call/call-00000001/sdp",
            "/api/v1/call/call-00000001/sdp/pull",
            "/api/v1/call/call-00000001/sdp/renegotiate",
            "/api/v1/call/call-00000001/events",
            "/api/v1/call/call-00000001",
        ]
    );
    assert_eq!(made.ice_servers.len(), 1);
    assert!(!format!("{:?}", made.ice_servers).contains("secret-c"));
    let printed = format!("{:?}", Provisioned::parse(MADE));
    assert!(!printed.contains("per-call-77") && printed.contains("call-0a1b2c3d"), "{printed}");
}

#[test]
fn paths_stay_on_their_host_and_carry_no_token() {
    for bad in [
        "https://elsewhere.example/sdp",
        "//elsewhere.example/sdp",
        "/a/../b",
        "/a?token=x",
        "/a#b",
        "/a b",
        "/a\\b",
        "/%2e%2e/",
        "sdp",
        "",
        "/sdp/per-call-77",
        &format!("/{}", "x".repeat(512)),
    ] {
        for name in ["eventsUrl", "pullUrl", "renegotiateUrl"] {
            let text = json!({ "callId": "call-1", "creds": { "token": "per-call-77",
                "connectUrl": "/sdp", "extra": { name: bad } } });
            let read = Provisioned::parse(&text.to_string());
            assert_eq!(read.err(), Some(BodyFault::NotAPath(name)), "{bad}");
        }
        let text = json!({ "callId": "call-1",
            "creds": { "token": "per-call-77", "connectUrl": bad } });
        let read = Provisioned::parse(&text.to_string());
        assert_eq!(read.err(), Some(BodyFault::NotAPath("connectUrl")), "{bad}");
    }
}

#[test]
fn bodies_that_cannot_be_used_are_named() {
    let large = "x".repeat(131_073);
    for (text, fault) in [
        (large.as_str(), BodyFault::TooLarge),
        ("<html>", BodyFault::NotJson),
        ("[]", BodyFault::NotJson),
        (r#"{"creds":{"token":"t"}}"#, BodyFault::Missing("callId")),
        (r#"{"callId":"../x","creds":{"token":"t"}}"#, BodyFault::Missing("callId")),
        (r#"{"callId":"call-1"}"#, BodyFault::Missing("creds")),
        (r#"{"callId":"call-1","creds":{"token":""}}"#, BodyFault::Missing("creds.token")),
    ] {
        assert_eq!(Provisioned::parse(text).err(), Some(fault), "{text:.40}");
    }
    assert_eq!(read_sdp(r#"{"sdp":7}"#), Err(BodyFault::Missing("sdp")));
    assert_eq!(read_sdp(r#"{"sdp":"v=0","x":1}"#), Ok(Sdp::new("v=0")));
}

#[test]
fn bodies_are_written_as_known() {
    let mut texts = vec![
        Provision { mode: CallMode::VoiceAgent, caller: None }.encode(),
        Provision { mode: CallMode::Echo, caller: Some("me".to_owned()) }.encode(),
        SdpOffer { sdp: Sdp::new("v=0"), mid: Some("3".to_owned()) }.encode(),
        answer_body(&Sdp::new("v=0")),
        auth_frame(&Secret::new("t".to_owned())),
    ];
    let values: Vec<serde_json::Value> =
        texts.drain(..).map(|text| serde_json::from_str(text.as_str()).unwrap()).collect();
    assert_eq!(
        values,
        [
            json!({ "mode": "voice-agent" }),
            json!({ "mode": "echo", "caller": "me" }),
            json!({ "sdp": "v=0", "mid": "3" }),
            json!({ "sdp": "v=0" }),
            json!({ "type": "auth", "token": "t" }),
        ]
    );
}
