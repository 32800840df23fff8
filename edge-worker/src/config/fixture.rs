//! A complete configuration for tests of other modules.

use super::{Config, ConfigError};
use crate::token;

pub(crate) fn vars(name: &str) -> Option<String> {
    let value = match name {
        "PERCH_REGION" => "simulator".to_owned(),
        "PERCH_SIMULATOR" => {
            r#"{"build":"http://127.0.0.1:4101","platform":"http://127.0.0.1:4102","messaging":"http://127.0.0.1:4103","webrtc":"http://127.0.0.1:4104"}"#.to_owned()
        }
        "PERCH_SITES" => {
            r##"[{"id":"shop","origins":["https://shop.example","http://localhost:8788"],"account_id":"ws-1","project_id":"PROJECT-1","x_host":"shop.example","title":"Shop","agent_name":"Juno","accent":"#0a7","streaming":true}]"##.to_owned()
        }
        "PERCH_PROJECTS" => {
            r#"[{"name":"Shop","account_id":"ws-1","project_id":"PROJECT-1","region":"us-1"}]"#.to_owned()
        }
        "PERCH_ROOT_KEY" => token::text(&[3; 32]),
        "PERCH_SETUP_TOKEN" => "setup-canary-12345678".to_owned(),
        "PERCH_SETUP_EXPIRES" => "2000".to_owned(),
        "POLYAI_WORKSPACE_KEY" => "workspace-canary".to_owned(),
        "POLYAI_CONVERSATIONS_KEY" => "conversations-canary".to_owned(),
        _ => return None,
    };
    Some(value)
}

pub(crate) fn config() -> Config {
    Config::read(vars).unwrap()
}

/// The same with some variables of its own.
pub(crate) fn with(own: &[(&str, &str)]) -> Result<Config, ConfigError> {
    Config::read(|asked| {
        let own = own.iter().find(|(name, _)| *name == asked);
        own.map_or_else(|| vars(asked), |(_, value)| Some((*value).to_owned()))
    })
}
