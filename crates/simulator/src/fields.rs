//! Members of a body, one by one: which of them are wrong, where they stand, and in what way.
//!
//! The words are those of Pydantic, which `FastAPI` lists faults with.

mod address;

use perch_api::model::ProjectId;
use serde_json::{Map, Value};

use self::address::address;
pub(crate) use self::address::is_local_address;
use crate::json::Json;

/// A member that a body may have.
pub(crate) struct Field {
    /// Its name.
    pub(crate) name: &'static str,
    /// What may stand in it.
    pub(crate) kind: Kind,
    /// Whether a new resource needs it.
    pub(crate) needed: bool,
}

/// What may stand in a member.
pub(crate) enum Kind {
    /// Any text.
    Text,
    /// A text of so many characters at least and at most.
    Chars(usize, usize),
    /// An agent's identifier or null.
    ProjectOrNull,
    /// `true` or `false`.
    Flag,
    /// A whole number from the first to the second.
    Whole(i64, i64),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of these words, with one at least.
    Words(&'static [&'static str]),
    /// An object of texts.
    Texts,
    /// An address with `https`, or with `http` on this machine.
    Address,
}

/// What is wrong with a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// From the outside in: `body`, a name, maybe a place in a list.
    pub(crate) at: Vec<Place>,
    /// What holds for it.
    pub(crate) message: String,
    /// The kind of fault, as a word.
    pub(crate) kind: &'static str,
}

/// A step on the way to a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// Of a member.
    Name(String),
    /// In a list, from 0.
    Number(usize),
}

impl Fault {
    /// A fault in the member `name`.
    pub(crate) fn new(name: &str, kind: &'static str, message: impl Into<String>) -> Self {
        Self::at(["body", name], kind, message)
    }

    /// A fault at a place in the request.
    pub(crate) fn at(places: [&str; 2], kind: &'static str, message: impl Into<String>) -> Self {
        let at = places.map(|place| Place::Name(place.to_owned())).to_vec();
        Self { at, message: message.into(), kind }
    }

    fn within(mut self, place: Place) -> Self {
        self.at.push(place);
        self
    }

    /// Writes it as in a list of faults: `{"loc", "msg", "type"}`.
    pub(crate) fn write(&self, json: &mut Json) {
        json.object(|json| {
            json.key("loc").array(|json| {
                for place in &self.at {
                    match place {
                        Place::Name(name) => json.string(name),
                        Place::Number(number) => json.count(*number),
                    }
                }
            });
            json.key("msg").string(&self.message);
            json.key("type").string(self.kind);
        });
    }

    /// As a sentence, with the place in front.
    pub(crate) fn sentence(&self) -> String {
        let places = self.at.iter().skip(1).map(|place| match place {
            Place::Name(name) => name.clone(),
            Place::Number(number) => number.to_string(),
        });
        format!("{}: {}.", places.collect::<Vec<_>>().join("."), self.message)
    }
}

/// Every fault of `body`, in the order of `fields`; a change (`whole` is false) needs no member.
pub(crate) fn faults(body: &Map<String, Value>, fields: &[Field], whole: bool) -> Vec<Fault> {
    let mut faults = Vec::new();
    for field in fields {
        match body.get(field.name) {
            Some(value) => faults.extend(field.fault(value)),
            None if whole && field.needed => {
                faults.push(Fault::new(field.name, "missing", "Field required"));
            }
            None => {}
        }
    }
    let unknown = body.keys().filter(|name| fields.iter().all(|field| field.name != **name));
    let text = "Extra inputs are not permitted";
    faults.extend(unknown.map(|name| Fault::new(name, "extra_forbidden", text)));
    faults
}

impl Field {
    fn fault(&self, value: &Value) -> Option<Fault> {
        let fault = |kind, message: &str| Some(Fault::new(self.name, kind, message));
        let no_text = "Input should be a valid string";
        match (&self.kind, value) {
            (Kind::Text, Value::String(_))
            | (Kind::ProjectOrNull, Value::Null)
            | (Kind::Flag, Value::Bool(_)) => None,
            (Kind::ProjectOrNull, Value::String(id)) => {
                ProjectId::parse(id).err().and_then(|_| fault("value_error", "Project not found"))
            }
            (Kind::Chars(least, most), Value::String(text)) => match text.chars().count() {
                count if count < *least => fault("string_too_short", &too_short(*least)),
                count if count > *most => fault("string_too_long", &too_long(*most)),
                _ => None,
            },
            (Kind::Word(words), Value::String(word)) if words.contains(&word.as_str()) => None,
            (Kind::Word(words), _) => fault("enum", &one_of(words)),
            (Kind::Words(_), Value::Array(list)) if list.is_empty() => {
                let text = "List should have at least 1 item after validation, not 0";
                fault("too_short", text)
            }
            (Kind::Words(words), Value::Array(list)) => {
                let known = |word: &Value| word.as_str().is_some_and(|word| words.contains(&word));
                let at = list.iter().position(|word| !known(word))?;
                Some(Fault::new(self.name, "enum", one_of(words)).within(Place::Number(at)))
            }
            (Kind::Whole(least, most), Value::Number(number)) => {
                whole(number, *least, *most).and_then(|(kind, message)| fault(kind, &message))
            }
            (Kind::Texts, Value::Object(texts)) => {
                let (name, _) = texts.iter().find(|(_, text)| !text.is_string())?;
                Some(
                    Fault::new(self.name, "string_type", no_text).within(Place::Name(name.clone())),
                )
            }
            (Kind::Address, Value::String(text)) => {
                address(text).err().and_then(|text| fault("value_error", text))
            }
            (Kind::Flag, _) => fault("bool_type", "Input should be a valid boolean"),
            (Kind::Whole(..), _) => fault("int_type", "Input should be a valid integer"),
            (Kind::Words(_), _) => fault("list_type", "Input should be a valid list"),
            (Kind::Texts, _) => fault("dict_type", "Input should be a valid dictionary"),
            (Kind::Text | Kind::ProjectOrNull | Kind::Chars(..) | Kind::Address, _) => {
                fault("string_type", no_text)
            }
        }
    }
}

fn whole(number: &serde_json::Number, least: i64, most: i64) -> Option<(&'static str, String)> {
    if number.is_f64() {
        return Some(("int_type", "Input should be a valid integer".to_owned()));
    }
    // What is no i64 and no float lies beyond its end.
    let value = number.as_i64().unwrap_or(i64::MAX);
    if value < least {
        let text = format!("Input should be greater than or equal to {least}");
        return Some(("greater_than_equal", text));
    }
    let beyond = value > most || number.as_i64().is_none();
    let text = || format!("Input should be less than or equal to {most}");
    beyond.then(|| ("less_than_equal", text()))
}

fn too_short(least: usize) -> String {
    format!("String should have at least {least} character{}", if least == 1 { "" } else { "s" })
}

fn too_long(most: usize) -> String {
    format!("String should have at most {most} characters")
}

fn one_of(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("'{word}'")).collect();
    match quoted.split_last() {
        Some((last, [])) => format!("Input should be {last}"),
        Some((last, rest)) => format!("Input should be {} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const FIELDS: [Field; 8] = [
        Field { name: "name", kind: Kind::Chars(1, 3), needed: true },
        Field { name: "agent", kind: Kind::ProjectOrNull, needed: false },
        Field { name: "on", kind: Kind::Flag, needed: false },
        Field { name: "count", kind: Kind::Whole(1, 5), needed: false },
        Field { name: "colour", kind: Kind::Word(&["red", "blue"]), needed: false },
        Field { name: "colours", kind: Kind::Words(&["red", "blue"]), needed: false },
        Field { name: "headers", kind: Kind::Texts, needed: false },
        Field { name: "url", kind: Kind::Address, needed: false },
    ];

    fn found(body: Value, whole: bool) -> Vec<(String, &'static str)> {
        let Value::Object(body) = body else { panic!("an object") };
        let faults = faults(&body, &FIELDS, whole);
        faults.iter().map(|fault| (fault.sentence(), fault.kind)).collect()
    }

    #[test]
    fn every_kind_says_what_holds() {
        for (body, sentence, kind) in [
            (
                json!({"name": ""}),
                "name: String should have at least 1 character.",
                "string_too_short",
            ),
            (
                json!({"name": "ab\u{e9}x"}),
                "name: String should have at most 3 characters.",
                "string_too_long",
            ),
            (json!({"name": null}), "name: Input should be a valid string.", "string_type"),
            (json!({"agent": "a/b"}), "agent: Project not found.", "value_error"),
            (json!({"agent": 1}), "agent: Input should be a valid string.", "string_type"),
            (json!({"on": "yes"}), "on: Input should be a valid boolean.", "bool_type"),
            (
                json!({"count": 0}),
                "count: Input should be greater than or equal to 1.",
                "greater_than_equal",
            ),
            (
                json!({"count": 6}),
                "count: Input should be less than or equal to 5.",
                "less_than_equal",
            ),
            (
                json!({"count": u64::MAX}),
                "count: Input should be less than or equal to 5.",
                "less_than_equal",
            ),
            (json!({"count": 1.5}), "count: Input should be a valid integer.", "int_type"),
            (json!({"count": "1"}), "count: Input should be a valid integer.", "int_type"),
            (json!({"colour": "green"}), "colour: Input should be 'red' or 'blue'.", "enum"),
            (json!({"colour": 1}), "colour: Input should be 'red' or 'blue'.", "enum"),
            (
                json!({"colours": []}),
                "colours: List should have at least 1 item after validation, not 0.",
                "too_short",
            ),
            (
                json!({"colours": ["red", "green"]}),
                "colours.1: Input should be 'red' or 'blue'.",
                "enum",
            ),
            (json!({"colours": "red"}), "colours: Input should be a valid list.", "list_type"),
            (
                json!({"headers": {"a": 1}}),
                "headers.a: Input should be a valid string.",
                "string_type",
            ),
            (json!({"headers": []}), "headers: Input should be a valid dictionary.", "dict_type"),
            (json!({"url": "https:"}), "url: Input should be a valid URL.", "value_error"),
            (
                json!({"url": "http://shop.example"}),
                "url: URL scheme should be 'https'.",
                "value_error",
            ),
            (
                json!({"url": "file:///etc/passwd"}),
                "url: URL scheme should be 'https'.",
                "value_error",
            ),
            (json!({"extra": 1}), "extra: Extra inputs are not permitted.", "extra_forbidden"),
        ] {
            assert_eq!(found(body, false), [(sentence.to_owned(), kind)]);
        }
    }

    #[test]
    fn only_a_new_resource_needs_its_members() {
        assert_eq!(found(json!({}), false), []);
        assert_eq!(found(json!({}), true), [("name: Field required.".to_owned(), "missing")]);
        let good = json!({
            "name": "a", "agent": null, "on": true, "count": 5, "colour": "red",
            "colours": ["blue"], "headers": {"A": "b"}, "url": "https://shop.example/hooks",
        });
        assert_eq!(found(good, true), []);
        for local in ["http://127.0.0.1:80/a", "http://localhost:9", "http://[::1]:7/"] {
            assert_eq!(found(json!({ "url": local }), false), []);
        }
    }
}
