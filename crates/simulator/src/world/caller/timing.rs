//! How long things take in a story.

use super::{Story, length};
use crate::agent::Reply;
use crate::conversation::{Channel, Turn};

impl Story<'_> {
    pub(super) fn visitor_takes_ms(&mut self, turn: &Turn) -> i64 {
        if self.conversation.turns.is_empty() {
            return self.dice.i64(200..1_500);
        }
        let length = length(&turn.user);
        match self.conversation.channel {
            Channel::Voice if turn.silence => self.dice.i64(7_000..9_000),
            Channel::Voice if !turn.dtmf.is_empty() => self.dice.i64(4_000..9_000),
            Channel::Voice => self.dice.i64(300..1_800) + length * 60,
            Channel::Webchat | Channel::Chat => self.log_normal(7_000.0, 0.7) + length * 110,
            Channel::Sms => self.log_normal(95_000.0, 0.9) + length * 140,
        }
    }

    pub(super) fn latency_ms(&mut self, reply: &Reply) -> u32 {
        let median = match self.conversation.channel {
            Channel::Voice => 820.0,
            Channel::Webchat | Channel::Chat => 1_150.0,
            Channel::Sms => 1_600.0,
        };
        let tools: i64 = reply.tools.iter().map(|_| self.dice.i64(250..1_700)).sum();
        u32::try_from(self.log_normal(median, 0.38) + tools).unwrap_or(1_000).max(260)
    }

    /// A log-normal number of milliseconds (Box-Muller).
    #[allow(clippy::cast_possible_truncation, reason = "a few minutes fit, and `as` saturates")]
    pub(super) fn log_normal(&mut self, median: f64, sigma: f64) -> i64 {
        let radius = (-2.0 * (1.0 - self.dice.f64()).ln()).sqrt();
        let normal = radius * (std::f64::consts::TAU * self.dice.f64()).cos();
        (median * (sigma * normal).exp()) as i64
    }
}
