//! Telephony: numbers, and the connectors they lead to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Stage, room};
use crate::refusal::Refusal;

/// What numbers lead to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Connector {
    /// What people call it.
    pub(crate) name: String,
    /// The agent that answers, by its id as it is written.
    pub(crate) agent: String,
    /// Which version of it.
    pub(crate) stage: Stage,
    /// The variant; empty when none is chosen.
    pub(crate) variant: String,
    /// Language to listen in.
    pub(crate) listens: String,
    /// The voice.
    pub(crate) voice: String,
}

/// What changes of a connector; inner nothing clears.
#[derive(Debug, Clone, Default)]
#[allow(clippy::option_option, reason = "absent, null and a value are three different requests")]
pub(crate) struct Change {
    /// The variant.
    pub(crate) variant: Option<Option<String>>,
    /// Language to listen in.
    pub(crate) listens: Option<Option<String>>,
    /// The voice.
    pub(crate) voice: Option<Option<String>>,
    /// The agent it moves to, by its id as it is written.
    pub(crate) agent: Option<String>,
}

/// Every connector and number of the workspace.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Lines {
    /// By id.
    connectors: BTreeMap<String, Connector>,
    /// Connectors' ids by number.
    numbers: BTreeMap<String, String>,
}

impl Connector {
    /// A connector as the platform sets it up.
    pub(crate) fn new(agent: &str, stage: Stage) -> Self {
        Self {
            name: format!("{agent} {}", stage.as_str()),
            agent: agent.to_owned(),
            stage,
            variant: String::new(),
            listens: "en-GB".to_owned(),
            voice: "en-GB-Neural2-A".to_owned(),
        }
    }

    /// The language it speaks: a voice's name starts with it.
    pub(crate) fn speaks(&self) -> String {
        self.voice.splitn(3, '-').take(2).collect::<Vec<_>>().join("-")
    }
}

impl Lines {
    /// Notes a connector that was always there.
    pub(super) fn set_up(&mut self, id: &str, connector: Connector, numbers: &[&str]) {
        self.connectors.insert(id.to_owned(), connector);
        let lead = |number: &&str| ((*number).to_owned(), id.to_owned());
        self.numbers.extend(numbers.iter().map(lead));
    }

    /// The connectors of an agent.
    pub(crate) fn connectors(&self, agent: &str) -> impl Iterator<Item = (&str, &Connector)> {
        let own = self.connectors.iter().filter(move |(_, connector)| connector.agent == agent);
        own.map(|(id, connector)| (id.as_str(), connector))
    }

    /// A connector of an agent.
    pub(crate) fn connector(&self, agent: &str, id: &str) -> Result<&Connector, Refusal> {
        let found = self.connectors.get(id).filter(|connector| connector.agent == agent);
        found.ok_or_else(no_connector)
    }

    /// Changes a connector; numbers go where it goes.
    pub(crate) fn change(
        &mut self,
        agent: &str,
        id: &str,
        change: Change,
    ) -> Result<&Connector, Refusal> {
        if let Some(Some(voice)) = &change.voice
            && !is_voice(voice)
        {
            return Err(invalid(
                "voiceName is not a voice that can speak, such as en-GB-Neural2-A.",
            ));
        }
        if change.listens.as_ref().is_some_and(|code| code.as_ref().is_some_and(|c| c.len() > 35)) {
            return Err(invalid("asrLangCode is not a language code, such as en-GB."));
        }
        let found = self.connectors.get_mut(id).filter(|connector| connector.agent == agent);
        let connector = found.ok_or_else(no_connector)?;
        let set = |place: &mut String, value: Option<Option<String>>| {
            if let Some(value) = value {
                *place = value.unwrap_or_default();
            }
        };
        set(&mut connector.variant, change.variant);
        set(&mut connector.listens, change.listens);
        set(&mut connector.voice, change.voice);
        if let Some(agent) = change.agent.filter(|agent| *agent != connector.agent) {
            connector.agent = agent;
            // Variants belong to one agent.
            connector.variant.clear();
        }
        Ok(connector)
    }

    /// Removes a connector; gives the numbers that lead nowhere now, and are gone with it.
    pub(crate) fn remove(&mut self, agent: &str, id: &str) -> Result<Vec<String>, Refusal> {
        self.connector(agent, id)?;
        self.connectors.remove(id);
        let (gone, kept) =
            std::mem::take(&mut self.numbers).into_iter().partition(|(_, to)| to == id);
        self.numbers = kept;
        Ok(BTreeMap::<_, String>::into_keys(gone).collect())
    }

    /// Removes everything an agent has.
    pub(crate) fn forget(&mut self, agent: &str) {
        let own: Vec<_> = self.connectors(agent).map(|(id, _)| id.to_owned()).collect();
        for id in own {
            // It was there a moment ago.
            let _ = self.remove(agent, &id);
        }
    }

    /// The numbers of an agent with the connectors they lead to.
    pub(crate) fn numbers(&self, agent: &str) -> impl Iterator<Item = (&str, &str, &Connector)> {
        self.numbers.iter().filter_map(move |(number, id)| {
            let connector = self.connector(agent, id).ok()?;
            Some((number.as_str(), id.as_str(), connector))
        })
    }

    /// Where a number leads, whoever's it is.
    pub(crate) fn at(&self, number: &str) -> Option<&Connector> {
        self.connectors.get(self.numbers.get(number)?)
    }

    /// Where a number of an agent leads.
    pub(crate) fn number(&self, agent: &str, number: &str) -> Result<(&str, &Connector), Refusal> {
        let id = self.numbers.get(number).ok_or_else(no_number)?;
        let connector = self.connector(agent, id).map_err(|_| no_number())?;
        Ok((id, connector))
    }

    /// Takes numbers over, all or none. They lead to the agent's connector in that environment; where
    /// there is none yet, one is set up, since no operation makes connectors.
    pub(crate) fn import(
        &mut self,
        agent: &str,
        numbers: &[&str],
        stage: Stage,
        new_id: String,
    ) -> Result<(), Refusal> {
        room(self.numbers.len() + numbers.len())?;
        if numbers.iter().any(|number| self.numbers.contains_key(*number)) {
            let text = "Phone number already exists.";
            return Err(Refusal::new(409, "PHONE_NUMBERS_ALREADY_EXISTS", text));
        }
        let known = self.connectors(agent).find(|(_, connector)| connector.stage == stage);
        let id = known.map(|(id, _)| id.to_owned());
        let id = id.unwrap_or_else(|| {
            self.connectors.insert(new_id.clone(), Connector::new(agent, stage));
            new_id
        });
        self.numbers.extend(numbers.iter().map(|number| ((*number).to_owned(), id.clone())));
        Ok(())
    }

    /// Gives a number up.
    pub(crate) fn give_up(&mut self, agent: &str, number: &str) -> Result<(), Refusal> {
        self.number(agent, number)?;
        self.numbers.remove(number);
        Ok(())
    }

    /// Makes a number lead to another connector of its agent.
    pub(crate) fn reassign(&mut self, agent: &str, number: &str, id: &str) -> Result<(), Refusal> {
        self.number(agent, number)?;
        self.connector(agent, id).map_err(|_| {
            let text = "Connector ID does not exist.";
            Refusal::new(404, "PHONE_NUMBERS_CONNECTOR_DOES_NOT_EXIST", text)
        })?;
        self.numbers.insert(number.to_owned(), id.to_owned());
        Ok(())
    }
}

/// A body of a connector that cannot be.
pub(crate) fn invalid(text: &str) -> Refusal {
    Refusal::new(400, "CONNECTORS_VALIDATION_FAILED", text)
}

/// What the platform finds out by trying: a language, a country and a name.
fn is_voice(voice: &str) -> bool {
    let parts: Vec<_> = voice.splitn(3, '-').collect();
    let letters =
        |part: &str, length| part.len() == length && part.bytes().all(|b| b.is_ascii_alphabetic());
    matches!(parts.as_slice(), [language, country, name]
        if (letters(language, 2) || letters(language, 3)) && letters(country, 2) && (1..=100).contains(&name.len()))
}

fn no_connector() -> Refusal {
    Refusal::new(404, "CONNECTORS_NOT_FOUND", "Connector ID does not exist.")
}

fn no_number() -> Refusal {
    Refusal::new(404, "PHONE_NUMBERS_NOT_FOUND", "Phone number does not exist.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_where_their_connector_goes() {
        let mut lines = Lines::default();
        lines.import("a", &["+441", "+442"], Stage::Live, "c-1".to_owned()).unwrap();
        lines.import("a", &["+443"], Stage::Live, "c-2".to_owned()).unwrap();
        assert_eq!(lines.connectors("a").count(), 1, "one connector serves an environment");
        let again = lines.import("b", &["+444", "+441"], Stage::Live, "c-3".to_owned());
        assert_eq!(again.unwrap_err().code, "PHONE_NUMBERS_ALREADY_EXISTS");
        assert_eq!(lines.connectors("b").count(), 0, "all or none");

        let moved = Change { agent: Some("b".to_owned()), ..Change::default() };
        lines.change("a", "c-1", moved).unwrap();
        assert_eq!((lines.numbers("a").count(), lines.numbers("b").count()), (0, 3));
        assert_eq!(lines.number("a", "+441").unwrap_err().code, "PHONE_NUMBERS_NOT_FOUND");
        assert_eq!(lines.remove("b", "c-1").unwrap(), ["+441", "+442", "+443"]);
    }

    #[test]
    fn a_voice_fixes_the_language() {
        let mut connector = Connector::new("a", Stage::Live);
        connector.voice = "fr-FR-Neural2-B".to_owned();
        assert_eq!(connector.speaks(), "fr-FR");
        connector.voice.clear();
        assert_eq!(connector.speaks(), "");
        for odd in ["", "Juno", "en-GB", "en-GB-", "e1-GB-x", &format!("en-GB-{}", "x".repeat(101))]
        {
            assert!(!is_voice(odd), "{odd}");
        }
    }
}
