//! How a story ends, and what is asked afterwards.

use super::Story;
use crate::conversation::{Channel, Conversation, Metric};
use crate::outcome::{Ending, conclude};
use crate::world::mix;
use crate::world::utterances::FEEDBACK;

impl Story<'_> {
    /// Ends the story; gives the record.
    pub(super) fn finish(mut self, ending: Ending) -> Conversation {
        self.conversation.language = self.dialogue.language();
        self.conversation.agent_left_ms = self.at_ms;
        self.conversation.ended_ms = self.at_ms
            + match (ending, self.conversation.channel) {
                (Ending::HandedOver, _) => self.log_normal(210_000.0, 0.6),
                (Ending::Abandoned, Channel::Voice) => self.dice.i64(800..9_000),
                (Ending::Abandoned, _) => 600_000,
                _ => self.dice.i64(500..3_000),
            };
        if ending != Ending::HandedOver {
            self.conversation.agent_left_ms = self.conversation.ended_ms;
        }
        let voice = self.conversation.channel == Channel::Voice;
        // Some of those who left did not mean to.
        let broke = mix(self.first_turn_id, 0).is_multiple_of(8);
        self.conversation.crashed = voice && ending == Ending::Abandoned && broke;
        if let Some(order) = self.dialogue.order() {
            self.conversation.state.push(("order_number", order.to_owned()));
        }
        if let Some(topic) = self.dialogue.topic() {
            self.conversation.state.push(("last_topic", topic.id.to_owned()));
        }
        conclude(&mut self.conversation, ending);
        if ending != Ending::Abandoned
            && self.conversation.channel != Channel::Sms
            && self.chance(34)
        {
            self.survey();
        }
        self.conversation
    }

    fn survey(&mut self) {
        let at_ms = self.conversation.ended_ms;
        let mut write = |name, value: &str| {
            self.conversation.metrics.push(Metric { name, at_ms, value: value.to_owned() });
        };
        write("CSAT_OFFERED", "true");
        if self.dice.u32(0..100) < 45 {
            write("CSAT_DENIED", "true");
            return;
        }
        write("CSAT_ACCEPTED", "true");
        let score = u32::from(self.conversation.poly_score.unwrap_or(3));
        let given = (score + self.dice.u32(0..3)).saturating_sub(1).clamp(1, 5);
        let mut write = |name, value: String| {
            self.conversation.metrics.push(Metric { name, at_ms, value });
        };
        write("CSAT_SCORE", given.to_string());
        if self.conversation.channel == Channel::Voice
            && let Some(feedback) = self.dice.choice(FEEDBACK)
        {
            write("CSAT_FREE_FEEDBACK", feedback.to_owned());
        }
        write("CSAT_COMPLETED", "true".to_owned());
    }
}
