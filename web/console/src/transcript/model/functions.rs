//! Functions the agent called.

use perch_api::families::conversations::FunctionEvent;
use serde_json::{Map, Value};

use super::turns::milliseconds;
use crate::{explorer::words, text};

/// Longest value shown, in characters: a huge one would freeze the page.
const MAX_SHOWN: usize = 20_000;

/// One function call.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Function {
    pub(crate) name: String,
    /// Milliseconds.
    pub(crate) duration: Option<u64>,
    /// What went wrong.
    pub(crate) error: Option<String>,
    /// Named values to unfold: arguments, changed variables, handover.
    pub(crate) values: Vec<(&'static str, Value)>,
}

/// Reads an entry of `functionEvents`.
pub(super) fn of_event(event: &FunctionEvent) -> Function {
    let spoken = words(event.utterance.as_ref()).map_or(Value::Null, Value::from);
    Function {
        name: words(event.name.as_ref()).unwrap_or("unnamed").to_owned(),
        duration: event.duration.0.and_then(milliseconds),
        error: filled(&event.error).then(|| text::plain(&event.error)),
        values: named([
            ("Arguments", &event.arguments),
            ("Said", &spoken),
            ("Variables changed", &event.state_changes),
            ("Handover", &event.handoff),
        ]),
    }
}

/// Reads the shorter form in a turn's metadata, for records without `functionEvents`.
pub(super) fn of_metadata(metadata: Option<&Map<String, Value>>) -> Vec<Function> {
    let list = metadata.and_then(|data| data.get("function_events")?.as_array());
    let read = |event: &Value| Function {
        name: event.get("name").and_then(Value::as_str).unwrap_or("unnamed").to_owned(),
        duration: event.get("duration").and_then(Value::as_f64).and_then(milliseconds),
        error: None,
        values: named(
            [("Arguments", "arguments"), ("Said", "utterance"), ("Handover", "handoff")]
                .map(|(label, key)| (label, event.get(key).unwrap_or(&Value::Null))),
        ),
    };
    list.into_iter().flatten().map(read).collect()
}

/// A value written over several lines, cut where it gets too long to show.
pub(crate) fn pretty(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => text::pretty(other),
    };
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}\n… cut", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

fn named<const N: usize>(values: [(&'static str, &Value); N]) -> Vec<(&'static str, Value)> {
    values
        .into_iter()
        .filter(|(_, value)| filled(value))
        .map(|(n, value)| (n, value.clone()))
        .collect()
}

fn filled(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_says_something_is_unfolded() {
        let event: FunctionEvent = serde_json::from_str(
            r#"{"name":"find_order","duration":240,"arguments":{"order":"FH-1"},"error":null,"utterance":"","state_changes":{},"handoff":null}"#,
        )
        .unwrap();
        let call = of_event(&event);
        assert_eq!(
            (call.name.as_str(), call.duration, call.error),
            ("find_order", Some(240), None)
        );
        assert_eq!(call.values.len(), 1);
        assert_eq!(call.values[0].0, "Arguments");
    }

    #[test]
    fn a_huge_value_is_cut() {
        let shown = pretty(&Value::String("x".repeat(50_000)));
        assert!(shown.ends_with("… cut") && shown.len() < 21_000);
    }
}
