//! The seeded agent as its builders left it, with the deployments that the seeded calls name.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::audio::{AudioCache, Utterance};
use super::config::{Configs, Page};
use super::lines::{Connector, Lines};
use super::{Agent, Deployment, Draft, Stage, Topic, Variant};
use crate::agent::knowledge::topics;
use crate::agent::{Language, phrases};
use crate::conversation::{PROJECT_ID, PROJECT_SLUG, VARIANTS};
use crate::world::casting::{DEPLOYMENTS, uuid};
use crate::world::{DAYS, mix};

const DAY_MS: i64 = 86_400_000;
const BEHAVIOR: &str = "You are Juno, the assistant of Fernhill Outfitters, a shop for outdoor clothing. \
Answer in the customer's language, in at most three sentences. Ask for the order number before you \
speak about an order. Hand over to customer care when a customer asks for a person.";
/// Who released what, in turn.
const PEOPLE: [&str; 2] = ["mara@fernhill.example", "tomas@fernhill.example"];

/// The agent of Fernhill Outfitters, whose past ends at `now_ms`.
pub(super) fn agent(now_ms: i64) -> Agent {
    let settings =
        json!({ "responseSettings": { "greeting": "Hi, I'm Juno.", "languageCode": "en-GB" } });
    let created_ms = now_ms - (DAYS + 30) * DAY_MS;
    let mut agent = Agent::new(PROJECT_ID.to_owned(), "Juno".to_owned(), settings, created_ms);
    agent.slug = Some(PROJECT_SLUG.to_owned());
    agent.audio = spoken(now_ms);
    agent.configs = configs(created_ms);
    let releases = DEPLOYMENTS.len();
    for (number, live) in DEPLOYMENTS.iter().enumerate() {
        // The knowledge base grew from release to release.
        agent.main = draft(topics().count() * (number + 1) / releases);
        agent.sequence += 2;
        agent.merges += 1;
        let age = i64::try_from(releases - number).unwrap_or(0) * DAYS / 5;
        agent.updated_ms = now_ms - age * DAY_MS;
        for (stage, days_before) in Stage::ALL.into_iter().zip([2, 1, 0]) {
            let id = match stage {
                Stage::Live => (*live).to_owned(),
                _ => derived(live, stage),
            };
            agent.deployments.note(Deployment {
                id,
                stage,
                artifact: format!("artifact-{}", agent.merges),
                version: agent.main.version(),
                content: Arc::new(agent.main.clone()),
                created_by: PEOPLE.get(number % 2).copied().unwrap_or_default().to_owned(),
                created_ms: agent.updated_ms - days_before * DAY_MS,
                metadata: Map::from_iter([(
                    "deployment_message".to_owned(),
                    format!("Release {}", number + 1).into(),
                )]),
                promoted: stage != Stage::Live,
            });
        }
    }
    agent
}

/// What the agent said on the telephone: its first words and its answers, in four languages.
fn spoken(now_ms: i64) -> AudioCache {
    let greetings = [phrases::GREETING_VOICE];
    let answers = topics().filter_map(|topic| topic.answers.first());
    let lines = greetings.iter().chain(answers);
    let told = lines.flat_map(|line| Language::ALL.map(|language| (language, language.of(line))));
    AudioCache::of(told.zip(0_u64..).map(|((language, transcript), number)| {
        let chance = mix(11, number);
        // English is spoken by a voice of the workspace's own.
        let (provider, voice) = match language {
            Language::English => ("eleven_labs", "fh0JunoClearDay00001".to_owned()),
            other => ("google", format!("{}-Neural2-A", other.code())),
        };
        let utterance = Utterance {
            transcript: transcript.to_owned(),
            cached_ms: now_ms - i64::try_from(chance % 1_000).unwrap_or(0) * DAYS * DAY_MS / 1_000,
            hits: u32::try_from(chance >> 32).unwrap_or(0) % 900,
            provider: provider.to_owned(),
            voice,
            language: language.code().to_owned(),
            regenerated: false,
            speed: 1.0,
            upload: None,
        };
        (48_211 + number * 3, utterance)
    }))
}

/// What the agent reads as it runs: the same everywhere, since nobody tries anything out.
fn configs(now_ms: i64) -> Configs {
    let object = |value: Value| value.as_object().cloned().unwrap_or_default();
    let page = Page {
        variables: object(json!({
            "shops_open": true,
            "opening_hours": { "from": "09:00", "to": "18:00" },
            "notice": "",
        })),
        schema: object(json!({
            "$schema": "http://json-schema.org/draft-07/schema#",
            "type": "object",
            "properties": {
                "shops_open": { "type": "boolean" },
                "opening_hours": {
                    "type": "object",
                    "properties": {
                        "from": { "type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$" },
                        "to": { "type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$" },
                    },
                    "required": ["from", "to"],
                },
                "notice": { "type": "string", "maxLength": 200 },
            },
            "required": ["shops_open"],
        })),
        updated_ms: Some(now_ms),
    };
    let mut configs = Configs::default();
    for stage in Stage::ALL {
        configs.put(stage, page.clone());
    }
    configs
}

/// The numbers that the seeded calls name, each with a connector that speaks its country's language.
pub(super) fn lines() -> Lines {
    let mut lines = Lines::default();
    for (id, name, stage, language, number) in [
        ("CONNECTOR-1F60A2C8", "Customer line", Stage::Live, "en-GB", "+442079460142"),
        ("CONNECTOR-2D9B47E1", "Ligne clients", Stage::Live, "fr-FR", "+33199000142"),
        ("CONNECTOR-3A85C0F6", "Kundenlinie", Stage::Live, "de-DE", "+493023125042"),
        ("CONNECTOR-4B17E9D3", "Try-out line", Stage::Sandbox, "en-GB", "+442079460900"),
    ] {
        let connector = Connector {
            name: name.to_owned(),
            listens: language.to_owned(),
            voice: format!("{language}-Neural2-A"),
            ..Connector::new(PROJECT_ID, stage)
        };
        lines.set_up(id, connector, &[number]);
    }
    lines
}

/// An id that follows from the live deployment's.
fn derived(live: &str, stage: Stage) -> String {
    let sum = live.bytes().fold(stage as u64, |sum, byte| mix(sum, byte.into()));
    uuid(u128::from(sum) << 64 | u128::from(mix(sum, 1)))
}

/// The agent with the first `known` topics of its knowledge.
fn draft(known: usize) -> Draft {
    let english = |[english, ..]: [&str; 4]| english.to_owned();
    let topics = topics().take(known).enumerate().map(|(number, topic)| {
        let entry = Topic {
            name: topic.title.to_owned(),
            content: topic.answers.first().copied().map(english).unwrap_or_default(),
            actions: String::new(),
            queries: topic.asks.iter().copied().map(english).collect(),
            is_active: true,
        };
        (format!("TOPIC-{:08X}", mix(4, number as u64) >> 32), entry)
    });
    let tones = ["friendly and clear", "warm and personal", "short and plain"];
    let variants = VARIANTS.iter().zip(tones).map(|((id, name), tone)| {
        let values = BTreeMap::from([(TONE.to_owned(), tone.to_owned())]);
        let is_default = *id == "VARIANT-6A1C0E42";
        ((*id).to_owned(), Variant { name: (*name).to_owned(), is_default, values })
    });
    Draft {
        behavior: Some(BEHAVIOR.to_owned()),
        topics: topics.collect(),
        attributes: BTreeMap::from([(TONE.to_owned(), "tone".to_owned())]),
        variants: variants.collect(),
    }
}

/// The one attribute's id.
const TONE: &str = "ATTRIBUTE-5C20B7D1";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studio::audio::Sort;

    #[test]
    fn the_seeded_calls_name_deployments_that_exist() {
        let agent = agent(1_795_443_600_000);
        let live: Vec<_> = agent.deployments.of(Stage::Live).map(|one| one.id.as_str()).collect();
        assert!(DEPLOYMENTS.iter().rev().copied().eq(live));
        let active =
            Stage::ALL.map(|stage| agent.deployments.active(stage).unwrap().version.clone());
        assert!(active.iter().all(|version| *version == agent.main.version()), "all is released");
        assert_eq!(agent.main.topics.len(), topics().count(), "ids are unique");
        assert!(agent.main.clone().settle().is_empty());
    }

    #[test]
    fn what_it_reads_and_said_is_lawful() {
        let agent = agent(1_795_443_600_000);
        for stage in Stage::ALL {
            let page = agent.configs.page(stage);
            assert!(page.clone().with_variables(Map::new(), 1).is_ok());
        }
        let said = agent.audio.sorted(Sort::NEWEST);
        assert!(said.len() > 60, "more than a page: {}", said.len());
        assert!(
            said.iter().all(|(_, one)| one.seconds() > 0.5 && one.cached_ms <= 1_795_443_600_000)
        );
    }
}
