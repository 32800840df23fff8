//! What is on a branch.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{invalid, missing};
use crate::refusal::Refusal;

/// All that branches differ in. It is merged as JSON, so every name here is a step of a conflict's path.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Draft {
    /// Standing instructions; nothing until they are first written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) behavior: Option<String>,
    /// The knowledge base, by id.
    pub(crate) topics: BTreeMap<String, Topic>,
    /// Names of attributes, by id.
    pub(crate) attributes: BTreeMap<String, String>,
    /// Variants, by id.
    pub(crate) variants: BTreeMap<String, Variant>,
}

/// A topic of the knowledge base.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Topic {
    /// Unique among the topics.
    pub(crate) name: String,
    /// What the agent knows.
    pub(crate) content: String,
    /// What it does once the topic is in use.
    pub(crate) actions: String,
    /// How visitors ask for it.
    pub(crate) queries: Vec<String>,
    /// Whether the agent uses it.
    pub(crate) is_active: bool,
}

/// The agent with other values for its attributes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Variant {
    /// Unique among the variants.
    pub(crate) name: String,
    /// Whether it answers where none is chosen: true for one of them.
    pub(crate) is_default: bool,
    /// Values by the attributes' ids; absent ones are empty.
    pub(crate) values: BTreeMap<String, String>,
}

impl Draft {
    /// The version it is deployed as: the same for the same content.
    pub(crate) fn version(&self) -> String {
        // Plain maps and texts always have a JSON form.
        let text = serde_json::to_vec(self).unwrap_or_default();
        let hash = Sha256::digest(text).into_iter().take(8);
        format!("{:016x}", hash.fold(0, |sum, byte| sum << 8 | u64::from(byte)))
    }

    /// The topic with this id.
    pub(crate) fn topic(&self, id: &str) -> Result<&Topic, Refusal> {
        self.topics.get(id).ok_or_else(|| missing("Topic"))
    }

    /// Refuses a topic's name that another one has.
    pub(crate) fn free_topic_name(&self, name: &str, own: Option<&str>) -> Result<(), Refusal> {
        let mut others = self.topics.iter().filter(|(id, _)| Some(id.as_str()) != own);
        if others.all(|(_, topic)| topic.name != name) {
            return Ok(());
        }
        let text = "A topic with this name already exists.";
        Err(Refusal::new(409, "KNOWLEDGE_BASE_TOPIC_ALREADY_EXISTS", text))
    }

    /// Refuses a variant's name that another one has.
    pub(crate) fn free_variant_name(&self, name: &str, own: Option<&str>) -> Result<(), Refusal> {
        let mut others = self.variants.iter().filter(|(id, _)| Some(id.as_str()) != own);
        if others.all(|(_, variant)| variant.name != name) {
            return Ok(());
        }
        let text = "A variant with this name already exists.";
        Err(Refusal::new(409, "VARIANTS_DUPLICATE_NAME_ERROR", text))
    }

    /// Refuses an attribute's name that another one has.
    pub(crate) fn free_attribute_name(&self, name: &str, own: Option<&str>) -> Result<(), Refusal> {
        let mut others = self.attributes.iter().filter(|(id, _)| Some(id.as_str()) != own);
        if others.all(|(_, other)| other != name) {
            return Ok(());
        }
        Err(invalid("An attribute with this name already exists."))
    }

    /// Values by the attributes' ids. The documentation does not say whether clients send ids or
    /// names, so both are read.
    pub(crate) fn values(
        &self,
        given: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>, Refusal> {
        let id = |key: &String| {
            let named = || self.attributes.iter().find(|(_, name)| *name == key).map(|(id, _)| id);
            self.attributes.get_key_value(key).map(|(id, _)| id).or_else(named)
        };
        let unknown = || {
            let text = "The attribute values name an attribute that the branch does not have.";
            Refusal::new(400, "VARIANTS_BAD_ATTRIBUTES_ERROR", text)
        };
        let pairs = given.iter().map(|(key, value)| Some((id(key)?.clone(), value.clone())));
        pairs.collect::<Option<_>>().ok_or_else(unknown)
    }

    /// Makes one variant the default one, and no other.
    pub(crate) fn make_default(&mut self, id: &str) {
        for (other, variant) in &mut self.variants {
            variant.is_default = other == id;
        }
    }

    /// What is wrong with it as a whole, after a merge; attributes that are gone take their values along.
    pub(super) fn settle(&mut self) -> Vec<String> {
        for variant in self.variants.values_mut() {
            variant.values.retain(|id, _| self.attributes.contains_key(id));
        }
        let defaults = self.variants.values().filter(|variant| variant.is_default).count();
        let mut wrong = Vec::new();
        let mut refuse =
            |result: Result<(), Refusal>| wrong.extend(result.err().map(|r| r.message));
        for (id, topic) in &self.topics {
            refuse(self.free_topic_name(&topic.name, Some(id)));
        }
        for (id, variant) in &self.variants {
            refuse(self.free_variant_name(&variant.name, Some(id)));
        }
        for (id, name) in &self.attributes {
            refuse(self.free_attribute_name(name, Some(id)));
        }
        if !self.variants.is_empty() && defaults != 1 {
            wrong.push("Exactly one variant must be the default one.".to_owned());
        }
        wrong.dedup();
        wrong
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variant(name: &str, is_default: bool) -> Variant {
        Variant { name: name.to_owned(), is_default, values: BTreeMap::new() }
    }

    #[test]
    fn equal_content_is_one_version() {
        let mut one = Draft { behavior: Some("Be brief.".to_owned()), ..Draft::default() };
        assert_eq!(one.version(), one.clone().version());
        assert_eq!(one.version().len(), 16);
        let before = one.version();
        one.behavior = Some("Be brief!".to_owned());
        assert_ne!(one.version(), before);
    }

    #[test]
    fn values_are_kept_by_id_and_leave_with_their_attribute() {
        let mut draft = Draft::default();
        draft.attributes.insert("ATTRIBUTE-1".to_owned(), "phone".to_owned());
        let by = |key: &str| BTreeMap::from([(key.to_owned(), "1".to_owned())]);
        for key in ["ATTRIBUTE-1", "phone"] {
            assert_eq!(draft.values(&by(key)).unwrap(), by("ATTRIBUTE-1"));
        }
        assert_eq!(draft.values(&by("fax")).unwrap_err().code, "VARIANTS_BAD_ATTRIBUTES_ERROR");
        let values = by("ATTRIBUTE-1");
        draft.variants.insert("v".to_owned(), Variant { values, ..variant("Main", true) });
        draft.attributes.clear();
        assert!(draft.settle().is_empty() && draft.variants["v"].values.is_empty());
    }

    #[test]
    fn what_two_sides_broke_together_is_told() {
        let mut draft = Draft::default();
        draft.variants.insert("a".to_owned(), variant("Main", true));
        draft.variants.insert("b".to_owned(), variant("Main", true));
        assert_eq!(draft.settle().len(), 2, "a name twice, and two defaults");
    }
}
