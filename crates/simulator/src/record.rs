//! A conversation in the platform's two spellings: the lists' rows ([`row`]) and the build host's detail.

mod calls;
mod metrics;
pub(crate) mod row;

use crate::account::Account;
use crate::conversation::{Channel, Conversation, Turn};
use crate::json::Json;

/// The build host's detail: `camelCase` around `snake_case` turns, nulls for what is missing.
pub(crate) fn detail(
    account: &Account,
    conversation: &Conversation,
    note: Option<&str>,
    now_ms: i64,
) -> String {
    let turns = conversation.turns_at(now_ms);
    let mut json = Json::with_capacity(2_048 + turns.len() * 1_400);
    json.object(|json| {
        envelope(json, account, conversation, now_ms, Extent::Whole { note });
        json.key("turns").array(|json| {
            for (number, turn) in turns.iter().enumerate() {
                detailed_turn(json, conversation, number + 1, turn, now_ms);
            }
        });
        json.key("metrics").object(|json| metrics::in_detail(json, conversation, now_ms));
        json.key("functionEvents").object(|json| {
            for (number, turn) in turns.iter().enumerate().filter(|(_, t)| !t.functions.is_empty())
            {
                json.key(&(number + 1).to_string()).array(|json| {
                    for (at, call) in turn.functions.iter().enumerate() {
                        calls::event(json, conversation, turn, at, call);
                    }
                });
            }
        });
    });
    json.finish()
}

/// A row of the build host's list: the detail without turns, and with less in it.
pub(crate) fn listed(json: &mut Json, account: &Account, conversation: &Conversation, now_ms: i64) {
    json.object(|json| envelope(json, account, conversation, now_ms, Extent::Listed));
}

/// How much is told.
#[derive(Clone, Copy, PartialEq)]
enum Extent<'a> {
    /// Everything, with a reviewer's note.
    Whole { note: Option<&'a str> },
    /// As real lists are: nulls where the detail has summary, score, language, version and note.
    Listed,
}

fn envelope(
    json: &mut Json,
    account: &Account,
    conversation: &Conversation,
    now_ms: i64,
    extent: Extent<'_>,
) {
    let running = conversation.in_progress(now_ms);
    let handoff = conversation.handoff.filter(|_| conversation.agent_left_ms <= now_ms);
    let whole = extent != Extent::Listed;
    let known = whole && conversation.analysed_ms <= now_ms;
    json.key("conversationId").string(&conversation.id);
    json.key("accountId").string(account.id);
    json.key("projectId").string(account.project_id);
    json.key("createdAt").time(conversation.started_ms);
    json.key("startedAt").time(conversation.started_ms);
    if running {
        json.key("finishedAt").null();
    } else {
        json.key("finishedAt").time(conversation.ended_ms);
    }
    json.key("channel").string(conversation.channel.as_str());
    json.key("direction").string(if conversation.is_outbound() { "outbound" } else { "inbound" });
    json.key("fromNumber").optional(filled(&conversation.from_number));
    json.key("toNumber").optional(filled(&conversation.to_number));
    json.key("language").optional(whole.then(|| conversation.language.code()));
    json.key("variantId").string(conversation.variant().0);
    json.key("clientEnv").string(conversation.environment.as_str());
    json.key("totalDuration").number(conversation.total_seconds(now_ms));
    json.key("polyaiDuration").number(conversation.agent_seconds(now_ms));
    json.key("duration").number(conversation.total_seconds(now_ms));
    json.key("inProgress").boolean(running);
    json.key("handoff").boolean(handoff.is_some());
    json.key("handoffDestination").optional(handoff.map(|handoff| handoff.destination));
    json.key("handoffReason").optional(handoff.map(|handoff| handoff.reason));
    json.key("tags").array(|json| conversation.tags.iter().for_each(|tag| json.string(tag)));
    match conversation.poly_score.filter(|_| known) {
        Some(score) => json.key("polyScore").number(score),
        None => json.key("polyScore").null(),
    }
    match conversation.summary.as_ref().filter(|_| known) {
        Some((heading, content)) => json.key("shortSummary").object(|json| {
            json.key("heading").string(heading);
            json.key("content").string(content);
        }),
        None => json.key("shortSummary").null(),
    }
    json.key("deploymentId").optional(whole.then_some(&*conversation.deployment));
    json.key("note").optional(match extent {
        Extent::Whole { note } => note,
        Extent::Listed => None,
    });
    let audio = format!("conversations/{}/audio", conversation.id);
    let voice = conversation.channel == Channel::Voice;
    json.key("audioUrl").optional(voice.then_some(audio.as_str()));
}

/// What list and detail say alike of a turn.
fn turn_basics(json: &mut Json, turn: &Turn, now_ms: i64) {
    let answered = turn.agent_ms <= now_ms && turn.agent_ms > 0;
    json.key("user_input").text(&turn.user);
    json.key("user_input_dtmf").text(&turn.dtmf);
    json.key("user_input_datetime").time(turn.user_ms);
    json.key("agent_response").text(if answered { &turn.agent } else { "" });
    if answered {
        json.key("agent_response_datetime").time(turn.agent_ms);
    }
    json.key("translated_user_input").text(turn.user_english.as_deref().unwrap_or(""));
    let english = turn.agent_english.as_deref().filter(|_| answered).unwrap_or("");
    json.key("english_agent_response").text(english);
}

fn detailed_turn(
    json: &mut Json,
    conversation: &Conversation,
    number: usize,
    turn: &Turn,
    now_ms: i64,
) {
    json.object(|json| {
        json.key("turn_id").number(turn.id);
        turn_basics(json, turn, now_ms);
        let finish = if turn.dtmf.is_empty() { "" } else { "#" };
        json.key("user_input_dtmf_finish_key").string(finish);
        if conversation.channel == Channel::Voice && !turn.user.is_empty() {
            let audio = format!("conversations/{}/turns/{number}/audio", conversation.id);
            json.key("user_input_audio_url").string(&audio);
        }
        if turn.latency_ms > 0 && turn.agent_ms <= now_ms {
            json.key("latency").object(|json| {
                json.key("label").null();
                json.key("perceived_latency").seconds(turn.latency_ms);
                json.key("perceived_latency_percentile_1d").null();
            });
        } else {
            json.key("latency").null();
        }
        let language = turn.language.unwrap_or(conversation.language).code();
        json.key("asr_lang_code").string(language);
        json.key("tts_lang_code").string(language);
        json.key("barge_in").boolean(turn.barge_in);
        json.key("intents").null();
        json.key("entities").null();
        json.key("is_ood").boolean(turn.out_of_domain);
        json.key("is_silence").boolean(turn.silence);
        json.key("llm_requests").array(|_| {});
        json.key("reviews").array(|_| {});
        json.key("metadata").object(|json| {
            json.key("asr_corrected_user_input").string(&turn.user);
            json.key("current_node").string(turn.topic.unwrap_or("open"));
            json.key("entities").array(|_| {});
            json.key("function_events").array(|json| {
                for call in &turn.functions {
                    json.object(|json| calls::basics(json, call));
                }
            });
            let title =
                turn.topic.and_then(crate::agent::knowledge::topic).map(|topic| topic.title);
            json.key("retrieved_topics").array(|json| title.iter().for_each(|t| json.string(t)));
        });
    });
}

fn filled(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use perch_api::families::conversations::{Detail, ListItem};

    use super::*;
    use crate::account::FIRST;
    use crate::world::World;

    const ANCHOR: i64 = 1_795_443_600_000;

    #[test]
    fn row_and_detail_are_read_back_and_agree() {
        let world = World::new(5, ANCHOR, 400);
        for conversation in world.iter() {
            let conversation = &*conversation;
            let mut json = Json::default();
            let style = row::Style { latency: true, ..row::Style::default() };
            row::write(&mut json, &FIRST, conversation, ANCHOR, &style);
            let row: ListItem = serde_json::from_str(&json.finish()).unwrap();
            let detail: Detail =
                serde_json::from_str(&detail(&FIRST, conversation, None, ANCHOR)).unwrap();
            assert_eq!(row.id, detail.conversation_id);
            assert_eq!(row.started_at, detail.started_at);
            assert_eq!(row.total_duration, detail.total_duration);
            assert_eq!(row.handoff, detail.handoff);
            let (turns, detailed) = (row.turns.0.unwrap(), detail.turns.0.unwrap());
            assert_eq!(turns.len(), detailed.len());
            assert_eq!(row.num_turns.0, Some(u32::try_from(turns.len()).unwrap()));
            for (turn, detailed) in turns.iter().zip(&detailed) {
                assert_eq!(turn.user_input, detailed.user_input);
                assert_eq!(turn.agent_response, detailed.agent_response);
                let seconds = |t: &perch_api::families::conversations::Turn| {
                    t.latency
                        .as_ref()
                        .and_then(perch_api::families::conversations::Latency::seconds)
                };
                assert_eq!(seconds(turn), seconds(detailed));
                assert!(seconds(turn).is_some());
            }
        }
    }

    #[test]
    fn the_future_is_not_told() {
        let world = World::new(5, ANCHOR, 400);
        let conversation = &*world.tell(100).unwrap();
        let early = conversation.turns[0].agent_ms;
        let detail: Detail =
            serde_json::from_str(&detail(&FIRST, conversation, Some("Late."), early)).unwrap();
        assert_eq!(detail.in_progress.0, Some(true));
        assert_eq!(detail.note.as_ref().map(String::as_str), Some("Late."));
        assert_eq!(detail.turns.0.unwrap().len(), 1);
        assert!(detail.poly_score.is_none() && detail.short_summary.is_none());
    }
}
