//! Looking at rules as time passes, and telling of what changed.

use std::sync::{Arc, Mutex};

use tokio::sync::Notify;

use super::event::event;
use super::minutes::{Minutes, Traced};
use super::tally::Traffic as _;
use super::{Change, INTERVAL_MS, Rules};
use crate::platform::Platform;
use crate::sync::lock;
use crate::world::World;

/// The longest window.
const LONGEST_MS: i64 = 60 * INTERVAL_MS;

/// The rules, and who waits for them to change.
#[derive(Debug, Default)]
pub(crate) struct Alerts {
    rules: Mutex<Rules>,
    changed: Notify,
}

impl Alerts {
    /// Looks at the rules.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Rules) -> T) -> T {
        read(&lock(&self.rules))
    }

    /// Changes the rules.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Rules) -> T) -> T {
        let changed = change(&mut lock(&self.rules));
        self.changed.notify_one();
        changed
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

/// The minutes that were looked at, and whose they are.
#[derive(Default)]
struct Memory {
    minutes: Minutes,
    world: Option<Arc<World>>,
}

impl Memory {
    fn look(&mut self, platform: &Platform, now_ms: i64) -> Vec<Change> {
        let world = platform.world();
        if self.world.as_ref().is_none_or(|known| !Arc::ptr_eq(known, &world)) {
            // Another world was put in this one's place, with other minutes.
            *self = Self { minutes: Minutes::default(), world: Some(world) };
        }
        let catalog = platform.catalog(now_ms);
        let mut traced =
            Traced { minutes: &mut self.minutes, account: platform.account, catalog: &catalog };
        if let Some((from_ms, until_ms)) = platform.alerts.read(|rules| rules.reach(now_ms)) {
            // Outside the lock, because it takes longest; the looks find it done.
            traced.tally(None, from_ms, until_ms);
        }
        let changes = lock(&platform.alerts.rules).look(now_ms, &mut traced);
        self.minutes.forget_before(now_ms - LONGEST_MS - INTERVAL_MS);
        changes
    }
}
