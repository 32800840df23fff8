//! The socket: dialled, opened, lost, dialled again.

use super::{
    ClientSession, Connection, DialFailure, EndReason, Event, Output, outbox::State, timers,
};
use crate::{messaging::backoff::Backoff, model::Millis};

#[derive(Debug)]
pub(super) enum Socket {
    Idle,
    Dialling { by: Millis },
    Open(Open),
    Waiting { until: Millis },
    Offline { until: Millis },
    Replaced,
    Failed,
    Lost,
    Ended,
}

#[derive(Debug)]
pub(super) struct Open {
    pub(super) since: Millis,
    /// The history has begun to arrive, so that frames may be written.
    pub(super) ready: bool,
    /// When the connection counts as a good one; nothing once it does.
    pub(super) stable: Option<Millis>,
    pub(super) heard: Millis,
    pub(super) beat: Millis,
    /// When the latest part of the history came.
    pub(super) batch: Option<Millis>,
    /// The highest sequence in the history.
    pub(super) batch_highest: u64,
    /// The history holds the event at which the session knew everything: nothing is missing
    /// between what was known and what it says.
    pub(super) anchored: bool,
    /// The history has been quiet for long enough to be complete.
    pub(super) settled: bool,
}

impl ClientSession {
    pub(super) fn connect(&mut self) {
        match self.socket {
            Socket::Idle | Socket::Replaced | Socket::Failed => {
                self.backoff.reset();
                self.dial();
            }
            Socket::Waiting { .. } | Socket::Offline { .. } => self.dial(),
            Socket::Dialling { .. } | Socket::Open(_) | Socket::Lost | Socket::Ended => {}
        }
    }

    pub(super) fn dial(&mut self) {
        let quiet = self.quiet_after_writing();
        if self.now < quiet {
            self.socket = Socket::Waiting { until: quiet };
            return self.connection(Connection::Connecting);
        }
        self.serial = self.serial.saturating_add(1);
        let top = self.seen.top();
        // A cut stream is replayed from before its beginning: the history may hold one whole
        // message in place of its chunks.
        let stream = self.streams.first_sequence();
        let known = stream.map_or(top, |first| top.min(first.saturating_sub(1)));
        self.holes.dialled = self.seen.has_hole().then_some(top);
        self.holes.highest = self.seen.highest();
        let doubtful = self.seen.has_hole()
            || stream.is_some()
            || self.joining.is_open()
            || self.pending.iter().any(|p| matches!(p.state, State::Written { .. }));
        // Asking for an event that is known already makes the history prove that it joins on.
        self.anchor = if doubtful { self.seen.anchor_before(known) } else { known };
        let cursor = if doubtful { self.anchor.saturating_sub(1) } else { known };
        self.out.order(Output::Dial { cursor: (cursor > 0).then_some(cursor) });
        self.socket = Socket::Dialling { by: self.now.plus(timers::DIAL_MS) };
        self.connection(Connection::Connecting);
    }

    pub(super) fn opened(&mut self) {
        if matches!(self.socket, Socket::Dialling { .. }) {
            self.offline = false;
            let now = self.now;
            // Time without a socket is not a stream's fault.
            self.streams.iter_mut().for_each(|stream| stream.touched = now);
            self.socket = Socket::Open(Open {
                since: now,
                ready: false,
                stable: Some(now.plus(timers::STABLE_MS)),
                heard: now,
                beat: now,
                batch: None,
                batch_highest: 0,
                anchored: false,
                settled: false,
            });
        }
    }

    pub(super) fn dial_failed(&mut self, failure: DialFailure) {
        if !matches!(self.socket, Socket::Dialling { .. }) {
            return;
        }
        self.socket = Socket::Waiting { until: self.now };
        match failure {
            DialFailure::Unreachable => self.wait(0),
            DialFailure::Busy { retry_after_ms } => {
                self.wait(retry_after_ms.unwrap_or(0).min(timers::RETRY_AFTER_MS));
            }
            DialFailure::SessionLost => self.lost(),
            DialFailure::Refused => self.failed(),
        }
    }

    pub(super) fn closed(&mut self, code: u16) {
        if !matches!(self.socket, Socket::Dialling { .. } | Socket::Open(_)) {
            return;
        }
        self.socket = Socket::Waiting { until: self.now };
        match code {
            // The history of another socket may hold what is missing.
            1000 if self.closing.is_some() && self.seen.has_hole() => self.wait(0),
            1000 if self.is_over() => self.finish(EndReason::Visitor),
            1000 => self.finish(EndReason::Closed),
            4000 => {
                self.give_up_writing();
                self.rest(Socket::Replaced, Connection::Replaced);
            }
            4001 => self.lost(),
            _ => self.wait(0),
        }
    }

    pub(super) fn online(&mut self) {
        self.offline = false;
        if matches!(self.socket, Socket::Offline { .. } | Socket::Waiting { .. }) {
            self.backoff.reset();
            self.dial();
        }
    }

    pub(super) fn offline(&mut self) {
        self.offline = true;
        if matches!(self.socket, Socket::Open(_) | Socket::Dialling { .. }) {
            self.out.order(Output::Hangup { code: 4003 });
        }
        if matches!(self.socket, Socket::Open(_) | Socket::Dialling { .. } | Socket::Waiting { .. })
        {
            self.wait_offline();
        }
    }

    /// Hangs up on a socket that seems dead.
    pub(super) fn redial(&mut self) {
        self.out.order(Output::Hangup { code: 4002 });
        self.wait(0);
    }

    /// Hangs up on a good socket, to have a new one or to read the history again. This is no
    /// failure and does not count as one.
    pub(super) fn recycle(&mut self) {
        self.out.order(Output::Hangup { code: 4002 });
        self.wait_for(timers::RECYCLE_PAUSE_MS);
    }

    /// Waits for the next attempt, if there is one left.
    pub(super) fn wait(&mut self, at_least_ms: u64) {
        if self.offline {
            return self.wait_offline();
        }
        if self.closing.is_some() {
            return self.wait_for(Backoff::FIRST_MS); // not for long, whatever the budget says
        }
        let limit = self.status.capabilities.max_reconnect_attempts.unwrap_or(Backoff::ATTEMPTS);
        self.backoff.set_limit(limit);
        match self.backoff.next(self.dice.roll()) {
            Some(ms) => self.wait_for(ms.max(at_least_ms)),
            None => self.failed(),
        }
    }

    /// The conversation is over, and nothing more is expected.
    pub(super) fn finish(&mut self, reason: EndReason) {
        if matches!(self.socket, Socket::Open(_) | Socket::Dialling { .. }) {
            self.out.order(Output::Hangup { code: 1000 });
        }
        for key in self.streams.cut() {
            self.stop_streaming(key);
        }
        self.closing = None;
        self.status.ending = false;
        self.give_up_writing();
        let reason = self.status.ended.get_or_insert(reason).clone();
        self.rest(Socket::Ended, Connection::Ended);
        self.out.event(Event::Status);
        self.out.event(Event::Ended(reason));
    }

    pub(super) fn connection(&mut self, connection: Connection) {
        if self.status.connection != connection {
            self.status.connection = connection;
            self.out.event(Event::Connection(connection));
        }
    }

    fn wait_for(&mut self, ms: u64) {
        self.drop_socket();
        self.socket = Socket::Waiting { until: self.now.plus(ms) };
        self.connection(Connection::Waiting { attempt: self.backoff.attempts().max(1) });
    }

    fn wait_offline(&mut self) {
        self.drop_socket();
        self.socket = Socket::Offline { until: self.now.plus(timers::OFFLINE_MS) };
        self.connection(Connection::Offline);
    }

    pub(super) fn lost(&mut self) {
        if self.is_over() {
            return self.finish(EndReason::Visitor);
        }
        if matches!(self.socket, Socket::Open(_)) {
            self.out.order(Output::Hangup { code: 1000 });
        }
        self.give_up_written();
        self.rest(Socket::Lost, Connection::Lost);
        self.out.event(Event::SessionLost);
    }

    fn failed(&mut self) {
        if self.is_over() {
            return self.finish(EndReason::Visitor);
        }
        self.give_up_writing();
        self.rest(Socket::Failed, Connection::Failed);
    }

    /// The end was seen, or asked for.
    fn is_over(&self) -> bool {
        self.closing.is_some() || self.status.ending
    }

    fn rest(&mut self, socket: Socket, connection: Connection) {
        self.drop_socket();
        self.indicate(None);
        self.socket = socket;
        self.connection(connection);
    }

    fn drop_socket(&mut self) {
        self.holes.first = None;
        self.end_written = None;
        self.typing.forget();
    }

    /// When all that was written to the last socket has either arrived or never will. A history
    /// asked for earlier could miss a message that is still under way.
    fn quiet_after_writing(&self) -> Millis {
        let written = self.pending.iter().filter_map(|pending| match pending.state {
            State::Written { at, .. } => Some(at.plus(timers::LINGER_MS)),
            _ => None,
        });
        // Never far ahead, even if an earlier page had another clock.
        written.max().unwrap_or_default().min(self.now.plus(timers::LINGER_MS))
    }
}
