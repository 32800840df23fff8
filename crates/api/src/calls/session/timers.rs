//! Everything that happens by itself.

use super::{CallSession, EndReason, socket::Socket};
use crate::model::Millis;

/// A dial without an answer.
pub(super) const DIAL_MS: u64 = 10_000;
/// A connection that lasted so long is a good one.
pub(super) const STABLE_MS: u64 = 10_000;
/// The longest wait that an answer may ask for.
pub(super) const RETRY_AFTER_MS: u64 = 30_000;
/// How many attempts follow the first.
pub(super) const ATTEMPTS: u8 = 3;

/// The wait before the next attempt: 1, 2, 4 s.
pub(super) fn pause_ms(attempts: u8) -> Option<u64> {
    (attempts < ATTEMPTS).then(|| 1_000 << attempts)
}

impl CallSession {
    pub(super) fn next_timer(&self) -> Option<Millis> {
        let call = self.call.as_ref()?;
        let socket = match call.socket {
            Socket::Dialling { by: at } | Socket::Waiting { until: at } => Some(at),
            Socket::Open { stable } => stable,
        };
        [socket, call.connect_by, call.grace].into_iter().flatten().min()
    }

    pub(super) fn run_timers(&mut self) {
        let now = self.now;
        let is_due = |at: Option<Millis>| at.is_some_and(|at| now >= at);
        let Some(call) = &self.call else { return };
        if is_due(call.connect_by) {
            return self.end(EndReason::Timeout);
        }
        if is_due(call.grace) {
            return self.end(EndReason::MediaLost);
        }
        match call.socket {
            Socket::Dialling { by } if now >= by => self.redial(),
            Socket::Waiting { until } if now >= until => self.dial(),
            Socket::Open { stable } if is_due(stable) => self.settle(),
            _ => {}
        }
    }
}
