//! Looking at rules as time passes, and telling of what changed.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use perch_api::families::alerts::MAX_RULES;
use serde::Deserialize as _;
use serde::de::Error as _;
use serde_json::Value;
use tokio::sync::Notify;

use super::event::event;
use super::minutes::{Minutes, Traced};
use super::tally::Traffic as _;
use super::{Change, INTERVAL_MS, Rules};
use crate::platform::Platform;
use crate::snapshot::Store;
use crate::sync::lock;

/// The longest window.
const LONGEST_MS: i64 = 60 * INTERVAL_MS;

/// The rules, and who waits for them to change.
#[derive(Debug, Default)]
pub(crate) struct Alerts {
    rules: Mutex<Rules>,
    changed: Notify,
    /// Counts restored snapshots: whoever remembers traffic from before must forget it.
    restored: AtomicU64,
}

impl Alerts {
    /// Looks at the rules.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Rules) -> T) -> T {
        read(&lock(&self.rules))
    }

    /// What goes into a snapshot.
    pub(crate) const fn store(&self) -> &dyn Store {
        self
    }

    /// Lets rules that were put in place be looked at when they are due.
    pub(crate) fn wake(&self) {
        self.changed.notify_one();
    }

    /// Changes the rules.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Rules) -> T) -> T {
        let changed = change(&mut lock(&self.rules));
        self.changed.notify_one();
        changed
    }
}

impl Store for Alerts {
    fn save(&self) -> serde_json::Result<Value> {
        self.rules.save()
    }

    fn read(&self, state: &Value) -> serde_json::Result<Box<dyn FnOnce() + '_>> {
        let restored = Rules::deserialize(state)?;
        if restored.iter().count() > MAX_RULES {
            return Err(serde_json::Error::custom("more rules than there can be"));
        }
        Ok(Box::new(move || {
            let mut rules = lock(&self.rules);
            *rules = restored;
            self.restored.fetch_add(1, Ordering::Relaxed);
        }))
    }
}

/// Looks whenever a look is due, for as long as the simulator runs.
pub(crate) async fn watch(platform: Arc<Platform>) {
    let mut memory = Memory::default();
    loop {
        let now_ms = platform.clock.now_ms();
        if platform.alerts.read(|rules| rules.reach(now_ms).is_some()) {
            // Conversations are told for this, which may take a while after a jump.
            let own = Arc::clone(&platform);
            let looked = tokio::task::spawn_blocking(move || {
                let changes = memory.look(&own, now_ms);
                (memory, changes)
            });
            let changes;
            // Who panicked has forgotten, and looks anew.
            (memory, changes) = looked.await.unwrap_or_default();
            for change in changes {
                platform.webhooks.announce(&event(&change), &platform.uuid(), None, now_ms);
            }
        }
        let due_ms = platform.alerts.read(Rules::due_ms);
        let due = async {
            match due_ms {
                Some(due_ms) => platform.clock.sleep_until(due_ms).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = due => {}
            () = platform.alerts.changed.notified() => {}
        }
    }
}

/// The minutes that were looked at, and after how many restored snapshots.
#[derive(Default)]
struct Memory {
    minutes: Minutes,
    restored: u64,
}

impl Memory {
    fn look(&mut self, platform: &Platform, now_ms: i64) -> Vec<Change> {
        let restored = platform.alerts.restored.load(Ordering::Relaxed);
        if self.restored != restored {
            *self = Self { restored, ..Self::default() };
        }
        let catalog = platform.catalog(now_ms);
        let mut traced =
            Traced { minutes: &mut self.minutes, account: platform.account, catalog: &catalog };
        if let Some((from_ms, until_ms)) = platform.alerts.read(|rules| rules.reach(now_ms)) {
            // Outside the lock, because it takes longest; the looks find it done.
            traced.tally(None, from_ms, until_ms);
        }
        let mut rules = lock(&platform.alerts.rules);
        if platform.alerts.restored.load(Ordering::Relaxed) != restored {
            // Other rules, of another time.
            return Vec::new();
        }
        let changes = rules.look(now_ms, &mut traced);
        drop(rules);
        self.minutes.forget_before(now_ms - LONGEST_MS - INTERVAL_MS);
        changes
    }
}
