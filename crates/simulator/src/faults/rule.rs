//! One fault: what goes wrong, on which operations, how often, for how long.

use perch_api::error::CATALOGUE;
use perch_api::operation;
use serde::{Deserialize, Serialize};

use super::Spread;

/// The socket of messaging; like the next it has no row in the table.
pub(crate) const SOCKET: &str = "messaging.ws";
/// The socket of calls from a browser.
pub(crate) const SIGNALLING: &str = "webrtc.signal.ws";
/// A day: longer is for good.
const LONGEST_MS: u32 = 86_400_000;

/// A fault with its conditions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// An operation's id, or several by stars: `conversations.v3.list`, `agents.*`, `messaging.ws`.
    #[serde(default = "everything")]
    pub on: String,
    /// What goes wrong.
    pub fault: Fault,
    /// One of so many requests, counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<u32>,
    /// So many of the requests, by chance: above 0, at most 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<f64>,
    /// So often, and then no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// So long, in milliseconds of the simulated clock; for good when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_ms: Option<u32>,
}

/// What goes wrong. On the socket of messaging, `drop`, `half_open` and `malformed` befall single
/// frames; everything else befalls the handshake.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// The answer waits.
    Latency(Spread),
    /// The request is refused, in the body shape of its family.
    Error {
        /// Status from 400 to 599; the code's own when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
        /// A code of the platform's catalogue.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
    },
    /// Too many requests.
    RateLimit {
        /// What `Retry-After` says.
        #[serde(default)]
        retry_after_seconds: u32,
    },
    /// The connection breaks without an answer.
    Drop {},
    /// The connection stays, and nothing is ever sent on it again.
    HalfOpen {},
    /// The answer trickles.
    SlowBody {
        /// From 1 to 1,000,000,000.
        bytes_per_second: u32,
    },
    /// The connection breaks in the middle of the answer, which announced its whole length.
    CutBody {
        /// So many bytes come.
        after_bytes: u32,
    },
    /// The answer claims to be something else.
    ContentType {
        /// What it claims to be.
        value: String,
    },
    /// The answer is no JSON, or on the socket no frame the protocol knows.
    Malformed {},
    /// Values in rows are missing; ids and cursors are not.
    Nulls {
        /// So many of the values: above 0, at most 1.
        share: f64,
    },
    /// A conversation has ended, and its summary and score are not there yet.
    LateSummary {
        /// Milliseconds after the end.
        after_ms: u32,
    },
}

impl Default for Rule {
    fn default() -> Self {
        let fault = Fault::Latency(Spread::Fixed { fixed_ms: 0 });
        Self { on: everything(), fault, every: None, rate: None, times: None, for_ms: None }
    }
}

impl Rule {
    /// Refuses what means nothing.
    pub(super) fn check(&self) -> Result<(), &'static str> {
        let share = |share: f64| share > 0.0 && share <= 1.0;
        if self.every == Some(0) || self.times == Some(0) {
            return Err("every and times must be at least 1");
        }
        if self.rate.is_some_and(|rate| !share(rate)) || self.rate.is_some() && self.every.is_some()
        {
            return Err("rate must be above 0 and at most 1, and excludes every");
        }
        if self.for_ms.is_some_and(|ms| !(1..=LONGEST_MS).contains(&ms)) {
            return Err("for_ms must be from 1 to 86400000");
        }
        if !operation::all()
            .map(|spec| spec.id)
            .chain([SOCKET, SIGNALLING])
            .any(|id| self.is_on(id))
        {
            return Err("on must be an operation's id or a pattern with stars that fits one");
        }
        match &self.fault {
            Fault::Latency(spread) => spread.check(),
            Fault::Error { code, .. } => {
                let known = code.as_ref().map(|code| CATALOGUE.iter().any(|e| e.code == code));
                if known == Some(false) {
                    return Err("error.code must be a code of the platform's catalogue");
                }
                // One code of the catalogue comes with 200: with it alone nothing would go wrong.
                match self.fault.status() {
                    Some(400..=599) => Ok(()),
                    _ => Err("error needs a status from 400 to 599, or a code that has one"),
                }
            }
            Fault::RateLimit { retry_after_seconds } if *retry_after_seconds > 3_600 => {
                Err("rate_limit.retry_after_seconds must be at most 3600")
            }
            Fault::SlowBody { bytes_per_second }
                if !(1..=1_000_000_000).contains(bytes_per_second) =>
            {
                Err("slow_body.bytes_per_second must be from 1 to 1000000000")
            }
            Fault::ContentType { value }
                if value.len() > 100 || axum::http::HeaderValue::from_str(value).is_err() =>
            {
                Err("content_type.value must be a header's value of at most 100 characters")
            }
            Fault::Nulls { share: given } if !share(*given) => {
                Err("nulls.share must be above 0 and at most 1")
            }
            Fault::LateSummary { after_ms } if *after_ms > LONGEST_MS => {
                Err("late_summary.after_ms must be at most 86400000")
            }
            _ => Ok(()),
        }
    }

    /// Whether it is about this operation.
    pub(super) fn is_on(&self, id: &str) -> bool {
        fits(self.on.as_bytes(), id.as_bytes())
    }
}

impl Fault {
    /// The word for it, as in rules.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Latency(_) => "latency",
            Self::Error { .. } => "error",
            Self::RateLimit { .. } => "rate_limit",
            Self::Drop {} => "drop",
            Self::HalfOpen {} => "half_open",
            Self::SlowBody { .. } => "slow_body",
            Self::CutBody { .. } => "cut_body",
            Self::ContentType { .. } => "content_type",
            Self::Malformed {} => "malformed",
            Self::Nulls { .. } => "nulls",
            Self::LateSummary { .. } => "late_summary",
        }
    }

    /// The status of a refusal.
    pub(super) fn status(&self) -> Option<u16> {
        let Self::Error { status, code } = self else { return None };
        status.or_else(|| {
            let entry = CATALOGUE.iter().find(|entry| code.as_deref() == Some(entry.code));
            entry.map(|entry| entry.status)
        })
    }
}

fn everything() -> String {
    "*".to_owned()
}

/// Stars stand for anything. The last star is remembered, so that it takes no longer than the product
/// of both lengths.
fn fits(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut of) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while let Some(byte) = text.get(of) {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, of));
                at += 1;
            }
            Some(own) if own == byte => (at, of) = (at + 1, of + 1),
            _ => {
                let Some((place, from)) = star else { return false };
                star = Some((place, from + 1));
                (at, of) = (place + 1, from + 1);
            }
        }
    }
    pattern.get(at..).unwrap_or_default().iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, text, expected) in [
            ("*", "alerts.active", true),
            ("alerts.*", "alerts.active", true),
            ("alerts.*", "agents.list", false),
            ("*.list", "agents.branches.list", true),
            ("agents.*.list", "agents.list", false),
            ("a*t*t", "agents.list", true),
            ("agents.list", "agents.list", true),
            ("agents.lis", "agents.list", false),
            ("", "agents.list", false),
        ] {
            assert_eq!(fits(pattern.as_bytes(), text.as_bytes()), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for (text, lawful) in [
            (r#"{"fault":{"drop":{}}}"#, true),
            (r#"{"on":"messaging.ws","fault":{"half_open":{}},"times":1}"#, true),
            (r#"{"on":"moon.*","fault":{"drop":{}}}"#, false),
            (r#"{"fault":{"drop":{}},"times":0}"#, false),
            (r#"{"fault":{"drop":{}},"rate":0}"#, false),
            (r#"{"fault":{"drop":{}},"rate":0.5,"every":2}"#, false),
            (r#"{"fault":{"drop":{}},"for_ms":0}"#, false),
            (r#"{"fault":{"drop":{}},"for_ms":86400001}"#, false),
            (r#"{"fault":{"error":{"status":200}}}"#, false),
            (r#"{"fault":{"error":{}}}"#, false),
            (r#"{"fault":{"error":{"code":"PROJECT_NOT_FOUND"}}}"#, true),
            (r#"{"fault":{"error":{"code":"NO_SUCH_CODE","status":400}}}"#, false),
            (r#"{"fault":{"error":{"code":"DEPLOYMENTS_ENVIRONMENT_ALREADY_PUBLISHED"}}}"#, false),
            (r#"{"fault":{"rate_limit":{"retry_after_seconds":3601}}}"#, false),
            (r#"{"fault":{"slow_body":{"bytes_per_second":0}}}"#, false),
            (r#"{"fault":{"content_type":{"value":"text/html"}}}"#, true),
            ("{\"fault\":{\"content_type\":{\"value\":\"a\\nb\"}}}", false),
            (r#"{"fault":{"nulls":{"share":1.5}}}"#, false),
            (r#"{"fault":{"late_summary":{"after_ms":180000}}}"#, true),
        ] {
            let rule: Rule = serde_json::from_str(text).unwrap();
            assert_eq!(rule.check().is_ok(), lawful, "{text}");
        }
        for text in [r#"{"fault":{"explode":{}}}"#, r#"{"fault":{"drop":{"hard":1}}}"#, "{}"] {
            assert!(serde_json::from_str::<Rule>(text).is_err(), "{text}");
        }
    }
}
