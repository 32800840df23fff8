//! Looking at rules as time passes, and telling of what changed.

use std::sync::{Arc, Mutex};

use tokio::sync::Notify;

use super::Rules;
use super::event::event;
use crate::platform::Platform;
use crate::sync::lock;

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
    let Platform { clock, alerts, webhooks, .. } = &*platform;
    loop {
        let now_ms = clock.now_ms();
        let (changes, due_ms) = {
            let mut rules = lock(&alerts.rules);
            (rules.look(now_ms, &*platform), rules.due_ms())
        };
        for change in changes {
            webhooks.announce(&event(&change), &platform.uuid(), None, now_ms);
        }
        let due = async {
            match due_ms {
                Some(due_ms) => clock.sleep_until(due_ms).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = due => {}
            () = alerts.changed.notified() => {}
        }
    }
}
