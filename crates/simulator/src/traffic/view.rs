//! What the traffic has brought: an index, and each conversation told when it is read.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{DEPLOYMENTS_KEPT, Story};
use crate::conversation::Conversation;
use crate::world::casting::DEPLOYMENTS;
use crate::world::index::Index;
use crate::world::script::Sentences;
use crate::world::{Teller, mix};

/// What the traffic has brought so far; it does not change for who holds it.
#[derive(Debug, Clone)]
pub(crate) struct View {
    teller: Arc<Teller>,
    /// Number of the oldest kept.
    pub(super) first: u64,
    index: Index,
    /// What each is told from.
    pub(super) stories: VecDeque<Story>,
    /// Since when which deployment ran live, oldest first.
    pub(super) deployments: Vec<(i64, String)>,
}

impl View {
    /// Nothing yet.
    pub(super) fn new(seed: u64) -> Self {
        Self {
            teller: Arc::new(Teller::new(seed)),
            first: 0,
            index: Index::default(),
            stories: VecDeque::new(),
            deployments: Vec::new(),
        }
    }

    /// Number of the oldest kept.
    pub(crate) const fn first(&self) -> u64 {
        self.first
    }

    /// What lists and searches look at.
    pub(crate) const fn index(&self) -> &Index {
        &self.index
    }

    /// The distinct sentences of its scripts.
    pub(crate) fn sentences(&self) -> &Sentences {
        self.teller.sentences()
    }

    /// Conversation `number`.
    pub(crate) fn tell(&self, number: u64) -> Option<Arc<Conversation>> {
        let at = usize::try_from(number.checked_sub(self.first)?).ok()?;
        let story = *self.stories.get(at)?;
        Some(self.teller.kept(number, || self.story(number, story)))
    }

    /// The conversation with this id.
    pub(crate) fn find(&self, id: &str) -> Option<Arc<Conversation>> {
        let mut told = self.index.places(id).filter_map(|at| self.tell(self.first + at as u64));
        told.find(|conversation| conversation.id == id)
    }

    /// Takes in the next arrival.
    pub(super) fn add(&mut self, number: u64, story: Story) {
        let told = self.story(number, story);
        self.index.push(&told, self.teller.sentences());
        if self.stories.is_empty() {
            self.first = number;
        }
        self.stories.push_back(story);
    }

    /// Keeps the latest `kept`.
    pub(super) fn forget(&mut self, kept: usize) {
        let count = self.stories.len().saturating_sub(kept);
        self.index.forget(count);
        self.stories.drain(..count);
        self.first += count as u64;
    }

    /// Puts what arrives from `from_ms` on to a deployment.
    pub(super) fn note_deployment(&mut self, from_ms: i64, deployment: String) {
        if self.deployments.last().is_none_or(|(_, last)| *last != deployment) {
            if self.deployments.len() >= DEPLOYMENTS_KEPT {
                self.deployments.remove(0);
            }
            self.deployments.push((from_ms, deployment));
        }
    }

    fn story(&self, number: u64, story: Story) -> Conversation {
        // Numbers of turns lie between those of the past and those held live.
        let turn_id = 200_000_000 + (number % 10_000_000) * 64;
        let mut told = self.teller.tell(story.number, turn_id, story.started_ms, None);
        let known = self.deployments.iter().rev().find(|(from, _)| *from <= story.started_ms);
        let deployment = known.or_else(|| self.deployments.first()).map(|(_, id)| id.clone());
        told.deployment = deployment.map_or(DEPLOYMENTS[4].into(), Into::into);
        analyse_late(&mut told, mix(story.number, u64::MAX));
        told
    }
}

/// Score, summary and what is measured at the end appear five seconds to three minutes later.
fn analyse_late(told: &mut Conversation, dice: u64) {
    let late_ms = 5_000 + i64::try_from(dice % 175_000).unwrap_or(0);
    for metric in &mut told.metrics {
        if metric.at_ms >= told.ended_ms {
            metric.at_ms += late_ms / 2;
        }
    }
    told.analysed_ms = told.ended_ms + late_ms;
}
