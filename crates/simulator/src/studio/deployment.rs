//! What runs where, and how it gets there.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Draft, KEPT};
use crate::refusal::Refusal;

/// The environments in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum Stage {
    /// Where merges arrive.
    Sandbox,
    /// Before live.
    PreRelease,
    /// What customers talk to.
    Live,
}

impl Stage {
    /// Every stage.
    pub(crate) const ALL: [Self; 3] = [Self::Sandbox, Self::PreRelease, Self::Live];

    /// The platform's word.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
            Self::PreRelease => "pre-release",
            Self::Live => "live",
        }
    }

    /// Reads the word.
    pub(crate) fn parse(word: &str) -> Result<Self, Refusal> {
        let known = Self::ALL.into_iter().find(|stage| stage.as_str() == word);
        known.ok_or_else(invalid_environment)
    }
}

/// A version of an agent in an environment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Deployment {
    /// Its id.
    pub(crate) id: String,
    /// Where.
    pub(crate) stage: Stage,
    /// What was built.
    pub(crate) artifact: String,
    /// The same for equal content.
    pub(crate) version: String,
    /// What it is made of.
    pub(crate) content: Arc<Draft>,
    /// Who did it.
    pub(crate) created_by: String,
    /// When, Unix milliseconds.
    pub(crate) created_ms: i64,
    /// `deployment_message`.
    pub(crate) metadata: Map<String, Value>,
    /// Whether it was promoted: its successor is promoted from then on.
    pub(crate) promoted: bool,
}

/// The deployments of an agent.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Deployments {
    /// The oldest first.
    all: Vec<Deployment>,
    /// The active one of each stage, by id.
    active: BTreeMap<Stage, String>,
}

/// Who, when and why.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    /// The id of the new deployment.
    pub(crate) id: String,
    /// When, Unix milliseconds.
    pub(crate) now_ms: i64,
    /// What was said about it.
    pub(crate) message: Option<String>,
}

impl Deployments {
    /// All of them, the oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Deployment> {
        self.all.iter()
    }

    /// Those of one environment, the newest first.
    pub(crate) fn of(&self, stage: Stage) -> impl Iterator<Item = &Deployment> {
        self.all.iter().rev().filter(move |deployment| deployment.stage == stage)
    }

    /// What runs there.
    pub(crate) fn active(&self, stage: Stage) -> Option<&Deployment> {
        let id = self.active.get(&stage)?;
        self.all.iter().find(|deployment| deployment.id == *id)
    }

    /// Puts `main`, as so many merges made it, into an environment.
    pub(crate) fn deploy(
        &mut self,
        (main, merges): (&Draft, u64),
        stage: Stage,
        order: Order,
    ) -> Deployment {
        self.add(stage, Arc::new(main.clone()), format!("artifact-{merges}"), order)
    }

    /// The same, when somebody asks for it although it may be there.
    pub(crate) fn publish(
        &mut self,
        main: (&Draft, u64),
        stage: Stage,
        order: Order,
    ) -> Result<Deployment, Refusal> {
        if self.runs(stage, &main.0.version()) {
            let text = "The current draft is already published to this environment.";
            return Err(Refusal::new(409, "DEPLOYMENTS_ALREADY_PUBLISHED", text));
        }
        Ok(self.deploy(main, stage, order))
    }

    /// Brings a deployment into a later environment, by default the next one.
    pub(crate) fn promote(
        &mut self,
        id: &str,
        target: Option<Stage>,
        order: Order,
    ) -> Result<Deployment, Refusal> {
        let source = self.all.iter().find(|deployment| deployment.id == id).ok_or_else(gone)?;
        let next = Stage::ALL.into_iter().find(|stage| *stage > source.stage);
        let target = target.or(next).filter(|target| *target > source.stage);
        let target = target.ok_or_else(invalid_environment)?;
        let (version, artifact) = (source.version.clone(), source.artifact.clone());
        let content = Arc::clone(&source.content);
        let was_promoted = source.promoted;
        if self.runs(target, &version) {
            return Err(already_there());
        }
        if was_promoted {
            return Err(gone());
        }
        if let Some(source) = self.all.iter_mut().find(|deployment| deployment.id == id) {
            source.promoted = true;
        }
        Ok(self.add(target, content, artifact, order))
    }

    /// Makes an earlier deployment the active one of its environment again.
    pub(crate) fn roll_back(
        &mut self,
        id: &str,
        message: Option<String>,
    ) -> Result<Deployment, Refusal> {
        let found = self.all.iter_mut().find(|deployment| deployment.id == id).ok_or_else(gone)?;
        if message.is_some() {
            found.metadata = metadata(message);
        }
        let found = found.clone();
        if self.active(found.stage).is_some_and(|active| active.id == id) {
            return Err(already_there());
        }
        self.activate(found.stage, found.id.clone());
        Ok(found)
    }

    /// Notes what happened in the past, as it happened.
    pub(super) fn note(&mut self, deployment: Deployment) {
        self.activate(deployment.stage, deployment.id.clone());
        self.all.push(deployment);
    }

    fn add(
        &mut self,
        stage: Stage,
        content: Arc<Draft>,
        artifact: String,
        order: Order,
    ) -> Deployment {
        let Order { id, now_ms, message } = order;
        let deployment = Deployment {
            id,
            stage,
            artifact,
            version: content.version(),
            content,
            created_by: "api@fernhill.example".to_owned(),
            created_ms: now_ms,
            metadata: metadata(message),
            promoted: false,
        };
        if self.all.len() >= KEPT {
            let runs = |old: &Deployment| self.active.values().any(|id| *id == old.id);
            let oldest = self.all.iter().position(|old| !runs(old));
            oldest.map(|at| self.all.remove(at));
        }
        self.note(deployment.clone());
        deployment
    }

    fn runs(&self, stage: Stage, version: &str) -> bool {
        self.active(stage).is_some_and(|active| active.version == version)
    }

    fn activate(&mut self, stage: Stage, id: String) {
        self.active.insert(stage, id);
    }
}

fn metadata(message: Option<String>) -> Map<String, Value> {
    message.map(|text| ("deployment_message".to_owned(), text.into())).into_iter().collect()
}

fn gone() -> Refusal {
    Refusal::new(404, "DEPLOYMENT_NOT_FOUND", "Deployment ID does not exist.")
}

/// An error's body with the status of a success, as the catalogue has it.
fn already_there() -> Refusal {
    let text = "The environment already runs this version.";
    Refusal::new(200, "DEPLOYMENTS_ENVIRONMENT_ALREADY_PUBLISHED", text)
}

fn invalid_environment() -> Refusal {
    let text = "Invalid or missing `environment` query parameter.";
    Refusal::new(400, "DEPLOYMENTS_INVALID_ENVIRONMENT", text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(id: &str) -> Order {
        Order { id: id.to_owned(), now_ms: 1, message: Some(format!("why {id}")) }
    }

    fn draft(behavior: &str) -> Draft {
        Draft { behavior: Some(behavior.to_owned()), ..Draft::default() }
    }

    #[test]
    fn every_promotion_makes_a_deployment_that_the_next_one_needs() {
        let mut all = Deployments::default();
        all.deploy((&draft("a"), 1), Stage::Sandbox, order("1"));
        let second = all.promote("1", None, order("2")).unwrap();
        assert_eq!((second.stage, second.id.as_str()), (Stage::PreRelease, "2"));
        let code = |result: Result<Deployment, Refusal>| {
            result.map(|d| d.id).map_err(|r| (r.status, r.code))
        };
        assert_eq!(
            code(all.promote("1", Some(Stage::Live), order("x"))),
            Err((404, "DEPLOYMENT_NOT_FOUND"))
        );
        assert_eq!(
            code(all.promote("1", None, order("x"))),
            Err((200, "DEPLOYMENTS_ENVIRONMENT_ALREADY_PUBLISHED"))
        );
        assert_eq!(code(all.promote("2", None, order("3"))), Ok("3".to_owned()));
        let invalid = Err((400, "DEPLOYMENTS_INVALID_ENVIRONMENT"));
        assert_eq!(code(all.promote("3", None, order("x"))), invalid);
        assert_eq!(code(all.promote("2", Some(Stage::PreRelease), order("x"))), invalid);
        let versions: Vec<_> =
            Stage::ALL.iter().map(|s| all.active(*s).unwrap().version.clone()).collect();
        assert!(versions.iter().all(|version| *version == draft("a").version()));
    }

    #[test]
    fn a_rollback_brings_the_earlier_one_back() {
        let mut all = Deployments::default();
        all.deploy((&draft("a"), 1), Stage::Sandbox, order("1"));
        all.publish((&draft("b"), 2), Stage::Sandbox, order("2")).unwrap();
        assert_eq!(
            all.publish((&draft("b"), 2), Stage::Sandbox, order("x")).unwrap_err().status,
            409
        );
        assert_eq!(all.roll_back("2", None).unwrap_err().status, 200);
        assert_eq!(all.roll_back("1", None).unwrap().id, "1");
        assert_eq!(all.active(Stage::Sandbox).unwrap().id, "1");
        assert_eq!(all.roll_back("none", None).unwrap_err().status, 404);
        let newest_first: Vec<_> = all.of(Stage::Sandbox).map(|one| one.id.as_str()).collect();
        assert_eq!(newest_first, ["2", "1"]);
    }

    #[test]
    fn the_list_is_bounded_and_keeps_what_runs() {
        let mut all = Deployments::default();
        all.deploy((&draft("live"), 1), Stage::Live, order("live"));
        for number in 0..KEPT + 5 {
            all.deploy((&draft("a"), 1), Stage::Sandbox, order(&number.to_string()));
        }
        assert_eq!(all.all.len(), KEPT);
        assert!(all.active(Stage::Live).is_some() && all.active(Stage::Sandbox).is_some());
    }
}
