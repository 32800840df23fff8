//! A transcript out of a session's journal.

use perch_api::messaging::frame::{Chunk, Message, ServerEvent, ServerFrame};
use perch_api::model::Timestamp;
use serde::Serialize;

/// One line of a transcript.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Entry {
    /// Its place; later ones are higher.
    pub(crate) n: u64,
    /// Who said it: nobody says what happened.
    pub(crate) who: Who,
    /// The words.
    pub(crate) text: String,
    /// When.
    pub(crate) at: Timestamp,
}

/// Who said something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Who {
    /// The visitor.
    Visitor,
    /// The agent.
    Agent,
    /// A person.
    Person,
    /// The platform.
    Notice,
}

impl Entry {
    /// The lines of a journal; pieces of one answer are joined.
    pub(crate) fn transcript<'a>(journal: impl Iterator<Item = &'a ServerFrame>) -> Vec<Self> {
        let mut entries: Vec<Self> = Vec::new();
        let mut streamed: Option<(String, usize)> = None;
        for frame in journal {
            let (Some(n), Some(at)) = (frame.sequence, frame.timestamp.clone()) else { continue };
            if let ServerEvent::PolyAgentMessageChunk(Chunk { part, .. }) = &frame.event {
                let id = part.message_id.clone().unwrap_or_default();
                let known = streamed.as_ref().filter(|(known, _)| *known == id).map(|(_, at)| *at);
                if let Some(entry) = known.and_then(|at| entries.get_mut(at)) {
                    entry.text.push_str(&part.text);
                    // It changed: whoever asks for what is new is told.
                    entry.n = n;
                    continue;
                }
                streamed = Some((id, entries.len()));
            }
            if let Some((who, text)) = told(&frame.event) {
                entries.push(Self { n, who, text, at });
            }
        }
        entries
    }
}

fn told(event: &ServerEvent) -> Option<(Who, String)> {
    let notice = |text: &str| Some((Who::Notice, text.to_owned()));
    match event {
        ServerEvent::UserMessage { text, .. } => Some((Who::Visitor, text.clone())),
        ServerEvent::PolyAgentMessage(Message { text, .. })
        | ServerEvent::PolyAgentMessageChunk(Chunk { part: Message { text, .. }, .. }) => {
            Some((Who::Agent, text.clone()))
        }
        ServerEvent::LiveAgentMessage(Message { text, .. }) => Some((Who::Person, text.clone())),
        ServerEvent::PolyAgentJoined(_) => notice("The agent joined."),
        ServerEvent::PolyAgentLeft { .. } => notice("The agent handed over."),
        ServerEvent::LiveAgentJoined(_) => notice("A person joined."),
        ServerEvent::LiveAgentLeft { .. } => notice("The person left."),
        ServerEvent::HandoffTimeout { .. } => notice("Nobody came in time."),
        ServerEvent::LanguageChanged { language_code } => {
            Some((Who::Notice, format!("The language changed to {language_code}.")))
        }
        ServerEvent::SystemMessage { message, .. } => Some((Who::Notice, message.clone())),
        ServerEvent::SessionEnd { .. } => notice("The conversation ended."),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_an_answer_are_one_line() {
        let frame = |sequence, event| ServerFrame {
            sequence: Some(sequence),
            timestamp: Some(Timestamp::from_unix_ms(1_000)),
            ..ServerFrame::new(event)
        };
        let chunk = |id: &str, index, text: &str| {
            let part = Message {
                message_id: Some(id.to_owned()),
                text: text.to_owned(),
                ..Message::default()
            };
            ServerEvent::PolyAgentMessageChunk(Chunk { index, is_complete: false, part })
        };
        let said =
            |text: &str| ServerEvent::UserMessage { text: text.to_owned(), message_id: None };
        let journal = [
            frame(1, chunk("m-1", 1, "Hello ")),
            frame(2, said("hi")),
            frame(3, chunk("m-1", 2, "there.")),
            frame(4, chunk("m-2", 1, "Well.")),
            frame(5, ServerEvent::PolyAgentThinking),
        ];
        let lines: Vec<_> = Entry::transcript(journal.iter())
            .into_iter()
            .map(|entry| (entry.n, entry.who, entry.text))
            .collect();
        assert_eq!(
            lines,
            [
                (3, Who::Agent, "Hello there.".to_owned()),
                (2, Who::Visitor, "hi".to_owned()),
                (4, Who::Agent, "Well.".to_owned()),
            ]
        );
    }
}
