//! What the platform says, and what that means.

use super::{Agent, ClientSession, Connection, Event, Handoff, Indicator, socket::Socket, timers};
use crate::messaging::{
    frame::{Message, QueueStatus, ServerEvent, ServerFrame, TypingState},
    transcript::Author,
};
use std::{cmp::Reverse, collections::BinaryHeap};

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

    fn batch(&mut self, events: Vec<ServerFrame>) {
        let events = ordered(events);
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

    pub(super) fn not_idle(&mut self) {
        if std::mem::take(&mut self.status.idle_warning) {
            self.out.event(Event::Status);
        }
    }
}

/// By sequence, those without one last; of equals the earlier goes first. The heap is there because
/// `sort_by_key` is ten times the code to download.
fn ordered(events: Vec<ServerFrame>) -> Vec<ServerFrame> {
    let numbered = events.iter().enumerate();
    let mut order: BinaryHeap<_> =
        numbered.map(|(at, frame)| Reverse((frame.sequence.unwrap_or(u64::MAX), at))).collect();
    let mut events: Vec<Option<ServerFrame>> = events.into_iter().map(Some).collect();
    let next = || order.pop().map(|Reverse((_, at))| at);
    std::iter::from_fn(next).filter_map(|at| events.get_mut(at)?.take()).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_history_is_ordered_and_equals_keep_their_order() {
        let frame = |(id, sequence): (&str, Option<u64>)| ServerFrame {
            id: Some(id.to_owned()),
            sequence,
            ..ServerFrame::new(ServerEvent::Heartbeat)
        };
        let came = [
            ("a", None),
            ("b", Some(4)),
            ("c", Some(1)),
            ("d", None),
            ("e", Some(4)),
            ("f", Some(2)),
        ];
        let ids: String =
            ordered(came.map(frame).into()).into_iter().filter_map(|f| f.id).collect();
        assert_eq!(ids, "cfbead");
    }
}
