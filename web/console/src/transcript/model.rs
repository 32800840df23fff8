//! What the transcript shows, drawn from the full record or, failing that, from the list's row.

mod functions;
mod turns;

pub(crate) use functions::{Function, pretty};
pub(crate) use turns::{Line, Mark, Pace, Turn};

use std::sync::Arc;

use perch_api::{
    families::conversations::{Detail, Metric, Summary},
    model::{Channel, Environment, Timestamp},
};

use crate::{
    explorer::{Row, words},
    text,
};

/// A conversation ready to be shown.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Transcript {
    pub(crate) id: String,
    /// Unix milliseconds.
    pub(crate) started: Option<i64>,
    pub(crate) ended: Option<i64>,
    pub(crate) live: bool,
    pub(crate) channel: Option<Channel>,
    pub(crate) environment: Option<Environment>,
    /// Seconds.
    pub(crate) duration: Option<u64>,
    pub(crate) language: Option<String>,
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
    pub(crate) direction: Option<String>,
    pub(crate) variant: Option<String>,
    pub(crate) deployment: Option<String>,
    pub(crate) score: Option<f64>,
    pub(crate) handoff: Option<Handoff>,
    pub(crate) heading: Option<String>,
    pub(crate) summary: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) tags: Vec<String>,
    /// Shared, so that a turn that stays the same stays the same element.
    pub(crate) turns: Vec<Arc<Turn>>,
    /// Turns the platform counted; more than it gave when transcripts are switched off.
    pub(crate) counted: usize,
    /// What the agent wrote down.
    pub(crate) metrics: Vec<Values>,
    /// Drawn from the list's row: the full record is not there.
    pub(crate) partial: bool,
}

/// A metric's name, and each value with its moment where known.
pub(crate) type Values = (String, Vec<(Option<i64>, String)>);

/// Where a conversation was handed to, and why.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Handoff {
    pub(crate) destination: Option<String>,
    pub(crate) reason: Option<String>,
}

impl Transcript {
    /// Reads the full record. The list's row fills what the record leaves out.
    pub(crate) fn of_detail(detail: &Detail, row: Option<&Row>) -> Self {
        let own = |text: Option<&String>| words(text).map(str::to_owned);
        let (heading, summary) = match detail.short_summary.as_ref() {
            Some(Summary::Text(text)) => (None, words(Some(text)).map(str::to_owned)),
            Some(Summary::Parts { heading, content, .. }) => {
                (own(Some(heading)), own(Some(content)))
            }
            None => (None, None),
        };
        let events =
            |number: usize| detail.function_events.as_ref()?.get(&number.to_string()).cloned();
        let given = detail.turns.as_ref().map(Vec::as_slice).unwrap_or_default();
        let turns = turns::read(given, events);
        let named = row.and_then(|row| row.variant.as_ref()).map(|(_, name)| name.clone());
        Self {
            id: detail.conversation_id.clone(),
            started: detail
                .started_at
                .as_ref()
                .or(detail.created_at.as_ref())
                .and_then(Timestamp::unix_ms),
            ended: detail.finished_at.as_ref().and_then(Timestamp::unix_ms),
            live: detail.in_progress.0.or(row.map(|row| row.live)).unwrap_or(false),
            channel: detail.channel.0.clone().or_else(|| row?.channel.clone()),
            environment: detail.client_env.0.clone(),
            duration: detail.total_duration.0.or(detail.duration.0).or(detail.polyai_duration.0),
            language: own(detail.language.as_ref()).or_else(|| row?.language.clone()),
            from: own(detail.from_number.as_ref()),
            to: own(detail.to_number.as_ref()),
            direction: own(detail.direction.as_ref()),
            variant: named.or_else(|| own(detail.variant_id.as_ref())),
            deployment: own(detail.deployment_id.as_ref()),
            score: detail.poly_score.0,
            handoff: detail.handoff.0.unwrap_or(false).then(|| Handoff {
                destination: own(detail.handoff_destination.as_ref()),
                reason: own(detail.handoff_reason.as_ref()),
            }),
            heading,
            summary,
            note: own(detail.note.as_ref()),
            tags: detail.tags.0.clone().unwrap_or_default(),
            counted: given.len().max(row.map_or(0, |row| row.turns as usize)),
            turns,
            metrics: detail
                .metrics
                .as_ref()
                .into_iter()
                .flatten()
                .map(|(name, values)| {
                    let value = |value: &perch_api::families::conversations::MetricValue| {
                        let at = value.timestamp.as_ref().and_then(Timestamp::unix_ms);
                        (at, text::plain(&value.value))
                    };
                    (name.clone(), values.iter().map(value).collect())
                })
                .collect(),
            partial: false,
        }
    }

    /// Reads what the list knows, for a conversation whose full record is not there.
    pub(crate) fn of_row(row: &Row) -> Self {
        let item = &row.item;
        let own = |text: Option<&String>| words(text).map(str::to_owned);
        let given = item.turns.as_ref().map(Vec::as_slice).unwrap_or_default();
        Self {
            id: row.id.as_str().to_owned(),
            started: row.started,
            live: row.live,
            channel: row.channel.clone(),
            environment: item.environment.0.clone(),
            duration: row.duration,
            language: row.language.clone(),
            from: own(item.from_number.as_ref()),
            to: own(item.to_number.as_ref()),
            variant: row.variant.as_ref().map(|(_, name)| name.clone()),
            handoff: row.handoff.then(|| Handoff {
                destination: row.destination.clone(),
                reason: own(item.handoff_reason.as_ref()),
            }),
            turns: turns::read(given, |_| None),
            counted: given.len().max(row.turns as usize),
            metrics: item
                .metrics
                .as_ref()
                .into_iter()
                .flatten()
                .map(|(name, metric)| (name.clone(), row_values(metric)))
                .collect(),
            partial: true,
            ..Self::default()
        }
    }

    /// Takes over the turns that have not changed since.
    pub(crate) fn keep(&mut self, before: &Self) {
        for (turn, known) in self.turns.iter_mut().zip(&before.turns) {
            if turn == known {
                *turn = Arc::clone(known);
            }
        }
    }

    /// Everything but turns and metrics.
    pub(crate) fn facts(&self) -> Self {
        Self { turns: Vec::new(), metrics: Vec::new(), counted: 0, ..self.clone() }
    }

    /// One line that names the conversation.
    pub(crate) fn title(&self) -> String {
        self.heading.clone().unwrap_or_else(|| {
            let channel = self.channel.as_ref().map_or("Conversation", text::channel);
            let kind = if self.channel.is_some() { " conversation" } else { "" };
            format!("{channel}{kind}")
        })
    }

    /// Whether any line has an English version of its own.
    pub(crate) fn translated(&self) -> bool {
        let english =
            |line: &Option<Line>| line.as_ref().is_some_and(|line| line.english.is_some());
        self.turns.iter().any(|turn| english(&turn.caller) || english(&turn.agent))
    }

    /// The longest wait in milliseconds.
    pub(crate) fn slowest(&self) -> Option<u64> {
        self.turns.iter().filter_map(|turn| turn.latency).max()
    }

    /// The typical wait (median) in milliseconds.
    pub(crate) fn median(&self) -> Option<u64> {
        let all: Vec<_> = self.turns.iter().filter_map(|turn| turn.latency).collect();
        // A conversation has few turns; counting costs less than a sort of its own.
        let nth = |n: usize| {
            all.iter().copied().find(|value| {
                let below = all.iter().filter(|other| *other < value).count();
                let same = all.iter().filter(|other| *other == value).count();
                (below..below + same).contains(&n)
            })
        };
        Some(nth(all.len().checked_sub(1)? / 2)?.midpoint(nth(all.len() / 2)?))
    }
}

fn row_values(metric: &Metric) -> Vec<(Option<i64>, String)> {
    match metric {
        Metric::One(value) => vec![(None, value.clone())],
        Metric::Many(values) => values.iter().map(|value| (None, value.clone())).collect(),
        Metric::Other(value) => vec![(None, text::plain(value))],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detail(json: &str) -> Transcript {
        Transcript::of_detail(&serde_json::from_str(json).unwrap(), None)
    }

    #[test]
    fn a_record_of_nulls_is_shown_as_empty() {
        let shown = detail(
            r#"{"conversationId":"C1","turns":null,"metrics":null,"functionEvents":null,"shortSummary":null,"polyScore":null,"handoff":null,"startedAt":""}"#,
        );
        assert_eq!(shown, Transcript { id: "C1".into(), ..Transcript::default() });
        assert_eq!(shown.title(), "Conversation");
        assert_eq!((shown.median(), shown.slowest()), (None, None));
    }

    #[test]
    fn both_summaries_and_scores_of_any_scale_are_shown() {
        let parts = detail(
            r#"{"conversationId":"C1","channel":"WEBCHAT","polyScore":8.5,"shortSummary":{"heading":"Late parcel","content":"It came."}}"#,
        );
        assert_eq!(
            (parts.title().as_str(), parts.summary.as_deref()),
            ("Late parcel", Some("It came."))
        );
        assert_eq!(parts.score, Some(8.5));
        let text =
            detail(r#"{"conversationId":"C1","channel":"WEBCHAT","shortSummary":"It came."}"#);
        assert_eq!(
            (text.title().as_str(), text.summary.as_deref()),
            ("Web chat conversation", Some("It came."))
        );
    }

    #[test]
    fn metrics_keep_every_value_and_its_moment() {
        let shown = detail(
            r#"{"conversationId":"C1","metrics":{"CSAT_SCORE":[{"timestamp":"1970-01-01T00:00:01.000000","value":"4"},{"value":5}]}}"#,
        );
        assert_eq!(
            shown.metrics,
            [(
                "CSAT_SCORE".to_owned(),
                vec![(Some(1_000), "4".to_owned()), (None, "5".to_owned())]
            )]
        );
    }

    #[test]
    fn the_row_stands_in_for_the_record() {
        let item = r#"{"id":"C1","channel":"VOICE-SIP","num_turns":3,"handoff":true,"handoff_destination":"Store","metrics":{"TOPIC":["a","b"]},"turns":[{"user_input":"hi","latency":0.5}]}"#;
        let row = Row::read(serde_json::from_str(item).unwrap()).unwrap();
        let shown = Transcript::of_row(&row);
        assert!(shown.partial);
        assert_eq!((shown.turns.len(), shown.counted), (1, 3));
        assert_eq!(shown.handoff.unwrap().destination.as_deref(), Some("Store"));
        assert_eq!(shown.metrics[0].1.len(), 2);
    }

    #[test]
    fn the_median_lies_between_the_middle_two() {
        let shown = detail(
            r#"{"conversationId":"C1","turns":[{"latency":3},{"latency":{"perceived_latency":1}},{"latency":null},{"latency":2},{"latency":10}]}"#,
        );
        assert_eq!((shown.median(), shown.slowest()), (Some(2_500), Some(10_000)));
    }
}
