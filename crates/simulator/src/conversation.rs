//! One conversation as the platform remembers it, whether seeded or held live.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::agent::{Handoff, Language};
use crate::snapshot::statics::{self, Word};
use crate::studio::Stage;

/// Identifier of the one workspace.
pub const ACCOUNT_ID: &str = "ws-7f3a9c21";
/// Its slug, accepted in paths as well.
pub const ACCOUNT_SLUG: &str = "fernhill-outfitters";
/// Identifier of the one agent.
pub const PROJECT_ID: &str = "PROJECT-4E5B8A10";
/// Its slug, accepted in paths as well.
pub const PROJECT_SLUG: &str = "fernhill-juno";

/// Ids of conversations by text that were begun here start with this.
pub(crate) const SMS_PREFIX: &str = "TW_SMS_";

/// The variants of the agent: id and name.
pub const VARIANTS: [(&str, &str); 3] = [
    ("VARIANT-6A1C0E42", "Main"),
    ("VARIANT-93D7F508", "Warmer tone"),
    ("VARIANT-2BE4417A", "Short answers"),
];

/// How a conversation was held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Channel {
    /// A telephone call.
    Voice,
    /// The website's chat.
    Webchat,
    /// A chat through the Chat family.
    Chat,
    /// Text messages.
    Sms,
}

impl Channel {
    /// The platform's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Voice => "VOICE-SIP",
            Self::Webchat => "WEBCHAT",
            Self::Chat => "CHAT",
            Self::Sms => "SMS",
        }
    }
}

/// Where the agent ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Environment {
    /// For trying out.
    Sandbox,
    /// Before going live.
    PreRelease,
    /// With real customers.
    Live,
}

impl Environment {
    /// The platform's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
            Self::PreRelease => "pre-release",
            Self::Live => "live",
        }
    }
}

/// A conversation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Conversation {
    /// Identifier.
    pub id: String,
    /// How it was held.
    pub channel: Channel,
    /// Where the agent ran.
    pub environment: Environment,
    /// Index into [`VARIANTS`].
    pub variant: usize,
    /// The language it ended in.
    pub language: Language,
    /// Start, Unix milliseconds.
    pub started_ms: i64,
    /// End, Unix milliseconds; `i64::MAX` while nobody knows.
    pub ended_ms: i64,
    /// When the agent left, Unix milliseconds: earlier than the end after a hand-over.
    pub agent_left_ms: i64,
    /// When score and summary were known, Unix milliseconds: at the end or a while after it.
    pub analysed_ms: i64,
    /// Caller's number, empty in chats.
    pub from_number: String,
    /// Called number, empty in chats.
    pub to_number: String,
    /// The hand-over, if there was one.
    pub handoff: Option<Handoff>,
    /// Whether the line broke down before it came to an end.
    pub crashed: bool,
    /// Values the agent wrote.
    pub metrics: Vec<Metric>,
    /// Quality from 1 to 5, known after the end.
    pub poly_score: Option<u8>,
    /// Heading and content, known after the end.
    pub summary: Option<(String, String)>,
    /// Words put to it.
    #[serde(deserialize_with = "statics::words")]
    pub tags: Vec<Word>,
    /// The version of the agent.
    pub deployment: Cow<'static, str>,
    /// The agent's variables.
    #[serde(deserialize_with = "statics::all_named")]
    pub state: Vec<(Word, String)>,
    /// What was said.
    pub turns: Vec<Turn>,
}

/// A value the agent wrote during a conversation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Metric {
    /// Name.
    #[serde(deserialize_with = "statics::word")]
    pub name: Word,
    /// When, Unix milliseconds.
    pub at_ms: i64,
    /// Value.
    pub value: String,
}

/// One exchange: what the visitor said, and the answer.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Turn {
    /// Database number.
    pub id: u64,
    /// The visitor's words; empty in the greeting and in silence.
    pub user: String,
    /// Those words in English, where they were not.
    pub user_english: Option<String>,
    /// Keys pressed.
    pub dtmf: String,
    /// When the visitor spoke, Unix milliseconds.
    pub user_ms: i64,
    /// The agent's words.
    pub agent: String,
    /// Those words in English, where they were not.
    pub agent_english: Option<String>,
    /// When the agent answered, Unix milliseconds.
    pub agent_ms: i64,
    /// How long the visitor waited, milliseconds.
    pub latency_ms: u32,
    /// Language of the turn.
    pub language: Option<Language>,
    /// The visitor spoke while the agent did.
    pub barge_in: bool,
    /// Nothing was said.
    pub silence: bool,
    /// Outside the agent's domain.
    pub out_of_domain: bool,
    /// The topic that was consulted.
    #[serde(deserialize_with = "statics::option")]
    pub topic: Option<Word>,
    /// Functions called.
    pub functions: Vec<FunctionCall>,
}

/// A function the agent called.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FunctionCall {
    /// Name.
    #[serde(deserialize_with = "statics::word")]
    pub name: Word,
    /// The one argument: its name and value.
    #[serde(deserialize_with = "statics::named")]
    pub argument: (Word, String),
    /// When, Unix milliseconds.
    pub started_ms: i64,
    /// How long, milliseconds.
    pub duration_ms: u32,
    /// The hand-over it caused.
    pub handoff: Option<Handoff>,
    /// Why its first try failed; the second one always succeeds.
    #[serde(deserialize_with = "statics::option")]
    pub error: Option<Word>,
}

impl FunctionCall {
    /// Whether it asks another system, the shop's orders or members.
    pub fn calls_out(&self) -> bool {
        matches!(self.name, "lookup_order" | "hold_order" | "lookup_member")
    }
}

impl From<Stage> for Environment {
    fn from(stage: Stage) -> Self {
        match stage {
            Stage::Sandbox => Self::Sandbox,
            Stage::PreRelease => Self::PreRelease,
            Stage::Live => Self::Live,
        }
    }
}

impl Conversation {
    /// A conversation that begins, without a word said yet.
    pub fn begun(
        id: String,
        channel: Channel,
        environment: Environment,
        language: Language,
        started_ms: i64,
    ) -> Self {
        Self {
            id,
            channel,
            environment,
            variant: 0,
            language,
            started_ms,
            ended_ms: started_ms,
            agent_left_ms: i64::MAX,
            analysed_ms: i64::MAX,
            from_number: String::new(),
            to_number: String::new(),
            handoff: None,
            crashed: false,
            metrics: Vec::new(),
            poly_score: None,
            summary: None,
            tags: Vec::new(),
            deployment: Cow::Borrowed(""),
            state: Vec::new(),
            turns: Vec::new(),
        }
    }

    /// Silence after which it is over, milliseconds.
    pub(crate) fn idle_ms(&self) -> i64 {
        let by_text = self.id.starts_with(SMS_PREFIX);
        if by_text { crate::sms::IDLE_MS } else { crate::live::IDLE_MS }
    }

    /// Whether the agent began it.
    pub fn is_outbound(&self) -> bool {
        self.id.starts_with(crate::families::outbound::PREFIX)
    }

    /// Whether it is running at `now_ms`.
    pub const fn in_progress(&self, now_ms: i64) -> bool {
        now_ms < self.ended_ms
    }

    /// The turns that have begun by `now_ms`.
    pub fn turns_at(&self, now_ms: i64) -> &[Turn] {
        let begun = self.turns.partition_point(|turn| turn.user_ms <= now_ms);
        self.turns.get(..begun).unwrap_or_default()
    }

    /// Seconds from start to end, or to `now_ms` while it runs.
    pub fn total_seconds(&self, now_ms: i64) -> i64 {
        (self.ended_ms.min(now_ms) - self.started_ms).max(0) / 1_000
    }

    /// Seconds the agent was in it.
    pub fn agent_seconds(&self, now_ms: i64) -> i64 {
        (self.agent_left_ms.min(self.ended_ms).min(now_ms) - self.started_ms).max(0) / 1_000
    }

    /// Id and name of the variant.
    pub fn variant(&self) -> (&'static str, &'static str) {
        VARIANTS.get(self.variant).copied().unwrap_or(("", ""))
    }
}
