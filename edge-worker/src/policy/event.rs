//! What is said about a request afterwards: one event, built from names that are ours.
//!
//! No address, query, header value, body or id of a caller has a field here, so none can be logged.

use std::fmt::Write as _;

use super::planes::Plane;
use super::trace::Trace;
use crate::error::Refusal;
use crate::router::Route;

/// The part of requests without a fault that are recorded, unless configured.
pub const RATE: f64 = 0.1;
/// Longest name of a tenant in an event, in bytes.
const TENANT_BYTES: usize = 64;

/// What is known about a request when it has been answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// See [`Plane`].
    pub plane: &'static str,
    /// Which route, such as `visitor.session`; empty for an unknown one.
    pub route: String,
    /// The platform's operation that was asked for.
    pub operation: &'static str,
    /// The operator's role.
    pub role: &'static str,
    /// The configured name of the site or project.
    pub tenant: String,
    /// Why the edge said no.
    pub refusal: Option<Refusal>,
}

/// Reads the configured rate: a number from 0 to 1.
pub fn rate(text: Option<&str>) -> Option<f64> {
    text.map_or(Some(RATE), |text| {
        text.parse().ok().filter(|rate: &f64| (0.0..=1.0).contains(rate))
    })
}

impl Facts {
    /// Notes plane and route.
    pub fn of(path: &str, route: &Route<'_>) -> Self {
        let route = match route {
            Route::Api { .. } => "api".to_owned(),
            Route::Visitor(visitor) => format!("visitor.{}", name(visitor)),
            Route::Operator(operator) => format!("operator.{}", name(operator)),
            Route::Health(health) => format!("health.{}", name(health)),
            Route::Context { .. } => "site.context".to_owned(),
            Route::Preflight => "visitor.preflight".to_owned(),
            Route::Asset => "asset".to_owned(),
        };
        Self { plane: Plane::of(path).as_str(), route, ..Self::default() }
    }

    /// All of it in one line for the JavaScript half, which adds times and sizes: fields between tabs,
    /// the first of them `1` or `0` for sampled, followed by the refusal's code.
    pub fn line(&self, trace: &Trace, request_id: &str) -> String {
        let mut line = String::with_capacity(256);
        line.push(if trace.is_sampled { '1' } else { '0' });
        line.push_str(self.refusal.map_or("", Refusal::code));
        let Self { plane, route, operation, role, .. } = self;
        for field in [plane, route.as_str(), operation, role] {
            line.push('\t');
            line.push_str(field);
        }
        line.push('\t');
        push_plain(&mut line, &self.tenant);
        line.push('\t');
        line.push_str(request_id);
        let written = write!(line, "\t{:032x}\t{:016x}\t", trace.id, trace.span);
        let written = written.and_then(|()| match trace.given {
            Some(given) if trace.is_continued => write!(line, "{:016x}\t", given.span),
            Some(given) => write!(line, "\t{:032x}-{:016x}", given.trace, given.span),
            None => write!(line, "\t"),
        });
        debug_assert!(written.is_ok(), "a string takes everything");
        line
    }
}

// A variant's name in snake case, without what it holds: that may come from a caller.
fn name(variant: &impl std::fmt::Debug) -> String {
    let text = format!("{variant:?}");
    let mut name = String::with_capacity(text.len());
    for letter in text.chars().take_while(char::is_ascii_alphanumeric) {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

// A configured name may hold anything; a line of the log may not.
fn push_plain(line: &mut String, text: &str) {
    let mut left = TENANT_BYTES;
    for letter in text.chars() {
        let Some(rest) = left.checked_sub(letter.len_utf8()) else { break };
        left = rest;
        line.push(if letter.is_control() { ' ' } else { letter });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::router::Visitor;

    const GIVEN: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn a_line_has_its_fields_in_place() {
        let facts = Facts {
            role: "viewer",
            operation: "conversations.list",
            tenant: "A\tshop\n".to_owned(),
            ..Facts::of(
                "/api/build/v1/secret-id",
                &Route::Api { host: "build", path: "/v1/secret-id" },
            )
        };
        let trace = Trace::begin(Some(GIVEN), || 5, 0.0);
        let line = facts.line(&trace, "r-1");
        let fields: Vec<_> = line.split('\t').collect();
        assert_eq!(
            fields[..7],
            ["0", "operator", "api", "conversations.list", "viewer", "A shop ", "r-1"]
        );
        assert_eq!(fields.len(), 11, "trace, span, parent and link follow");
        assert!(!line.contains("secret-id"));
    }

    #[test]
    fn parents_and_links_have_a_field_each() {
        let facts = Facts { refusal: Some(Refusal::TokenInvalid), ..Facts::default() };
        let stranger = Trace::begin(Some(GIVEN), || 5, 1.0);
        let line = facts.line(&stranger, "r-1");
        assert!(line.starts_with("1token_invalid\t"));
        assert!(line.ends_with("\t\t4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7"));
        let known = facts.line(&stranger.continued(0.0), "r-1");
        assert!(known.ends_with("\t00f067aa0ba902b7\t"), "{known}");
        assert!(facts.line(&Trace::begin(None, || 5, 0.0), "r-1").ends_with("\t\t"));
    }

    #[test]
    fn routes_are_named_without_what_they_hold() {
        let facts = Facts::of("/visitor/chat/create", &Route::Visitor(Visitor::ChatCreate));
        assert_eq!((facts.plane, facts.route.as_str()), ("visitor", "visitor.chat_create"));
        assert_eq!(Facts::of("/console/x", &Route::Asset).plane, "operator");
        assert_eq!(Facts::of("/perch.js", &Route::Asset).plane, "visitor");
        assert_eq!(name(&Some("canary")), "some");
    }

    #[test]
    fn long_names_are_cut_between_characters() {
        let facts = Facts { tenant: "\u{e9}".repeat(100), ..Facts::default() };
        let line = facts.line(&Trace::begin(None, || 5, 0.0), "r-1");
        assert!(line.contains(&"\u{e9}".repeat(32)) && !line.contains(&"\u{e9}".repeat(33)));
    }

    #[test]
    fn rates_are_parts_of_one() {
        assert_eq!(rate(None), Some(RATE));
        assert_eq!(rate(Some("0.25")), Some(0.25));
        for odd in ["", "10%", "-0.1", "1.1", "NaN", "inf"] {
            assert_eq!(rate(Some(odd)), None, "{odd}");
        }
    }
}
