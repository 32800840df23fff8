//! Finding what a limit is about.

use serde_json::Value;

/// A member of a body, and where it stands.
pub(super) struct Found<'a> {
    /// Its name with the places in lists filled in: `annotations[1].role`.
    pub(super) place: String,
    /// The value; nothing when it is missing or null.
    pub(super) value: Option<&'a Value>,
    /// The object it stands in.
    pub(super) inside: &'a Value,
}

/// Every member that the dotted name leads to. What it stands in may be missing: then there is none.
pub(super) fn members<'a>(body: &'a Value, name: &str) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    walk(body, name, "", &mut found);
    found
}

fn walk<'a>(inside: &'a Value, name: &str, before: &str, found: &mut Vec<Found<'a>>) {
    let (own, rest) = name.split_once('.').map_or((name, None), |(own, rest)| (own, Some(rest)));
    let (key, is_list) = own.strip_suffix("[]").map_or((own, false), |key| (key, true));
    let Some(object) = inside.as_object() else { return };
    let value = object.get(key).filter(|value| !value.is_null());
    let place = format!("{before}{key}");
    match (value, is_list, rest) {
        (value, false, None) => found.push(Found { place, value, inside }),
        (Some(value), false, Some(rest)) => walk(value, rest, &format!("{place}."), found),
        (Some(Value::Array(list)), true, rest) => {
            for (at, value) in list.iter().enumerate() {
                let place = format!("{place}[{at}]");
                match rest {
                    Some(rest) => walk(value, rest, &format!("{place}."), found),
                    None => found.push(Found { place, value: Some(value), inside }),
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_lead_through_objects_and_lists() {
        let body = json!({"a": {"b": null}, "list": [{"c": 1}, {}, 7], "words": ["x", "y"]});
        let places = |name: &str| -> Vec<_> {
            members(&body, name).into_iter().map(|one| (one.place, one.value.cloned())).collect()
        };
        assert_eq!(places("a.b"), [("a.b".to_owned(), None)]);
        assert_eq!(
            places("list[].c"),
            [("list[0].c".to_owned(), Some(json!(1))), ("list[1].c".to_owned(), None)]
        );
        let words = places("words[]");
        assert_eq!(words[1], ("words[1]".to_owned(), Some(json!("y"))));
        assert!(places("none.b").is_empty() && places("words[].c").is_empty());
    }
}
