//! Real-time configuration: what an agent reads as it runs, one page per environment.
//!
//! It takes effect at once and is not carried along by promotion.

mod cost;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Stage, invalid};
use crate::refusal::Refusal;

/// Most bytes of a page's variables, or of its schema, as JSON.
const KEPT_BYTES: usize = 64 * 1024;

/// The pages of an agent; those never written are empty.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Configs(BTreeMap<Stage, Page>);

/// The configuration of one environment.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Page {
    /// What the agent reads.
    pub(crate) variables: Map<String, Value>,
    /// What the variables must look like: JSON Schema, draft 7.
    pub(crate) schema: Map<String, Value>,
    /// When either changed, Unix milliseconds; nothing before that.
    pub(crate) updated_ms: Option<i64>,
}

impl Configs {
    /// Reads the name of an environment.
    pub(crate) fn stage(word: &str) -> Result<Stage, Refusal> {
        Stage::parse(word).map_err(|_| {
            let text = "The environment must be sandbox, pre-release or live.";
            Refusal::new(400, "REAL_TIME_CONFIG_UNKNOWN_CLIENT_ENVIRONMENT", text)
        })
    }

    /// The page of an environment.
    pub(crate) fn page(&self, stage: Stage) -> Page {
        self.0.get(&stage).cloned().unwrap_or_default()
    }

    /// Keeps a page.
    pub(crate) fn put(&mut self, stage: Stage, page: Page) {
        self.0.insert(stage, page);
    }
}

impl Page {
    /// The page with another schema, which its variables must fit already.
    pub(crate) fn with_schema(
        self,
        schema: Map<String, Value>,
        now_ms: i64,
    ) -> Result<Self, Refusal> {
        let page = Self { schema, updated_ms: Some(now_ms), ..self };
        page.check()?;
        Ok(page)
    }

    /// The page with these variables merged in, at the top level only.
    pub(crate) fn with_variables(
        mut self,
        variables: Map<String, Value>,
        now_ms: i64,
    ) -> Result<Self, Refusal> {
        self.variables.extend(variables);
        self.updated_ms = Some(now_ms);
        self.check()?;
        Ok(self)
    }

    fn check(&self) -> Result<(), Refusal> {
        let (variables, schema) =
            (Value::Object(self.variables.clone()), Value::Object(self.schema.clone()));
        if [&variables, &schema].iter().any(|part| part.to_string().len() > KEPT_BYTES) {
            return Err(invalid(
                "The simulator keeps at most 64 KB for a page's variables or schema.",
            ));
        }
        // Nothing is fetched for it: references must point into the schema itself.
        let validator = jsonschema::draft7::new(&schema).map_err(|_| {
            let text = "JSON Schema definition is invalid.";
            Refusal::new(400, "REAL_TIME_CONFIG_INVALID_SCHEMA", text)
        })?;
        if !cost::is_reasonable(&schema, &variables) {
            let text =
                "JSON Schema definition is invalid: it takes too many steps, or leads elsewhere.";
            return Err(Refusal::new(400, "REAL_TIME_CONFIG_INVALID_SCHEMA", text));
        }
        if validator.is_valid(&variables) {
            return Ok(());
        }
        let text = "Config values fail JSON Schema validation.";
        Err(Refusal::new(400, "REAL_TIME_CONFIG_INVALID_FOR_SCHEMA", text))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn map(value: Value) -> Map<String, Value> {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn variables_are_held_to_the_schema() {
        let schema = map(json!({
            "type": "object",
            "properties": { "open": { "type": "boolean" }, "hours": { "type": "object" } },
            "required": ["open"],
        }));
        let code = |result: Result<Page, Refusal>| result.map_err(|refusal| refusal.code);
        let odd = Err("REAL_TIME_CONFIG_INVALID_FOR_SCHEMA");
        let empty = Page::default();
        assert_eq!(code(empty.clone().with_schema(schema.clone(), 1)), odd, "open is required");
        let page = empty.with_variables(map(json!({ "open": true })), 1).unwrap();
        let page = page.with_schema(schema, 2).unwrap();
        assert_eq!(code(page.clone().with_variables(map(json!({ "open": "yes" })), 3)), odd);
        let hours = json!({ "hours": { "from": 9, "to": 17 } });
        let page = page.with_variables(map(hours), 3).unwrap();
        let page = page.with_variables(map(json!({ "hours": { "from": 8 } })), 4).unwrap();
        assert_eq!(page.variables["hours"], json!({ "from": 8 }), "merged at the top only");
        assert_eq!((page.variables.len(), page.updated_ms), (2, Some(4)));
    }

    #[test]
    fn schemas_are_held_to_draft_7_and_to_themselves() {
        for odd in [
            json!({ "type": "objekt" }),
            json!({ "minProperties": -1 }),
            json!({ "properties": { "a": { "pattern": "(" } } }),
            json!({ "$ref": "#/definitions/none" }),
            json!({ "$ref": "http://127.0.0.1:1/schema.json" }),
            json!({ "$ref": "file:///etc/hosts" }),
        ] {
            let refused = Page::default().with_schema(map(odd.clone()), 1).unwrap_err();
            assert_eq!(refused.code, "REAL_TIME_CONFIG_INVALID_SCHEMA", "{odd}");
        }
        for fine in [
            json!({}),
            json!({ "$ref": "#" }),
            json!({ "$schema": "http://json-schema.org/draft-07/schema#", "type": "object" }),
            json!({ "definitions": { "a": { "type": "string" } }, "additionalProperties": { "$ref": "#/definitions/a" } }),
        ] {
            assert!(Page::default().with_schema(map(fine.clone()), 1).is_ok(), "{fine}");
        }
    }

    #[test]
    fn another_drafts_words_mean_nothing() {
        let later = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "dependentSchemas": { "a": false },
            "prefixItems": [false],
            "$defs": { "x": { "$id": "http://x.example/" } },
        });
        let page = Page::default().with_schema(map(later), 1).unwrap();
        assert!(page.with_variables(map(json!({ "a": [1] })), 2).is_ok());
    }

    #[test]
    fn a_page_is_bounded() {
        let large = map(json!({ "a": "x".repeat(KEPT_BYTES) }));
        assert_eq!(Page::default().with_variables(large.clone(), 1).unwrap_err().status, 400);
        assert_eq!(Page::default().with_schema(large, 1).unwrap_err().status, 400);
        assert_eq!(Configs::stage("draft").unwrap_err().status, 400);
    }
}
