//! What `dev` writes: generated keys, the edge's configuration, and how real keys replace the simulator.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Map, Value, json};

use super::{Ports, write_private};
use crate::workspace::Workspace;

const SETUP_LIFE: Duration = Duration::from_hours(1);
/// Keys of the simulated platform, and the worker's name for each.
const KEY_NAMES: [(&str, &str); 13] = [
    ("workspace", "POLYAI_WORKSPACE_KEY"),
    ("conversations", "POLYAI_CONVERSATIONS_KEY"),
    ("conversations_legacy", "POLYAI_CONVERSATIONS_LEGACY_KEY"),
    ("handoff", "POLYAI_HANDOFF_KEY"),
    ("dni", "POLYAI_DNI_KEY"),
    ("external_events", "POLYAI_EXTERNAL_EVENTS_KEY"),
    ("chat", "POLYAI_CHAT_KEY"),
    ("chat_connector", "POLYAI_CHAT_CONNECTOR"),
    ("outbound", "POLYAI_OUTBOUND_TOKEN"),
    ("sms", "POLYAI_SMS_KEY"),
    ("sms_connector", "POLYAI_SMS_CONNECTOR"),
    ("messaging_connector", "POLYAI_MESSAGING_CONNECTOR"),
    ("web_calling", "POLYAI_WEB_CALLING"),
];
/// The platform's host kinds, as the simulator's ready line and the worker name them.
const HOSTS: [&str; 4] = ["build", "platform", "messaging", "webrtc"];
/// The simulated workspace.
const ACCOUNT_ID: &str = "ws-7f3a9c21";
/// The agent of the simulated shop.
pub(crate) const PROJECT_ID: &str = "PROJECT-4E5B8A10";
/// Where the simulator's shop lives.
const SIMULATED: [(&str, &str); 4] = [
    ("PERCH_REGION", "simulator"),
    ("PERCH_ACCOUNT_ID", ACCOUNT_ID),
    ("PERCH_PROJECT_ID", PROJECT_ID),
    ("PERCH_X_HOST", "shop.fernhill.example"),
];

/// Generated secrets; never printed, but for the set-up token inside its link.
pub(crate) struct Keys {
    platform: BTreeMap<String, String>,
    root: String,
    pub(crate) setup_token: String,
}

impl Keys {
    /// Keeps the keys of the last run, so that sessions survive a restart; the set-up token is always new.
    pub(crate) fn generate(workspace: &Workspace) -> Result<Self> {
        let last = read_json(&keys_file(workspace));
        let keep = |name: &str, bytes: usize| match last.get(name).and_then(Value::as_str) {
            Some(key) => Ok(key.to_owned()),
            None => random(bytes),
        };
        let mut platform = BTreeMap::new();
        for (name, _) in KEY_NAMES {
            platform.insert(name.to_owned(), keep(name, 24)?);
        }
        let root_file = workspace.state().join("root-key.json");
        let root = match read_json(&root_file).get("root").and_then(Value::as_str) {
            Some(root) => root.to_owned(),
            None => random(32)?,
        };
        write_private(&keys_file(workspace), &json!(platform))?;
        write_private(&root_file, &json!({ "root": root }))?;
        Ok(Self { platform, root, setup_token: random(24)? })
    }

    /// New keys that nobody keeps.
    pub(crate) fn fresh() -> Result<Self> {
        let platform = KEY_NAMES.iter().map(|(name, _)| Ok(((*name).to_owned(), random(24)?)));
        let platform = platform.collect::<Result<_>>()?;
        Ok(Self { platform, root: random(32)?, setup_token: random(24)? })
    }
}

/// Settings from `.dev.vars` that point `dev` at the real platform.
pub(crate) struct RealKeys(BTreeMap<String, String>);

impl RealKeys {
    /// Reads `.dev.vars`, if there is one, and says what it lacks.
    pub(crate) fn read(workspace: &Workspace) -> Result<Option<Self>> {
        match fs::read_to_string(workspace.root().join(".dev.vars")) {
            Ok(text) => Self::parse(&text).map(Some),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).context("reading .dev.vars"),
        }
    }

    fn parse(text: &str) -> Result<Self> {
        let mut vars = BTreeMap::new();
        for (number, line) in (1..).zip(text.lines().map(str::trim)) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            // The line itself may hold a key, so the message does not repeat it.
            let (name, value) = line
                .split_once('=')
                .ok_or_else(|| anyhow!("Line {number} of .dev.vars is not NAME=VALUE."))?;
            vars.insert(name.trim().to_owned(), unquote(value.trim()).to_owned());
        }
        let needed = ["PERCH_REGION", "PERCH_ACCOUNT_ID", "PERCH_PROJECT_ID", "PERCH_X_HOST"];
        if let Some(missing) = needed.iter().find(|name| !vars.contains_key(**name)) {
            bail!("`.dev.vars` lacks {missing}: add it, or remove the file to use the simulator.");
        }
        if !KEY_NAMES.iter().any(|(_, name)| vars.contains_key(*name)) {
            bail!(
                "`.dev.vars` has no POLYAI_... key: add one, or remove the file to use the simulator."
            );
        }
        Ok(Self(vars))
    }
}

/// The simulator's key file.
pub(crate) fn keys_file(workspace: &Workspace) -> PathBuf {
    workspace.state().join("keys.json")
}

/// Writes the edge's configuration and returns its path.
pub(crate) fn write(
    workspace: &Workspace,
    ports: &Ports,
    keys: &Keys,
    simulator: Option<&Value>,
    real: Option<&RealKeys>,
) -> Result<PathBuf> {
    let path = workspace.state().join("dev.json");
    let config = json!({
        "port": ports.edge,
        "host": "127.0.0.1",
        "assets": "dist",
        "persist": ".perch/state",
        "vars": vars(ports, keys, simulator, real)?,
        "demo": {
            "port": ports.demo,
            "dir": "web/demo",
            "edge": format!("http://localhost:{}", ports.edge),
        },
    });
    write_private(&path, &config)?;
    Ok(path)
}

/// The worker's variables and secrets, as text like every binding of the platform.
pub(crate) fn vars(
    ports: &Ports,
    keys: &Keys,
    simulator: Option<&Value>,
    real: Option<&RealKeys>,
) -> Result<Map<String, Value>> {
    let mut vars: BTreeMap<String, String> = match real {
        Some(real) => real.0.clone(),
        None => SIMULATED
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .chain(KEY_NAMES.iter().filter_map(|(short, name)| {
                Some(((*name).to_owned(), keys.platform.get(*short)?.clone()))
            }))
            .collect(),
    };
    let mut take = |name: &str| vars.remove(name).unwrap_or_default();
    let (account, project, x_host) =
        (take("PERCH_ACCOUNT_ID"), take("PERCH_PROJECT_ID"), take("PERCH_X_HOST"));
    // Without the key every call would be refused.
    let calls = vars.contains_key("POLYAI_WEB_CALLING").then(|| json!({}));
    let site = json!([{
        "id": "shop",
        "origins": [format!("http://localhost:{}", ports.demo)],
        "account_id": account,
        "project_id": project,
        "x_host": x_host,
        "title": "Fernhill Outfitters",
        "agent_name": "Juno",
        "accent": "#1f6f54",
        "streaming": true,
        "calls": calls,
    }]);
    let projects = json!([{
        "name": "Fernhill Outfitters",
        "account_id": account,
        "project_id": project,
        "region": vars.get("PERCH_REGION"),
    }]);
    let expires = SystemTime::now().duration_since(UNIX_EPOCH)? + SETUP_LIFE;
    let generated = [
        ("PERCH_SITES", site.to_string()),
        ("PERCH_PROJECTS", projects.to_string()),
        ("PERCH_ROOT_KEY", keys.root.clone()),
    ];
    for (name, value) in generated {
        vars.entry(name.to_owned()).or_insert(value);
    }
    vars.insert("PERCH_SETUP_TOKEN".to_owned(), keys.setup_token.clone());
    vars.insert("PERCH_SETUP_EXPIRES".to_owned(), expires.as_secs().to_string());
    if let Some(simulator) = simulator {
        let hosts: BTreeMap<_, _> =
            HOSTS.iter().map(|host| (*host, simulator.get(*host))).collect();
        vars.insert("PERCH_SIMULATOR".to_owned(), json!(hosts).to_string());
    }
    Ok(vars.into_iter().map(|(name, value)| (name, Value::String(value))).collect())
}

fn unquote(value: &str) -> &str {
    let inner = |quote| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inner('"').or_else(|| inner('\'')).unwrap_or(value)
}

fn read_json(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// Random bytes in base64url without padding; `bytes` is a multiple of three or ends in a short group.
pub(crate) fn random(bytes: usize) -> Result<String> {
    let mut buffer = vec![0; bytes];
    getrandom::fill(&mut buffer).map_err(|error| anyhow!("drawing random bytes: {error}"))?;
    Ok(base64url(&buffer))
}

fn base64url(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0u32, |group, byte| group << 8 | u32::from(*byte));
        let group = group << (8 * (3 - chunk.len()));
        for digit in 0..=chunk.len() {
            let index = group >> (18 - 6 * digit) & 63;
            text.extend(DIGITS.get(index as usize).map(|digit| char::from(*digit)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const REAL: &str = "# mine\nPERCH_REGION=uk-1\nPERCH_ACCOUNT_ID=a\nPERCH_PROJECT_ID='p'\n\
                        PERCH_X_HOST=shop.example\nPOLYAI_CHAT_KEY=\"k=1\"\n";

    fn keys() -> Keys {
        let platform = KEY_NAMES.iter().map(|(name, _)| ((*name).into(), format!("sim {name}")));
        Keys { platform: platform.collect(), root: "root".into(), setup_token: "setup".into() }
    }

    fn ports() -> Ports {
        Ports { edge: 8787, demo: 8788, simulator: 4100 }
    }

    #[test]
    fn the_simulated_worker_gets_the_simulators_keys() {
        let hosts = json!({ "build": "http://127.0.0.1:4101" });
        let vars = vars(&ports(), &keys(), Some(&hosts), None).unwrap();
        assert_eq!(vars["PERCH_REGION"], "simulator");
        assert_eq!(vars["POLYAI_CHAT_KEY"], "sim chat");
        let sites: Value = serde_json::from_str(vars["PERCH_SITES"].as_str().unwrap()).unwrap();
        assert_eq!(sites[0]["origins"], json!(["http://localhost:8788"]));
        assert_eq!(sites[0]["account_id"], "ws-7f3a9c21");
    }

    #[test]
    fn real_keys_replace_the_simulator() {
        let real = RealKeys::parse(REAL).unwrap();
        let vars = vars(&ports(), &keys(), None, Some(&real)).unwrap();
        assert_eq!(vars["PERCH_REGION"], "uk-1");
        assert_eq!(vars["POLYAI_CHAT_KEY"], "k=1");
        assert!(!vars.contains_key("PERCH_SIMULATOR"));
        assert!(!vars.contains_key("POLYAI_WORKSPACE_KEY"), "no simulated key may stay");
    }

    #[test]
    fn incomplete_settings_are_named_without_their_values() {
        let error = RealKeys::parse("PERCH_REGION=uk-1\n").err().unwrap().to_string();
        assert!(error.contains("PERCH_ACCOUNT_ID"), "{error}");
        let error = RealKeys::parse("secret-without-name").err().unwrap().to_string();
        assert!(error.contains("Line 1") && !error.contains("secret"), "{error}");
    }

    #[test]
    fn base64url_is_the_standard_one() {
        assert_eq!(base64url(b""), "");
        assert_eq!(base64url(b"f"), "Zg");
        assert_eq!(base64url(b"fo"), "Zm8");
        assert_eq!(base64url(b"foo"), "Zm9v");
        assert_eq!(base64url(&[0xff, 0xef, 0xbe]), "_---");
    }
}
