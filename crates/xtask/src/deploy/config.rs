//! wrangler's configuration of one deployment: what the repository's own says, with the answers in it.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

use super::Answers;

/// Reads the repository's `wrangler.toml`.
pub(crate) fn base(root: &Path) -> Result<Map<String, Value>> {
    let path = root.join("edge-worker/wrangler.toml");
    let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("understanding {}", path.display()))
}

/// Puts the answers in. Paths are those of a file in the folder `up` levels below the checkout.
pub(crate) fn merge(mut base: Map<String, Value>, answers: &Answers, up: &str) -> Value {
    base.insert("name".to_owned(), json!(answers.name));
    base.insert("main".to_owned(), json!(format!("{up}/edge-worker/build/index.js")));
    base.insert("vars".to_owned(), json!(answers.texts()));
    let route = |host: &str| json!({ "pattern": host, "custom_domain": true });
    let routes = [route(&answers.visitor_host), route(&answers.console_host)];
    base.insert("routes".to_owned(), json!(routes));
    if let Some(Value::Object(assets)) = base.get_mut("assets") {
        assets.insert("directory".to_owned(), json!(format!("{up}/dist")));
    }
    match &answers.metrics {
        Some(dataset) => {
            let binding = json!([{ "binding": "METRICS", "dataset": dataset }]);
            base.insert("analytics_engine_datasets".to_owned(), binding);
        }
        None => drop(base.remove("analytics_engine_datasets")),
    }
    Value::Object(base)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deploy::answers::tests::sample;

    #[test]
    fn the_repositorys_bindings_stay_and_the_answers_come() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let base = base(&root).unwrap();
        let config = merge(base.clone(), &sample(), "../..");
        for kept in
            ["compatibility_date", "compatibility_flags", "durable_objects", "migrations", "limits"]
        {
            assert_eq!(Some(&config[kept]), base.get(kept), "{kept}");
        }
        assert_eq!(config["workers_dev"], false, "a second address would bypass the host names");
        assert_eq!(config["routes"][1]["pattern"], "console.example.com");
        assert_eq!(config["vars"]["PERCH_VISITOR_HOST"], "chat.example.com");
        assert!(!config["vars"].to_string().contains("00000000"), "no example may stay");
        assert_eq!(config["analytics_engine_datasets"][0]["dataset"], "perch_requests");
        assert_eq!(config["assets"]["directory"], "../../dist");
    }
}
