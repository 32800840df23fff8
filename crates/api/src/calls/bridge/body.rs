//! The bodies of the bridge's REST calls.

use crate::{
    calls::message::{MAX_FRAME_BYTES, Sdp, WireText},
    json::{Object, Value},
    model::Secret,
};
use std::fmt;

/// How many STUN and TURN servers are taken from a response.
const SERVERS: usize = 16;
/// The longest path.
const PATH: usize = 512;
/// The longest call id.
const CALL_ID: usize = 64;

/// What is wrong with a response's body; never holds any of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BodyFault {
    /// Larger than [`MAX_FRAME_BYTES`].
    #[error("the body is larger than 131072 bytes")]
    TooLarge,
    /// No JSON object.
    #[error("the body is no JSON object")]
    NotJson,
    /// A field is missing, or has another type.
    #[error("the body has no usable {0}")]
    Missing(&'static str),
    /// A field should be a path on the same host and is not, or holds the call's token.
    #[error("the body's {0} is no plain path")]
    NotAPath(&'static str),
}

/// What a call is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallMode {
    /// Talking with the agent. Never left out: the default is echo, which is refused with 403.
    VoiceAgent,
    /// Hearing oneself.
    Echo,
}

/// The request that makes a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provision {
    /// What it is for.
    pub mode: CallMode,
    /// Who calls.
    pub caller: Option<String>,
}

impl Provision {
    /// The JSON text.
    pub fn encode(&self) -> WireText {
        let mode = match self.mode {
            CallMode::VoiceAgent => "voice-agent",
            CallMode::Echo => "echo",
        };
        let mut body = Object::new();
        body.put("mode", mode);
        body.maybe("caller", self.caller.as_deref());
        WireText::new(Value::Object(body).encode())
    }
}

/// A call that exists, and what it takes to use it. All paths are on the host that was asked.
#[derive(Clone)]
pub struct Provisioned {
    /// The call's id, also for `LINK_TO_WEBRTC_CONVERSATION`.
    pub call_id: String,
    /// Who carries the media.
    pub provider: Option<String>,
    /// The call's token: for `X-Call-Token` and the events socket's first frame only.
    pub token: Secret,
    /// The name of the agent's track.
    pub track_name: Option<String>,
    /// STUN and TURN servers; empty when none were named.
    pub ice_servers: Vec<IceServer>,
    /// Where the offer goes.
    pub connect_path: String,
    /// Where the agent's track is asked for.
    pub pull_path: String,
    /// Where the answer to that goes.
    pub renegotiate_path: String,
    /// Where the events socket is.
    pub events_path: String,
    /// Where to hang up.
    pub delete_path: String,
}

impl Provisioned {
    /// Reads the response. Paths that were left out are the documented ones.
    pub fn parse(text: &str) -> Result<Self, BodyFault> {
        let body = object(text)?;
        let call_id = string(&body, "callId").filter(|id| is_plain(id));
        let call_id = call_id.ok_or(BodyFault::Missing("callId"))?.to_owned();
        let creds = nested(&body, "creds").ok_or(BodyFault::Missing("creds"))?;
        let token = string(creds, "token").ok_or(BodyFault::Missing("creds.token"))?;
        let empty = Object::new();
        let extra = nested(creds, "extra").unwrap_or(&empty);
        let delete_path = format!("/api/v1/call/{call_id}");
        let sdp_path = format!("{delete_path}/sdp");
        let path = |from: &Object, name: &str, label, otherwise: String| match from.get(name) {
            None | Some(Value::Null) => Ok(otherwise),
            Some(Value::String(path)) if is_path(path, token) => Ok(path.clone()),
            Some(_) => Err(BodyFault::NotAPath(label)),
        };
        let servers = creds.get("iceServers").map(Value::items).unwrap_or_default();
        Ok(Self {
            provider: string(creds, "provider").map(str::to_owned),
            track_name: string(creds, "trackName").map(str::to_owned),
            ice_servers: servers.iter().filter_map(IceServer::read).take(SERVERS).collect(),
            pull_path: path(extra, "pullUrl", "pullUrl", format!("{sdp_path}/pull"))?,
            renegotiate_path: path(
                extra,
                "renegotiateUrl",
                "renegotiateUrl",
                format!("{sdp_path}/renegotiate"),
            )?,
            events_path: path(extra, "eventsUrl", "eventsUrl", format!("{delete_path}/events"))?,
            connect_path: path(creds, "connectUrl", "connectUrl", sdp_path)?,
            token: Secret::new(token.to_owned()),
            delete_path,
            call_id,
        })
    }
}

/// Tells the call's id only.
impl fmt::Debug for Provisioned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provisioned").field("call_id", &self.call_id).finish_non_exhaustive()
    }
}

/// A STUN or TURN server.
#[derive(Clone)]
pub struct IceServer {
    /// Its addresses.
    pub urls: Vec<String>,
    /// The user name for TURN.
    pub username: Option<String>,
    /// The password for TURN.
    pub credential: Option<Secret>,
}

impl IceServer {
    fn read(value: &Value) -> Option<Self> {
        let fields = value.as_object()?;
        // One address is written without a list, too.
        let urls = match fields.get("urls")? {
            Value::String(url) => vec![url.clone()],
            Value::Array(list) => {
                list.iter().filter_map(Value::as_str).take(SERVERS).map(str::to_owned).collect()
            }
            _ => return None,
        };
        (!urls.is_empty()).then(|| Self {
            urls,
            username: string(fields, "username").map(str::to_owned),
            credential: string(fields, "credential").map(|text| Secret::new(text.to_owned())),
        })
    }
}

impl PartialEq for IceServer {
    fn eq(&self, other: &Self) -> bool {
        let secrets = match (&self.credential, &other.credential) {
            (Some(one), Some(two)) => one.ct_eq(two.expose()),
            (one, two) => one.is_none() && two.is_none(),
        };
        secrets && self.urls == other.urls && self.username == other.username
    }
}

/// Tells the addresses only.
impl fmt::Debug for IceServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IceServer").field("urls", &self.urls).finish_non_exhaustive()
    }
}

/// A complete offer: no candidates follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SdpOffer {
    /// The local description, candidates included.
    pub sdp: Sdp,
    /// The `mid` of the microphone's transceiver; `"0"` when it is not known.
    pub mid: Option<String>,
}

impl SdpOffer {
    /// The JSON text.
    pub fn encode(&self) -> WireText {
        let mut body = Object::new();
        body.put("sdp", self.sdp.as_str());
        body.put("mid", self.mid.as_deref().unwrap_or("0"));
        WireText::new(Value::Object(body).encode())
    }
}

/// The body that hands an answer back.
pub fn answer_body(sdp: &Sdp) -> WireText {
    let mut body = Object::new();
    body.put("sdp", sdp.as_str());
    WireText::new(Value::Object(body).encode())
}

/// The description in a response: the answer to an offer, or the offer of a pull.
pub fn read_sdp(text: &str) -> Result<Sdp, BodyFault> {
    string(&object(text)?, "sdp").map(Sdp::new).ok_or(BodyFault::Missing("sdp"))
}

fn object(text: &str) -> Result<Object, BodyFault> {
    if text.len() > MAX_FRAME_BYTES {
        return Err(BodyFault::TooLarge);
    }
    match Value::parse(text) {
        Some(Value::Object(fields)) => Ok(fields),
        _ => Err(BodyFault::NotJson),
    }
}

fn string<'a>(fields: &'a Object, name: &str) -> Option<&'a str> {
    fields.text(name).filter(|text| !text.is_empty())
}

fn nested<'a>(fields: &'a Object, name: &str) -> Option<&'a Object> {
    fields.get(name).and_then(Value::as_object)
}

/// An id that is one path segment as it stands.
fn is_plain(id: &str) -> bool {
    id.len() <= CALL_ID && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
}

/// A path that stays on its host, and does not carry the token to wherever paths are logged.
fn is_path(path: &str, token: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.~/".contains(&b);
    path.len() <= PATH
        && path.starts_with('/')
        && path.bytes().all(plain)
        && !path.contains("//")
        && path.split('/').all(|segment| segment != "." && segment != "..")
        && !path.contains(token)
}
