//! The bodies and frames of callers, and what is answered.

use crate::{
    calls::{
        bridge::{BridgeEvent, CallMode, IceServer, Provision, SdpOffer},
        message::{MAX_FRAME_BYTES, Sdp, WireText},
    },
    json::{Object, Value},
    model::Secret,
};

/// What a call's first request asks for; nothing where it is none. Without a mode it is echo.
pub(super) fn read_provision(text: &str) -> Option<Provision> {
    let body = object(text)?;
    let mode = match body.get("mode") {
        None | Some(Value::Null) => CallMode::Echo,
        Some(mode) => match mode.as_str()? {
            "voice-agent" => CallMode::VoiceAgent,
            "echo" => CallMode::Echo,
            _ => return None,
        },
    };
    Some(Provision { mode, caller: body.text("caller").map(str::to_owned) })
}

/// An offer.
pub(super) fn read_offer(text: &str) -> Option<SdpOffer> {
    let body = object(text)?;
    let sdp = body.text("sdp").filter(|sdp| !sdp.is_empty()).map(Sdp::new)?;
    Some(SdpOffer { sdp, mid: body.text("mid").map(str::to_owned) })
}

/// The token in the first frame of an events socket.
pub(super) fn read_auth(text: &str) -> Option<Secret> {
    let frame = object(text)?;
    let is_auth = frame.text("type") == Some("auth");
    frame.text("token").filter(|_| is_auth).map(|token| Secret::new(token.to_owned()))
}

/// What it takes to use a call. All places are paths.
pub(super) fn made(name: &str, token: &Secret, ice_servers: &[IceServer]) -> WireText {
    let place = ["/api/v1/call/", name].concat();
    let path = |rest: &str| [place.as_str(), rest].concat();
    let mut extra = Object::new();
    extra.put("eventsUrl", path("/events").as_str());
    extra.put("pullUrl", path("/sdp/pull").as_str());
    extra.put("renegotiateUrl", path("/sdp/renegotiate").as_str());
    let mut creds = Object::new();
    creds.put("provider", "perch");
    creds.put("connectUrl", path("/sdp").as_str());
    creds.put("token", token.expose());
    creds.put("trackName", "agent");
    if !ice_servers.is_empty() {
        creds.put("iceServers", ice_servers.iter().map(server).collect::<Vec<_>>());
    }
    creds.put("extra", extra);
    let mut body = Object::new();
    body.put("callId", name);
    body.put("creds", creds);
    WireText::new(Value::Object(body).encode())
}

/// A refusal in words.
pub(super) fn error(words: &str) -> WireText {
    let mut body = Object::new();
    body.put("error", words);
    WireText::new(Value::Object(body).encode())
}

/// A frame of this side.
pub(super) fn frame(event: &BridgeEvent) -> WireText {
    let mut frame = Object::new();
    frame.put(
        "event",
        match event {
            BridgeEvent::Repull => "repull",
            BridgeEvent::Unmute => "unmute",
            BridgeEvent::BargeIn(word) | BridgeEvent::Unknown(word) => word,
        },
    );
    WireText::new(Value::Object(frame).encode())
}

fn server(server: &IceServer) -> Value {
    let mut out = Object::new();
    let urls = server.urls.iter().map(|url| Value::from(url.as_str()));
    out.put("urls", urls.collect::<Vec<_>>());
    out.maybe("username", server.username.as_deref());
    out.maybe("credential", server.credential.as_ref().map(Secret::expose));
    Value::Object(out)
}

fn object(text: &str) -> Option<Object> {
    match Value::parse(text).filter(|_| text.len() <= MAX_FRAME_BYTES)? {
        Value::Object(fields) => Some(fields),
        _ => None,
    }
}
