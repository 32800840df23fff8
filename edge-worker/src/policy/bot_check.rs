//! The bot check before a session is opened: what is asked of the visitor, and what its provider answers.

use perch_api::model::Secret;
use serde::Deserialize;

/// Where answers are verified. No configuration changes it.
pub const VERIFY_BASE: &str = "https://challenges.cloudflare.com";
/// The path of the verification.
pub const VERIFY_PATH: &str = "/turnstile/v0/siteverify";
/// The path of the provider's script.
pub const SCRIPT_PATH: &str = "/turnstile/v0/api.js?render=explicit&onload=ready";
/// Seconds a challenge is good for, as long as the provider's own answer.
pub const CHALLENGE_SECONDS: u64 = 300;
/// The longest answer of the provider's script.
pub const ANSWER_BYTES: usize = 2_048;

/// A site's bot check.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BotCheck {
    /// Whose check it is.
    pub provider: Provider,
    /// The public key of the widget.
    pub site_key: String,
    /// The name of the secret that verifies answers; it starts with `PERCH_SITE_`.
    pub secret: String,
    /// What the check is for, as the provider's statistics call it.
    #[serde(default = "chat")]
    pub action: String,
    /// The host the check must have been solved on; the edge's own by default, whose page frames it.
    #[serde(default)]
    pub hostname: Option<String>,
    /// What happens while the provider cannot be asked.
    #[serde(default)]
    pub on_outage: OnOutage,
    /// The secret itself.
    #[serde(skip)]
    pub key: Option<Secret>,
}

/// Who checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// Cloudflare Turnstile.
    Turnstile,
}

/// What happens to new sessions while the provider cannot be asked. Open ones always go on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnOutage {
    /// None is opened.
    #[default]
    Closed,
    /// They are opened without a check, within the limits of address and site.
    Open,
}

/// What the provider has to confirm.
pub struct Expected<'a> {
    /// The configured action.
    pub action: &'a str,
    /// The host of the page the check is framed in.
    pub hostname: &'a str,
    /// What ties the answer to our challenge.
    pub cdata: &'a str,
}

/// What a verification says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A person, as far as anybody can tell, and on our page.
    Passed,
    /// Used, too old, made up, or solved for something else: the visitor may try again.
    Failed,
    /// No answer that means anything: ask once more.
    Down,
    /// The configured secret is not one.
    Misconfigured,
}

impl BotCheck {
    /// Whether the provider's own grammar is kept.
    pub fn is_sound(&self) -> bool {
        let word = |text: &str, most: usize| {
            (1..=most).contains(&text.len())
                && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        };
        word(&self.site_key, 64)
            && word(&self.action, 32)
            && self.hostname.as_deref().is_none_or(|host| {
                (1..=253).contains(&host.len())
                    && host.bytes().all(|b| {
                        b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.'
                    })
            })
    }
}

/// Reads the provider's answer.
pub fn judge(status: u16, body: &str, expected: &Expected<'_>) -> Outcome {
    #[derive(Deserialize)]
    struct Answer {
        success: bool,
        #[serde(default)]
        hostname: Option<String>,
        #[serde(default)]
        action: Option<String>,
        #[serde(default)]
        cdata: Option<String>,
        #[serde(default, rename = "error-codes")]
        errors: Vec<String>,
    }
    let Ok(answer) = serde_json::from_str::<Answer>(body) else { return Outcome::Down };
    let told = |code: &str| answer.errors.iter().any(|error| error == code);
    if told("missing-input-secret") || told("invalid-input-secret") {
        return Outcome::Misconfigured;
    }
    if status >= 500 || told("internal-error") {
        return Outcome::Down;
    }
    let ours = answer.success
        && answer.errors.is_empty()
        && answer.hostname.as_deref() == Some(expected.hostname)
        && answer.action.as_deref() == Some(expected.action)
        && answer.cdata.as_deref() == Some(expected.cdata);
    if ours { Outcome::Passed } else { Outcome::Failed }
}

/// A name for one verification, so that asking again about it is not a second use (a version 4 UUID).
pub fn idempotency_key(random: [u8; 16]) -> String {
    let mut hex = String::with_capacity(36);
    for (at, byte) in random.into_iter().enumerate() {
        let byte = match at {
            6 => byte & 0x0f | 0x40,
            8 => byte & 0x3f | 0x80,
            _ => byte,
        };
        if matches!(at, 4 | 6 | 8 | 10) {
            hex.push('-');
        }
        for nibble in [byte >> 4, byte & 15] {
            hex.push(char::from_digit(nibble.into(), 16).unwrap_or('0'));
        }
    }
    hex
}

fn chat() -> String {
    "chat".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const EXPECTED: Expected<'_> =
        Expected { action: "chat", hostname: "edge.example", cdata: "abc" };

    fn good() -> Value {
        json!({"success": true, "challenge_ts": "2026-11-24T00:00:00.000Z", "hostname": "edge.example",
            "error-codes": [], "action": "chat", "cdata": "abc", "metadata": {"ephemeral_id": "x:1"}})
    }

    fn told(change: &Value) -> Outcome {
        let mut answer = good();
        for (name, value) in change.as_object().unwrap() {
            answer[name] = value.clone();
        }
        judge(200, &answer.to_string(), &EXPECTED)
    }

    #[test]
    fn t66_only_what_was_solved_here_for_this_passes() {
        assert_eq!(told(&json!({})), Outcome::Passed);
        for wrong in [
            json!({"success": false}),
            json!({"success": false, "error-codes": ["timeout-or-duplicate"]}),
            json!({"success": false, "error-codes": ["invalid-input-response"]}),
            json!({"error-codes": ["bad-request"]}),
            json!({"hostname": "evil.example"}),
            json!({"hostname": null}),
            json!({"action": "login"}),
            json!({"action": null}),
            json!({"cdata": "abd"}),
            json!({"cdata": ""}),
            json!({"cdata": null}),
        ] {
            assert_eq!(told(&wrong), Outcome::Failed, "{wrong}");
        }
    }

    #[test]
    fn t66_no_meaning_is_an_outage_and_a_wrong_secret_is_ours() {
        for (status, body) in [
            (200, ""),
            (200, "<html>"),
            (200, "{}"),
            (503, r#"{"success":true}"#),
            (200, r#"{"success":false,"error-codes":["internal-error"]}"#),
        ] {
            assert_eq!(judge(status, body, &EXPECTED), Outcome::Down, "{status} {body}");
        }
        let secret = json!({"success": false, "error-codes": ["invalid-input-secret"]});
        assert_eq!(told(&secret), Outcome::Misconfigured);
    }

    #[test]
    fn names_of_verifications_are_uuids() {
        assert_eq!(idempotency_key([0xff; 16]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(idempotency_key([0; 16]), "00000000-0000-4000-8000-000000000000");
    }

    #[test]
    fn the_providers_grammar_is_kept() {
        let read = |change: &str| {
            let text = format!(
                r#"{{"provider":"turnstile","site_key":"0x4AAA","secret":"PERCH_SITE_X"{change}}}"#
            );
            serde_json::from_str::<BotCheck>(&text).ok().filter(BotCheck::is_sound)
        };
        assert_eq!(read("").unwrap().on_outage, OnOutage::Closed);
        assert!(read(r#","on_outage":"open","hostname":"edge.example""#).is_some());
        for wrong in [
            r#","action":"a b""#,
            r#","action":"""#,
            r#","hostname":"edge.example/x""#,
            r#","on_outage":"maybe""#,
            r#","more":1"#,
        ] {
            assert!(read(wrong).is_none(), "{wrong}");
        }
    }
}
