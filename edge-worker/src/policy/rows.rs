//! Answers that hold more than the configured projects: what is left of them.
//!
//! An account may have agents that this deployment is not about. Where the path does not name the agent,
//! the rows do: those of other agents are taken out, and a single one does not exist.

use serde_json::Value;

use crate::config::{Config, Tenant};

/// The configured projects of a call's account.
pub struct Own<'a>(Vec<&'a str>);

impl<'a> Own<'a> {
    /// Those that a call for this tenant may be about.
    pub fn of(config: &'a Config, tenant: &Tenant) -> Self {
        let projects = config.projects.iter();
        let own = projects.filter(|project| project.tenant.account() == tenant.account());
        Self(own.map(|project| project.project_id.as_str()).collect())
    }

    /// Whether a row is about one of them, or about the account as a whole.
    pub fn has(&self, row: &Value, field: &str) -> bool {
        match row.get(field) {
            None | Some(Value::Null) => true,
            Some(Value::String(id)) => self.0.contains(&id.as_str()),
            Some(_) => false,
        }
    }

    /// Whether a body may be sent. A name that only looks like the field's is for a reader who takes it
    /// for that.
    pub fn takes(&self, body: &Value, field: &str) -> bool {
        let plain = |name: &str| name.to_lowercase().replace(['_', '-', ' '], "");
        let twin = |name: &String| name != field && plain(name) == plain(field);
        !body.as_object().is_some_and(|members| members.keys().any(twin)) && self.has(body, field)
    }

    /// Takes the rows of others out of a list, which is the answer itself or its `data`.
    pub fn keep(&self, answer: &mut Value, field: &str) {
        let list = match answer {
            Value::Object(members) => members.get_mut("data"),
            other => Some(other),
        };
        if let Some(Value::Array(rows)) = list {
            rows.retain(|row| row.is_object() && self.has(row, field));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::fixture::config;
    use serde_json::json;

    #[test]
    fn t62_rows_of_other_agents_are_taken_out() {
        let config = config();
        let own = Own::of(&config, &config.projects[0].tenant);
        let mut agents = json!([{"agentId": "PROJECT-1"}, {"agentId": "PROJECT-2"}, {"agentId": 7}, "PROJECT-2", ["x"]]);
        own.keep(&mut agents, "agentId");
        assert_eq!(agents, json!([{"agentId": "PROJECT-1"}]));
        let mut rules = json!({"data": [
            {"id": "1", "project_id": "PROJECT-2"},
            {"id": "2", "project_id": null},
            {"id": "3", "project_id": "PROJECT-1"},
            {"id": "4"},
        ], "count": 4});
        own.keep(&mut rules, "project_id");
        let left: Vec<_> =
            rules["data"].as_array().unwrap().iter().map(|rule| &rule["id"]).collect();
        assert_eq!(left, ["2", "3", "4"]);
        let mut error = json!({"success": false});
        own.keep(&mut error, "project_id");
        assert_eq!(error, json!({"success": false}));
    }

    #[test]
    fn t62_a_name_that_looks_like_the_projects_is_no_way_round() {
        let config = config();
        let own = Own::of(&config, &config.projects[0].tenant);
        assert!(own.takes(&json!({"project_id": "PROJECT-1", "name": "x"}), "project_id"));
        assert!(own.takes(&json!({"name": "PROJECT-2"}), "project_id"));
        for name in ["Project_ID", "projectId", "project-id", "PROJECTID", "project id"] {
            assert!(!own.takes(&json!({ name: "PROJECT-2" }), "project_id"), "{name}");
            let both = json!({ name: "PROJECT-2", "project_id": "PROJECT-1" });
            assert!(!own.takes(&both, "project_id"), "{name}");
        }
    }

    #[test]
    fn t62_other_accounts_projects_are_not_its_own() {
        let config = config();
        let none = Own::of(&config, &Tenant::default());
        assert!(!none.has(&json!({"project_id": "PROJECT-1"}), "project_id"));
        assert!(none.has(&json!({"project_id": null}), "project_id"), "the account's own rule");
    }
}
