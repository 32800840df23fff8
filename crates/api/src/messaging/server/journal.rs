//! The numbered events of a session, and their replay.

use crate::messaging::frame::{ServerEvent, ServerFrame};
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
                ServerEvent::PolyAgentMessageChunk(_) if whole => match self.whole(frame) {
                    Some(Some(message)) => message.encode(),
                    Some(None) => continue,
                    None => frame.encode(),
                },
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

    /// For a chunk of a completed stream: the whole message in place of the last chunk, nothing
    /// in place of the others. `None` while the stream is not complete.
    fn whole(&self, frame: &ServerFrame) -> Option<Option<ServerFrame>> {
        let ServerEvent::PolyAgentMessageChunk(own) = &frame.event else { return None };
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
        let last = chunks.iter().find(|chunk| chunk.is_complete)?;
        if last.index != own.index {
            return Some(None);
        }
        let mut message = own.part.clone();
        message.text = chunks.iter().map(|chunk| chunk.part.text.as_str()).collect();
        message.attachments =
            chunks.iter().flat_map(|chunk| chunk.part.attachments.iter().cloned()).collect();
        if let Some(last) = chunks.iter().rev().find(|chunk| !chunk.part.suggestions.is_empty()) {
            message.suggestions.clone_from(&last.part.suggestions);
        }
        Some(Some(ServerFrame { event: ServerEvent::PolyAgentMessage(message), ..frame.clone() }))
    }
}

fn shell(events: &str) -> String {
    format!(r#"{{"type":"EVENT_TYPE_EVENT_BATCH","payload":{{"events":[{events}]}}}}"#)
}
