//! A scripted agent: what it says depends on what it heard, and it remembers what it said.

use fastrand::Rng;
use perch_api::{
    messaging::{
        frame::{
            AgentIdentity, Attachment, Chunk, Message, QueueStatus, SessionEndReason, Suggestion,
            SystemLevel, TypingState,
        },
        server::{Event, ServerSession},
    },
    model::Millis,
};
use std::collections::BTreeMap;

/// One thing the agent will do.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    Join,
    Thinking,
    Say(Message),
    Chunk(Chunk),
    System(String),
    Language(&'static str),
    Triggered,
    Left,
    Accepted,
    Queue(u32),
    LiveJoined,
    LiveTyping,
    Live(Message),
    LiveLeft,
    End,
}

#[derive(Debug, Default)]
pub(crate) struct Agent {
    /// The whole text of every message, by its id.
    pub(crate) said: BTreeMap<String, Message>,
    pub(crate) streams: u64,
    count: u32,
    live: bool,
}

impl Agent {
    /// What to do about an event, and how many milliseconds from now.
    pub(crate) fn react(
        &mut self,
        event: &Event,
        server: &mut ServerSession,
        rng: &mut Rng,
    ) -> Vec<(u64, Act)> {
        match event {
            Event::Join => {
                let greeting = self.message(server, rng);
                vec![(20, Act::Join), (40, Act::Thinking), (200, Act::Say(greeting))]
            }
            Event::UserMessage { .. } if self.live => {
                let answer = self.message(server, rng);
                vec![(300, Act::LiveTyping), (700, Act::Live(answer))]
            }
            Event::UserMessage { .. } => match rng.u8(0..10) {
                0 => vec![(50, Act::System(format!("notice {}", self.next())))],
                1 => {
                    let code = *rng.choice(&["es-ES", "fr-FR", "de-DE"]).unwrap();
                    let answer = self.message(server, rng);
                    vec![(50, Act::Language(code)), (90, Act::Say(answer))]
                }
                2 => {
                    self.live = true;
                    let hello = self.message(server, rng);
                    vec![
                        (50, Act::Triggered),
                        (60, Act::Left),
                        (100, Act::Accepted),
                        (300, Act::Queue(2)),
                        (800, Act::Queue(1)),
                        (1_500, Act::LiveJoined),
                        (1_900, Act::Live(hello)),
                    ]
                }
                3..=5 => {
                    let answer = self.message(server, rng);
                    vec![(100, Act::Thinking), (600, Act::Say(answer))]
                }
                _ => self.stream(server, rng),
            },
            Event::End | Event::UserTyping(_) | Event::LinkToCall { .. } => Vec::new(),
        }
    }

    pub(crate) fn act(act: Act, server: &mut ServerSession, now: Millis) {
        let imre = || AgentIdentity {
            id: Some("la-8".to_owned()),
            name: Some("Imre".to_owned()),
            avatar_url: None,
        };
        match act {
            Act::Join => {
                let name = Some("Juno".to_owned());
                server.joined(now, AgentIdentity { name, ..AgentIdentity::default() });
            }
            Act::Thinking => server.thinking(now),
            Act::Say(message) => server.say(now, message),
            Act::Chunk(chunk) => server.chunk(now, chunk),
            Act::System(text) => server.system(now, SystemLevel::Info, &text),
            Act::Language(code) => server.language(now, code),
            Act::Triggered => server.handoff_triggered(now),
            Act::Left => server.left(now),
            Act::Accepted => server.handoff_accepted(now, Some("Front desk".to_owned())),
            Act::Queue(position) => {
                let position = Some(position);
                server.handoff_queue(now, QueueStatus { position, ..QueueStatus::default() });
            }
            Act::LiveJoined => server.live_joined(now, imre()),
            Act::LiveTyping => server.live_typing(now, TypingState::Started, imre()),
            Act::Live(message) => server.live_message(now, message),
            Act::LiveLeft => server.live_left(now, imre()),
            Act::End => server.end(now, SessionEndReason::NaturalEnd),
        }
    }

    /// How the conversation may end by itself.
    pub(crate) fn leave(&self) -> Vec<(u64, Act)> {
        if self.live { vec![(0, Act::LiveLeft), (10, Act::End)] } else { vec![(0, Act::End)] }
    }

    fn stream(&mut self, server: &mut ServerSession, rng: &mut Rng) -> Vec<(u64, Act)> {
        self.streams += 1;
        let message = self.message(server, rng);
        let mut acts = vec![(100, Act::Thinking)];
        let words: Vec<&str> = message.text.split_inclusive(' ').collect();
        let mut at = 300;
        for (index, word) in words.iter().enumerate() {
            let mut part = Message {
                message_id: message.message_id.clone(),
                text: (*word).to_owned(),
                ..Message::default()
            };
            if index == 1 {
                part.attachments.clone_from(&message.attachments);
                part.suggestions = vec![Suggestion { message_text: "early".into(), payload: None }];
            }
            acts.push((
                at,
                Act::Chunk(Chunk { index: index as u32 + 1, is_complete: false, part }),
            ));
            at += rng.u64(20..150);
        }
        let part = Message {
            message_id: message.message_id.clone(),
            attachments: message.attachments.clone(),
            suggestions: message.suggestions,
            ..Message::default()
        };
        let index = words.len() as u32 + 1;
        acts.push((at, Act::Chunk(Chunk { index, is_complete: true, part })));
        acts
    }

    fn message(&mut self, server: &mut ServerSession, rng: &mut Rng) -> Message {
        let id = server.message_id();
        let words: Vec<String> =
            (0..rng.usize(3..9)).map(|_| format!("w{}", rng.u16(..))).collect();
        let text = format!("a{} {}", self.next(), words.join(" "));
        let content_url = Some(format!("https://cdn.example.com/{}", self.count));
        let message = Message {
            message_id: Some(id.clone()),
            text,
            attachments: vec![Attachment { content_url, ..Attachment::default() }],
            suggestions: vec![Suggestion { message_text: "chip".into(), payload: None }],
            ..Message::default()
        };
        self.said.insert(id, message.clone());
        message
    }

    fn next(&mut self) -> u32 {
        self.count += 1;
        self.count
    }
}
