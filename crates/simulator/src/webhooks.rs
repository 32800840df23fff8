//! Webhooks: endpoints, what is told to them, and what became of it.
//!
//! Deliveries really go out, by HTTP POST. Success is a status from 200 to 299; redirects are not
//! followed and count as refused; bodies of answers are not read. The retry schedule runs in simulated
//! time; how long a receiver may take is the machine's time, because receivers are real programs.

mod delivery;
mod endpoint;
mod endpoints;
mod queue;
mod request;
mod saved;
mod send;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use perch_api::model::WebhookEndpointId;
use perch_api::webhook::Event;
use tokio::sync::Notify;

use self::delivery::Message;
pub(crate) use self::delivery::{Attempt, Delivery, Outcome, Standing};
pub(crate) use self::endpoint::Endpoint;
use self::endpoints::Endpoints;
use self::queue::Queue;
pub(crate) use self::request::left_out;
pub(crate) use self::send::send;
use crate::snapshot::Store;
use crate::sync::lock;

/// The endpoints, the deliveries, and who waits for either to change.
pub(crate) struct Webhooks {
    inner: Mutex<Inner>,
    changed: Notify,
    takes_local: AtomicBool,
    stamps_by_machine: AtomicBool,
}

/// Endpoints and deliveries.
#[derive(Default)]
pub(crate) struct Inner {
    /// The endpoints.
    pub(crate) endpoints: Endpoints,
    /// The deliveries.
    pub(crate) queue: Queue,
}

impl Default for Webhooks {
    fn default() -> Self {
        Self {
            inner: Mutex::default(),
            changed: Notify::new(),
            takes_local: AtomicBool::new(true),
            stamps_by_machine: AtomicBool::new(false),
        }
    }
}

impl Webhooks {
    /// Whether an endpoint may be on this machine, with `http`.
    pub(crate) fn takes_local(&self) -> bool {
        self.takes_local.load(Ordering::Relaxed)
    }

    /// Whether deliveries carry the machine's time, and not the simulated one.
    fn stamps_by_machine(&self) -> bool {
        self.stamps_by_machine.load(Ordering::Relaxed)
    }

    /// Sets both of these.
    pub(crate) fn set_up(&self, take_local: bool, stamp_by_machine: bool) {
        self.takes_local.store(take_local, Ordering::Relaxed);
        self.stamps_by_machine.store(stamp_by_machine, Ordering::Relaxed);
    }

    /// Looks at endpoints and deliveries.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Inner) -> T) -> T {
        read(&lock(&self.inner))
    }

    /// What goes into a snapshot.
    pub(crate) const fn store(&self) -> &dyn Store {
        self
    }

    /// Lets what was put in place be sent when it is due.
    pub(crate) fn wake(&self) {
        self.changed.notify_one();
    }

    /// Changes them.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Inner) -> T) -> T {
        let changed = change(&mut lock(&self.inner));
        self.changed.notify_one();
        changed
    }

    /// Tells every endpoint that wants to know, or this one; gives the numbers of the deliveries.
    pub(crate) fn announce(
        &self,
        event: &Event,
        event_id: &str,
        only: Option<&WebhookEndpointId>,
        now_ms: i64,
    ) -> Vec<u64> {
        let message = Arc::new(Message {
            event_id: event_id.to_owned(),
            event_type: event.event_type().to_owned(),
            body: String::from_utf8_lossy(&event.to_body()).into_owned(),
        });
        self.change(|Inner { endpoints, queue }| {
            let told = endpoints.iter().filter(|endpoint| match only {
                Some(only) => endpoint.id == *only,
                None => endpoint.wants(&message.event_type),
            });
            told.map(|endpoint| queue.push(&endpoint.id, Arc::clone(&message), now_ms)).collect()
        })
    }
}
