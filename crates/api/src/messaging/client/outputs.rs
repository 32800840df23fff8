//! The queue between a session and its driver.

use super::io::{Event, Output};
use crate::messaging::transcript::EntryKey;
use std::collections::VecDeque;

/// How many outputs may wait; a driver that polls never comes near.
pub(super) const OUTPUTS: usize = 4_096;

/// Outputs in order, each change announced once, never more than a bound.
#[derive(Debug, Default)]
pub(super) struct Outputs {
    queue: VecDeque<Output>,
    /// Entries already announced as changed and not yet polled, ascending.
    changed: Vec<EntryKey>,
    overflowed: bool,
}

impl Outputs {
    /// Queues an order to the driver.
    pub(super) fn order(&mut self, output: Output) {
        // A dial or a hang-up must not get lost before an event does.
        if self.queue.len() < 2 * OUTPUTS {
            self.queue.push_back(output);
        } else {
            self.overflowed = true;
        }
    }

    /// Whether another frame may be queued.
    pub(super) fn has_room(&self) -> bool {
        self.queue.len() < OUTPUTS
    }

    pub(super) fn event(&mut self, event: Event) {
        if !self.has_room() {
            self.overflowed = true;
        } else if event != Event::Status || self.queue.back() != Some(&Output::Event(Event::Status))
        {
            self.queue.push_back(Output::Event(event));
        }
    }

    pub(super) fn entry(&mut self, key: EntryKey) {
        let Err(at) = self.changed.binary_search(&key) else { return };
        if self.has_room() {
            self.changed.insert(at, key);
            self.queue.push_back(Output::Event(Event::Entry(key)));
        } else {
            self.overflowed = true;
        }
    }

    pub(super) fn poll(&mut self) -> Option<Output> {
        let next = self.queue.pop_front();
        if let Some(Output::Event(Event::Entry(key))) = &next
            && let Ok(at) = self.changed.binary_search(key)
        {
            self.changed.remove(at);
        }
        if next.is_none() && std::mem::take(&mut self.overflowed) {
            return Some(Output::Event(Event::Resync));
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_announced_once_until_polled() {
        let mut out = Outputs::default();
        let entry = |n| Output::Event(Event::Entry(EntryKey(n)));
        out.entry(EntryKey(1));
        out.entry(EntryKey(2));
        out.entry(EntryKey(1));
        assert_eq!(out.poll(), Some(entry(1)));
        out.entry(EntryKey(1));
        assert_eq!((out.poll(), out.poll(), out.poll()), (Some(entry(2)), Some(entry(1)), None));
    }

    #[test]
    fn overflow_is_told_and_orders_go_first() {
        let mut out = Outputs::default();
        for n in 0..=OUTPUTS as u64 {
            out.entry(EntryKey(n));
        }
        out.order(Output::Hangup { code: 1000 });
        let all: Vec<_> = std::iter::from_fn(|| out.poll()).collect();
        assert_eq!(all.len(), OUTPUTS + 2);
        assert_eq!(all[OUTPUTS..], [Output::Hangup { code: 1000 }, Output::Event(Event::Resync)]);
    }
}
