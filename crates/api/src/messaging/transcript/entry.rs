//! One thing that was said.

use crate::{
    messaging::frame::{Attachment, CallAction, Suggestion, SystemLevel},
    model::{Millis, Timestamp},
};
use serde::{Deserialize, Serialize};

/// Names one entry for as long as the session lives; keys say nothing about order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryKey(pub(in crate::messaging) u64);

impl EntryKey {
    /// The key as a number, for keyed lists.
    pub fn number(self) -> u64 {
        self.0
    }
}

/// One thing that was said, by anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The entry's name.
    pub key: EntryKey,
    /// Who said it.
    pub author: Author,
    /// The speaker's name, where known.
    pub name: Option<String>,
    /// The speaker's picture; a URL the platform gave, to be checked before use.
    pub avatar_url: Option<String>,
    /// The text; of a streamed message, what has come so far.
    pub text: String,
    /// Cards below the text.
    pub attachments: Vec<Attachment>,
    /// Chips the visitor may tap.
    pub suggestions: Vec<Suggestion>,
    /// Telephone numbers to offer.
    pub call_actions: Vec<CallAction>,
    /// How serious a system message is; nothing for all others.
    pub level: Option<SystemLevel>,
    /// Where a visitor's message stands; always [`Delivery::Sent`] for all others.
    pub delivery: Delivery,
    /// More of this message is still to come.
    pub streaming: bool,
    /// The agent means to end the conversation with this message.
    pub end_conversation: bool,
    /// The platform's id of the message.
    pub message_id: Option<String>,
    /// The id under which this client sent it; what `Input::Retry` takes.
    pub client_event_id: Option<String>,
    /// When this client first saw it, by the driver's clock.
    pub at: Millis,
    /// When it happened, by the platform's clock.
    pub timestamp: Option<Timestamp>,
    pub(in crate::messaging) place: Place,
}

impl Entry {
    pub(in crate::messaging) fn new(
        key: EntryKey,
        author: Author,
        text: String,
        at: Millis,
        place: Place,
    ) -> Self {
        Self {
            key,
            author,
            name: None,
            avatar_url: None,
            text,
            attachments: Vec::new(),
            suggestions: Vec::new(),
            call_actions: Vec::new(),
            level: None,
            delivery: Delivery::Sent,
            streaming: false,
            end_conversation: false,
            message_id: None,
            client_event_id: None,
            at,
            timestamp: None,
            place,
        }
    }
}

/// Who said something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Author {
    /// The visitor, in this window or another.
    Visitor,
    /// The PolyAI agent.
    Agent,
    /// A person.
    LiveAgent,
    /// The platform itself.
    System,
}

/// Where a visitor's message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Delivery {
    /// Under way, or waiting for a connection.
    Sending,
    /// The platform has it.
    Sent,
    /// It was written and never acknowledged: it may have arrived, or not.
    Uncertain,
    /// It did not arrive.
    Failed,
}

impl Delivery {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Sending, Self::Sent, Self::Uncertain, Self::Failed];

    /// Reads what [`as_str`](Self::as_str) gives.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|delivery| delivery.as_str() == name)
    }

    /// The state's name where messages are kept.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sending => "Sending",
            Self::Sent => "Sent",
            Self::Uncertain => "Uncertain",
            Self::Failed => "Failed",
        }
    }
}

/// The order of entries: by sequence, then by arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::messaging) struct Place {
    /// The place in the journal; [`Place::LAST`] while it is unknown.
    pub(in crate::messaging) sequence: u64,
    /// Orders what shares a sequence.
    pub(in crate::messaging) arrival: u64,
}

impl Place {
    /// Behind everything that has a place.
    pub(in crate::messaging) const LAST: u64 = u64::MAX;

    /// The place of a journaled event, before anything transient that came after it.
    pub(in crate::messaging) fn at(sequence: u64) -> Self {
        Self { sequence, arrival: 0 }
    }
}
