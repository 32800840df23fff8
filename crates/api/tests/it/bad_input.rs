//! Arguments that the platform is known to refuse never leave.

use perch_api::operation::limit::{Limit, Rule};
use perch_api::operation::{
    self, Checks, InputError, InputPart, OperationSpec, query, within_limits,
};
use serde_json::{Value, json};

type Pairs = Vec<(&'static str, String)>;

struct Case {
    line: String,
    expected: String,
    found: Result<(), InputError>,
}

fn cases() -> Vec<Case> {
    let text = include_str!("../vectors/bad_input.txt");
    let lines: Vec<_> =
        text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let (pairs, rest) = lines.as_chunks::<2>();
    assert!(rest.is_empty(), "every case has two lines");
    pairs
        .iter()
        .map(|[line, expected]| {
            let expected = expected.strip_prefix("  ").expect(line).to_owned();
            Case { line: (*line).to_owned(), expected, found: checked(line) }
        })
        .collect()
}

fn checked(line: &str) -> Result<(), InputError> {
    let (id, arguments) = line.split_once(' ').unwrap_or((line, ""));
    let spec = operation::by_id(id).expect(id);
    let own = |names: Vec<&'static str>, text: &str| -> Pairs {
        let pairs = query::read(text).unwrap();
        pairs
            .into_iter()
            .map(|(name, value)| (*names.iter().find(|own| **own == name).expect(&name), value))
            .collect()
    };
    let (mut path, mut search, mut body) = (Pairs::new(), Pairs::new(), None);
    match arguments.chars().next() {
        Some('/') => path = own(spec.placeholders().collect(), &arguments[1..]),
        Some('?') => search = own(spec.query.to_vec(), &arguments[1..]),
        Some(_) => body = Some(long(serde_json::from_str(arguments).expect(line))),
        None => {}
    }
    let body = body.map(|body| body.to_string());
    let body = body.as_deref().map(str::as_bytes);
    let found = within_limits(spec, &path, &search, body);
    // The checks of the row alone find the same as all of them.
    assert_eq!(Checks::of(spec).hold(spec, &path, &search, body), found, "{line}");
    found
}

/// Texts of the length that `@` and a number ask for.
fn long(value: Value) -> Value {
    match value {
        Value::String(text) => match text.strip_prefix('@').and_then(|n| n.parse().ok()) {
            Some(length) => "x".repeat(length).into(),
            None => text.into(),
        },
        Value::Array(list) => list.into_iter().map(long).collect(),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(name, value)| (name, long(value))).collect())
        }
        other => other,
    }
}

#[test]
fn every_refusal_names_field_limit_and_remedy() {
    for case in cases() {
        let error = case.found.expect_err(&case.line);
        assert_eq!(format!("{error}. {}", error.remedy()), case.expected, "{}", case.line);
    }
}

#[test]
fn a_refusal_never_holds_the_value() {
    for (line, error) in cases().into_iter().map(|case| (case.line, case.found.unwrap_err())) {
        for value in ["07700900123", "yesterday", "pager.example", "mine", "staging", "0770\""] {
            let said = format!("{error} {error:?}").contains(value);
            assert!(!said, "{line}: {error}");
        }
    }
}

/// A value that breaks the rule, or nothing for those that speak of two arguments.
fn breaking(rule: Rule) -> Option<Value> {
    Some(match rule {
        Rule::Needed => Value::Null,
        Rule::Chars(0 | 1, usize::MAX) => json!(""),
        Rule::Chars(_, most) => json!("x".repeat(most + 1)),
        Rule::Items(0, most) => vec![Value::from("x"); most + 1].into(),
        Rule::Items(..) => json!([]),
        Rule::Range(least, _) => json!(least - 1),
        Rule::Words(_)
        | Rule::Https
        | Rule::Phone
        | Rule::PhoneOr(_)
        | Rule::PhoneOrRcs(_)
        | Rule::Moment
        | Rule::Prefixed(_) => json!("no word"),
        Rule::Plain => json!("a/b"),
        Rule::Base64(_) => json!({"a": 1}),
        Rule::Span(..) | Rule::Excludes(_) | Rule::With(_) | Rule::Or(_) => return None,
    })
}

/// Puts a value under this name, and what it stands in around it.
fn put(body: &mut Value, name: &str, value: Value) {
    let (own, rest) = name.split_once('.').map_or((name, None), |(own, rest)| (own, Some(rest)));
    let place = match own.strip_suffix("[]") {
        Some(key) => {
            let list = &mut body[key];
            if list.is_null() {
                *list = json!([null]);
            }
            &mut list[0]
        }
        None => &mut body[own],
    };
    match rest {
        Some(rest) => put(place, rest, value),
        None => *place = value,
    }
}

fn refusal(spec: &OperationSpec, limit: &Limit, value: Value) -> InputError {
    let found = if limit.part == InputPart::Query {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        within_limits(spec, &[], &[(limit.field, text)], None)
    } else {
        let mut body = json!({});
        let parent = |name: &'static str| name.rsplit_once('.').map(|(parent, _)| parent);
        for other in spec.limits.iter().filter(|other| other.rule == Rule::Needed) {
            if parent(other.field).is_some() && parent(other.field) == parent(limit.field) {
                let words = spec.limits.iter().find_map(|own| match own.rule {
                    Rule::Words(words) if own.field == other.field => Some(words[0]),
                    _ => None,
                });
                put(&mut body, other.field, words.unwrap_or("x").into());
            }
        }
        put(&mut body, limit.field, value);
        within_limits(spec, &[], &[], Some(body.to_string().as_bytes()))
    };
    found.expect_err(&format!("{} {limit:?}", spec.id))
}

#[test]
fn every_limit_of_every_row_is_kept() {
    let mut seen = 0;
    for spec in operation::all() {
        for limit in spec.limits {
            let known = limit.part != InputPart::Query || spec.query.contains(&limit.field);
            assert!(known, "{} has no {}", spec.id, limit.field);
            let Some(value) = breaking(limit.rule) else { continue };
            let error = refusal(spec, limit, value);
            assert_eq!(error.part, limit.part, "{} {limit:?}", spec.id);
            assert_eq!(error.field, limit.field.replace("[]", "[0]"), "{}", spec.id);
            seen += 1;
        }
    }
    assert!(seen > 80, "{seen}");
}

#[test]
fn what_is_lawful_passes() {
    let search = "query_type=semantic&query=late&start_time=2026-09-01&end_time=2026-09-02T10:00:00Z&limit=1000";
    let lawful = [
        format!("conversations.v3.list ?{search}"),
        "conversations.v3.list ?sample=random&start_time=2026-09-01&end_time=2026-09-02".to_owned(),
        "concurrency.get ?start_time=2026-09-01&end_time=2026-09-08".to_owned(),
        "handoff.get ?shared_id=x".to_owned(),
        "alerts.rules.get /rule_id=ar_7f".to_owned(),
        "agents.numbers.get /phoneNumber=%2B447700900123".to_owned(),
        r#"agents.outbound.create {"toNumber":"07700900123","countryCode":"GB","environment":"live"}"#.to_owned(),
        r#"agents.outbound.create {"toNumber":"+447700900123","environment":"live","metadata":{"order":"@19953"}}"#.to_owned(),
        r#"sms.send {"user_number":"rcs:+447700900123","messaging_service_sid":"MG1"}"#.to_owned(),
        r#"webhooks.create {"name":"é","url":"https://[::1]:8443/a?b#c","event_types":["alerts.resolved"],"timeout_ms":30000}"#.to_owned(),
        r#"agents.connectors.update {"variantId":null}"#.to_owned(),
        r#"agents.kb.topics.update {"exampleQueries":{"queries":[]}}"#.to_owned(),
    ];
    for line in lawful {
        assert_eq!(checked(&line), Ok(()), "{line}");
    }
}

#[test]
fn a_body_that_is_no_json_is_left_to_others() {
    let spec = operation::by_id("sms.send").unwrap();
    for body in [None, Some(&b"\xff{"[..]), Some(b"[]"), Some(b"7")] {
        assert_eq!(within_limits(spec, &[], &[], body), Ok(()));
    }
}
