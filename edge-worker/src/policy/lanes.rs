//! What an isolate knows of the platform's hosts and of its own keys, and what follows for the next request.

use super::breaker::{Breaker, Pass};
use super::retry::{self, Budget, Ended};

// A deployment has a handful of hosts and some keys per account; more would be a mistake, and is forgotten.
const HOSTS: usize = 64;
const KEYS: usize = 1_024;

/// Breakers of hosts and keys, and the budget of repeats.
#[derive(Debug, Default)]
pub struct Lanes {
    hosts: Vec<(String, Breaker)>,
    keys: Vec<(String, Breaker)>,
    budget: Budget,
}

/// Where a request is on its way; goes to JavaScript and back as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lane {
    host: u16,
    key: u16,
    /// Whether the end has to be reported even if it is good.
    pub is_try: bool,
}

/// Why a request is not sent now, with the milliseconds after which it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// The host has been failing.
    Resting(u64),
    /// The platform asked for fewer requests with this key.
    Busy(u64),
}

impl Lanes {
    /// Asks for a request to `host` with `key`, which are any names.
    pub fn enter(&mut self, host: &str, key: &str, now: u64) -> Result<Lane, Held> {
        let key_at = find(&mut self.keys, key, KEYS);
        let by_key = self.keys.get_mut(key_at).map_or(Pass::Through, |(_, one)| one.pass(now));
        if let Pass::Wait(ms) = by_key {
            return Err(Held::Busy(ms));
        }
        let host_at = find(&mut self.hosts, host, HOSTS);
        let by_host = self.hosts.get_mut(host_at).map_or(Pass::Through, |(_, one)| one.pass(now));
        if let Pass::Wait(ms) = by_host {
            return Err(Held::Resting(ms));
        }
        self.budget.earn();
        Ok(Lane {
            host: u16::try_from(host_at).unwrap_or_default(),
            key: u16::try_from(key_at).unwrap_or_default(),
            is_try: by_host == Pass::Try || by_key == Pass::Try,
        })
    }

    /// Notes how an attempt ended, and says after how many milliseconds it is to be repeated, if it is.
    ///
    /// `may_repeat` says whether the operation and its body allow that.
    pub fn settle(
        &mut self,
        lane: Lane,
        ended: Ended,
        (repeats, may_repeat, jitter): (u32, bool, u32),
        now: u64,
    ) -> Option<u64> {
        if let Some((_, host)) = self.hosts.get_mut(usize::from(lane.host)) {
            if ended.is_failure() {
                host.failed(now);
            } else {
                host.recovered();
            }
        }
        let again =
            if may_repeat { retry::again(ended, repeats, jitter, &mut self.budget) } else { None };
        if let Some((_, key)) = self.keys.get_mut(usize::from(lane.key)) {
            match ended.slow_down() {
                // Whoever waits to repeat is the one that tries.
                Some(rest) => key.open(now, again.map_or(rest, |wait| wait.max(rest))),
                None => key.recovered(),
            }
        }
        again
    }

    /// The hosts with the state of their breakers.
    pub fn hosts(&self) -> impl Iterator<Item = (&str, &'static str)> {
        self.hosts.iter().map(|(host, breaker)| (host.as_str(), breaker.as_str()))
    }
}

impl Lane {
    /// As a number below 2^33, which JavaScript keeps exactly.
    pub fn number(self) -> u64 {
        u64::from(self.is_try) | u64::from(self.key) << 1 | u64::from(self.host) << 17
    }

    /// Back again.
    pub fn from_number(number: u64) -> Self {
        let part = |shift: u32| u16::try_from(number >> shift & 0xffff).unwrap_or_default();
        Self { host: part(17), key: part(1), is_try: number & 1 == 1 }
    }
}

fn find(list: &mut Vec<(String, Breaker)>, name: &str, most: usize) -> usize {
    if let Some(at) = list.iter().position(|(known, _)| known == name) {
        return at;
    }
    if list.len() >= most {
        list.clear();
    }
    list.push((name.to_owned(), Breaker::default()));
    list.len().saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Ended = Ended::Answered(200, None);

    fn enter(lanes: &mut Lanes, now: u64) -> Result<Lane, Held> {
        lanes.enter("https://a", "acme workspace", now)
    }

    fn settle(lanes: &mut Lanes, lane: Lane, ended: Ended, now: u64) -> Option<u64> {
        lanes.settle(lane, ended, (0, true, 0), now)
    }

    #[test]
    fn t57_a_failing_host_rests_alone() {
        let mut lanes = Lanes::default();
        for _ in 0..10 {
            let lane = enter(&mut lanes, 0).unwrap();
            settle(&mut lanes, lane, Ended::Unreachable, 0);
        }
        assert!(matches!(enter(&mut lanes, 1), Err(Held::Resting(1..))));
        assert!(lanes.enter("https://b", "acme workspace", 1).is_ok());
        assert_eq!(
            lanes.hosts().collect::<Vec<_>>(),
            [("https://a", "open"), ("https://b", "closed")]
        );
        let lane = enter(&mut lanes, 5_000).unwrap();
        assert!(lane.is_try);
        settle(&mut lanes, lane, GOOD, 5_001);
        assert!(!enter(&mut lanes, 5_002).unwrap().is_try);
    }

    #[test]
    fn t56_a_key_that_was_told_to_slow_down_does_for_all_and_one_tries_first() {
        let mut lanes = Lanes::default();
        let lane = enter(&mut lanes, 0).unwrap();
        assert_eq!(settle(&mut lanes, lane, Ended::Answered(429, Some(7_000)), 0), None);
        assert_eq!(enter(&mut lanes, 10), Err(Held::Busy(6_990)));
        assert!(lanes.enter("https://a", "other workspace", 10).is_ok(), "another key goes on");
        let lane = enter(&mut lanes, 7_000).unwrap();
        assert!(lane.is_try);
        assert!(matches!(enter(&mut lanes, 7_001), Err(Held::Busy(_))));
        settle(&mut lanes, lane, Ended::Answered(429, None), 7_002);
        assert_eq!(enter(&mut lanes, 7_003), Err(Held::Busy(999)));
        let lane = enter(&mut lanes, 8_002).unwrap();
        settle(&mut lanes, lane, Ended::Answered(404, None), 8_003);
        assert!(!enter(&mut lanes, 8_004).unwrap().is_try);
    }

    #[test]
    fn what_may_not_be_repeated_is_not() {
        let mut lanes = Lanes::default();
        let lane = enter(&mut lanes, 0).unwrap();
        assert_eq!(lanes.settle(lane, Ended::Unreachable, (0, false, 0), 0), None);
        assert_eq!(settle(&mut lanes, lane, Ended::Unreachable, 0), Some(100));
    }

    #[test]
    fn lanes_survive_the_way_through_javascript() {
        for lane in [
            Lane { host: 0, key: 0, is_try: false },
            Lane { host: 63, key: 1_023, is_try: true },
            Lane { host: u16::MAX, key: u16::MAX, is_try: true },
        ] {
            assert!(lane.number() < 1 << 33);
            assert_eq!(Lane::from_number(lane.number()), lane);
        }
    }

    #[test]
    fn names_are_bounded() {
        let mut lanes = Lanes::default();
        for name in 0..5_000_u32 {
            lanes.enter(&name.to_string(), &name.to_string(), 0).unwrap();
        }
        assert!(lanes.hosts.len() <= HOSTS && lanes.keys.len() <= KEYS);
    }
}
