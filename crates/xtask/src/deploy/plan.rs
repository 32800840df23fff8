//! What a deployment will do, as text: nothing of it may surprise whoever presses Enter.

use std::fmt::Write as _;

use serde_json::Value;

/// Bytes of a kilobyte.
const KB: u64 = 1_024;
/// What Cloudflare takes as one worker, compressed: free plan, paid plan.
const WORKER_KB: (u64, u64) = (3 * KB, 10 * KB);
/// Variables and secrets of one worker: free plan, paid plan.
const VARIABLES: (usize, usize) = (64, 128);
/// Files of one deployment.
const FILES: usize = 20_000;

/// What was measured for the plan.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measured {
    /// The worker's modules, compressed one by one.
    pub(crate) worker_gzip: u64,
    /// Static files.
    pub(crate) files: usize,
    /// From starting workerd until the worker said that it is ready.
    pub(crate) ready_ms: u128,
}

/// Writes the plan. `secrets` are names and fingerprints.
#[allow(clippy::indexing_slicing, reason = "an absent member of JSON reads as null")]
pub(crate) fn plan(
    config: &Value,
    secrets: &[(String, String)],
    measured: Option<&Measured>,
) -> String {
    let mut text = String::new();
    let mut line = |line: String| {
        let _ = writeln!(text, "{}", line.trim_end());
    };
    let named = |list: &Value, name: &str| -> Vec<String> {
        let entries = list.as_array().into_iter().flatten();
        entries.map(|entry| word(&entry[name])).collect()
    };
    line(format!("Worker {}", word(&config["name"])));
    line(format!(
        "  runtime      {}  {}",
        word(&config["compatibility_date"]),
        list(&config["compatibility_flags"])
    ));
    line(format!("  limit        {} ms of CPU per request", config["limits"]["cpu_ms"]));
    line(String::new());
    line(
        "Host names (custom domains; Cloudflare makes the DNS records and certificates)".to_owned(),
    );
    for host in named(&config["routes"], "pattern") {
        line(format!("  https://{host}"));
    }
    line(String::new());
    line("Bindings".to_owned());
    for object in config["durable_objects"]["bindings"].as_array().into_iter().flatten() {
        line(format!(
            "  {:<12} Durable Object {}",
            word(&object["name"]),
            word(&object["class_name"])
        ));
    }
    for set in config["analytics_engine_datasets"].as_array().into_iter().flatten() {
        line(format!("  {:<12} Analytics Engine {}", word(&set["binding"]), word(&set["dataset"])));
    }
    line(format!("  {:<12} static files", word(&config["assets"]["binding"])));
    line(String::new());
    line("Migrations (a new class gets its storage; none is ever removed)".to_owned());
    for step in config["migrations"].as_array().into_iter().flatten() {
        line(format!("  {:<12} {}", word(&step["tag"]), list(&step["new_sqlite_classes"])));
    }
    line(String::new());
    line("Variables".to_owned());
    let variables = config["vars"].as_object();
    for (name, value) in variables.into_iter().flatten() {
        line(format!("  {name:<24} {}", short(&word(value))));
    }
    line(String::new());
    line("Secrets to be set (name, last four digits of the SHA-256)".to_owned());
    for (name, fingerprint) in secrets {
        line(format!("  {name:<24} {fingerprint}"));
    }
    if secrets.is_empty() {
        line("  none: those that are set stay".to_owned());
    }
    if let Some(measured) = measured {
        line(String::new());
        line("Limits".to_owned());
        let count = variables.map_or(0, serde_json::Map::len) + secrets.len();
        let kb = measured.worker_gzip.div_ceil(KB);
        let (free, paid) = WORKER_KB;
        line(format!(
            "  worker       {kb} KB gzip; free plan {free}, paid plan {paid}{}",
            over(kb > free)
        ));
        let (free, paid) = VARIABLES;
        line(format!(
            "  variables    {count} with secrets; free plan {free}, paid plan {paid}{}",
            over(count > free)
        ));
        line(format!("  files        {}; {FILES}{}", measured.files, over(measured.files > FILES)));
        line(format!(
            "  rehearsal    ready {} ms after the local runtime was started; the configuration is valid",
            measured.ready_ms
        ));
    }
    text
}

fn over(is_over: bool) -> &'static str {
    if is_over { "  OVER THE FREE PLAN" } else { "" }
}

fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn list(value: &Value) -> String {
    let words: Vec<String> = value.as_array().into_iter().flatten().map(word).collect();
    words.join(", ")
}

fn short(text: &str) -> String {
    const WIDTH: usize = 72;
    let line = text.replace('\n', " ");
    if line.chars().count() <= WIDTH {
        return line;
    }
    let start: String = line.chars().take(WIDTH).collect();
    format!("{start}... ({} bytes)", text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deploy::{answers::tests::sample, config};
    use serde_json::json;

    #[test]
    fn the_plan_has_a_golden_text() {
        let base = json!({
            "compatibility_date": "2026-11-01", "compatibility_flags": ["one", "two"], "limits": { "cpu_ms": 10000 },
            "durable_objects": { "bindings": [{ "name": "VISITORS", "class_name": "VisitorSession" }] },
            "migrations": [{ "tag": "v1", "new_sqlite_classes": ["VisitorSession"] }],
            "assets": { "binding": "ASSETS" },
        });
        let config = config::merge(base.as_object().unwrap().clone(), &sample(), "../..");
        let secrets = [("PERCH_ROOT_KEY".to_owned(), "15ad".to_owned())];
        let measured = Measured { worker_gzip: 3 * KB * KB + 1, files: 18, ready_ms: 812 };
        let text = plan(&config, &secrets, Some(&measured));
        let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/deploy-plan.txt");
        if std::env::var_os("PERCH_ACCEPT").is_some() {
            std::fs::write(golden, &text).unwrap();
        }
        assert_eq!(text, std::fs::read_to_string(golden).unwrap(), "PERCH_ACCEPT=1 accepts it");
    }

    #[test]
    fn long_values_are_cut() {
        assert_eq!(short("a\nb"), "a b");
        assert!(short(&"x".repeat(100)).ends_with("... (100 bytes)"));
    }
}
