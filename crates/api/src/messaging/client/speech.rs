//! What is said: messages, their chunks, and what the platform says for itself.

use super::{Agent, ClientSession, Event, streams};
use crate::messaging::{
    frame::{AgentIdentity, Chunk, Message, ServerFrame, SystemLevel},
    transcript::{Author, Entry, EntryKey, Place},
};

/// System messages after which the agent must be asked to join again, in any case.
const REJOIN: [&str; 3] =
    ["unable to start a conversation", "conversation not found", "conversation id not found"];

/// The system message after which there is no session any more, in any case.
const GONE: &str = "session not found";

impl ClientSession {
    /// The text stays as far as it came.
    pub(super) fn stop_streaming(&mut self, key: EntryKey) {
        if self.transcript.edit(key, |entry| std::mem::replace(&mut entry.streaming, false)) {
            self.out.entry(key);
        }
    }

    pub(super) fn message(
        &mut self,
        frame: &ServerFrame,
        author: Author,
        message: Message,
        replay: bool,
    ) {
        self.indicate(None);
        self.not_idle();
        let place = self.place_of(frame.sequence);
        if let Some(key) = self.known(message.message_id.as_deref()) {
            let streamed = message.message_id.as_deref().and_then(|id| self.streams.find(id));
            if streamed.is_some() {
                self.streams.remove(key);
                self.transcript.edit(key, |entry| {
                    entry.streaming = false;
                    fill(entry, message);
                    true
                });
                self.transcript.place(key, place);
                self.out.entry(key);
                self.announce(key, replay);
            } else if self.transcript.place(key, place) {
                self.out.entry(key);
            }
            return;
        }
        let mut entry = self.spoken(frame, author, place, &message.agent);
        entry.message_id.clone_from(&message.message_id);
        fill(&mut entry, message);
        let key = entry.key;
        self.transcript.add(entry);
        self.out.entry(key);
        self.announce(key, replay);
    }

    pub(super) fn chunk(&mut self, frame: &ServerFrame, chunk: Chunk, replay: bool) {
        self.indicate(None);
        self.not_idle();
        let Some(id) = chunk.part.message_id.clone() else {
            // Without an id it belongs to nothing: a message of its own.
            return self.message(frame, Author::Agent, chunk.part, replay);
        };
        let place = self.place_of(frame.sequence);
        let key = match self.known(Some(&id)) {
            Some(key) if self.streams.find(&id).is_none() => {
                // Complete already; only its place may be better known now.
                if self.transcript.place(key, place) {
                    self.out.entry(key);
                }
                return;
            }
            Some(key) => key,
            None => {
                let mut entry = self.spoken(frame, Author::Agent, place, &chunk.part.agent);
                entry.message_id = Some(id.clone());
                entry.streaming = true;
                let key = entry.key;
                self.transcript.add(entry);
                if let Some(cut) = self.streams.begin(key, &id, self.now) {
                    self.stop_streaming(cut);
                }
                key
            }
        };
        let Some(stream) = self.streams.find(&id) else { return };
        stream.add(chunk, frame.sequence, self.now);
        let complete = stream.is_complete();
        self.transcript.edit(key, |entry| {
            entry.text = stream.text();
            entry.attachments = stream.attachments();
            entry.suggestions = stream.suggestions();
            entry.end_conversation = stream.parts().any(|part| part.end_conversation);
            let actions = stream.parts().find(|part| !part.call_actions.is_empty());
            entry.call_actions = actions.map(|part| part.call_actions.clone()).unwrap_or_default();
            entry.streaming = !complete;
            true
        });
        self.transcript.place(key, place);
        self.out.entry(key);
        if complete {
            self.streams.remove(key);
            self.announce(key, replay);
        }
    }

    pub(super) fn system(
        &mut self,
        frame: &ServerFrame,
        level: SystemLevel,
        text: String,
        replay: bool,
    ) {
        self.indicate(None);
        if !replay && says(&text, GONE) {
            if self.closing.is_none() {
                self.lost();
            }
            return;
        }
        if !replay && REJOIN.iter().any(|known| says(&text, known)) {
            self.joining.needed();
        }
        if level == SystemLevel::Error
            && let Some(id) = frame.client_event_id()
        {
            self.rejected(id);
        }
        let place = self.place_of(frame.sequence);
        let mut entry = self.transcript.draft(Author::System, text, self.now);
        entry.place = place;
        entry.level = Some(level);
        entry.timestamp.clone_from(&frame.timestamp);
        let key = entry.key;
        self.transcript.add(entry);
        self.out.entry(key);
        self.announce(key, replay);
    }

    /// What was missed while away is worth a sound; what was there before this page is not.
    fn announce(&mut self, key: EntryKey, replay: bool) {
        if !replay || self.was_open {
            self.out.event(Event::Announce(key));
        }
    }

    fn known(&self, message_id: Option<&str>) -> Option<EntryKey> {
        let id = message_id?;
        let same = |entry: &Entry| {
            entry.author != Author::Visitor && entry.message_id.as_deref() == Some(id)
        };
        self.transcript.find(same).map(|entry| entry.key)
    }

    fn spoken(
        &mut self,
        frame: &ServerFrame,
        author: Author,
        place: Place,
        agent: &AgentIdentity,
    ) -> Entry {
        let mut entry = self.transcript.draft(author, String::new(), self.now);
        let present = match (&self.status.agent, author) {
            (Agent::Poly(present), Author::Agent) | (Agent::Live(present), Author::LiveAgent) => {
                Some(present)
            }
            _ => None,
        };
        entry.name = agent.name.clone().or_else(|| present?.name.clone());
        entry.avatar_url = agent.avatar_url.clone().or_else(|| present?.avatar_url.clone());
        entry.timestamp.clone_from(&frame.timestamp);
        entry.place = place;
        entry
    }
}

fn says(text: &str, words: &str) -> bool {
    let mut places = text.as_bytes().windows(words.len());
    places.any(|place| place.eq_ignore_ascii_case(words.as_bytes()))
}

fn fill(entry: &mut Entry, message: Message) {
    entry.text = message.text;
    entry.attachments.clear();
    for card in &message.attachments {
        streams::add_attachment(&mut entry.attachments, card);
    }
    entry.suggestions = message.suggestions;
    entry.call_actions = message.call_actions;
    entry.end_conversation = message.end_conversation;
}
