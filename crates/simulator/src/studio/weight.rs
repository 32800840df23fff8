//! How much builders have written, so that it can be bounded: counts alone would allow terabytes.

use std::collections::HashSet;
use std::sync::Arc;

use super::config::Page;
use super::{Agent, Agents, Deployments, Draft, Stage};
use crate::refusal::Refusal;

/// Most bytes of texts; one request may add what it copies beyond that.
const MOST: usize = 128 * 1024 * 1024;

impl Agents {
    /// Refuses to take in more than the simulator keeps.
    pub(crate) fn room_for_text(&self) -> Result<(), Refusal> {
        if self.all.iter().map(Agent::weight).sum::<usize>() < MOST {
            return Ok(());
        }
        let text = "The simulator keeps at most 128 MB of what builders write.";
        Err(Refusal::new(400, "", text))
    }
}

impl Agent {
    fn weight(&self) -> usize {
        let branches = self.branches.values();
        let branches = branches.map(|one| one.name.len() + one.base.weight() + one.draft.weight());
        let pages = Stage::ALL.map(|stage| self.configs.page(stage).weight());
        self.name.len()
            + self.settings.to_string().len()
            + self.main.weight()
            + branches.chain(pages).sum::<usize>()
            + self.deployments.weight()
    }
}

impl Draft {
    fn weight(&self) -> usize {
        let topics = self.topics.values().map(|topic| {
            let queries: usize = topic.queries.iter().map(String::len).sum();
            topic.name.len() + topic.content.len() + topic.actions.len() + queries
        });
        let attributes = self.attributes.values().map(String::len);
        let variants = self.variants.values().map(|variant| {
            variant.name.len() + variant.values.values().map(String::len).sum::<usize>()
        });
        let behavior = self.behavior.as_ref().map(String::len);
        topics.chain(attributes).chain(variants).chain(behavior).sum()
    }
}

impl Deployments {
    fn weight(&self) -> usize {
        let mut seen = HashSet::new();
        // What was promoted is one draft in several places.
        let mut own = |content: &Arc<Draft>| seen.insert(Arc::as_ptr(content));
        let words = self.iter().map(|one| one.metadata.values().map(|word| word.to_string().len()));
        let words: usize = words.flatten().sum();
        let contents = self.iter().filter(|one| own(&one.content));
        words + contents.map(|one| one.content.weight()).sum::<usize>()
    }
}

impl Page {
    fn weight(&self) -> usize {
        let parts = self.variables.iter().chain(&self.schema);
        parts.map(|(name, value)| name.len() + value.to_string().len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_bounded_and_deleting_makes_room() {
        let mut agents = Agents::seeded(1_795_443_600_000);
        let id = agents.all[0].id.clone();
        assert!(agents.all[0].weight() > 5_000 && agents.all[0].weight() < MOST / 100);
        let agent = agents.grow(&id, 1).unwrap();
        agent.branch("BRANCH-1".to_owned(), "large".to_owned(), 1).unwrap();
        agent.draft_mut("BRANCH-1").unwrap().behavior = Some("x".repeat(MOST));
        assert_eq!(agents.grow(&id, 2).unwrap_err().status, 400);
        let other = Agent::new("two".to_owned(), "Two".to_owned(), serde_json::Value::Null, 2);
        assert!(agents.add(other.clone()).is_err());
        agents.change(&id, 3).unwrap().branches.clear();
        assert!(agents.grow(&id, 4).is_ok() && agents.add(other).is_ok());
    }
}
