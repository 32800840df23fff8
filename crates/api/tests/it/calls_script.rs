//! Scripts: what goes into a call, and word for word what comes out of it.
//!
//! A line that begins with a time is an input; the indented lines after it are the outputs, those
//! of timers that run out on the way included. The files are read, run, and must come out the same.
//! `PERCH_ACCEPT=1 cargo test -p perch-api --test it script` writes them anew, to be read in a diff.

use perch_api::{
    calls::{
        message::{Body, Candidate, Frame, OfferFields, Sdp},
        session::{
            CallSession, Config, DialFailure, Event, Input, MediaAction, MediaState,
            MicrophoneFault, Output, PeerId,
        },
    },
    model::{Millis, Secret},
};
use std::fmt::Write as _;

#[test]
fn call_scripts_come_out_as_written() {
    crate::scripts::come_out_as_written("calls_script", 6, Stage::run);
}

struct Stage {
    call: CallSession,
    out: String,
}

impl Stage {
    fn run(script: &str) -> String {
        let offer = OfferFields {
            auth_token: Some(Secret::new("tok-1".to_owned())),
            ..OfferFields::default()
        };
        let call = CallSession::new(Config { offer, ..Config::default() });
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
        let input = match verb {
            "call" => Input::Call { call_sid: rest },
            "opened" => Input::Opened,
            "closed" => Input::Closed { code: rest.parse().unwrap() },
            "unreachable" => Input::DialFailed(DialFailure::Unreachable),
            "busy" => {
                let retry_after_ms = Some(rest.parse().unwrap());
                Input::DialFailed(DialFailure::Busy { retry_after_ms })
            }
            "refused" => Input::DialFailed(DialFailure::Refused),
            "online" => Input::Online,
            "offer" => Input::OfferReady { peer: peer(), sdp: Sdp::new(second) },
            "candidate" => {
                Input::LocalCandidate { peer: peer(), candidate: Candidate::new(second) }
            }
            "connected" => Input::Media { peer: peer(), state: MediaState::Connected },
            "disconnected" => Input::Media { peer: peer(), state: MediaState::Disconnected },
            "failed" => Input::Media { peer: peer(), state: MediaState::Failed },
            "denied" => Input::NoMicrophone { peer: peer(), fault: MicrophoneFault::Denied },
            "mute" => Input::Mute(true),
            "unmute" => Input::Mute(false),
            "hangup" => Input::HangUp,
            "wait" => return,
            "<-" => Input::Frame(rest),
            other => panic!("no such verb: {other}"),
        };
        self.handle(at, input);
    }

    fn handle(&mut self, at: Millis, input: Input<'_>) {
        self.call.handle(at, input);
        while let Some(output) = self.call.poll() {
            let text = match output {
                Output::Dial => "dial".to_owned(),
                Output::Hangup { code } => format!("hang up {code}"),
                Output::Write(text) => written(text.as_str()),
                Output::Media(action) => media(action),
                Output::Event(Event::Status) => self.status(),
                Output::Event(Event::Phase(phase)) => format!("phase {phase:?}"),
                Output::Event(Event::Signalling(state)) => format!("signalling {state:?}"),
                Output::Event(Event::Problem(report)) => {
                    format!("problem {} {:?}", report.code, report.message)
                }
                Output::Event(Event::Ended(reason)) => {
                    format!("ended {reason:?}, {}", self.status())
                }
                Output::Event(other) => format!("{other:?}"),
            };
            writeln!(self.out, "    {} {text}", at.0).unwrap();
        }
    }

    fn status(&self) -> String {
        let status = self.call.status();
        let mut text = "status".to_owned();
        for (name, value) in [
            ("session", status.session.clone()),
            ("talking since", status.talking_since.map(|at| at.0.to_string())),
            ("muted", status.muted.then(|| "yes".to_owned())),
            ("unsteady", status.unsteady.then(|| "yes".to_owned())),
        ] {
            if let Some(value) = value {
                write!(text, " {name}={value}").unwrap();
            }
        }
        text
    }
}

fn written(text: &str) -> String {
    let frame = Frame::parse(text).unwrap();
    let session = frame.session.as_deref().unwrap_or("~").to_owned();
    let kind = frame.body.kind().to_owned();
    match frame.body {
        Body::Offer(offer) => {
            let token = offer.fields.auth_token.map(|token| token.expose().to_owned());
            format!(
                "-> offer {session} {:?} {} {}",
                offer.sdp.as_str(),
                offer.fields.call_sid.unwrap(),
                token.unwrap()
            )
        }
        Body::Candidate(candidate) => format!("-> {kind} {session} {:?}", candidate.candidate),
        _ => format!("-> {kind} {session}"),
    }
}

fn media(action: MediaAction) -> String {
    match action {
        MediaAction::CreateOffer { peer } => format!("media {} create offer", peer.0),
        MediaAction::SetAnswer { peer, sdp } => {
            format!("media {} set answer {:?}", peer.0, sdp.as_str())
        }
        MediaAction::AddCandidate { peer, candidate } => {
            format!("media {} add {:?}", peer.0, candidate.candidate)
        }
        MediaAction::Mute { peer, muted } => format!("media {} mute {muted}", peer.0),
        MediaAction::Close { peer } => format!("media {} close", peer.0),
    }
}
