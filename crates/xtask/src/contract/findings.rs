//! What Schemathesis found, and which of it is known.

use std::{collections::BTreeSet, fmt, fs, path::Path};

use anyhow::{Context, Result};
use serde_json::Value;

/// One thing that was found, however often.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Finding {
    file: String,
    operation: String,
    code: String,
    message: String,
}

/// The list of exceptions, and which of them were needed.
#[derive(Debug)]
pub(super) struct Exceptions(Vec<(String, bool)>);

/// Reads a report: one event a line.
pub(super) fn read(file: &str, report: &str) -> Result<Vec<Finding>> {
    let mut found = BTreeSet::new();
    for line in report.lines() {
        let event: Value = serde_json::from_str(line).context("reading an event of the report")?;
        let Some((kind, event)) = event.as_object().and_then(|event| event.iter().next()) else {
            continue;
        };
        let finding = |at: &Value, operation: &str, code: &str, message: &str| {
            let text = |place| at.pointer(place).and_then(Value::as_str);
            Finding {
                file: file.to_owned(),
                operation: text(operation).unwrap_or_default().to_owned(),
                code: text(code).unwrap_or("error").to_owned(),
                message: first_lines(text(message).unwrap_or_default()),
            }
        };
        if kind.ends_with("Error") {
            found.insert(finding(event, "/label", "/code", "/value/message"));
        }
        let recorded = |what: &str| event.pointer(&format!("/recorder/{what}"))?.as_object();
        for (case, checks) in recorded("checks").into_iter().flatten() {
            let exchange = recorded("interactions").and_then(|all| all.get(case));
            let status = exchange.and_then(|one| one.pointer("/response/status_code"));
            for check in checks.as_array().into_iter().flatten() {
                let Some(failure) = check.pointer("/failure_info/failure") else { continue };
                let mut found_here = finding(failure, "/operation", "/code", "/message");
                let status = status.and_then(Value::as_u64).unwrap_or_default();
                found_here.message = format!("status {status}: {}", found_here.message);
                found.insert(found_here);
            }
        }
    }
    Ok(found.into_iter().collect())
}

impl Exceptions {
    /// Reads the list.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text =
            fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        Ok(Self::parse(&text))
    }

    /// Whether this is known.
    pub(super) fn cover(&mut self, found: &Finding) -> bool {
        let mut covered = false;
        for (line, used) in &mut self.0 {
            let mut parts = line.splitn(4, '|').map(str::trim);
            let mut is = |own: &str| parts.next() == Some(own);
            if is(&found.file) && is(&found.operation) && is(&found.code) {
                let words = parts.next().unwrap_or_default();
                if !words.is_empty() && found.message.contains(words) {
                    (*used, covered) = (true, true);
                }
            }
        }
        covered
    }

    /// Lines that covered nothing.
    pub(super) fn unused(&self) -> Vec<&str> {
        self.0.iter().filter(|(_, used)| !used).map(|(line, _)| line.as_str()).collect()
    }

    fn parse(text: &str) -> Self {
        let lines = text.lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        Self(lines.map(|line| (line.to_owned(), false)).collect())
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, operation, code, message } = self;
        write!(f, "{file} | {operation} | {code} | {message}")
    }
}

/// Where the message says what is wrong, before it shows schema and value.
fn first_lines(message: &str) -> String {
    let lines = message.lines().map(str::trim).filter(|line| !line.is_empty());
    let lines = lines.take_while(|line| !line.starts_with("Schema") && !line.starts_with("Value"));
    lines.take(3).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = concat!(
        r#"{"EngineStarted":{}}"#,
        "\n",
        r#"{"ScenarioFinished":{"recorder":{"interactions":{"a":{"response":{"status_code":200}}},"checks":{"a":[{"status":"success"},{"status":"failure","failure_info":{"failure":{"operation":"GET /x","code":"ST108","message":"null is no string\n\nSchema at /y:\n\n    {}"}}}]}}}}"#,
        "\n",
        r#"{"NonFatalError":{"label":"PUT /x","value":{"message":"No serializer"}}}"#,
    );

    #[test]
    fn findings_are_read_and_exceptions_cover_them_word_for_word() {
        let found = read("agents", REPORT).unwrap();
        let shown: Vec<_> = found.iter().map(ToString::to_string).collect();
        let expected = [
            "agents | GET /x | ST108 | status 200: null is no string",
            "agents | PUT /x | error | No serializer",
        ];
        assert_eq!(shown, expected);
        let list = "# why\nagents | GET /x | ST108 | no string\nagents | GET /x | ST108 | other\nagents | PUT /x | error |\n";
        let mut exceptions = Exceptions::parse(list);
        assert!(exceptions.cover(&found[0]));
        assert!(!exceptions.cover(&found[1]), "no words, no exception");
        assert_eq!(
            exceptions.unused(),
            ["agents | GET /x | ST108 | other", "agents | PUT /x | error |"]
        );
    }
}
