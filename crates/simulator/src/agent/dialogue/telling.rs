//! The agent's answers themselves: topics, small talk, and not knowing.

use super::{Dialogue, hand_over};
use crate::agent::control::Control;
use crate::agent::knowledge::{self, Topic};
use crate::agent::language::{Local, Weekday};
use crate::agent::phrases;
use crate::agent::reply::{Line, Reply, ToolCall};

impl Dialogue {
    pub(super) fn small_talk(&mut self, control: Control) -> Reply {
        let start = ["order_status", "returns", "jackets"];
        if control == Control::No {
            self.refusals += 1;
            if self.refusals > 1 || self.waiting.take().is_some() {
                self.refusals = 0;
                return Reply::say(&phrases::ALRIGHT).offering([&phrases::CHIP_BYE]);
            }
        }
        match control {
            Control::Thanks => {
                Reply::say(&phrases::WELCOME).offering([&phrases::CHIP_BYE]).offering(self.onward())
            }
            Control::Hello => Reply::say(&phrases::HELLO).offering(chips(&start)),
            Control::Yes if self.misses >= 3 => hand_over(&phrases::HANDOFF, "not_understood"),
            Control::Yes => Reply::say(&phrases::GO_ON).offering(self.onward()),
            Control::Identity => Reply::say(&phrases::IDENTITY).offering([&phrases::CHIP_HUMAN]),
            _ => Reply::say(&phrases::ALRIGHT).offering([&phrases::CHIP_BYE]),
        }
    }

    pub(super) fn tell(&mut self, topic: &'static Topic) -> Reply {
        self.misses = 0;
        self.topic = Some(topic);
        if topic.needs_order && self.order.is_none() {
            self.waiting = Some((topic, 1));
            let mut reply = Reply::say(self.pick(&phrases::ASK_ORDER));
            reply.topic = Some(topic);
            return reply;
        }
        self.waiting = None;
        let mut reply = Reply { lines: vec![self.fill(topic)], ..Reply::default() };
        if self.variety.is_multiple_of(3) {
            reply.lines.push(Line::plain(&phrases::ANYTHING_ELSE));
        }
        reply.topic = Some(topic);
        reply.cards = topic.cards.iter().collect();
        reply.suggestions = chips(topic.next).collect();
        if let Some(name) = topic.tool {
            let argument = match (&self.order, topic.needs_order) {
                (Some(order), true) => ("order_number", order.clone()),
                _ => ("topic", topic.id.to_owned()),
            };
            reply.tools.push(ToolCall { name, argument });
        }
        reply
    }

    pub(super) fn miss(&mut self) -> Reply {
        let at = usize::from(self.misses).min(phrases::NOT_UNDERSTOOD.len() - 1);
        self.misses = self.misses.saturating_add(1);
        self.waiting = None;
        let wording = phrases::NOT_UNDERSTOOD.get(at).unwrap_or(&phrases::GO_ON);
        let mut reply = Reply::say(wording).offering(chips(&["order_status", "returns"]));
        reply.suggestions.push(&phrases::CHIP_HUMAN);
        reply.misunderstood = true;
        reply
    }

    pub(super) fn fill(&mut self, topic: &'static Topic) -> Line {
        let order = self.order.clone().filter(|_| topic.needs_order);
        let seed = order.as_deref().map_or(self.variety, digest);
        let (wording, day) = if topic.needs_order {
            // The same order always gives the same news.
            (at(topic.answers, seed), Some(*at(&Weekday::ALL, seed / 7)))
        } else {
            (self.pick(topic.answers), None)
        };
        Line { wording, order, day }
    }

    fn onward(&self) -> impl Iterator<Item = &'static Local> {
        chips(self.topic.map_or(&["order_status", "returns", "stores"][..], |topic| topic.next))
    }

    pub(super) fn pick(&mut self, wordings: &'static [Local]) -> &'static Local {
        self.variety = self
            .variety
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        at(wordings, self.variety >> 33)
    }
}

/// Suggestions for these topics.
pub(super) fn chips(topics: &[&str]) -> impl Iterator<Item = &'static Local> {
    topics.iter().filter_map(|id| knowledge::topic(id)).map(|topic| &topic.chip)
}

#[allow(
    clippy::indexing_slicing,
    reason = "the index is taken modulo the length; tables are never empty"
)]
fn at<T>(items: &[T], seed: u64) -> &T {
    &items[usize::try_from(seed % items.len() as u64).unwrap_or(0)]
}

/// A small stable number for a text (FNV-1a).
fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
