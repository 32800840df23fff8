//! Everything that happens by itself.

use super::{
    ClientSession, EndReason,
    socket::{Open, Socket},
    streams::Stream,
};
use crate::{
    messaging::frame::{ClientEvent, ClientFrame},
    model::Millis,
};

/// A dial without an answer.
pub(super) const DIAL_MS: u64 = 15_000;
/// The longest wait that an answer may ask for.
pub(super) const RETRY_AFTER_MS: u64 = 5 * 60 * 1_000;
/// A new session without its first event.
const START_MS: u64 = 15_000;
/// A known session without any history: there was none.
const HISTORY_MS: u64 = 3_000;
/// The history is complete when it was quiet for so long.
const SETTLE_MS: u64 = 1_500;
/// A connection that lasted so long is a good one.
pub(super) const STABLE_MS: u64 = 10_000;
/// Sockets are replaced at this age, as the platform's edge would close them.
const RECYCLE_MS: u64 = 2 * 60 * 60 * 1_000;
/// Between hanging up on a good socket and dialling the next.
pub(super) const RECYCLE_PAUSE_MS: u64 = 250;
/// Between looks at a network that is said to be gone.
pub(super) const OFFLINE_MS: u64 = 30_000;
/// A message or a request without its echo.
pub(super) const ECHO_MS: u64 = 10_000;
/// The longest time a written frame is taken to be under way.
pub(super) const LINGER_MS: u64 = 2_000;
/// A hole in the sequence that does not close; twice as long after every replay that leaves it.
const HOLE_MS: u64 = 3_000;
/// A stream without another chunk.
const STALL_MS: u64 = 15_000;
/// The wish to end without an answer.
const END_MS: u64 = 5_000;
/// How often the wish to end is written before the visitor is simply let go.
const END_TRIES: u8 = 2;
/// After the end was seen, the longest wait for what came before it.
pub(super) const CLOSING_MS: u64 = 30_000;
/// An indicator that is not renewed.
pub(super) const INDICATOR_MS: u64 = 10_000;
/// Between two notices that the visitor is typing.
pub(super) const TYPING_START_MS: u64 = 3_000;
/// Silence after which the visitor has stopped typing.
pub(super) const TYPING_STOP_MS: u64 = 5_000;
/// The heartbeat when the platform names none.
const HEARTBEAT_MS: u64 = 30_000;

impl ClientSession {
    pub(super) fn next_timer(&self) -> Option<Millis> {
        let socket = match &self.socket {
            Socket::Idle | Socket::Replaced | Socket::Failed | Socket::Lost | Socket::Ended => {
                return None;
            }
            Socket::Dialling { by: at }
            | Socket::Waiting { until: at }
            | Socket::Offline { until: at } => Some(*at),
            Socket::Open(open) => [
                start_at(open, self.started),
                settle_at(open),
                self.beat_at(open),
                self.dead_at(open),
                self.hole_at(),
                self.stall_at(),
                self.joining.deadline(self.serial),
                self.echo_deadline(open),
                self.end_written.map(|at| at.plus(END_MS)),
                self.typing.deadline(),
                open.stable,
                Some(open.since.plus(RECYCLE_MS)),
            ]
            .into_iter()
            .flatten()
            .min(),
        };
        [socket, self.closing, self.indicator_until].into_iter().flatten().min()
    }

    pub(super) fn run_timers(&mut self) {
        if self.is_due(self.indicator_until) {
            self.indicate(None);
        }
        if self.is_due(self.closing) {
            return self.finish(EndReason::Closed);
        }
        match self.socket {
            Socket::Dialling { by } if self.now >= by => self.redial(),
            Socket::Waiting { until } | Socket::Offline { until } if self.now >= until => {
                self.dial();
            }
            Socket::Open(_) => self.run_open_timers(),
            _ => {}
        }
    }

    fn run_open_timers(&mut self) {
        let Socket::Open(open) = &self.socket else { return };
        if self.is_due(self.dead_at(open)) {
            return self.redial();
        }
        if self.is_due(start_at(open, self.started)) {
            if !self.started {
                return self.redial();
            }
            self.become_ready();
        }
        self.settle();
        if self.is_due(self.end_written.map(|at| at.plus(END_MS))) {
            // The history of a fresh socket may hold the end; if not, it is asked for once more.
            self.end_tries += 1;
            if self.end_tries >= END_TRIES {
                return self.finish(EndReason::Visitor);
            }
            return self.recycle();
        }
        if self.is_due(self.typing.deadline()) {
            self.stop_typing();
        }
        self.give_up_late();
        if self.is_due(self.hole_at()) {
            if self.holes.are_normal {
                return self.finish(EndReason::Closed); // closing, or there were no such timer
            }
            self.holes.tries = self.holes.tries.saturating_add(1);
            return self.recycle();
        }
        if self.is_due(self.stall_at()) {
            return self.stall();
        }
        let lost_request = self.is_due(self.joining.deadline(self.serial));
        let Socket::Open(open) = &mut self.socket else { return };
        if lost_request || self.now >= open.since.plus(RECYCLE_MS) {
            return self.recycle();
        }
        if open.stable.is_some_and(|at| self.now >= at) {
            open.stable = None;
            self.backoff.reset();
        }
        self.beat();
    }

    fn settle(&mut self) {
        let Socket::Open(open) = &mut self.socket else { return };
        if settle_at(open).is_none_or(|at| self.now < at) {
            return;
        }
        open.settled = true;
        self.was_open = true;
        // What the platform's own history leaves out is no loss.
        if open.anchored {
            let highest = open.batch_highest.max(self.holes.highest);
            self.seen.fill(self.anchor.saturating_add(1), highest);
        }
        self.look_for_holes();
    }

    /// Keeps the time since when the first hole has been the first.
    pub(super) fn look_for_holes(&mut self) {
        if !self.seen.has_hole() {
            self.holes.first = None;
            self.holes.tries = 0;
            if self.closing.is_some() {
                self.finish(EndReason::Closed);
            }
        } else if self.holes.first.is_none_or(|(top, _)| top != self.seen.top()) {
            self.holes.first = Some((self.seen.top(), self.now));
        }
    }

    fn stall(&mut self) {
        let (now, mut given_up) = (self.now, Vec::new());
        for stream in self.streams.iter_mut() {
            if !stream.is_given_up() && now >= stream.touched.plus(STALL_MS) {
                stream.stalls += 1;
                stream.touched = now;
                if stream.is_given_up() {
                    given_up.push(stream.key);
                }
            }
        }
        if given_up.is_empty() {
            self.recycle();
        }
        for key in given_up {
            self.stop_streaming(key);
        }
    }

    fn beat(&mut self) {
        let Some(ms) = self.beat_ms() else { return };
        let Socket::Open(open) = &mut self.socket else { return };
        if self.now >= open.beat.plus(ms) {
            open.beat = self.now;
            if self.out.has_room() {
                self.write(&ClientFrame::new(ClientEvent::Heartbeat));
            }
        }
    }

    fn beat_ms(&self) -> Option<u64> {
        let seconds = self.status.capabilities.heartbeat_interval_seconds;
        let ms = seconds.map_or(HEARTBEAT_MS, |seconds| u64::from(seconds) * 1_000);
        (ms > 0).then_some(ms)
    }

    fn beat_at(&self, open: &Open) -> Option<Millis> {
        self.beat_ms().map(|ms| open.beat.plus(ms))
    }

    fn dead_at(&self, open: &Open) -> Option<Millis> {
        self.beat_ms().map(|ms| open.heard.plus(2 * ms))
    }

    fn hole_at(&self) -> Option<Millis> {
        let (_, since) = self.holes.first?;
        (!self.holes.are_normal || self.closing.is_some())
            .then(|| since.plus(HOLE_MS << self.holes.tries.min(7)))
    }

    fn stall_at(&self) -> Option<Millis> {
        self.streams.awaited().map(|stream: &Stream| stream.touched.plus(STALL_MS)).min()
    }

    fn is_due(&self, at: Option<Millis>) -> bool {
        at.is_some_and(|at| self.now >= at)
    }
}

fn start_at(open: &Open, started: bool) -> Option<Millis> {
    if !started {
        Some(open.since.plus(START_MS))
    } else if open.ready {
        None
    } else {
        Some(open.since.plus(HISTORY_MS))
    }
}

fn settle_at(open: &Open) -> Option<Millis> {
    open.batch.filter(|_| !open.settled).map(|at| at.plus(SETTLE_MS))
}
