//! Many conversations, findable: in brief, by what was said, and by id.

use super::brief::Brief;
use super::script::{Script, Sentences};
use crate::conversation::Conversation;

/// An index of conversations, oldest first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Index {
    briefs: Vec<Brief>,
    script: Script,
    /// A number for each id, to look it up.
    ids: Vec<u64>,
}

impl Index {
    /// Adds the next conversation, which must not have started before the last.
    pub(crate) fn push(&mut self, conversation: &Conversation, sentences: &Sentences) {
        self.briefs.push(Brief::of(conversation));
        self.script.push(&conversation.turns, sentences);
        self.ids.push(digest(&conversation.id));
    }

    /// Continues with the conversations of `other`.
    pub(crate) fn append(&mut self, other: &Self) {
        self.briefs.extend_from_slice(&other.briefs);
        self.script.append(&other.script);
        self.ids.extend_from_slice(&other.ids);
    }

    /// Forgets the oldest `count`.
    pub(crate) fn forget(&mut self, count: usize) {
        let count = count.min(self.briefs.len());
        self.briefs.drain(..count);
        self.script.forget(count);
        self.ids.drain(..count);
    }

    /// Every conversation in brief, oldest first.
    pub(crate) const fn briefs(&self) -> &[Brief] {
        self.briefs.as_slice()
    }

    /// What was said.
    pub(crate) const fn script(&self) -> &Script {
        &self.script
    }

    /// The conversations that started from `from_ms` until before `until_ms`.
    pub(crate) fn started(&self, from_ms: i64, until_ms: i64) -> std::ops::Range<usize> {
        let place = |ms: i64| self.briefs.partition_point(|brief| brief.started_ms < ms);
        let first = place(from_ms);
        first..place(until_ms).max(first)
    }

    /// Places whose id may be `id`; two ids may have the same number.
    pub(crate) fn places(&self, id: &str) -> impl Iterator<Item = usize> {
        let wanted = digest(id);
        self.ids.iter().enumerate().filter(move |(_, known)| **known == wanted).map(|(at, _)| at)
    }
}

/// A stable number for an id (FNV-1a).
fn digest(id: &str) -> u64 {
    id.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
