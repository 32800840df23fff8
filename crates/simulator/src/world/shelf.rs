//! Conversations told before: a bounded cache.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use crate::conversation::Conversation;
use crate::sync::lock;

/// How many one half of the shelf holds; a conversation takes some ten kilobytes.
const HALF: usize = 4_096;

/// Told conversations by number. When the new half is full it becomes the old one, and what stood
/// there is forgotten unless it was asked for since.
#[derive(Debug, Default)]
pub(super) struct Shelf(Mutex<Halves>);

#[derive(Debug, Default)]
struct Halves {
    new: HashMap<u64, Arc<Conversation>>,
    old: HashMap<u64, Arc<Conversation>>,
}

impl Shelf {
    /// Conversation `number`, told by `tell` unless it stands here.
    pub(super) fn take(
        &self,
        number: u64,
        tell: impl FnOnce() -> Conversation,
    ) -> Arc<Conversation> {
        let known = lock(&self.0).find(number);
        known.unwrap_or_else(|| {
            // Told without the lock: it takes a while, and the same number gives the same story.
            let told = Arc::new(tell());
            lock(&self.0).put(number, Arc::clone(&told));
            told
        })
    }
}

impl Halves {
    fn find(&mut self, number: u64) -> Option<Arc<Conversation>> {
        if let Some(known) = self.new.get(&number) {
            return Some(Arc::clone(known));
        }
        let known = self.old.remove(&number)?;
        self.put(number, Arc::clone(&known));
        Some(known)
    }

    fn put(&mut self, number: u64, told: Arc<Conversation>) {
        if self.new.len() >= HALF {
            self.old = std::mem::take(&mut self.new);
        }
        self.new.insert(number, told);
    }
}
