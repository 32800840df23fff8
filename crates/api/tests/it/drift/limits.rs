//! Bounds on values: every one of the specifications is kept, and no other is without a reason.

use std::collections::BTreeSet;

use perch_api::operation::InputPart;
use perch_api::operation::limit::Rule;
use serde_json::Value;

use super::sample::Schemas;
use super::specification::each;
use super::text;

/// `(operation, member)` whose bound is not kept, with the reason.
const NOT_KEPT: &[(&str, &str)] = &[
    // Four words in the specification, others in the prose; programs pass through what people write.
    ("chat.create", "channel"),
    // Three labels in the specification, eight in the console.
    ("data.annotations.add", "annotations[].annotationType"),
    // A list the platform gives out itself, sent back as it came.
    ("agents.create", "experimentalConfig.configs[]"),
    // Parts of a form, not members of an object: `OperationSpec::needs`.
    ("agents.audio_cache.update_details", ""),
];

/// Bounds that the prose has and the specification has not.
const OF_THE_PROSE: &[(&str, &str)] = &[
    ("agents.deployments.publish", "environment"),
    ("agents.connectors.lookup", "phoneNumber"),
    ("agents.numbers.import", "phoneNumbers[]"),
    ("agents.numbers.import", "clientEnv"),
    ("agents.numbers.import_one", "clientEnv"),
    ("agents.numbers.batch_delete", "phoneNumbers[]"),
    ("agents.numbers.batch_get", "phoneNumbers[]"),
    ("agents.outbound.create", "toNumber"),
    ("agents.outbound.create", "countryCode"),
    ("agents.outbound.create", "metadata"),
    ("outbound.legacy.create", "to_number"),
    ("outbound.legacy.create", "country_code"),
    ("outbound.legacy.create", "metadata"),
];

type Bound = (String, String, String);

/// What a schema says about its values, in the words of our rules.
fn bounds(schema: &Value) -> Vec<String> {
    let number = |name: &str| schema[name].as_u64();
    let mut rules = Vec::new();
    if let Some(words) = schema["enum"].as_array() {
        let words: BTreeSet<_> = words.iter().filter_map(Value::as_str).collect();
        rules.push(format!("words {words:?}"));
    }
    if schema.get("minLength").or(schema.get("maxLength")).is_some() {
        rules.push(format!(
            "chars {:?} {:?}",
            number("minLength").unwrap_or(0),
            number("maxLength")
        ));
    }
    if schema.get("minItems").or(schema.get("maxItems")).is_some() {
        rules.push(format!("items {:?} {:?}", number("minItems").unwrap_or(0), number("maxItems")));
    }
    if schema.get("minimum").or(schema.get("maximum")).is_some() {
        rules.push(format!("range {} {:?}", schema["minimum"], schema["maximum"].as_i64()));
    }
    match schema["pattern"].as_str() {
        Some("^[a-zA-Z0-9-]+$") => rules.push("plain".to_owned()),
        Some("^https://") => rules.push("https".to_owned()),
        Some(other) => rules.push(other.to_owned()),
        None => {}
    }
    if schema["format"] == "date-time" {
        rules.push("moment".to_owned());
    }
    rules
}

fn ours(rule: Rule) -> Option<String> {
    let most = |most: usize| (most != usize::MAX).then_some(most);
    Some(match rule {
        Rule::Needed => "needed".to_owned(),
        Rule::Chars(least, bound) => format!("chars {least:?} {:?}", most(bound)),
        Rule::Items(least, bound) => format!("items {least:?} {:?}", most(bound)),
        Rule::Range(least, bound) => {
            format!("range {least} {:?}", (bound != i64::MAX).then_some(bound))
        }
        Rule::Words(words) => format!("words {:?}", words.iter().collect::<BTreeSet<_>>()),
        Rule::Plain => "plain".to_owned(),
        Rule::Https => "https".to_owned(),
        Rule::Moment => "moment".to_owned(),
        // Rules about two arguments, and forms that only the prose knows.
        _ => return None,
    })
}

/// Bounds of everything in a body below its first level, and of the first level but what it needs.
fn inside(
    id: &str,
    schemas: &Schemas<'_>,
    name: &str,
    schema: &Value,
    found: &mut BTreeSet<Bound>,
) {
    let schema = schemas.resolve(schema);
    for rule in bounds(schema) {
        found.insert((id.to_owned(), name.to_owned(), rule));
    }
    if NOT_KEPT.contains(&(id, name)) {
        return;
    }
    for (member, schema, required) in schemas.members(schema) {
        let place = if name.is_empty() { member.to_owned() } else { format!("{name}.{member}") };
        if required && !name.is_empty() {
            found.insert((id.to_owned(), place.clone(), "needed".to_owned()));
        }
        inside(id, schemas, &place, schema, found);
    }
    if schema["items"].is_object() {
        inside(id, schemas, &format!("{name}[]"), &schema["items"], found);
    }
}

#[test]
fn bounds_agree() {
    let mut theirs = BTreeSet::new();
    let mut rows = BTreeSet::new();
    each(|row, schemas, operation, parameters| {
        let id = row.spec.id;
        for own in parameters.iter().filter(|own| text(own, "in") == "query") {
            for rule in bounds(schemas.resolve(&own["schema"])) {
                theirs.insert((id.to_owned(), format!("?{}", text(own, "name")), rule));
            }
        }
        let body = schemas.resolve(&operation["requestBody"]);
        if let Some(schema) = body["content"]["application/json"].get("schema") {
            inside(id, schemas, "", schema, &mut theirs);
        }
        for limit in row.spec.limits {
            let mark = if limit.part == InputPart::Query { "?" } else { "" };
            let of_the_prose = OF_THE_PROSE.contains(&(id, limit.field));
            if let Some(rule) = ours(limit.rule).filter(|_| !of_the_prose) {
                rows.insert((id.to_owned(), format!("{mark}{}", limit.field), rule));
            }
        }
    });
    let is_kept = |(id, name, rule): &&Bound| {
        rule == "needed" || !NOT_KEPT.contains(&(id.as_str(), name.as_str()))
    };
    let theirs: BTreeSet<_> = theirs.iter().filter(is_kept).cloned().collect();
    let missing: Vec<_> = theirs.difference(&rows).collect();
    let more: Vec<_> = rows.difference(&theirs).collect();
    assert!(missing.is_empty() && more.is_empty(), "missing: {missing:#?}, more: {more:#?}");
}

#[test]
fn what_only_the_prose_says_is_there() {
    for (id, member) in OF_THE_PROSE {
        let spec = super::row(id).unwrap();
        assert!(spec.limits.iter().any(|limit| limit.field == *member), "{id}: {member}");
    }
}
