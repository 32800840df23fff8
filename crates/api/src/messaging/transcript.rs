//! What has been said so far, in order, each thing once: the view model of a chat window.

mod entry;

pub use entry::{Author, Delivery, Entry, EntryKey};

use std::collections::VecDeque;

/// Entries in the order of the session's journal; what is not in it yet comes last.
#[derive(Debug, Clone)]
pub struct Transcript {
    entries: VecDeque<Entry>,
    limit: usize,
    dropped: u64,
    keys: u64,
}

impl Transcript {
    pub(super) fn new(limit: usize) -> Self {
        Self { entries: VecDeque::new(), limit: limit.max(1), dropped: 0, keys: 0 }
    }

    /// All entries, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry> + ExactSizeIterator {
        self.entries.iter()
    }

    /// The entry with that key, unless it was dropped for age.
    pub fn entry(&self, key: EntryKey) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing was said yet.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many old entries were dropped to stay within the limit.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// A new entry at the end, to be filled in and placed by the caller.
    pub(super) fn key(&mut self) -> EntryKey {
        self.keys += 1;
        EntryKey(self.keys)
    }
}
