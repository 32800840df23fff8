//! Metrics in both spellings.

use perch_api::model::Timestamp;

use crate::conversation::Conversation;
use crate::disclosure::Disclosure;
use crate::json::Json;

/// One text per metric, or a list when it was written more than once.
pub(super) fn as_listed(
    json: &mut Json,
    conversation: &Conversation,
    now_ms: i64,
    disclosure: &Disclosure,
) {
    let shown =
        grouped(conversation, now_ms).into_iter().filter(|(name, _)| disclosure.shows(name));
    for (name, values) in shown {
        match values.as_slice() {
            [(_, one)] => json.key(name).string(one),
            many => json.key(name).array(|json| many.iter().for_each(|(_, v)| json.string(v))),
        }
    }
}

/// Every value with its moment.
pub(super) fn in_detail(json: &mut Json, conversation: &Conversation, now_ms: i64) {
    for (name, values) in grouped(conversation, now_ms) {
        json.key(name).array(|json| {
            for (at_ms, value) in values {
                json.object(|json| {
                    let time = Timestamp::from_unix_ms(at_ms);
                    // The platform writes these moments without a zone.
                    json.key("timestamp").string(time.as_str().trim_end_matches('Z'));
                    json.key("value").string(value);
                });
            }
        });
    }
}

/// Metrics written by now, in the order of their first appearance.
fn grouped(conversation: &Conversation, now_ms: i64) -> Vec<(&'static str, Vec<(i64, &str)>)> {
    let mut groups: Vec<(&'static str, Vec<(i64, &str)>)> = Vec::new();
    for metric in conversation.metrics.iter().filter(|metric| metric.at_ms <= now_ms) {
        let entry = (metric.at_ms, metric.value.as_str());
        match groups.iter_mut().find(|(name, _)| *name == metric.name) {
            Some((_, values)) => values.push(entry),
            None => groups.push((metric.name, vec![entry])),
        }
    }
    groups
}
