//! What lists need to know of a conversation without telling it: 24 bytes.

use crate::agent::{Language, knowledge};
use crate::conversation::{Channel, Conversation, Environment};

/// A conversation in brief.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Brief {
    /// Start, Unix milliseconds.
    pub(crate) started_ms: i64,
    /// Milliseconds from start to end.
    lasts_ms: u32,
    /// One bit for each topic that came up, in the order of [`knowledge::topics`].
    pub(crate) topics: u32,
    /// How it was held.
    pub(crate) channel: Channel,
    /// Where the agent ran.
    pub(crate) environment: Environment,
    /// Index of the variant.
    pub(crate) variant: u8,
    /// The language it ended in.
    pub(crate) language: Language,
}

impl Brief {
    /// The brief of `conversation`.
    pub(crate) fn of(conversation: &Conversation) -> Self {
        let lasts_ms = conversation.ended_ms.saturating_sub(conversation.started_ms);
        Self {
            started_ms: conversation.started_ms,
            lasts_ms: u32::try_from(lasts_ms.max(0)).unwrap_or(u32::MAX),
            topics: topic_bits(conversation.turns.iter().filter_map(|turn| turn.topic)),
            channel: conversation.channel,
            environment: conversation.environment,
            variant: u8::try_from(conversation.variant).unwrap_or(u8::MAX),
            language: conversation.language,
        }
    }

    /// End, Unix milliseconds.
    pub(crate) const fn ended_ms(&self) -> i64 {
        self.started_ms.saturating_add(self.lasts_ms as i64)
    }

    /// Whether it is running at `now_ms`.
    pub(crate) const fn in_progress(&self, now_ms: i64) -> bool {
        now_ms < self.ended_ms()
    }
}

/// One bit for each of these topics.
pub(crate) fn topic_bits<'a>(ids: impl Iterator<Item = &'a str>) -> u32 {
    ids.filter_map(|id| knowledge::topics().position(|topic| topic.id == id))
        .fold(0, |bits, at| bits | 1_u32.checked_shl(u32::try_from(at).unwrap_or(32)).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_brief_is_small_and_every_topic_has_a_bit() {
        assert!(size_of::<Brief>() <= 24, "{} bytes", size_of::<Brief>());
        let all = topic_bits(knowledge::topics().map(|topic| topic.id));
        assert_eq!(all.count_ones() as usize, knowledge::topics().count());
        assert_eq!(topic_bits(["no such topic"].into_iter()), 0);
    }
}
