//! Calls the agent places: they queue for a line, ring, and are answered or not.
//!
//! What becomes of a call is decided when it is placed, from the world's seed and the number called,
//! so that a number behaves alike every time. How far a call is, is then a question of the time.

mod fate;
mod number;

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

pub(crate) use self::fate::Fate;
pub(crate) use self::number::dialled;
use crate::refusal::Refusal;
use crate::snapshot::statics::Word;
use crate::snapshot::{Store, statics};
use crate::studio::Stage;
use crate::sync::lock;

/// Calls that can run at once in one environment of an agent; the others queue.
const LINES: usize = 10;
/// Agents' environments with lines of their own.
const TRUNKS: usize = 1_000;
/// How long a call may queue.
const PATIENCE_MS: i64 = 120_000;
/// How long the state of a call is known after its end.
pub(crate) const KNOWN_MS: i64 = 2 * 60 * 60 * 1_000;
/// Most calls that are kept; the oldest goes.
const KEPT: usize = 20_000;
/// Most calls that may be placed in a minute. The platform's own limits differ by account.
const PER_MINUTE: usize = 600;

/// All calls.
#[derive(Debug)]
pub(crate) struct Outbound {
    seed: u64,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Inner {
    calls: HashMap<String, Placed>,
    /// Ids in the order of placing.
    order: VecDeque<String>,
    /// Until when each line of an agent's environment is busy.
    #[serde(with = "statics::pairs")]
    trunks: HashMap<(String, Stage), [i64; LINES]>,
}

/// What is asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Request {
    /// The agent, by its id as it is written.
    pub(crate) agent: String,
    /// Where it runs.
    pub(crate) stage: Stage,
    /// Whom it calls, E.164.
    pub(crate) to: String,
    /// The variant that speaks, as a place in the list of them.
    pub(crate) variant: usize,
}

/// A call that was placed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Placed {
    /// What was asked for.
    pub(crate) request: Request,
    /// When it was placed, Unix milliseconds.
    asked_ms: i64,
    /// When the telephone begins to ring; never for a call that gets no line.
    pub(crate) rings_ms: i64,
    /// When it is answered, or given up.
    pub(crate) decided_ms: i64,
    /// Why nobody answers.
    #[serde(deserialize_with = "statics::option")]
    failure: Option<Word>,
    /// When all is over.
    ended_ms: i64,
}

/// How far a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Waits for a line.
    Queued,
    /// Rings.
    Calling,
    /// Was answered.
    Answered,
    /// Was not, and why.
    Failed(&'static str),
}

impl Outbound {
    /// What snapshots hold of it.
    pub(crate) const fn store(&self) -> &dyn Store {
        &self.inner
    }

    /// No calls yet, in a world of this seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, inner: Mutex::default() }
    }

    /// Places a call. `talk` is asked once when somebody answers: it is told the moment and gives
    /// the end of the conversation.
    pub(crate) fn place(
        &self,
        id: String,
        request: Request,
        now_ms: i64,
        talk: impl FnOnce(i64) -> i64,
    ) -> Result<(), Refusal> {
        let fate = Fate::of(self.seed, &request.to);
        let mut inner = lock(&self.inner);
        inner.admit(now_ms)?;
        let lines = inner.lines(&request);
        // The line that is free first.
        let line = lines.iter_mut().min_by_key(|busy_ms| **busy_ms);
        let free_ms = line.as_ref().map_or(i64::MAX, |busy_ms| **busy_ms);
        let rings_ms = free_ms.max(now_ms + fate.dials_ms);
        let placed = if rings_ms - now_ms > PATIENCE_MS {
            let decided_ms = now_ms + PATIENCE_MS;
            let failure = Some("Queue timeout");
            Placed {
                request,
                asked_ms: now_ms,
                rings_ms: i64::MAX,
                decided_ms,
                failure,
                ended_ms: decided_ms,
            }
        } else {
            let decided_ms = rings_ms + fate.rings_ms;
            let failure = fate.failure;
            let ended_ms = if failure.is_some() { decided_ms } else { talk(decided_ms) };
            if let Some(line) = line {
                *line = ended_ms;
            }
            Placed { request, asked_ms: now_ms, rings_ms, decided_ms, failure, ended_ms }
        };
        inner.order.push_back(id.clone());
        inner.calls.insert(id, placed);
        Ok(())
    }

    /// How far a call of an agent's environment is; nothing once it is forgotten.
    pub(crate) fn progress(
        &self,
        id: &str,
        agent: &str,
        stage: Stage,
        now_ms: i64,
    ) -> Option<Progress> {
        let inner = lock(&self.inner);
        let call = inner.calls.get(id)?;
        let own = call.request.agent == agent && call.request.stage == stage;
        (own && now_ms < call.ended_ms + KNOWN_MS).then(|| call.progress(now_ms))
    }

    /// From when until when telephones rang: no conversation tells of that.
    pub(crate) fn rang(&self, fits: impl Fn(&Request) -> bool) -> Vec<(i64, i64)> {
        let inner = lock(&self.inner);
        let own = inner.calls.values().filter(|call| fits(&call.request));
        own.filter(|call| call.rings_ms < call.decided_ms)
            .map(|call| (call.rings_ms, call.decided_ms))
            .collect()
    }
}

impl Inner {
    /// Makes room for one more, unless there were too many of late.
    fn admit(&mut self, now_ms: i64) -> Result<(), Refusal> {
        let minute_ago = now_ms - 60_000;
        let newest = self.order.iter().rev().filter_map(|id| self.calls.get(id));
        if newest.take_while(|call| call.asked_ms > minute_ago).count() >= PER_MINUTE {
            let mut refusal = Refusal::new(429, "TOO_MANY_REQUESTS", "Too many calls at once.");
            refusal.retry_after = Some(60);
            return Err(refusal);
        }
        while self.order.len() >= KEPT {
            if let Some(oldest) = self.order.pop_front() {
                self.calls.remove(&oldest);
            }
        }
        Ok(())
    }

    fn lines(&mut self, request: &Request) -> &mut [i64; LINES] {
        let key = (request.agent.clone(), request.stage);
        if self.trunks.len() >= TRUNKS && !self.trunks.contains_key(&key) {
            self.trunks.clear();
        }
        self.trunks.entry(key).or_insert([i64::MIN; LINES])
    }
}

impl Placed {
    fn progress(&self, now_ms: i64) -> Progress {
        match self.failure {
            Some(reason) if now_ms >= self.decided_ms => Progress::Failed(reason),
            None if now_ms >= self.decided_ms => Progress::Answered,
            _ if now_ms >= self.rings_ms => Progress::Calling,
            _ => Progress::Queued,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWERS: &str = "+447700900001";

    fn request(to: &str) -> Request {
        Request { agent: "a".to_owned(), stage: Stage::Live, to: to.to_owned(), variant: 0 }
    }

    /// A number of the range set aside for fiction that is answered, or is not.
    fn somebody(seed: u64, answers: bool) -> String {
        let mut numbers = (0..1_000).map(|number| format!("+447700900{number:03}"));
        numbers.find(|to| Fate::of(seed, to).failure.is_none() == answers).unwrap()
    }

    #[test]
    fn a_call_queues_rings_is_answered_and_is_forgotten() {
        let calls = Outbound::new(7);
        let to = somebody(7, true);
        let mut answered_ms = 0;
        let talk = |at_ms| {
            answered_ms = at_ms;
            at_ms + 60_000
        };
        calls.place("OUT-1".to_owned(), request(&to), 0, talk).unwrap();
        let at = |now_ms| calls.progress("OUT-1", "a", Stage::Live, now_ms);
        assert_eq!(at(0), Some(Progress::Queued));
        let [(rings_ms, until_ms)] = calls.rang(|_| true)[..] else { panic!("one call rang") };
        assert_eq!(until_ms, answered_ms);
        assert_eq!(at(rings_ms), Some(Progress::Calling));
        assert_eq!(at(answered_ms), Some(Progress::Answered));
        let end_ms = answered_ms + 60_000;
        assert_eq!(at(end_ms + KNOWN_MS - 1), Some(Progress::Answered));
        assert_eq!(at(end_ms + KNOWN_MS), None);
        assert_eq!(calls.progress("OUT-1", "b", Stage::Live, 0), None, "of another agent");
        assert_eq!(calls.progress("OUT-1", "a", Stage::Sandbox, 0), None, "of another environment");
    }

    #[test]
    fn nobody_talks_where_nobody_answers() {
        let calls = Outbound::new(7);
        let to = somebody(7, false);
        calls.place("OUT-1".to_owned(), request(&to), 0, |_| panic!("answered")).unwrap();
        let state = calls.progress("OUT-1", "a", Stage::Live, 200_000);
        assert!(matches!(state, Some(Progress::Failed(reason)) if !reason.is_empty()));
    }

    #[test]
    fn calls_beyond_the_lines_wait_and_then_give_up() {
        let calls = Outbound::new(7);
        let to = somebody(7, true);
        for number in 0..LINES + 2 {
            // The first lines are busy for a minute, the others for an hour.
            let hour = 3_600_000;
            let long = if number == 0 { 60_000 } else { hour };
            calls.place(format!("OUT-{number}"), request(&to), 0, |at_ms| at_ms + long).unwrap();
        }
        let state = |number, now_ms| {
            calls.progress(&format!("OUT-{number}"), "a", Stage::Live, now_ms).unwrap()
        };
        assert_eq!(state(LINES, 50_000), Progress::Queued);
        assert_eq!(state(LINES, 119_000), Progress::Answered, "the first line is free again");
        assert_eq!(state(LINES + 1, 119_000), Progress::Queued);
        assert_eq!(state(LINES + 1, 120_000), Progress::Failed("Queue timeout"));
        let mut sandbox = request(&to);
        sandbox.stage = Stage::Sandbox;
        calls.place("OUT-x".to_owned(), sandbox, 0, |at_ms| at_ms).unwrap();
        let other = calls.progress("OUT-x", "a", Stage::Sandbox, 50_000);
        assert_eq!(other, Some(Progress::Answered), "its lines are its own");
    }

    #[test]
    fn too_many_calls_in_a_minute_are_refused_and_old_ones_go() {
        let calls = Outbound::new(7);
        for number in 0..PER_MINUTE {
            calls.place(number.to_string(), request(ANSWERS), 0, |at_ms| at_ms).unwrap();
        }
        let refused = calls.place("x".to_owned(), request(ANSWERS), 59_999, |at_ms| at_ms);
        assert_eq!(refused.unwrap_err().retry_after, Some(60));
        for number in 0..i64::try_from(KEPT).unwrap() {
            let at_ms = 60_000 + number * 1_000;
            calls.place(format!("n-{number}"), request(ANSWERS), at_ms, |at_ms| at_ms).unwrap();
        }
        assert_eq!(lock(&calls.inner).calls.len(), KEPT);
        assert_eq!(calls.progress("0", "a", Stage::Live, 0), None);
    }
}
