//! The numbered events of a session, and their replay.

use crate::messaging::frame::{Chunk, ServerEvent, ServerFrame};
use std::collections::VecDeque;

/// Above this many bytes a batch takes no further event.
const BATCH_BYTES: usize = 96 * 1024;

#[derive(Debug)]
pub(super) struct Journal {
    events: VecDeque<ServerFrame>,
    last: u64,
    limit: usize,
}

impl Journal {
    pub(super) fn new(limit: usize) -> Self {
        Self { events: VecDeque::new(), last: 0, limit: limit.max(1) }
    }

    /// Numbers the event and keeps it; the oldest goes when there are too many.
    pub(super) fn push(&mut self, frame: &mut ServerFrame) {
        self.last += 1;
        frame.sequence = Some(self.last);
        if self.events.len() >= self.limit {
            self.events.pop_front();
        }
        self.events.push_back(frame.clone());
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &ServerFrame> {
        self.events.iter()
    }

    /// Everything newer than `after`, as batch frames; one empty batch when there is nothing.
    pub(super) fn replay(&self, after: u64, batch: usize, whole: bool) -> Vec<String> {
        let mut batches = Vec::new();
        let (mut events, mut count) = (String::new(), 0);
        let newer = self.events.iter().filter(|frame| frame.sequence.is_some_and(|n| n > after));
        for frame in newer {
            let text = match &frame.event {
                ServerEvent::PolyAgentMessageChunk(chunk) if whole => {
                    match self.whole(frame, chunk) {
                        Replayed::AsChunk => frame.encode(),
                        Replayed::InFirstChunk => continue,
                        Replayed::Whole(message) => message.encode(),
                    }
                }
                _ => frame.encode(),
            };
            if count > 0 && (count >= batch || events.len() + text.len() > BATCH_BYTES) {
                batches.push(shell(&events));
                events.clear();
                count = 0;
            }
            if count > 0 {
                events.push(',');
            }
            events.push_str(&text);
            count += 1;
        }
        if count > 0 || batches.is_empty() {
            batches.push(shell(&events));
        }
        batches
    }

    fn whole(&self, frame: &ServerFrame, own: &Chunk) -> Replayed {
        let chunks: Vec<_> = self
            .events
            .iter()
            .filter_map(|other| match &other.event {
                ServerEvent::PolyAgentMessageChunk(chunk)
                    if chunk.part.message_id == own.part.message_id =>
                {
                    Some(chunk)
                }
                _ => None,
            })
            .collect();
        if !chunks.iter().any(|chunk| chunk.is_complete) {
            return Replayed::AsChunk;
        }
        if chunks.first().is_some_and(|first| first.index != own.index) {
            return Replayed::InFirstChunk;
        }
        let mut message = own.part.clone();
        message.text = chunks.iter().map(|chunk| chunk.part.text.as_str()).collect();
        message.attachments =
            chunks.iter().flat_map(|chunk| chunk.part.attachments.iter().cloned()).collect();
        if let Some(last) = chunks.iter().rev().find(|chunk| !chunk.part.suggestions.is_empty()) {
            message.suggestions.clone_from(&last.part.suggestions);
        }
        let event = ServerEvent::PolyAgentMessage(message);
        Replayed::Whole(Box::new(ServerFrame { event, ..frame.clone() }))
    }
}

/// What stands in a replay for one chunk.
enum Replayed {
    /// The stream is not complete: the chunk itself.
    AsChunk,
    /// Nothing: the whole message stands in place of the first chunk.
    InFirstChunk,
    Whole(Box<ServerFrame>),
}

fn shell(events: &str) -> String {
    format!(r#"{{"type":"EVENT_TYPE_EVENT_BATCH","payload":{{"events":[{events}]}}}}"#)
}
