//! One piece of work at a time: starting the next drops the one before, and its request with it.

use futures_util::future::{AbortHandle, abortable};
use leptos::{prelude::*, task::spawn_local};

/// A slot for work that may be superseded. Its work ends with the view that made it.
#[derive(Clone, Copy)]
pub(crate) struct Task(StoredValue<Slot>);

struct Slot(Option<AbortHandle>);

impl Drop for Slot {
    fn drop(&mut self) {
        // The work is dropped in turn, and its abort controller cancels the request.
        if let Some(handle) = self.0.take() {
            handle.abort();
        }
    }
}

impl Task {
    /// An empty slot.
    pub(crate) fn new() -> Self {
        Self(StoredValue::new(Slot(None)))
    }

    /// Starts work in place of whatever the slot holds.
    pub(crate) fn start(self, work: impl Future<Output = ()> + 'static) {
        let (work, handle) = abortable(work);
        if self.0.try_set_value(Slot(Some(handle))).is_some() {
            return; // The view is gone.
        }
        spawn_local(async move {
            // Aborted work has nothing to say.
            let _ = work.await;
        });
    }

    /// Ends the work.
    pub(crate) fn stop(self) {
        let _ = self.0.try_set_value(Slot(None));
    }
}
