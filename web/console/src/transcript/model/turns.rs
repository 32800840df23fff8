//! Turns: what was said, how long it took, what stood out.

use std::sync::Arc;

use perch_api::{
    families::conversations::{self as api, FunctionEvent, Latency},
    model::Timestamp,
};
use serde_json::{Map, Value};

use super::{Function, functions};
use crate::explorer::words;

/// Waits from here on are slow, in milliseconds: people begin to wonder.
const SLOW_MS: u64 = 2_000;
/// Waits from here on are very slow: people speak again or leave.
const VERY_SLOW_MS: u64 = 4_000;

/// One exchange.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Turn {
    /// Counted from 1.
    pub(crate) number: usize,
    pub(crate) caller: Option<Line>,
    pub(crate) agent: Option<Line>,
    /// Milliseconds the caller waited.
    pub(crate) latency: Option<u64>,
    pub(crate) marks: Vec<Mark>,
    pub(crate) functions: Vec<Function>,
    pub(crate) topics: Vec<String>,
    /// The step of the agent's flow.
    pub(crate) step: Option<String>,
}

/// What one side said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) text: String,
    /// The same in English, where it was said in another language.
    pub(crate) english: Option<String>,
    /// Unix milliseconds.
    pub(crate) at: Option<i64>,
    /// Language code.
    pub(crate) language: Option<String>,
}

/// What stands out in a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mark {
    Silence,
    OutOfDomain,
    BargeIn,
    Keys(String),
}

/// How a wait feels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    Quick,
    Slow,
    VerySlow,
}

impl Pace {
    /// The pace of a wait in milliseconds.
    pub(crate) fn of(latency: u64) -> Self {
        match latency {
            _ if latency >= VERY_SLOW_MS => Self::VerySlow,
            _ if latency >= SLOW_MS => Self::Slow,
            _ => Self::Quick,
        }
    }

    /// In words, where it deserves any.
    pub(crate) const fn label(self) -> Option<&'static str> {
        match self {
            Self::Quick => None,
            Self::Slow => Some("slow"),
            Self::VerySlow => Some("very slow"),
        }
    }
}

/// Reads the turns; `events` hands out the function calls of a turn number.
pub(super) fn read(
    turns: &[api::Turn],
    events: impl Fn(usize) -> Option<Vec<FunctionEvent>>,
) -> Vec<Arc<Turn>> {
    let mut read: Vec<_> = turns
        .iter()
        .enumerate()
        .map(|(index, turn)| one(index + 1, turn, events(index + 1)))
        .collect();
    // Calls before the first turn are numbered 0; they belong to the greeting.
    if let (Some(first), Some(early)) = (read.first_mut(), events(0)) {
        first.functions.splice(0..0, early.iter().map(functions::of_event));
    }
    read.into_iter().map(Arc::new).collect()
}

fn one(number: usize, turn: &api::Turn, events: Option<Vec<FunctionEvent>>) -> Turn {
    let metadata = turn.metadata.as_ref();
    let mut marks = Vec::new();
    let mut mark = |flag: Option<bool>, mark| marks.extend((flag == Some(true)).then_some(mark));
    mark(turn.is_silence.0, Mark::Silence);
    mark(turn.is_ood.0, Mark::OutOfDomain);
    mark(turn.barge_in.0, Mark::BargeIn);
    marks.extend(words(turn.user_input_dtmf.as_ref()).map(|keys| Mark::Keys(keys.to_owned())));
    let events = events.unwrap_or_default();
    Turn {
        number,
        caller: line(
            turn.user_input.as_ref(),
            turn.translated_user_input.as_ref(),
            turn.user_input_datetime.as_ref().and_then(Timestamp::unix_ms),
            turn.asr_lang_code.as_ref(),
        ),
        agent: line(
            turn.agent_response.as_ref(),
            turn.english_agent_response.as_ref(),
            turn.agent_response_datetime.as_ref().and_then(Timestamp::unix_ms),
            turn.tts_lang_code.as_ref(),
        ),
        latency: turn
            .latency
            .as_ref()
            .and_then(Latency::seconds)
            .and_then(|seconds| milliseconds(seconds * 1_000.0)),
        marks,
        functions: if events.is_empty() {
            functions::of_metadata(metadata)
        } else {
            events.iter().map(functions::of_event).collect()
        },
        topics: topics(metadata),
        step: metadata
            .and_then(|data| data.get("current_node")?.as_str())
            .filter(|step| !step.is_empty())
            .map(str::to_owned),
    }
}

/// A measured length as a whole number; nothing when it cannot be one.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to lie between 0 and a day"
)]
pub(super) fn milliseconds(measured: f64) -> Option<u64> {
    (0.0..86_400_000.0).contains(&measured).then(|| measured.round() as u64)
}

fn line(
    text: Option<&String>,
    english: Option<&String>,
    at: Option<i64>,
    language: Option<&String>,
) -> Option<Line> {
    let english = words(english);
    // A line that exists only in English is still a line.
    let text = words(text).or(english)?;
    Some(Line {
        text: text.to_owned(),
        english: english.filter(|english| *english != text).map(str::to_owned),
        at,
        language: words(language).map(str::to_owned),
    })
}

fn topics(metadata: Option<&Map<String, Value>>) -> Vec<String> {
    let list = metadata.and_then(|data| data.get("retrieved_topics")?.as_array());
    let names = list.into_iter().flatten().filter_map(|topic| {
        topic.as_str().or_else(|| topic.get("name")?.as_str()).filter(|name| !name.is_empty())
    });
    names.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(json: &str) -> Turn {
        one(1, &serde_json::from_str(json).unwrap(), None)
    }

    #[test]
    fn a_line_keeps_its_english_only_when_it_differs() {
        let read = turn(
            r#"{"user_input":"Hola","translated_user_input":"Hello","agent_response":"Hi","english_agent_response":"Hi"}"#,
        );
        assert_eq!(read.caller.unwrap().english.as_deref(), Some("Hello"));
        assert_eq!(read.agent.unwrap().english, None);
    }

    #[test]
    fn what_stands_out_is_marked() {
        let read = turn(
            r#"{"user_input":"","is_silence":true,"is_ood":null,"barge_in":true,"user_input_dtmf":"12#"}"#,
        );
        assert_eq!(read.caller, None);
        assert_eq!(read.marks, [Mark::Silence, Mark::BargeIn, Mark::Keys("12#".to_owned())]);
    }

    #[test]
    fn topics_and_steps_come_from_the_metadata() {
        let read = turn(
            r#"{"metadata":{"retrieved_topics":["returns",{"name":"sizes"},7],"current_node":"order"}}"#,
        );
        assert_eq!(read.topics, ["returns", "sizes"]);
        assert_eq!(read.step.as_deref(), Some("order"));
    }

    #[test]
    fn waits_have_a_pace_and_impossible_ones_are_dropped() {
        let paces: Vec<_> = [1_999, 2_000, 4_000].map(Pace::of).into();
        assert_eq!(paces, [Pace::Quick, Pace::Slow, Pace::VerySlow]);
        assert_eq!(turn(r#"{"latency":-1}"#).latency, None);
        assert_eq!(turn(r#"{"latency":{"perceived_latency":1.25}}"#).latency, Some(1_250));
    }

    #[test]
    fn calls_before_the_first_turn_hang_on_it() {
        let turns = [api::Turn::default(), api::Turn::default()];
        let call =
            |name: &str| FunctionEvent { name: name.to_owned().into(), ..FunctionEvent::default() };
        let read = read(&turns, |number| match number {
            0 => Some(vec![call("start")]),
            1 => Some(vec![call("look_up")]),
            _ => None,
        });
        let names: Vec<_> = read[0].functions.iter().map(|call| call.name.as_str()).collect();
        assert_eq!(names, ["start", "look_up"]);
        assert!(read[1].functions.is_empty());
    }
}
