//! Arguments against the limits of a row, as they stand on the wire: so for every kind of caller alike.

use serde_json::Value;

use super::values::{Found, members};
use super::{Limit, Rule};
use crate::model::{Environment, PhoneNumber, Timestamp};
use crate::operation::{
    InputError, InputFault, InputPart, OperationSpec, decode_value, encode_json,
};

/// The checks that the limits of a row ask for.
///
/// They are found at compile time, so that a program links those of its own operations and no others.
#[derive(Debug, Clone, Copy)]
pub struct Checks {
    path: Option<OfPath>,
    query: Option<OfQuery>,
    body: Option<OfBody>,
}

type OfPath = fn(Pairs<'_>) -> Result<(), InputError>;
type OfQuery = fn(&[Limit], Pairs<'_>) -> Result<(), InputError>;
type OfBody = fn(&[Limit], &[u8]) -> Result<(), InputError>;

/// Names and values.
type Pairs<'a> = &'a [(&'static str, String)];

impl Checks {
    /// Those of every row.
    pub const ALL: Self =
        Self { path: Some(in_path), query: Some(in_queries), body: Some(in_bodies) };

    /// Those of one row.
    pub const fn of(spec: &OperationSpec) -> Self {
        let mut checks = Self { path: None, query: None, body: None };
        if has_form(spec.path.as_bytes()) {
            checks.path = Some(in_path);
        }
        let mut limits = spec.limits;
        while let [first, rest @ ..] = limits {
            match first.part {
                InputPart::Query => checks.query = Some(in_queries),
                _ => checks.body = Some(in_bodies),
            }
            limits = rest;
        }
        checks
    }

    /// Checks arguments before they are sent; the error names field, limit and remedy, never a value.
    ///
    /// `body` is the JSON body, or nothing where it is of another type. Types and required members are
    /// the business of the operation's own types, or of [`OperationSpec::needs`].
    pub fn hold(
        &self,
        spec: &OperationSpec,
        path: Pairs<'_>,
        query: Pairs<'_>,
        body: Option<&[u8]>,
    ) -> Result<(), InputError> {
        if let Some(check) = self.path {
            check(path)?;
        }
        if let Some(check) = self.query {
            check(spec.limits, query)?;
        }
        match (self.body, body) {
            (Some(check), Some(body)) => check(spec.limits, body),
            _ => Ok(()),
        }
    }
}

/// [`Checks::hold`] for an operation that is known at run time only.
pub fn within_limits(
    spec: &OperationSpec,
    path: &[(&'static str, String)],
    query: &[(&'static str, String)],
    body: Option<&[u8]>,
) -> Result<(), InputError> {
    Checks::ALL.hold(spec, path, query, body)
}

/// Placeholders whose values have a form of their own.
const FORMS: [(&str, Rule); 4] = [
    ("phoneNumber", Rule::Phone),
    ("rule_id", Rule::Prefixed("ar_")),
    ("endpoint_id", Rule::Prefixed("whe_")),
    ("clientEnv", Rule::Words(Environment::KNOWN)),
];

/// Whether a path has one of those placeholders.
const fn has_form(mut path: &[u8]) -> bool {
    while let [first, rest @ ..] = path {
        let mut forms: &[(&str, Rule)] = &FORMS;
        while let [(name, _), others @ ..] = forms {
            if *first == b'{' && begins(rest, name.as_bytes()) {
                return true;
            }
            forms = others;
        }
        path = rest;
    }
    false
}

/// Whether a placeholder of this name is closed where `path` goes on.
const fn begins(mut path: &[u8], mut name: &[u8]) -> bool {
    while let ([own, rest @ ..], [wanted, left @ ..]) = (path, name) {
        if *own != *wanted {
            return false;
        }
        (path, name) = (rest, left);
    }
    matches!((path, name), ([b'}', ..], []))
}

fn in_path(path: Pairs<'_>) -> Result<(), InputError> {
    for (name, value) in path.iter().filter(|(_, value)| !value.is_empty()) {
        for (_, rule) in FORMS.iter().filter(|(own, _)| own == name) {
            text(*rule, value).map_err(|fault| InputError::new(InputPart::Path, name, fault))?;
        }
    }
    Ok(())
}

fn in_queries(limits: &[Limit], query: Pairs<'_>) -> Result<(), InputError> {
    let mut own = limits.iter().filter(|limit| limit.part == InputPart::Query);
    own.try_for_each(|limit| in_query(limit, query))
}

fn in_bodies(limits: &[Limit], body: &[u8]) -> Result<(), InputError> {
    let mut own = limits.iter().filter(|limit| limit.part == InputPart::Body).peekable();
    // Read once more, where anything is to be looked at: bodies with limits are small.
    let Some(body) = own.peek().and_then(|_| decode_value(body).ok()) else { return Ok(()) };
    own.try_for_each(|limit| in_body(limit, &body))
}

fn in_query(limit: &Limit, query: &[(&'static str, String)]) -> Result<(), InputError> {
    let values = |name: &str| {
        let own = query.iter().filter(move |(own, value)| *own == name && !value.is_empty());
        own.map(|(_, value)| value.as_str()).collect::<Vec<_>>()
    };
    let fault = |fault| Err(InputError::new(InputPart::Query, limit.field, fault));
    let (own, has) = (values(limit.field), |name: &str| !values(name).is_empty());
    match limit.rule {
        Rule::Or(other) if own.is_empty() && !has(other) => return fault(InputFault::Missing),
        _ if own.is_empty() => return Ok(()),
        Rule::Excludes(other) if has(other) => return fault(InputFault::Excluded(other)),
        Rule::With(other) if !has(other) => return fault(InputFault::Without(other)),
        _ => {}
    }
    for value in own {
        let checked = match limit.rule {
            Rule::Range(least, most) => value
                .parse()
                .map_err(|_| InputFault::Unlawful("a whole number"))
                .and_then(|number| range(number, least, most)),
            Rule::Span(until, seconds) => span(value, values(until).first().copied(), seconds),
            rule => text(rule, value),
        };
        checked.or_else(fault)?;
    }
    Ok(())
}

fn in_body(limit: &Limit, body: &Value) -> Result<(), InputError> {
    for found in members(body, limit.field) {
        member(limit.rule, &found)
            .map_err(|fault| InputError::new(InputPart::Body, &found.place, fault))?;
    }
    Ok(())
}

fn member(rule: Rule, found: &Found<'_>) -> Result<(), InputFault> {
    let has = |name: &str| found.inside.get(name).is_some_and(|value| !value.is_null());
    let Some(value) = found.value else {
        return if rule == Rule::Needed { Err(InputFault::Missing) } else { Ok(()) };
    };
    match rule {
        Rule::Range(least, most) => {
            let number = value.as_i64().ok_or(InputFault::Unlawful("a whole number"))?;
            range(number, least, most)
        }
        Rule::Items(least, most) => {
            let list = value.as_array().ok_or(InputFault::Unlawful("a list"))?;
            match list.len() {
                count if count < least => Err(InputFault::TooFew(least)),
                count if count > most => Err(InputFault::TooMany(most)),
                _ => Ok(()),
            }
        }
        Rule::Base64(bound) => base64(value, bound),
        Rule::With(other) if !has(other) => Err(InputFault::Without(other)),
        Rule::Excludes(other) if has(other) => Err(InputFault::Excluded(other)),
        Rule::Needed | Rule::With(_) | Rule::Excludes(_) | Rule::Or(_) | Rule::Span(..) => Ok(()),
        Rule::PhoneOr(country) | Rule::PhoneOrRcs(country) => {
            text(rule, words(value)?)?;
            // A national number, or one of a service, means nothing by itself.
            let alone = words(value)?.starts_with('+') || has(country);
            if alone { Ok(()) } else { Err(InputFault::Without(country)) }
        }
        rule => text(rule, words(value)?),
    }
}

fn words(value: &Value) -> Result<&str, InputFault> {
    value.as_str().ok_or(InputFault::Unlawful("text"))
}

/// Rules about text.
fn text(rule: Rule, value: &str) -> Result<(), InputFault> {
    let digits = |text: &str, most: usize| {
        (3..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_phone = |text: &str| PhoneNumber::parse(text).is_ok();
    let (lawful, form) = match rule {
        Rule::Chars(least, most) => return length(value, least, most),
        Rule::Words(words) if !words.contains(&value) => return Err(InputFault::Word(words)),
        Rule::Https => (is_https(value), "an address with https"),
        Rule::Prefixed(prefix) => {
            (is_prefixed(value, prefix), "its prefix, then letters and digits")
        }
        Rule::Plain => {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            (!value.is_empty() && value.bytes().all(plain), "letters, digits and hyphens")
        }
        Rule::Phone => (is_phone(value), "+ and 3 to 15 digits"),
        Rule::PhoneOr(_) => {
            (is_phone(value) || digits(value, 15), "+ and 3 to 15 digits, or national digits")
        }
        Rule::PhoneOrRcs(_) => {
            let number = value.strip_prefix("rcs:").unwrap_or(value);
            (is_phone(number), "+ and 3 to 15 digits, with rcs: before it for rich messages")
        }
        Rule::Moment => (Timestamp::new(value).unix_ms().is_some(), "a moment, ISO 8601"),
        _ => return Ok(()),
    };
    if lawful { Ok(()) } else { Err(InputFault::Unlawful(form)) }
}

/// A host behind the scheme, and nothing in it that a URL may not hold.
fn is_https(value: &str) -> bool {
    value.strip_prefix("https://").is_some_and(|rest| {
        rest.bytes().all(|byte| byte.is_ascii_graphic())
            && rest
                .bytes()
                .next()
                .is_some_and(|first| first.is_ascii_alphanumeric() || first == b'[')
    })
}

fn is_prefixed(value: &str, prefix: &str) -> bool {
    value.strip_prefix(prefix).is_some_and(|rest| {
        !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

fn length(value: &str, least: usize, most: usize) -> Result<(), InputFault> {
    match value.chars().count() {
        count if count < least => Err(InputFault::TooShort(least)),
        count if count > most => Err(InputFault::TooLong(most)),
        _ => Ok(()),
    }
}

const fn range(number: i64, least: i64, most: i64) -> Result<(), InputFault> {
    if number < least || number > most {
        return Err(InputFault::OutOfRange(least, most));
    }
    Ok(())
}

/// The platform hands the JSON over as base64 and measures that: four bytes for every three begun.
fn base64(value: &Value, bound: usize) -> Result<(), InputFault> {
    let fields = value.as_object().ok_or(InputFault::Unlawful("an object of texts"))?;
    if !fields.values().all(Value::is_string) {
        return Err(InputFault::Unlawful("an object of texts, nothing nested"));
    }
    let bytes = encode_json(value).len().div_ceil(3) * 4;
    if bytes < bound { Ok(()) } else { Err(InputFault::Base64(bytes, bound)) }
}

fn span(from: &str, until: Option<&str>, seconds: i64) -> Result<(), InputFault> {
    let moment = |text: &str| Timestamp::new(text).unix_ms();
    let (Some(from), Some(until)) = (moment(from), until.and_then(moment)) else { return Ok(()) };
    if from > until {
        return Err(InputFault::Unlawful("not after the end"));
    }
    if until - from > seconds * 1_000 {
        return Err(InputFault::Unlawful("at most 7 days before the end"));
    }
    Ok(())
}
