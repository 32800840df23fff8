//! The queue between a state machine and its driver.

use std::collections::VecDeque;

/// How many outputs may wait; a driver that polls never comes near.
pub(super) const OUTPUTS: usize = 4_096;

/// Outputs in order, never more than a bound.
#[derive(Debug)]
pub(super) struct Outputs<T> {
    queue: VecDeque<T>,
    overflowed: bool,
}

impl<T> Default for Outputs<T> {
    fn default() -> Self {
        Self { queue: VecDeque::new(), overflowed: false }
    }
}

impl<T> Outputs<T> {
    /// Queues an order to the driver; it must not get lost before an event does.
    pub(super) fn order(&mut self, output: T) {
        self.push(output, 2 * OUTPUTS);
    }

    /// Queues something that is only worth knowing.
    pub(super) fn event(&mut self, output: T) {
        self.push(output, OUTPUTS);
    }

    pub(super) fn poll(&mut self) -> Option<T> {
        self.queue.pop_front()
    }

    /// As [`Self::poll`]; at the end, once, `notice` when something was left out.
    pub(super) fn poll_or(&mut self, notice: T) -> Option<T> {
        self.poll().or_else(|| std::mem::take(&mut self.overflowed).then_some(notice))
    }

    fn push(&mut self, output: T, limit: usize) {
        if self.queue.len() < limit {
            self.queue.push_back(output);
        } else {
            self.overflowed = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_give_way_to_orders_and_both_end() {
        let mut out = Outputs::default();
        for _ in 0..3 * OUTPUTS {
            out.event('e');
        }
        for _ in 0..3 * OUTPUTS {
            out.order('o');
        }
        let all: Vec<_> = std::iter::from_fn(|| out.poll_or('!')).collect();
        assert_eq!(all.len(), 2 * OUTPUTS + 1);
        assert_eq!((all[OUTPUTS - 1], all[OUTPUTS], all[2 * OUTPUTS]), ('e', 'o', '!'));
        assert_eq!(out.poll_or('!'), None);
    }
}
