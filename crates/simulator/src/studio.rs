//! Agents as Studio's builders know them: branches, what is on them, what runs where, what they read
//! as they run, and what they said before.
//!
//! `main` is written by merging only. A merge publishes to the sandbox in the same step, and from
//! there deployments are promoted; every promotion makes a new one. The agent that answers in this
//! simulator ([`crate::agent`]) is fixed: what is written here is stored, merged and deployed, and
//! does not change its words.

pub(crate) mod audio;
pub(crate) mod config;
mod deployment;
mod draft;
pub(crate) mod lines;
mod merge;
mod seed;
pub(crate) mod speaker;
pub(crate) mod voices;
mod weight;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::audio::AudioCache;
use self::config::Configs;
pub(crate) use self::deployment::{Deployment, Deployments, Order, Stage};
pub(crate) use self::draft::{Draft, Topic, Variant};
use self::lines::Lines;
pub(crate) use self::merge::{Conflict, Resolution, Side, Unmerged, merge};
use self::voices::Voices;
use crate::account::Account;
use crate::refusal::Refusal;

/// The branch that is written by merging only.
pub(crate) const MAIN: &str = "main";
/// Most of anything that requests can add to.
const KEPT: usize = 1_000;

/// All agents of the workspace, and the numbers that lead to them.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Agents {
    all: Vec<Agent>,
    /// Numbers and connectors.
    pub(crate) lines: Lines,
    /// Voices that every agent may speak with.
    pub(crate) voices: Voices,
}

/// One agent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Agent {
    /// Its id as it is written in answers.
    pub(crate) id: String,
    /// Another name that paths may use.
    pub(crate) slug: Option<String>,
    /// Shown in Studio.
    pub(crate) name: String,
    /// When it was made, Unix milliseconds.
    pub(crate) created_ms: i64,
    /// When it was last changed, Unix milliseconds.
    pub(crate) updated_ms: i64,
    /// What was said when it was made: greeting, voice, model.
    pub(crate) settings: Value,
    /// What merges have made.
    pub(crate) main: Draft,
    /// Branches by id.
    pub(crate) branches: BTreeMap<String, Branch>,
    /// What runs where.
    pub(crate) deployments: Deployments,
    /// What it said before.
    pub(crate) audio: AudioCache,
    /// What it reads as it runs.
    pub(crate) configs: Configs,
    /// How often `main` was written.
    pub(crate) merges: u64,
    /// Counts everything that happens to branches.
    sequence: u64,
}

/// Where an agent is changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Branch {
    /// What people call it.
    pub(crate) name: String,
    /// `main` when it was made or last merged.
    pub(crate) base: Draft,
    /// What is on it.
    pub(crate) draft: Draft,
    /// When it was made, Unix milliseconds.
    pub(crate) created_ms: i64,
}

impl Agents {
    /// The seeded agent alone, with a past that ends at `now_ms`.
    pub(crate) fn seeded(now_ms: i64) -> Self {
        let all = vec![seed::agent(now_ms)];
        Self { all, lines: seed::lines(), voices: Voices::seeded() }
    }

    /// The one agent of an account without a past: nothing is written on it, and nothing released.
    pub(crate) fn bare(account: &Account, now_ms: i64) -> Self {
        let id = account.project_id.to_owned();
        let mut agent = Agent::new(id, account.agent.to_owned(), Value::Null, now_ms);
        agent.slug = Some(account.project_slug.to_owned());
        Self { all: vec![agent], lines: Lines::default(), voices: Voices::of_the_vendor() }
    }

    /// Every agent, the oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Agent> {
        self.all.iter()
    }

    /// Whether there is one with this id or slug.
    pub(crate) fn contains(&self, id: &str) -> bool {
        self.all.iter().any(|agent| agent.is(id))
    }

    /// The agent with this id or slug.
    pub(crate) fn find(&self, id: &str) -> Result<&Agent, Refusal> {
        self.all.iter().find(|agent| agent.is(id)).ok_or_else(no_agent)
    }

    /// The same, for changes of what runs, which are no changes of the agent.
    pub(crate) fn find_mut(&mut self, id: &str) -> Result<&mut Agent, Refusal> {
        self.all.iter_mut().find(|agent| agent.is(id)).ok_or_else(no_agent)
    }

    /// The same, to be changed at `now_ms`.
    pub(crate) fn change(&mut self, id: &str, now_ms: i64) -> Result<&mut Agent, Refusal> {
        let agent = self.find_mut(id)?;
        agent.updated_ms = now_ms;
        Ok(agent)
    }

    /// The same, where something is added: there must be room for it.
    pub(crate) fn grow(&mut self, id: &str, now_ms: i64) -> Result<&mut Agent, Refusal> {
        self.room_for_text()?;
        self.change(id, now_ms)
    }

    /// Adds an agent; its id must be free.
    pub(crate) fn add(&mut self, agent: Agent) -> Result<&Agent, Refusal> {
        room(self.all.len())?;
        self.room_for_text()?;
        if self.contains(&agent.id) {
            let text = "The agent ID is already in use.";
            return Err(Refusal::new(409, "PROJECT_ID_ALREADY_EXISTS", text));
        }
        self.all.push(agent);
        self.all.last().ok_or_else(no_agent)
    }

    /// Removes an agent with everything on it.
    pub(crate) fn remove(&mut self, id: &str) -> Result<(), Refusal> {
        let at = self.all.iter().position(|agent| agent.is(id)).ok_or_else(no_agent)?;
        let agent = self.all.remove(at);
        // What becomes of its numbers is undocumented: nobody could manage them any more.
        self.lines.forget(&agent.id);
        Ok(())
    }
}

impl Agent {
    /// An agent nothing was written on yet.
    pub(crate) fn new(id: String, name: String, settings: Value, now_ms: i64) -> Self {
        Self {
            id,
            slug: None,
            name,
            created_ms: now_ms,
            updated_ms: now_ms,
            settings,
            main: Draft::default(),
            branches: BTreeMap::new(),
            deployments: Deployments::default(),
            audio: AudioCache::default(),
            configs: Configs::default(),
            merges: 0,
            sequence: 0,
        }
    }

    /// The next number of its history, as the platform writes it.
    pub(crate) fn next_sequence(&mut self) -> String {
        self.sequence += 1;
        self.sequence.to_string()
    }

    /// Adds a branch of `main`.
    pub(crate) fn branch(&mut self, id: String, name: String, now_ms: i64) -> Result<(), Refusal> {
        room(self.branches.len())?;
        let (base, draft) = (self.main.clone(), self.main.clone());
        self.branches.insert(id, Branch { name, base, draft, created_ms: now_ms });
        Ok(())
    }

    /// What is on a branch, to be changed; `main` is not.
    pub(crate) fn draft_mut(&mut self, branch: &str) -> Result<&mut Draft, Refusal> {
        writable(branch)?;
        Ok(&mut self.branches.get_mut(branch).ok_or_else(no_branch)?.draft)
    }

    /// What is on a branch or on `main`.
    pub(crate) fn draft(&self, branch: &str) -> Result<&Draft, Refusal> {
        if branch == MAIN {
            return Ok(&self.main);
        }
        Ok(&self.branches.get(branch).ok_or_else(no_branch)?.draft)
    }

    /// Whether this is its id or slug; letter case does not count.
    pub(crate) fn is(&self, id: &str) -> bool {
        self.id.eq_ignore_ascii_case(id)
            || self.slug.as_ref().is_some_and(|slug| slug.eq_ignore_ascii_case(id))
    }
}

/// Refuses what only branches allow.
pub(crate) fn writable(branch: &str) -> Result<(), Refusal> {
    if branch == MAIN {
        return Err(Refusal::new(422, "", "Cannot directly update main branch"));
    }
    Ok(())
}

/// Refuses one more than the simulator keeps.
pub(crate) fn room(kept: usize) -> Result<(), Refusal> {
    if kept < KEPT {
        return Ok(());
    }
    Err(Refusal::new(400, "", format!("The simulator keeps at most {KEPT} of these.")))
}

/// Nothing with that id here; the catalogue has no code for most kinds of things.
pub(crate) fn missing(what: &str) -> Refusal {
    Refusal::new(404, "", format!("{what} ID does not exist."))
}

/// The branch is not there.
pub(crate) fn no_branch() -> Refusal {
    missing("Branch")
}

/// A body that its schema does not allow.
pub(crate) fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "SCHEMA_VALIDATION_FAILED", message)
}

/// A text that must not be empty.
pub(crate) fn filled(name: &str, text: &str) -> Result<(), Refusal> {
    if text.is_empty() { Err(invalid(format!("{name} must not be empty."))) } else { Ok(()) }
}

fn no_agent() -> Refusal {
    Refusal::new(404, "PROJECT_NOT_FOUND", "No such project.")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::audio::{Sort, Upload};
    use super::*;

    #[test]
    fn what_is_written_down_comes_back() {
        let mut agents = Agents::seeded(1_795_443_600_000);
        let agent = agents.change("fernhill-juno", 1_795_443_600_001).unwrap();
        agent.branch("BRANCH-1".to_owned(), "winter".to_owned(), 2).unwrap();
        agent.draft_mut("BRANCH-1").unwrap().behavior = Some("Be brief.".to_owned());
        let id = agent.audio.sorted(Sort::NEWEST).first().unwrap().0.to_string();
        let upload = Upload::new("a.wav".to_owned(), &crate::wav::file(&[1, 2]), true).unwrap();
        agent.audio.replace(&id, upload, None, None).unwrap();
        let extra = json!({ "extra": 1 }).as_object().cloned().unwrap_or_default();
        let page = agent.configs.page(Stage::Live).with_variables(extra, 3).unwrap();
        agent.configs.put(Stage::Live, page);

        let text = serde_json::to_string(&agents).unwrap();
        let read: Agents = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
        let (agent, before) = (read.find(&read.all[0].id).unwrap(), &agents.all[0]);
        assert_eq!(agent.draft("BRANCH-1").unwrap(), before.draft("BRANCH-1").unwrap());
        let heard = |of: &Agent| of.audio.find(&id).unwrap().file();
        assert_eq!(heard(agent), crate::wav::file(&[1, 2]));
        assert_eq!(heard(agent), heard(before));
        assert_eq!(agent.configs.page(Stage::Live), before.configs.page(Stage::Live));
        assert_eq!(read.lines.numbers(&agent.id).count(), agents.lines.numbers(&agent.id).count());
        assert!(read.contains("fernhill-juno"));
    }
}
