//! The switches in force, and what they mean for the next request or frame.

use std::sync::Mutex;

use perch_api::error::CATALOGUE;
use serde::Serialize;
use tokio::sync::watch;

use super::rule::SOCKET;
use super::{Fault, Faults, Rule};
use crate::refusal::Refusal;
use crate::sync::lock;
use crate::world::mix;

/// Most rules at once.
const RULES: usize = 64;

/// The switches, with the counters and the dice they need.
#[derive(Debug)]
pub(crate) struct FaultBoard {
    seed: u64,
    inner: Mutex<Inner>,
    /// Whoever hangs on a half-open connection learns here that it is over.
    changed: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct Inner {
    faults: Faults,
    /// The oldest switches as rules.
    switches: Vec<Armed>,
    rules: Vec<Armed>,
    last: u64,
}

#[derive(Debug)]
struct Armed {
    number: u64,
    rule: Rule,
    until_ms: Option<i64>,
    seen: u64,
    hits: u64,
    dice: fastrand::Rng,
}

/// A rule as the control API shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Shown {
    /// Its number, from 1.
    id: u64,
    #[serde(flatten)]
    rule: Rule,
    /// Requests or frames it was about.
    seen: u64,
    /// How many of them it befell.
    hits: u64,
    /// Milliseconds until it ends by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    left_ms: Option<i64>,
}

/// What befalls a request.
#[derive(Debug, Default)]
pub(crate) struct Fate {
    /// Wait this long first.
    pub(crate) delay_ms: u64,
    /// Then break the line, or refuse, if either.
    pub(crate) breach: Option<Breach>,
    /// And otherwise do this to the answer, each with dice of its own.
    pub(crate) answer: Vec<(Fault, u64)>,
    /// What all of it is called.
    pub(crate) names: Vec<&'static str>,
}

/// No answer, or another one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Breach {
    /// The connection breaks.
    Drop,
    /// The connection stays silent.
    HalfOpen,
    /// A refusal.
    Refusal(Refusal),
}

/// What befalls a frame on its way to a socket.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum FrameFate {
    /// Nothing.
    Sent,
    /// It is spoiled, by these dice.
    Malformed(u64),
    /// The socket breaks instead.
    Drop,
    /// The socket is silent from here on.
    HalfOpen,
}

impl FaultBoard {
    /// A board with everything off, whose chances follow from `seed`.
    pub(crate) fn seeded(seed: u64) -> Self {
        Self { seed, inner: Mutex::default(), changed: watch::Sender::new(()) }
    }

    /// Replaces all switches and rules and starts counting anew; refuses values that mean nothing.
    pub(crate) fn set(&self, faults: Faults, now_ms: i64) -> Result<(), &'static str> {
        let switches = faults.as_rules();
        if faults.rules.len() > RULES {
            return Err("at most 64 rules fit");
        }
        switches.iter().chain(&faults.rules).try_for_each(Rule::check)?;
        let mut inner = Inner { faults, ..Inner::default() };
        let rules = std::mem::take(&mut inner.faults.rules);
        inner.switches = self.switches(switches, now_ms);
        for rule in rules {
            self.add_to(&mut inner, rule, now_ms);
        }
        *lock(&self.inner) = inner;
        self.changed.send_replace(());
        Ok(())
    }

    /// Replaces the switches and leaves the rules as they are.
    pub(crate) fn switch(&self, faults: Faults, now_ms: i64) -> Result<(), &'static str> {
        if !faults.rules.is_empty() {
            return Err("rules are added one by one, or set with everything else");
        }
        let switches = faults.as_rules();
        switches.iter().try_for_each(Rule::check)?;
        let mut inner = lock(&self.inner);
        inner.switches = self.switches(switches, now_ms);
        inner.faults = faults;
        Ok(())
    }

    /// Adds a rule; answers it as it stands.
    pub(crate) fn add(&self, rule: Rule, now_ms: i64) -> Result<Option<Shown>, &'static str> {
        rule.check()?;
        let mut inner = lock(&self.inner);
        inner.rules.retain(|armed| !armed.is_over(now_ms));
        if inner.rules.len() >= RULES {
            return Err("at most 64 rules fit");
        }
        self.add_to(&mut inner, rule, now_ms);
        Ok(inner.rules.last().map(|armed| armed.shown(now_ms)))
    }

    /// Ends a rule; false when there is none with this number.
    pub(crate) fn remove(&self, number: u64) -> bool {
        let mut inner = lock(&self.inner);
        let before = inner.rules.len();
        inner.rules.retain(|armed| armed.number != number);
        let found = inner.rules.len() < before;
        drop(inner);
        self.changed.send_replace(());
        found
    }

    /// The switches in force.
    pub(crate) fn current(&self) -> Faults {
        lock(&self.inner).faults.clone()
    }

    /// The rules in force.
    pub(crate) fn rules(&self, now_ms: i64) -> Vec<Shown> {
        let inner = lock(&self.inner);
        let going = inner.rules.iter().filter(|armed| !armed.is_over(now_ms));
        going.map(|armed| armed.shown(now_ms)).collect()
    }

    /// Waits until a rule is removed or everything is set anew.
    pub(crate) async fn wait_for_change(&self) {
        // The sender lives as long as this board.
        let _ = self.changed.subscribe().changed().await;
    }

    /// Whether this streamed answer loses its socket; counts down.
    pub(crate) fn drops_this_answer(&self) -> bool {
        let faults = &mut lock(&self.inner).faults;
        let drops = faults.drop_mid_chunk > 0;
        faults.drop_mid_chunk = faults.drop_mid_chunk.saturating_sub(1);
        drops
    }

    /// What befalls a request for operation `id`.
    pub(crate) fn fate(&self, id: &str, now_ms: i64) -> Fate {
        let mut fate = Fate::default();
        for armed in lock(&self.inner).about(id, now_ms) {
            if id == SOCKET && armed.rule.fault.befalls_frames() {
                continue;
            }
            // Who is refused by one rule is not counted by the next.
            if fate.breach.is_some() && armed.rule.fault.is_breach() || !armed.hits() {
                continue;
            }
            fate.names.push(armed.rule.fault.name());
            match &armed.rule.fault {
                Fault::Latency(spread) => fate.delay_ms += spread.sample(&mut armed.dice),
                Fault::Drop {} => fate.breach = Some(Breach::Drop),
                Fault::HalfOpen {} => fate.breach = Some(Breach::HalfOpen),
                Fault::Error { code, .. } => {
                    let status = armed.rule.fault.status().unwrap_or(500);
                    let known = CATALOGUE.iter().find(|e| code.as_deref() == Some(e.code));
                    let code = known.map_or("SIMULATED_FAILURE", |entry| entry.code);
                    let refusal = Refusal::new(status, code, "Simulated failure.");
                    fate.breach = Some(Breach::Refusal(refusal));
                }
                Fault::RateLimit { retry_after_seconds } => {
                    let mut refusal = Refusal::new(429, "TOO_MANY_REQUESTS", "Too many requests.");
                    refusal.retry_after = Some(*retry_after_seconds);
                    fate.breach = Some(Breach::Refusal(refusal));
                }
                other => fate.answer.push((other.clone(), armed.dice.u64(..))),
            }
        }
        fate
    }

    /// What befalls the next frame to a socket.
    pub(crate) fn frame(&self, now_ms: i64) -> FrameFate {
        for armed in lock(&self.inner).about(SOCKET, now_ms) {
            if !armed.rule.fault.befalls_frames() || !armed.hits() {
                continue;
            }
            return match armed.rule.fault {
                Fault::Drop {} => FrameFate::Drop,
                Fault::HalfOpen {} => FrameFate::HalfOpen,
                _ => FrameFate::Malformed(armed.dice.u64(..)),
            };
        }
        FrameFate::Sent
    }

    fn add_to(&self, inner: &mut Inner, rule: Rule, now_ms: i64) {
        inner.last += 1;
        let armed = self.armed(inner.last, rule, now_ms);
        inner.rules.push(armed);
    }

    fn switches(&self, rules: Vec<Rule>, now_ms: i64) -> Vec<Armed> {
        // Numbers from the other end: a switch must not share its dice with a rule.
        let rules = rules.into_iter().zip((0..u64::MAX).rev());
        rules.map(|(rule, number)| self.armed(number, rule, now_ms)).collect()
    }

    fn armed(&self, number: u64, rule: Rule, now_ms: i64) -> Armed {
        let until_ms = rule.for_ms.map(|ms| now_ms.saturating_add(ms.into()));
        let dice = fastrand::Rng::with_seed(mix(self.seed, number));
        Armed { number, rule, until_ms, seen: 0, hits: 0, dice }
    }
}

impl Default for FaultBoard {
    fn default() -> Self {
        Self::seeded(0)
    }
}

impl Inner {
    fn about<'a>(&'a mut self, id: &'a str, now_ms: i64) -> impl Iterator<Item = &'a mut Armed> {
        let all = self.switches.iter_mut().chain(&mut self.rules);
        all.filter(move |armed| !armed.is_over(now_ms) && armed.rule.is_on(id))
    }
}

impl Armed {
    fn is_over(&self, now_ms: i64) -> bool {
        self.until_ms.is_some_and(|at| at <= now_ms)
            || self.rule.times.is_some_and(|times| self.hits >= times.into())
    }

    /// Counts one more, and says whether it is its turn.
    fn hits(&mut self) -> bool {
        self.seen += 1;
        let hits = match (self.rule.every, self.rule.rate) {
            (Some(every), _) => self.seen.is_multiple_of(every.into()),
            (None, Some(rate)) => self.dice.f64() < rate,
            (None, None) => true,
        };
        self.hits += u64::from(hits);
        hits
    }

    fn shown(&self, now_ms: i64) -> Shown {
        let left_ms = self.until_ms.map(|at| at - now_ms);
        let (seen, hits) = (self.seen, self.hits);
        Shown { id: self.number, rule: self.rule.clone(), seen, hits, left_ms }
    }
}

impl Fault {
    const fn befalls_frames(&self) -> bool {
        matches!(self, Self::Drop {} | Self::HalfOpen {} | Self::Malformed {})
    }

    const fn is_breach(&self) -> bool {
        matches!(
            self,
            Self::Drop {} | Self::HalfOpen {} | Self::Error { .. } | Self::RateLimit { .. }
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::RateLimit;
    use super::*;

    fn board(faults: &str) -> FaultBoard {
        let board = FaultBoard::seeded(7);
        board.set(serde_json::from_str(faults).unwrap(), 0).unwrap();
        board
    }

    fn statuses(board: &FaultBoard, id: &str, count: usize) -> Vec<u16> {
        let status = |_| match board.fate(id, 0).breach {
            None => 200,
            Some(Breach::Refusal(refusal)) => refusal.status,
            Some(_) => 0,
        };
        (0..count).map(status).collect()
    }

    #[test]
    fn the_oldest_switches_count_as_ever() {
        let board = board(
            r#"{"rate_limit":{"every":3,"retry_after_seconds":2},"error":{"status":502,"every":2}}"#,
        );
        // The fourth and seventh: a limited request is not counted among those that may fail.
        let met = statuses(&board, "agents.list", 7);
        assert_eq!(met, [200, 502, 429, 200, 502, 429, 200]);
        let limit = Some(RateLimit { every: 3, retry_after_seconds: 2 });
        assert_eq!(board.current().rate_limit, limit);
    }

    #[test]
    fn only_the_named_number_of_answers_is_dropped() {
        let board = board(r#"{"drop_mid_chunk":2}"#);
        let dropped: Vec<_> = (0..3).map(|_| board.drops_this_answer()).collect();
        assert_eq!(dropped, [true, true, false]);
    }

    #[test]
    fn a_rule_is_about_its_operations_for_its_time_and_so_often() {
        let board = board(
            r#"{"rules":[
                {"on":"agents.*","fault":{"drop":{}},"times":2},
                {"on":"alerts.active","fault":{"half_open":{}},"for_ms":1000}
            ]}"#,
        );
        let breach = |id, now_ms| board.fate(id, now_ms).breach;
        assert_eq!(breach("chat.create", 0), None);
        assert_eq!(breach("agents.list", 0), Some(Breach::Drop));
        assert_eq!(breach("agents.create", 0), Some(Breach::Drop));
        assert_eq!(breach("agents.list", 0), None, "twice only");
        assert_eq!(breach("alerts.active", 999), Some(Breach::HalfOpen));
        assert_eq!(breach("alerts.active", 1_000), None, "its time is over");
        assert_eq!(board.rules(0).len(), 1);
        assert!(board.remove(2) && !board.remove(2));
        assert_eq!(board.rules(0), []);
    }

    #[test]
    fn equal_seeds_and_rules_mean_equal_fates() {
        let rules = r#"{"rules":[
            {"fault":{"error":{"status":500}},"rate":0.3},
            {"fault":{"latency":{"p50_ms":100,"p99_ms":900}},"rate":0.5}
        ]}"#;
        let run = || {
            let board = board(rules);
            let waits: Vec<_> = (0..200).map(|_| board.fate("agents.list", 0).delay_ms).collect();
            (waits, statuses(&board, "agents.list", 200))
        };
        let (waits, met) = run();
        assert_eq!(run(), (waits.clone(), met.clone()));
        let failed = met.iter().filter(|status| **status == 500).count();
        assert!((40..=80).contains(&failed), "{failed} of 200");
        assert!((70..=130).contains(&waits.iter().filter(|ms| **ms > 0).count()));
    }

    #[test]
    fn frames_and_handshakes_have_their_own_faults() {
        let board = board(
            r#"{"rules":[
                {"on":"messaging.ws","fault":{"malformed":{}},"every":2},
                {"on":"messaging.ws","fault":{"error":{"status":503}},"times":1}
            ]}"#,
        );
        assert_eq!(statuses(&board, SOCKET, 2), [503, 200]);
        assert_eq!(board.frame(0), FrameFate::Sent);
        assert!(matches!(board.frame(0), FrameFate::Malformed(_)));
    }

    #[test]
    fn there_is_room_for_so_many_rules_only() {
        let board = board("{}");
        let rule = || Rule { times: Some(1), ..Rule::default() };
        for _ in 0..RULES {
            board.add(rule(), 0).unwrap();
        }
        assert!(board.add(rule(), 0).is_err());
        board.fate("agents.list", 0);
        assert!(board.add(rule(), 0).is_ok(), "all of them are over");
        let many = Faults { rules: vec![rule(); RULES + 1], ..Faults::default() };
        assert!(board.set(many, 0).is_err());
    }
}
