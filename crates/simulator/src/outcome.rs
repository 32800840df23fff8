//! What the platform works out after a conversation: metrics, score, summary, tags.

use crate::agent::{Language, knowledge};
use crate::conversation::{Conversation, Metric};

/// How a conversation came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Both sides said goodbye.
    Natural,
    /// A person took over.
    HandedOver,
    /// The visitor closed it.
    Closed,
    /// The visitor was not heard of again.
    Abandoned,
}

/// Fills in everything that is known only after the end; `ended_ms` must be set.
pub(crate) fn conclude(conversation: &mut Conversation, ending: Ending) {
    conversation.analysed_ms = conversation.ended_ms;
    let topics = topics(conversation);
    for (topic, at_ms) in &topics {
        conversation.metrics.push(Metric {
            name: "TOPIC",
            at_ms: *at_ms,
            value: (*topic).to_owned(),
        });
    }
    for turn in &conversation.turns {
        if turn.functions.iter().any(|call| call.name == "lookup_order") {
            let value = "found".to_owned();
            conversation.metrics.push(Metric { name: "ORDER_LOOKUP", at_ms: turn.agent_ms, value });
        }
    }
    let contained = (ending != Ending::HandedOver).to_string();
    let at_ms = conversation.ended_ms;
    conversation.metrics.push(Metric { name: "CONTAINED", at_ms, value: contained });
    conversation.poly_score = Some(score(conversation, ending));
    conversation.summary = Some(summary(conversation, &topics, ending));
    if conversation.language != Language::English {
        conversation.tags.push("non-english");
    }
    if ending == Ending::HandedOver {
        conversation.tags.push("handed-over");
    }
    if topics.len() > 2 {
        conversation.tags.push("several-topics");
    }
}

/// Distinct topics in the order they came up, with the moment.
fn topics(conversation: &Conversation) -> Vec<(&'static str, i64)> {
    let mut topics: Vec<(&'static str, i64)> = Vec::new();
    for turn in &conversation.turns {
        if let Some(topic) = turn.topic
            && topics.iter().all(|(known, _)| *known != topic)
        {
            topics.push((topic, turn.agent_ms));
        }
    }
    topics
}

/// From 5, minus what annoys: not being understood, silences, waiting, leaving unhappy.
fn score(conversation: &Conversation, ending: Ending) -> u8 {
    let count = |test: fn(&crate::conversation::Turn) -> bool| {
        conversation.turns.iter().filter(|turn| test(turn)).count()
    };
    let slow = count(|turn| turn.latency_ms > 3_500);
    let mut faults = count(|turn| turn.out_of_domain) + count(|turn| turn.silence) / 2 + slow / 2;
    faults += match ending {
        Ending::Natural | Ending::Closed => 0,
        Ending::HandedOver | Ending::Abandoned => 1,
    };
    if conversation.handoff.is_some_and(|handoff| handoff.reason == "complaint") {
        faults += 1;
    }
    5 - u8::try_from(faults.min(4)).unwrap_or(4)
}

fn summary(
    conversation: &Conversation,
    topics: &[(&'static str, i64)],
    ending: Ending,
) -> (String, String) {
    let titles: Vec<_> =
        topics.iter().filter_map(|(id, _)| knowledge::topic(id)).map(|topic| topic.title).collect();
    let heading = match titles.first() {
        Some(first) if titles.len() > 1 => format!("{first} and {} more", titles.len() - 1),
        Some(first) => (*first).to_owned(),
        None if ending == Ending::HandedOver => "Wanted to talk to a person".to_owned(),
        None => "No topic found".to_owned(),
    };
    let mut content = if titles.is_empty() {
        "The customer did not bring up a topic of the knowledge base.".to_owned()
    } else {
        format!("The customer asked about: {}.", titles.join(", ").to_lowercase())
    };
    if let Some((_, order)) = conversation.state.iter().find(|(name, _)| *name == "order_number") {
        content.push_str(" Order ");
        content.push_str(order);
        content.push_str(" was looked up.");
    }
    let language = match conversation.language {
        Language::English => None,
        Language::Spanish => Some("Spanish"),
        Language::French => Some("French"),
        Language::German => Some("German"),
    };
    if let Some(language) = language {
        content.push_str(" The conversation was held in ");
        content.push_str(language);
        content.push('.');
    }
    content.push_str(match ending {
        Ending::Natural => " It ended with a goodbye.",
        Ending::HandedOver => " It was handed over to customer care.",
        Ending::Closed => " The customer closed it.",
        Ending::Abandoned => " The customer left without a word.",
    });
    (heading, content)
}
