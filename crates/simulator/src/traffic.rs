//! New conversations while simulated time passes.
//!
//! Arrivals are a Poisson process, minute by minute, and a function of seed, minute and rate. They are
//! written down when somebody looks, however far time has moved by then, so nothing runs in the
//! background. Each is told to its end at once; readers see of it what had happened by their moment:
//! turns come one by one, then the end, and score, summary and closing metrics a while after that.

mod view;

use std::sync::{Arc, Mutex};

use serde::de::Error as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use self::view::View;
use crate::snapshot::Store;
use crate::sync::lock;
use crate::world::mix;

/// Most conversations a minute.
pub const BUSIEST: u32 = 6_000;
/// How many are kept; the oldest go.
const KEPT: usize = 50_000;
/// The most that one minute can bring; numbers of stories are counted with it.
const STORIES_A_MINUTE: u64 = 1 << 16;
const MINUTE_MS: i64 = 60_000;
/// Changes of the live deployment that are remembered.
const DEPLOYMENTS_KEPT: usize = 64;

/// The generator, and what it brought.
#[derive(Debug)]
pub(crate) struct Traffic(Mutex<Inner>);

#[derive(Debug)]
struct Inner {
    flow: Flow,
    view: Arc<View>,
}

/// Everything the traffic follows from.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Flow {
    seed: u64,
    /// Conversations a minute.
    rate: u32,
    /// The first minute that is not written down, counted from 1970.
    next_minute: i64,
    /// Number of the next conversation.
    next_number: u64,
}

/// One arrival.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Story {
    number: u64,
    started_ms: i64,
}

impl Traffic {
    /// A generator that brings nothing until it is given a rate.
    pub(crate) fn new(seed: u64) -> Self {
        let seed = mix(seed, 0x7472_6166_6669_6373);
        let flow = Flow { seed, rate: 0, next_minute: i64::MIN, next_number: 0 };
        Self(Mutex::new(Inner { view: Arc::new(View::new(seed)), flow }))
    }

    /// Lets `rate` conversations a minute arrive from the minute after `now_ms` on, [`BUSIEST`] at most.
    pub(crate) fn set_rate(&self, rate: u32, now_ms: i64, deployment: impl FnOnce() -> String) {
        let mut inner = lock(&self.0);
        inner.catch_up(now_ms, deployment);
        inner.flow.rate = rate.min(BUSIEST);
        inner.flow.next_minute = inner.flow.next_minute.max(now_ms.div_euclid(MINUTE_MS) + 1);
    }

    /// Conversations a minute.
    pub(crate) fn rate(&self) -> u32 {
        lock(&self.0).flow.rate
    }

    /// What snapshots hold of it.
    pub(crate) const fn store(&self) -> &dyn Store {
        self
    }

    /// What has arrived by `now_ms`, and perhaps what will arrive within that minute.
    ///
    /// `deployment` names what runs live now; what arrived since the last look is put to it.
    pub(crate) fn view(&self, now_ms: i64, deployment: impl FnOnce() -> String) -> Arc<View> {
        let mut inner = lock(&self.0);
        inner.catch_up(now_ms, deployment);
        Arc::clone(&inner.view)
    }
}

/// What a snapshot holds: the conversations are told anew.
#[derive(Serialize, Deserialize)]
struct Saved {
    flow: Flow,
    first: u64,
    stories: Vec<Story>,
    deployments: Vec<(i64, String)>,
}

impl Store for Traffic {
    fn save(&self) -> serde_json::Result<Value> {
        let inner = lock(&self.0);
        let View { first, stories, deployments, .. } = &*inner.view;
        serde_json::to_value(Saved {
            flow: inner.flow.clone(),
            first: *first,
            stories: stories.iter().copied().collect(),
            deployments: deployments.clone(),
        })
    }

    fn read(&self, state: &Value) -> serde_json::Result<Box<dyn FnOnce() + '_>> {
        let Saved { flow, first, stories, deployments } = Saved::deserialize(state)?;
        if flow.rate > BUSIEST || stories.len() > KEPT || deployments.len() > DEPLOYMENTS_KEPT {
            return Err(serde_json::Error::custom("more traffic than there can be"));
        }
        let mut view = View::new(flow.seed);
        view.deployments = deployments;
        for (number, story) in (first..).zip(stories) {
            view.add(number, story);
        }
        let inner = Inner { flow, view: Arc::new(view) };
        Ok(Box::new(move || *lock(&self.0) = inner))
    }
}

impl Inner {
    fn catch_up(&mut self, now_ms: i64, deployment: impl FnOnce() -> String) {
        let Self { flow, view } = self;
        let minute = now_ms.div_euclid(MINUTE_MS);
        if flow.rate == 0 || flow.next_minute > minute {
            return;
        }
        // Whoever still reads keeps the version it holds.
        let view = Arc::make_mut(view);
        view.note_deployment(flow.next_minute * MINUTE_MS, deployment());
        let longest = i64::try_from(KEPT).unwrap_or(i64::MAX) / i64::from(flow.rate) + 1;
        // After a long jump, what would be forgotten again is not told at all.
        for minute in flow.next_minute.max(minute - longest)..=minute {
            for story in arrivals(flow.seed, minute, flow.rate) {
                view.add(flow.next_number, story);
                flow.next_number += 1;
            }
        }
        flow.next_minute = minute + 1;
        view.forget(KEPT);
    }
}

/// The arrivals of one minute: gaps between them are exponential.
#[allow(clippy::cast_possible_truncation, reason = "less than a minute of milliseconds")]
fn arrivals(seed: u64, minute: i64, rate: u32) -> Vec<Story> {
    let mut dice = fastrand::Rng::with_seed(mix(seed, minute.unsigned_abs()));
    let mean_gap = 60_000.0 / f64::from(rate.max(1));
    let first = minute.unsigned_abs() * STORIES_A_MINUTE;
    let mut at = 0.0;
    let mut arrivals = Vec::new();
    for number in first..first + STORIES_A_MINUTE {
        at -= (1.0 - dice.f64()).ln() * mean_gap;
        if at >= 60_000.0 {
            break;
        }
        arrivals.push(Story { number, started_ms: minute * MINUTE_MS + at as i64 });
    }
    arrivals
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_443_600_000;

    fn at(traffic: &Traffic, now_ms: i64) -> Arc<View> {
        traffic.view(now_ms, || "d-1".into())
    }

    fn running(rate: u32) -> Traffic {
        let traffic = Traffic::new(7);
        traffic.set_rate(rate, NOW, || "d-1".into());
        traffic
    }

    #[test]
    fn traffic_follows_from_seed_and_rate_and_not_from_who_looks() {
        let (often, once) = (running(30), running(30));
        for second in 0..3_600 {
            at(&often, NOW + second * 1_000);
        }
        let (often, once) = (at(&often, NOW + 3_600_000), at(&once, NOW + 3_600_000));
        assert_eq!(often.index().briefs(), once.index().briefs());
        let count = often.index().briefs().len();
        assert!((1_600..2_000).contains(&count), "{count} of 30 a minute for an hour");
        for number in [0, 7, count as u64 - 1] {
            assert_eq!(format!("{:?}", often.tell(number)), format!("{:?}", once.tell(number)));
        }
        assert!(often.index().briefs().is_sorted_by_key(|brief| brief.started_ms));
    }

    #[test]
    fn nothing_comes_before_a_rate_is_set_or_after_it_was_taken_away() {
        let quiet = Traffic::new(7);
        assert!(at(&quiet, NOW + 3_600_000).index().briefs().is_empty());
        let ended = running(60);
        ended.set_rate(0, NOW + 600_000, || "d-1".into());
        let then = at(&ended, NOW + 600_000).index().briefs().len();
        assert!(then > 0);
        assert_eq!(at(&ended, NOW + 9_000_000).index().briefs().len(), then);
    }

    #[test]
    fn a_conversation_ends_and_is_analysed_later() {
        let traffic = running(60);
        let view = at(&traffic, NOW + 600_000);
        for number in 0..100 {
            let told = view.tell(number).unwrap();
            assert!(told.started_ms > NOW && told.in_progress(told.started_ms));
            assert!(told.analysed_ms >= told.ended_ms + 5_000);
            assert!(told.metrics.iter().any(|metric| metric.at_ms > told.ended_ms));
            assert_eq!(view.find(&told.id).unwrap().id, told.id);
        }
    }

    #[test]
    fn only_the_latest_are_kept_however_long_nobody_looked() {
        let traffic = running(BUSIEST);
        let view = at(&traffic, NOW + 30 * 86_400_000);
        let briefs = view.index().briefs();
        assert_eq!(briefs.len(), KEPT);
        assert!(briefs.last().unwrap().started_ms > NOW + 30 * 86_400_000 - 60_000);
        assert_eq!(view.tell(view.first()).unwrap().started_ms, briefs[0].started_ms);
        assert!(view.tell(view.first() + KEPT as u64).is_none());
    }
}
