//! What must hold when all is quiet again.

use super::world::World;
use perch_api::{
    messaging::{
        client::{Agent, ClientSession, Config, Connection, EndReason, Handoff, Input},
        frame::{ServerEvent, ServerFrame},
        transcript::{Author, Delivery, Entry},
    },
    model::Millis,
};
use std::collections::BTreeSet;

pub(crate) fn all(world: &mut World) {
    let seed = world.seed;
    let journal: Vec<ServerFrame> = world.server.journal().cloned().collect();
    let entries: Vec<Entry> = world.client.transcript().iter().cloned().collect();

    // The session is over, and the link swallowed some of it for good.
    let missed = journal.iter().any(|frame| {
        let whole = match &frame.event {
            ServerEvent::PolyAgentMessageChunk(chunk) => {
                world.wholes.contains(chunk.part.message_id.as_ref().unwrap())
            }
            _ => false,
        };
        !whole && !world.reached.contains(&frame.sequence.unwrap())
    });
    // The same holds when it was told by some other event that the session is gone.
    let lost = world.client.status().connection == Connection::Lost;
    let blind = lost || (world.client.status().ended.is_some() && missed);

    // What was typed is shown once, and delivered once or marked.
    for text in &world.typed {
        let shown: Vec<_> = entries.iter().filter(|entry| entry.text == *text).collect();
        assert_eq!(shown.len(), 1, "seed {seed}: shown once: {text}");
        let delivered = journal
            .iter()
            .filter(|frame| matches!(&frame.event, ServerEvent::UserMessage { text: t, .. } if t == text))
            .count();
        match shown[0].delivery {
            Delivery::Sent => assert_eq!(delivered, 1, "seed {seed}: delivered once: {text}"),
            Delivery::Uncertain | Delivery::Failed => {
                world.tally.undelivered += 1;
                assert!(blind || delivered == 0, "seed {seed}: shown as undelivered: {text}");
            }
            // It goes into the next session.
            Delivery::Sending => assert!(lost, "seed {seed}: still unmarked: {text}"),
        }
        world.tally.sent += u64::from(shown[0].delivery == Delivery::Sent);
    }

    if blind {
        world.tally.blind += 1;
        return;
    }

    // Everything else is in the order of the journal, whole, and there once.
    let expected = expected(world, &journal);
    let shown: Vec<_> = entries
        .iter()
        .filter(|entry| entry.delivery == Delivery::Sent)
        .map(|entry| (entry.author, entry.text.clone()))
        .collect();
    assert_eq!(shown, expected, "seed {seed}: the transcript is the journal");
    let last_sent = entries.iter().rposition(|entry| entry.delivery == Delivery::Sent);
    let first_unsent = entries.iter().position(|entry| entry.delivery != Delivery::Sent);
    if let (Some(sent), Some(unsent)) = (last_sent, first_unsent) {
        assert!(sent < unsent, "seed {seed}: what has no place comes last");
    }
    for entry in &entries {
        let Some(said) = entry.message_id.as_ref().and_then(|id| world.agent.said.get(id)) else {
            continue;
        };
        assert!(!entry.streaming || is_cut(&journal, entry), "seed {seed}: {entry:?}");
        if !is_cut(&journal, entry) {
            assert_eq!(entry.attachments, said.attachments, "seed {seed}");
            assert_eq!(entry.suggestions, said.suggestions, "seed {seed}");
        }
    }

    // The status is what the journal says.
    let status = world.client.status();
    let fresh = replayed(world);
    assert_eq!(status.language, fresh.status().language, "seed {seed}");
    assert_eq!(status.language, language(&journal), "seed {seed}");
    assert_eq!(status.agent, fresh.status().agent, "seed {seed}");
    assert_eq!(status.handoff, fresh.status().handoff, "seed {seed}");
    // The visitor is let go even when the platform never answers to the wish.
    if status.ended != Some(EndReason::Visitor) || world.server.is_ended() {
        assert_eq!(status.ended, fresh.status().ended, "seed {seed}");
    }
    if has_live_agent(&journal) {
        assert!(matches!(status.agent, Agent::Live(_)), "seed {seed}");
        assert_eq!(status.handoff, Handoff::Live, "seed {seed}");
    }
    let replay: Vec<_> = fresh.transcript().iter().map(|e| (e.author, e.text.clone())).collect();
    assert_eq!(replay, expected, "seed {seed}: a reload shows the same");
}

/// The journal as a reader would tell it; the agent's texts are those it meant to say.
fn expected(world: &World, journal: &[ServerFrame]) -> Vec<(Author, String)> {
    let mut told = BTreeSet::new();
    let mut out = Vec::new();
    for frame in journal {
        match &frame.event {
            ServerEvent::UserMessage { text, .. } => out.push((Author::Visitor, text.clone())),
            ServerEvent::SystemMessage { message, .. } => {
                out.push((Author::System, message.clone()));
            }
            ServerEvent::PolyAgentMessage(message) => {
                out.push((Author::Agent, message.text.clone()));
            }
            ServerEvent::LiveAgentMessage(message) => {
                out.push((Author::LiveAgent, message.text.clone()));
            }
            ServerEvent::PolyAgentMessageChunk(chunk) => {
                let id = chunk.part.message_id.clone().unwrap();
                if told.insert(id.clone()) {
                    let text = match cut_text(journal, &id) {
                        Some(part) => part,
                        None => world.agent.said[&id].text.clone(),
                    };
                    out.push((Author::Agent, text));
                }
            }
            _ => {}
        }
    }
    out
}

/// What there is of a stream that the end of the session cut short.
fn cut_text(journal: &[ServerFrame], id: &str) -> Option<String> {
    let mut text = String::new();
    for frame in journal {
        if let ServerEvent::PolyAgentMessageChunk(chunk) = &frame.event
            && chunk.part.message_id.as_deref() == Some(id)
        {
            text.push_str(&chunk.part.text);
            if chunk.is_complete {
                return None;
            }
        }
    }
    Some(text)
}

fn is_cut(journal: &[ServerFrame], entry: &Entry) -> bool {
    let chunked = journal.iter().any(|frame| match &frame.event {
        ServerEvent::PolyAgentMessageChunk(chunk) => chunk.part.message_id == entry.message_id,
        _ => false,
    });
    chunked && entry.message_id.as_deref().is_some_and(|id| cut_text(journal, id).is_some())
}

fn language(journal: &[ServerFrame]) -> Option<String> {
    journal.iter().rev().find_map(|frame| match &frame.event {
        ServerEvent::LanguageChanged { language_code } => Some(language_code.clone()),
        _ => None,
    })
}

fn has_live_agent(journal: &[ServerFrame]) -> bool {
    let last = journal.iter().rev().find(|frame| {
        matches!(
            frame.event,
            ServerEvent::PolyAgentJoined(_)
                | ServerEvent::LiveAgentJoined(_)
                | ServerEvent::LiveAgentLeft { .. }
                | ServerEvent::PolyAgentTriggeredHandoff
        )
    });
    last.is_some_and(|frame| matches!(frame.event, ServerEvent::LiveAgentJoined(_)))
}

/// A page that is loaded now and reads the whole journal.
fn replayed(world: &World) -> ClientSession {
    let events = world.server.journal().cloned().collect();
    let batch = ServerFrame::new(ServerEvent::Batch { events, skipped: 0 }).encode();
    let mut client = ClientSession::new(Config { resumed: true, ..Config::default() }, 1);
    client.handle(Millis(0), Input::Connect);
    client.handle(Millis(0), Input::Opened);
    client.handle(Millis(0), Input::Frame(&batch));
    client
}
