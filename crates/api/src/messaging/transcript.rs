//! What has been said so far, in order, each thing once: the view model of a chat window.

mod entry;

pub(super) use entry::Place;
pub use entry::{Author, Delivery, Entry, EntryKey};

use crate::model::Millis;
use std::collections::VecDeque;

/// Entries in the order of the session's journal; what has no place in it yet comes last.
#[derive(Debug, Clone)]
pub struct Transcript {
    entries: VecDeque<Entry>,
    limit: usize,
    dropped: u64,
    arrivals: u64,
}

impl Transcript {
    pub(super) fn new(limit: usize) -> Self {
        Self { entries: VecDeque::new(), limit: limit.max(1), dropped: 0, arrivals: 0 }
    }

    /// All entries, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry> + ExactSizeIterator {
        self.entries.iter()
    }

    /// The entry with that key, unless it was dropped for age.
    pub fn entry(&self, key: EntryKey) -> Option<&Entry> {
        // What changes is nearly always near the end.
        self.entries.iter().rev().find(|entry| entry.key == key)
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

    /// A new entry behind everything, to be filled in and then [`add`](Self::add)ed.
    pub(super) fn draft(&mut self, author: Author, text: String, at: Millis) -> Entry {
        self.arrivals += 1;
        let place = Place { sequence: Place::LAST, arrival: self.arrivals };
        Entry::new(EntryKey(self.arrivals), author, text, at, place)
    }

    /// The place of something that came just now, at or after `sequence`.
    pub(super) fn behind(&mut self, sequence: u64) -> Place {
        self.arrivals += 1;
        Place { sequence, arrival: self.arrivals }
    }

    /// Puts the entry where it belongs; the oldest goes when there are too many.
    pub(super) fn add(&mut self, entry: Entry) {
        let at = self.entries.partition_point(|other| other.place <= entry.place);
        self.entries.insert(at, entry);
        if self.entries.len() > self.limit {
            self.entries.pop_front();
            self.dropped += 1;
        }
    }

    /// Changes an entry; `change` says whether anything is different now.
    pub(super) fn edit(&mut self, key: EntryKey, change: impl FnOnce(&mut Entry) -> bool) -> bool {
        self.entries.iter_mut().rev().find(|entry| entry.key == key).is_some_and(change)
    }

    /// Moves an entry forward to its place; says whether that is a different one.
    pub(super) fn place(&mut self, key: EntryKey, place: Place) -> bool {
        let Some(at) = self.entries.iter().rposition(|entry| entry.key == key) else {
            return false;
        };
        if self.entries.get(at).is_none_or(|entry| entry.place <= place) {
            return false;
        }
        if let Some(mut entry) = self.entries.remove(at) {
            entry.place = place;
            let to = self.entries.partition_point(|other| other.place <= entry.place);
            self.entries.insert(to, entry);
        }
        true
    }

    pub(super) fn find(&self, test: impl Fn(&Entry) -> bool) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| test(entry))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(transcript: &Transcript) -> Vec<&str> {
        transcript.iter().map(|entry| entry.text.as_str()).collect()
    }

    fn add(transcript: &mut Transcript, text: &str, sequence: Option<u64>) -> EntryKey {
        let mut entry = transcript.draft(Author::Agent, text.to_owned(), Millis(0));
        if let Some(sequence) = sequence {
            entry.place = Place::at(sequence);
        }
        let key = entry.key;
        transcript.add(entry);
        key
    }

    #[test]
    fn orders_by_sequence_with_the_unplaced_last() {
        let mut transcript = Transcript::new(10);
        let first = add(&mut transcript, "typed first", None);
        let second = add(&mut transcript, "typed second", None);
        add(&mut transcript, "nine", Some(9));
        add(&mut transcript, "four", Some(4));
        assert_eq!(texts(&transcript), ["four", "nine", "typed first", "typed second"]);
        assert!(transcript.place(second, Place::at(6)));
        assert!(!transcript.place(second, Place::at(7)), "only ever forward");
        assert_eq!(texts(&transcript), ["four", "typed second", "nine", "typed first"]);
        let behind = transcript.behind(4);
        assert!(transcript.place(first, behind));
        assert_eq!(texts(&transcript), ["four", "typed first", "typed second", "nine"]);
    }

    #[test]
    fn drops_the_oldest_and_counts_it() {
        let mut transcript = Transcript::new(2);
        let old = add(&mut transcript, "a", Some(1));
        add(&mut transcript, "b", Some(2));
        add(&mut transcript, "c", None);
        assert_eq!(texts(&transcript), ["b", "c"]);
        assert_eq!((transcript.len(), transcript.dropped()), (2, 1));
        assert_eq!(transcript.entry(old), None);
    }
}
