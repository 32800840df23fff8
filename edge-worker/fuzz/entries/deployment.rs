//! A deployment's variables.

use perch_edge_worker::config::Config;
use perch_edge_worker::policy::origin;
use perch_edge_worker::token;

use super::{byte, text};

/// Variables that a whole configuration is made of.
pub(crate) fn sound(name: &str) -> Option<String> {
    Some(match name {
        "PERCH_REGION" => "simulator".to_owned(),
        "PERCH_SIMULATOR" => r#"{"build":"http://127.0.0.1:4101","platform":"http://127.0.0.1:4102","messaging":"http://127.0.0.1:4103","webrtc":"http://127.0.0.1:4104"}"#.to_owned(),
        "PERCH_SITES" => r#"[{"id":"shop","origins":["https://shop.example"],"account_id":"ws-1","project_id":"PROJECT-1","x_host":"shop.example","title":"Shop","agent_name":"Juno","accent":"red"}]"#.to_owned(),
        "PERCH_PROJECTS" => r#"[{"name":"Shop","account_id":"ws-1","project_id":"PROJECT-1","region":"us-1"}]"#.to_owned(),
        "PERCH_ROOT_KEY" => token::text(&[3; 32]),
        "POLYAI_WORKSPACE_KEY" => "workspace-canary".to_owned(),
        _ => return None,
    })
}

/// One or more variables as somebody wrote them, the rest as they should be: what is taken is sound, and
/// what is not taken is not repeated.
pub fn config(mut data: &[u8]) {
    const NAMES: [&str; 10] = [
        "PERCH_REGION",
        "PERCH_SIMULATOR",
        "PERCH_SITES",
        "PERCH_PROJECTS",
        "PERCH_ACCOUNTS",
        "PERCH_ROOT_KEY",
        "PERCH_ROOT_KEY_PREVIOUS",
        "PERCH_SETUP_TOKEN",
        "PERCH_SETUP_EXPIRES",
        "POLYAI_WORKSPACE_KEY",
    ];
    let which = NAMES[usize::from(byte(&mut data)) % NAMES.len()];
    // Lists are longer than a byte can say.
    let (own, other) = if byte(&mut data) < 128 {
        (String::from_utf8_lossy(data).into_owned(), None)
    } else {
        let other = NAMES[usize::from(byte(&mut data)) % NAMES.len()];
        (text(&mut data), Some((other, text(&mut data))))
    };
    let lookup = |name: &str| match &other {
        _ if name == which => Some(own.clone()),
        Some((other, value)) if name == *other => Some(value.clone()),
        _ => sound(name),
    };
    match Config::read(lookup) {
        Ok(config) => {
            for site in &config.sites {
                assert!(!site.origins.is_empty());
                assert!(site.origins.iter().all(|page| origin::is_well_formed(page)));
                assert!(site.x_host.bytes().all(|byte| byte.is_ascii_graphic()));
            }
        }
        Err(error) => {
            // The name is fixed text, so nothing of a value can be in it.
            let name: &'static str = error.0;
            assert!(name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'), "{name}");
            assert_eq!(error.to_string(), format!("variable {name} is missing or not valid"));
        }
    }
}
