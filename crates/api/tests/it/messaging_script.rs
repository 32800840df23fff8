//! Scripts: what goes into a client session, and word for word what comes out of it.
//!
//! A line that begins with a time is an input; the indented lines after it are the outputs, those
//! of timers that run out on the way included. The files are read, run, and must come out the same.
//! `PERCH_ACCEPT=1 cargo test -p perch-api --test it script` writes them anew, to be read in a diff.
//!
//! `<- 5 TYPE {payload}` is a frame with sequence 5, `<- ~ TYPE` a transient one, `#1` the first
//! message typed, `<- batch a | b` a history.

use perch_api::{
    messaging::{
        client::{ClientSession, Config, DialFailure, Event, Input, Output},
        frame::{ClientEvent, ClientFrame},
        transcript::{Author, EntryKey},
    },
    model::Millis,
};
use std::fmt::Write as _;

#[test]
fn scripts_come_out_as_written() {
    crate::scripts::come_out_as_written("messaging_script", 11, Stage::run);
}

struct Stage {
    client: ClientSession,
    ids: Vec<String>,
    out: String,
}

impl Stage {
    fn run(script: &str) -> String {
        let mut stage = Self {
            client: ClientSession::new(Config::default(), 7),
            ids: Vec::new(),
            out: String::new(),
        };
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
        let at = Millis(at.replace('_', "").parse().unwrap());
        while let Some(timer) = self.client.deadline().filter(|timer| *timer < at) {
            self.handle(timer, Input::Tick);
        }
        writeln!(self.out, "{line}").unwrap();
        let (verb, rest) = verb.split_once(' ').unwrap_or((verb, ""));
        match verb {
            "connect" => self.handle(at, Input::Connect),
            "opened" => self.handle(at, Input::Opened),
            "closed" => self.handle(at, Input::Closed { code: rest.parse().unwrap() }),
            "unreachable" => self.handle(at, Input::DialFailed(DialFailure::Unreachable)),
            "busy" => {
                let retry_after_ms = Some(rest.parse().unwrap());
                self.handle(at, Input::DialFailed(DialFailure::Busy { retry_after_ms }));
            }
            "gone" => self.handle(at, Input::DialFailed(DialFailure::SessionLost)),
            "send" => self.handle(at, Input::Send { text: rest.to_owned() }),
            "retry" => {
                let id = self.id(rest).to_owned();
                self.handle(at, Input::Retry { id: &id });
            }
            "types" => self.handle(at, Input::Typing(true)),
            "clears" => self.handle(at, Input::Typing(false)),
            "agent" => self.handle(at, Input::RequestAgent),
            "end" => self.handle(at, Input::End),
            "online" => self.handle(at, Input::Online),
            "offline" => self.handle(at, Input::Offline),
            "reload" => {
                let outbox = self.client.outbox();
                let config = Config { resumed: true, ..Config::default() };
                self.client = ClientSession::new(config, at.0);
                self.client.restore(outbox);
                self.handle(at, Input::Connect);
            }
            "wait" => {}
            "transcript" => self.transcript(),
            "<-" => {
                let frame = match rest.strip_prefix("batch") {
                    Some(list) => {
                        let list = list.split(" | ").map(str::trim).filter(|one| !one.is_empty());
                        let frames: Vec<_> = list.map(|one| self.frame(one)).collect();
                        format!(
                            r#"{{"type":"EVENT_TYPE_EVENT_BATCH","payload":{{"events":[{}]}}}}"#,
                            frames.join(",")
                        )
                    }
                    None => self.frame(rest),
                };
                self.handle(at, Input::Frame(&frame));
            }
            other => panic!("no such verb: {other}"),
        }
    }

    /// `5 TYPE {payload} #1` as JSON.
    fn frame(&self, text: &str) -> String {
        let mut words = text.splitn(3, ' ');
        let sequence = words.next().unwrap();
        let kind = words.next().unwrap_or_default();
        let (payload, custom) = match words.next() {
            Some(rest) => rest.split_once(" #").unwrap_or((rest, "")),
            None => ("{}", ""),
        };
        let custom = match custom {
            "" => String::new(),
            number => format!(
                r#","metadata":{{"custom":{{"client_event_id":"{}"}}}}"#,
                self.id(&format!("#{number}"))
            ),
        };
        let (id, sequence) = match sequence {
            "~" => (String::new(), "null"),
            number => (format!(r#""id":"e{number}","#), number),
        };
        format!(
            r#"{{{id}"sequence":{sequence},"type":"EVENT_TYPE_{kind}","payload":{payload}{custom}}}"#
        )
    }

    fn handle(&mut self, at: Millis, input: Input<'_>) {
        self.client.handle(at, input);
        while let Some(output) = self.client.poll() {
            let text = match output {
                Output::Dial { cursor: None } => "dial".to_owned(),
                Output::Dial { cursor: Some(cursor) } => format!("dial from {cursor}"),
                Output::Hangup { code } => format!("hang up {code}"),
                Output::Write(frame) => self.written(&frame),
                Output::Event(Event::Entry(key)) => self.entry(key),
                Output::Event(Event::Announce(key)) => format!("announce {}", key.number()),
                Output::Event(Event::Status) => self.status(),
                Output::Event(Event::Connection(state)) => format!("connection {state:?}"),
                Output::Event(Event::Refused(refusal)) => format!("refused: {refusal}"),
                Output::Event(other) => format!("{other:?}"),
            };
            writeln!(self.out, "    {} {text}", at.0).unwrap();
        }
    }

    fn written(&mut self, frame: &str) -> String {
        let frame = ClientFrame::parse(frame).unwrap();
        let id = match frame.custom.get("client_event_id") {
            Some(id) => format!(" {}", self.number(id)),
            None => String::new(),
        };
        let kind = frame.event.kind().as_str().trim_start_matches("EVENT_TYPE_").to_owned();
        match frame.event {
            ClientEvent::UserMessage { text } => format!("-> {kind} {text:?}{id}"),
            ClientEvent::UserTyping(state) => format!("-> {kind} {state:?}"),
            _ => format!("-> {kind}"),
        }
    }

    fn entry(&mut self, key: EntryKey) -> String {
        let entry = self.client.transcript().entry(key).unwrap().clone();
        let mut text = format!("entry {} {:?} {:?}", key.number(), entry.author, entry.text);
        if entry.author == Author::Visitor {
            let id = entry.client_event_id.map(|id| self.number(&id)).unwrap_or_default();
            write!(text, " {:?} {id}", entry.delivery).unwrap();
        }
        if entry.streaming {
            text.push_str(" ...");
        }
        for card in &entry.attachments {
            write!(text, " [{}]", card.content_url.as_deref().unwrap_or("?")).unwrap();
        }
        for chip in &entry.suggestions {
            write!(text, " ({})", chip.message_text).unwrap();
        }
        text
    }

    fn status(&self) -> String {
        let status = self.client.status();
        let mut text = format!("status {:?} {:?}", status.agent, status.handoff);
        for (name, value) in [
            ("indicator", status.indicator.map(|indicator| format!("{indicator:?}"))),
            ("language", status.language.clone()),
            ("idle", status.idle_warning.then(|| "soon".to_owned())),
            ("ending", status.ending.then(|| "asked".to_owned())),
            ("ended", status.ended.as_ref().map(|reason| format!("{reason:?}"))),
        ] {
            if let Some(value) = value {
                write!(text, " {name}={value}").unwrap();
            }
        }
        // Absent fields say nothing; the rest stays readable.
        text.replace(", avatar_url: None", "").replace("id: None, ", "").replace("name: None", "")
    }

    fn transcript(&mut self) {
        let keys: Vec<_> = self.client.transcript().iter().map(|entry| entry.key).collect();
        for key in keys {
            let line = self.entry(key);
            writeln!(self.out, "    {line}").unwrap();
        }
    }

    fn id(&self, name: &str) -> &str {
        let number: usize = name.trim_start_matches('#').parse().unwrap();
        self.ids.get(number - 1).map_or("unknown-id", String::as_str)
    }

    fn number(&mut self, id: &str) -> String {
        let at = self.ids.iter().position(|known| known == id).unwrap_or_else(|| {
            self.ids.push(id.to_owned());
            self.ids.len() - 1
        });
        format!("#{}", at + 1)
    }
}
