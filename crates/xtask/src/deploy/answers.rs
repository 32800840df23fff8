//! What a deployment needs to be told: from a file, or asked for once and then kept in that file.
//!
//! Nothing secret is in it, so it may be checked in.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, BufRead, Write},
    path::Path,
};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The answers, as the file has them.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Answers {
    /// The worker's name at Cloudflare.
    pub(crate) name: String,
    /// Where visitors' pages load the widget from.
    pub(crate) visitor_host: String,
    /// Where operators sign in.
    pub(crate) console_host: String,
    /// The Analytics Engine data set; without one, no metrics are written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) metrics: Option<String>,
    /// The worker's other variables. What is no text becomes JSON.
    pub(crate) vars: BTreeMap<String, Value>,
}

impl Answers {
    /// Reads and checks a file.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text =
            fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        let answers: Self =
            toml::from_str(&text).with_context(|| format!("understanding {}", path.display()))?;
        answers.check().with_context(|| format!("checking {}", path.display()))?;
        Ok(answers)
    }

    /// Asks on this terminal for what the simplest deployment needs, and writes the file.
    pub(crate) fn ask(path: &Path) -> Result<Self> {
        let stdin = io::stdin();
        let answers = Self::ask_from(&mut stdin.lock(), &mut io::stderr())?;
        let text = toml::to_string_pretty(&answers).context("writing the answers")?;
        fs::write(path, text).with_context(|| format!("writing {}", path.display()))?;
        Ok(answers)
    }

    fn ask_from(input: &mut impl BufRead, output: &mut impl Write) -> Result<Self> {
        let mut ask = |question: &str, usual: &str| -> Result<String> {
            let hint = if usual.is_empty() { String::new() } else { format!(" [{usual}]") };
            write!(output, "{question}{hint}: ").and_then(|()| output.flush()).context("asking")?;
            let mut line = String::new();
            input.read_line(&mut line).context("reading an answer")?;
            let given = line.trim();
            match (given.is_empty(), usual.is_empty()) {
                (false, _) => Ok(given.to_owned()),
                (true, false) => Ok(usual.to_owned()),
                (true, true) => bail!("This needs an answer: {question}"),
            }
        };
        let name = ask("Name of the worker", "perch")?;
        let visitor_host = ask("Host name for visitors, such as chat.example.com", "")?;
        let console_host = ask("Host name for operators, such as console.example.com", "")?;
        let region = ask("Region of the PolyAI workspace (us-1, uk-1, euw-1, studio)", "us-1")?;
        let account = ask("Workspace id (ws-...)", "")?;
        let project = ask("Project id (PROJECT-...)", "")?;
        let title = ask("What the widget and the console call it", "")?;
        let agent = ask("The agent's name", "Agent")?;
        let origin =
            ask("Origin of the pages with the widget, such as https://www.example.com", "")?;
        let usual = origin.split_once("://").map_or("", |(_, host)| host).to_owned();
        let x_host = ask("Host registered with the messaging connector", &usual)?;
        let metrics = ask("Analytics Engine data set for metrics, or none", "none")?;
        let site = json!([{
            "id": "site", "origins": [origin], "account_id": account, "project_id": project,
            "x_host": x_host, "title": title, "agent_name": agent, "accent": "#0b6b4f",
        }]);
        let projects = json!([{
            "name": title, "account_id": account, "project_id": project, "region": region,
        }]);
        let vars = [
            ("PERCH_REGION", Value::from(region)),
            ("PERCH_SITES", site),
            ("PERCH_PROJECTS", projects),
        ];
        let answers = Self {
            name,
            visitor_host,
            console_host,
            metrics: Some(metrics).filter(|name| name != "none"),
            vars: vars.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        };
        answers.check()?;
        Ok(answers)
    }

    /// The variables as the worker gets them: text, all of it.
    pub(crate) fn texts(&self) -> BTreeMap<String, String> {
        let hosts = [
            ("PERCH_VISITOR_HOST", Value::from(self.visitor_host.as_str())),
            ("PERCH_CONSOLE_HOST", Value::from(self.console_host.as_str())),
        ];
        let own = hosts.into_iter().map(|(name, value)| (name.to_owned(), value));
        let given = self.vars.iter().map(|(name, value)| (name.clone(), value.clone()));
        own.chain(given)
            .map(|(name, value)| match value {
                Value::String(text) => (name, text),
                other => (name, other.to_string()),
            })
            .collect()
    }

    // What only the deployment needs. The worker itself checks its variables in the rehearsal.
    fn check(&self) -> Result<()> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if self.name.is_empty() || self.name.len() > 63 || !self.name.bytes().all(plain) {
            bail!("`name` is not a worker's name: lower-case letters, digits and dashes");
        }
        for (field, host) in
            [("visitor_host", &self.visitor_host), ("console_host", &self.console_host)]
        {
            let labels = || host.split('.');
            if labels().count() < 2 || !labels().all(|l| !l.is_empty() && l.bytes().all(plain)) {
                bail!("`{field}` is not a host name such as chat.example.com");
            }
        }
        if self.visitor_host == self.console_host {
            bail!("`visitor_host` and `console_host` have to differ");
        }
        for (name, text) in self.texts() {
            if name.starts_with("POLYAI_") || super::secrets::is_secret(&name) {
                bail!(
                    "{name} is a secret and does not belong into this file: set it in the environment"
                );
            }
            if text.len() > VARIABLE_BYTES {
                bail!("{name} has {} bytes; a variable holds {VARIABLE_BYTES}", text.len());
            }
        }
        Ok(())
    }
}

/// What Cloudflare takes as one variable, in bytes.
const VARIABLE_BYTES: usize = 5_120;

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn sample() -> Answers {
        let answers = "\nchat.example.com\nconsole.example.com\n\nws-1\nPROJECT-1\nShop\nJuno\nhttps://www.example.com\n\nperch_requests\n";
        Answers::ask_from(&mut answers.as_bytes(), &mut Vec::new()).unwrap()
    }

    #[test]
    fn what_was_asked_is_what_the_file_says() {
        let asked = sample();
        assert_eq!(
            (asked.name.as_str(), asked.metrics.as_deref()),
            ("perch", Some("perch_requests"))
        );
        let texts = asked.texts();
        assert_eq!(texts["PERCH_REGION"], "us-1");
        assert_eq!(texts["PERCH_CONSOLE_HOST"], "console.example.com");
        let sites: Value = serde_json::from_str(&texts["PERCH_SITES"]).unwrap();
        assert_eq!(sites[0]["x_host"], "www.example.com");
        let written = toml::to_string_pretty(&asked).unwrap();
        assert_eq!(toml::from_str::<Answers>(&written).unwrap(), asked);
    }

    #[test]
    fn mistakes_are_named_without_secrets() {
        let with = |change: fn(&mut Answers)| {
            let mut answers = sample();
            change(&mut answers);
            answers.check().unwrap_err().to_string()
        };
        assert!(with(|a| a.name = "My Worker".into()).contains("`name`"));
        assert!(with(|a| a.visitor_host = "https://a.example".into()).contains("visitor_host"));
        assert!(with(|a| a.visitor_host = a.console_host.clone()).contains("differ"));
        let secret = with(|a| drop(a.vars.insert("POLYAI_CHAT_KEY".into(), "canary".into())));
        assert!(secret.contains("POLYAI_CHAT_KEY") && !secret.contains("canary"));
        let long = with(|a| drop(a.vars.insert("PERCH_X".into(), "x".repeat(6_000).into())));
        assert!(long.contains("PERCH_X"), "{long}");
        let empty = Answers::ask_from(&mut "\n\n".as_bytes(), &mut Vec::new());
        assert!(empty.unwrap_err().to_string().contains("Host name for visitors"));
    }
}
