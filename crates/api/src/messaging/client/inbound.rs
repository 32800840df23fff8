//! What the platform says, and what that means.

use super::{Agent, ClientSession, Connection, Event, Handoff, Indicator, socket::Socket, timers};
use crate::messaging::{
    frame::{
        AgentIdentity, Chunk, Message, QueueStatus, ServerEvent, ServerFrame, SystemLevel,
        TypingState,
    },
    transcript::{Author, Entry, EntryKey, Place},
};

/// System messages after which the agent must be asked to join again, in lower case.
const REJOIN: [&str; 3] =
    ["unable to start a conversation", "conversation not found", "conversation id not found"];

/// The system message after which there is no session any more, in lower case.
const GONE: &str = "session not found";

impl ClientSession {
    pub(super) fn frame(&mut self, text: &str) {
        let Socket::Open(open) = &mut self.socket else { return };
        open.heard = self.now;
        match ServerFrame::parse(text) {
            Err(fault) => self.out.event(Event::Unreadable(fault)),
            Ok(ServerFrame { event: ServerEvent::Batch { events, .. }, .. }) => self.batch(events),
            Ok(frame) => {
                self.was_open = self.was_open || frame.sequence.is_some();
                self.take(frame, false);
            }
        }
        self.look_for_holes();
    }

    pub(super) fn become_ready(&mut self) {
        if let Socket::Open(open) = &mut self.socket {
            open.ready = true;
            self.connection(Connection::Open);
        }
    }

    pub(super) fn indicate(&mut self, indicator: Option<Indicator>) {
        self.indicator_until = indicator.map(|_| self.now.plus(timers::INDICATOR_MS));
        if self.status.indicator != indicator {
            self.status.indicator = indicator;
            self.out.event(Event::Status);
        }
    }

    /// The text stays as far as it came.
    pub(super) fn stop_streaming(&mut self, key: EntryKey) {
        if self.transcript.edit(key, |entry| std::mem::replace(&mut entry.streaming, false)) {
            self.out.entry(key);
        }
    }

    fn batch(&mut self, mut events: Vec<ServerFrame>) {
        events.sort_by_key(|frame| frame.sequence.unwrap_or(u64::MAX));
        let begins = |frame: &ServerFrame| matches!(frame.event, ServerEvent::SessionStart(_));
        let from_start = self.anchor == 0 && events.first().is_some_and(begins);
        let anchored = from_start || events.iter().any(|frame| frame.sequence == Some(self.anchor));
        if let Socket::Open(open) = &mut self.socket {
            open.batch = Some(self.now);
            let highest = events.iter().filter_map(|frame| frame.sequence).max();
            open.batch_highest = open.batch_highest.max(highest.unwrap_or(0));
            open.settled = false;
            open.anchored = open.anchored || anchored;
        }
        // Neighbours in one frame are neighbours in the journal: no number between them is missing.
        let mut before = from_start.then_some((0_u64, false));
        for frame in &events {
            let Some(sequence) = frame.sequence else { continue };
            if let Some((before, merged)) = before {
                let between = (before.saturating_add(1), sequence.saturating_sub(1));
                if !self.seen.covers(between.0, between.1) {
                    self.holes.are_normal |= !merged && self.holes.dialled == Some(before);
                    self.seen.fill(between.0, between.1);
                }
            }
            // A whole message may stand for chunks whose numbers are then left out.
            before = Some((sequence, matches!(frame.event, ServerEvent::PolyAgentMessage(_))));
        }
        for frame in events {
            self.take(frame, true);
        }
        self.become_ready();
    }

    fn take(&mut self, mut frame: ServerFrame, replay: bool) {
        // Journals count from 1; a 0 must not look like something seen before.
        frame.sequence = frame.sequence.filter(|sequence| *sequence > 0);
        let new = self.seen.note(frame.id.as_deref(), frame.sequence);
        if let Some(sequence) = frame.sequence
            && !matches!(frame.event, ServerEvent::PolyAgentMessageChunk(_))
        {
            self.seen.anchor(sequence);
        }
        // A whole message in place of a cut stream may carry the number or id of a chunk.
        let completes = match &frame.event {
            ServerEvent::PolyAgentMessage(Message { message_id: Some(id), .. }) => {
                self.streams.find(id).is_some()
            }
            _ => false,
        };
        if new || completes {
            self.apply(frame, replay);
        }
    }

    fn apply(&mut self, mut frame: ServerFrame, replay: bool) {
        let event = std::mem::replace(&mut frame.event, ServerEvent::Heartbeat);
        let sequence = frame.sequence;
        match event {
            ServerEvent::SessionStart(capabilities) => {
                self.started = true;
                self.status.capabilities = capabilities;
                self.out.event(Event::Status);
            }
            ServerEvent::RequestPolyAgentJoin => self.joining.confirm(),
            ServerEvent::PolyAgentJoined(agent) => {
                self.joining.confirm();
                self.agent(sequence, Agent::Poly(agent));
            }
            ServerEvent::PolyAgentThinking if !replay => self.indicate(Some(Indicator::Thinking)),
            ServerEvent::PolyAgentMessage(message) => {
                self.message(&frame, Author::Agent, message, replay);
            }
            ServerEvent::PolyAgentMessageChunk(chunk) => self.chunk(&frame, chunk, replay),
            ServerEvent::PolyAgentLeft { .. } => {
                self.indicate(None);
                if !matches!(self.status.agent, Agent::Live(_)) {
                    self.agent(sequence, Agent::None);
                }
            }
            ServerEvent::PolyAgentTriggeredHandoff => self.handoff(sequence, Handoff::Triggered),
            ServerEvent::LiveAgentJoined(agent) => {
                self.joining.confirm();
                self.agent(sequence, Agent::Live(agent));
                self.handoff(sequence, Handoff::Live);
            }
            ServerEvent::LiveAgentTyping { state: TypingState::Started, .. } if !replay => {
                self.indicate(Some(Indicator::Typing));
            }
            ServerEvent::LiveAgentTyping { state: TypingState::Stopped, .. } => self.indicate(None),
            ServerEvent::LiveAgentMessage(message) => {
                self.message(&frame, Author::LiveAgent, message, replay);
            }
            ServerEvent::LiveAgentLeft { .. } => {
                self.indicate(None);
                self.typing.forget();
                self.agent(sequence, Agent::None);
                self.handoff(sequence, Handoff::Over);
            }
            ServerEvent::HandoffAccepted { queue_name } => {
                let queue = QueueStatus { queue_name, ..QueueStatus::default() };
                self.handoff(sequence, Handoff::Queued(queue));
            }
            ServerEvent::HandoffQueueStatus(queue) => {
                self.handoff(sequence, Handoff::Queued(queue));
            }
            ServerEvent::ClientHandoffRequired(request) => {
                self.handoff(sequence, Handoff::Required(request));
            }
            ServerEvent::HandoffFailed { reason } => {
                self.handoff(sequence, Handoff::Failed { reason });
            }
            ServerEvent::HandoffTimeout { reason } => {
                self.handoff(sequence, Handoff::TimedOut { reason });
            }
            ServerEvent::SessionEnd { reason } => {
                self.indicate(None);
                self.status.ended = Some(reason.into());
                self.closing = Some(self.now.plus(timers::CLOSING_MS));
                self.out.event(Event::Status);
            }
            ServerEvent::SystemMessage { level, message } => {
                self.system(&frame, level, message, replay);
            }
            ServerEvent::LanguageChanged { language_code } => {
                if is_newest(&mut self.language_sequence, sequence) {
                    self.status.language = Some(language_code);
                    self.out.event(Event::Status);
                }
            }
            ServerEvent::SessionIdleWarning if !replay => {
                self.status.idle_warning = true;
                self.out.event(Event::Status);
            }
            ServerEvent::UserMessage { text, message_id } => {
                self.not_idle();
                self.echoed(&frame, text, message_id);
            }
            ServerEvent::Unknown { kind } => self.out.event(Event::Unknown { kind }),
            ServerEvent::ShowCsatRequest | ServerEvent::CsatResponse => {
                self.out.event(Event::Unknown { kind: event.kind().to_owned() });
            }
            ServerEvent::PolyAgentThinking
            | ServerEvent::LiveAgentTyping { .. }
            | ServerEvent::SessionIdleWarning
            | ServerEvent::Batch { .. }
            | ServerEvent::Receipt(_)
            | ServerEvent::UserTyping(_)
            | ServerEvent::UserEndSession
            | ServerEvent::Heartbeat
            | ServerEvent::LinkToWebrtcConversation { .. } => {}
        }
    }

    fn message(&mut self, frame: &ServerFrame, author: Author, message: Message, replay: bool) {
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

    fn chunk(&mut self, frame: &ServerFrame, chunk: Chunk, replay: bool) {
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

    fn system(&mut self, frame: &ServerFrame, level: SystemLevel, text: String, replay: bool) {
        self.indicate(None);
        let lower = text.to_lowercase();
        if !replay && lower.contains(GONE) {
            if self.closing.is_none() {
                self.lost();
            }
            return;
        }
        if !replay && REJOIN.iter().any(|known| lower.contains(known)) {
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

    fn agent(&mut self, sequence: Option<u64>, agent: Agent) {
        if is_newest(&mut self.agent_sequence, sequence) {
            self.status.agent = agent;
            self.out.event(Event::Status);
        }
    }

    fn handoff(&mut self, sequence: Option<u64>, handoff: Handoff) {
        if is_newest(&mut self.handoff_sequence, sequence) {
            self.status.handoff = handoff;
            self.out.event(Event::Status);
        }
    }

    fn not_idle(&mut self) {
        if std::mem::take(&mut self.status.idle_warning) {
            self.out.event(Event::Status);
        }
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

fn fill(entry: &mut Entry, message: Message) {
    entry.text = message.text;
    entry.attachments.clear();
    for card in &message.attachments {
        super::streams::add_attachment(&mut entry.attachments, card);
    }
    entry.suggestions = message.suggestions;
    entry.call_actions = message.call_actions;
    entry.end_conversation = message.end_conversation;
}

/// Whether the event is not older than the last of its kind; a transient one always counts.
fn is_newest(last: &mut u64, sequence: Option<u64>) -> bool {
    match sequence {
        Some(sequence) if sequence < *last => false,
        Some(sequence) => {
            *last = sequence;
            true
        }
        None => true,
    }
}
