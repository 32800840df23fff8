//! What a list request asks for, checked.

use perch_api::families::conversations::ListQuery;
use perch_api::model::{Channel as Given, Environment as Wanted, Timestamp};

use super::invalid;
use crate::agent::language::{Heard, fold};
use crate::agent::{Language, knowledge};
use crate::catalog::filter::{Filter, Search};
use crate::conversation::{Channel, Environment, VARIANTS};
use crate::refusal::Refusal;
use crate::world::brief::topic_bits;
use crate::world::script::Side;

/// A request's filters.
#[derive(Debug)]
pub(super) struct Asked {
    /// The filters.
    pub(super) filter: Filter,
    /// A number that changes with any of them.
    pub(super) fingerprint: u64,
}

impl Asked {
    /// Checks the combination of parameters; `salt` decides a random sample.
    pub(super) fn new(query: &ListQuery, salt: u64) -> Result<Self, Refusal> {
        let wanted = query.client_env.as_ref().unwrap_or(&Wanted::Live);
        let all = [Environment::Sandbox, Environment::PreRelease, Environment::Live];
        let Some(environment) = all.into_iter().find(|own| own.as_str() == wanted.as_str()) else {
            return Err(invalid("client_env must be sandbox, pre-release or live."));
        };
        if query.variant_id.is_some() && query.variant_name.is_some() {
            return Err(invalid("variant_id and variant_name exclude each other."));
        }
        let (from_ms, until_ms) = range(query)?;
        let search = search(query, salt)?;
        if search != Search::All && (query.start_time.is_none() || query.end_time.is_none()) {
            return Err(invalid("A search or sample needs start_time and end_time."));
        }
        let filter = Filter {
            environment: Some(environment),
            channels: (!query.channel.is_empty()).then(|| channels(&query.channel)),
            from_ms,
            until_ms,
            variant: variant(query),
            in_progress: query.in_progress,
            search,
        };
        Ok(Self { filter, fingerprint: fingerprint(query) })
    }
}

/// The channels there are among those asked for.
fn channels(given: &[Given]) -> Vec<Channel> {
    let all = [Channel::Voice, Channel::Webchat, Channel::Chat, Channel::Sms];
    let asked = |own: &Channel| given.iter().any(|given| given.as_str() == own.as_str());
    all.into_iter().filter(asked).collect()
}

/// The variant asked for; a number that none has when nobody knows it.
fn variant(query: &ListQuery) -> Option<usize> {
    let place = |known: fn(&(&'static str, &'static str)) -> &'static str, asked: &str| {
        VARIANTS.iter().position(|variant| known(variant) == asked).unwrap_or(usize::MAX)
    };
    let by_id = query.variant_id.as_deref().map(|id| place(|(id, _)| id, id));
    by_id.or_else(|| query.variant_name.as_deref().map(|name| place(|(_, name)| name, name)))
}

fn range(query: &ListQuery) -> Result<(i64, i64), Refusal> {
    let read = |time: &Option<Timestamp>, name: &str, absent: i64| match time {
        None => Ok(absent),
        Some(time) => time
            .unix_ms()
            .ok_or_else(|| invalid(&format!("{name} must be an ISO 8601 date and time."))),
    };
    let from_ms = read(&query.start_time, "start_time", i64::MIN)?;
    let until_ms = read(&query.end_time, "end_time", i64::MAX)?;
    if from_ms > until_ms {
        return Err(invalid("start_time must not be after end_time."));
    }
    Ok((from_ms, until_ms))
}

fn search(query: &ListQuery, salt: u64) -> Result<Search, Refusal> {
    if query.query_type.is_some() && query.sample.is_some() {
        return Err(invalid("query_type and sample exclude each other."));
    }
    let side = match query.turn_type.as_deref() {
        None => None,
        Some("user") => Some(Side::User),
        Some("agent") => Some(Side::Agent),
        Some(_) => return Err(invalid("turn_type must be user or agent.")),
    };
    if query.turn_type.is_some() && query.query_type.as_deref() != Some("transcript") {
        return Err(invalid("turn_type belongs to query_type=transcript."));
    }
    let text = query.query.as_deref().map(fold).unwrap_or_default();
    let words: Vec<_> = text.split_whitespace().map(str::to_owned).collect();
    match (query.query_type.as_deref(), query.sample.as_deref()) {
        (None, None) => Ok(Search::All),
        (None, Some("random")) => Ok(Search::Random { salt }),
        (None, Some(_)) => Err(invalid("sample must be random.")),
        (Some("transcript" | "semantic"), _) if words.is_empty() => {
            Err(invalid("query_type needs a query."))
        }
        (Some("transcript"), _) => Ok(Search::Transcript { phrase: words.join(" "), side }),
        (Some("semantic"), _) => {
            let heard = Heard::new(&text);
            let topics = Language::ALL
                .into_iter()
                .filter_map(|language| knowledge::best(language, &heard))
                .map(|(topic, _)| topic.id);
            let topics = topic_bits(topics);
            // Short words say nothing about a meaning.
            let words = words.into_iter().filter(|word| word.chars().count() > 3).collect();
            Ok(Search::Semantic { topics, words })
        }
        (Some(_), _) => Err(invalid("query_type must be transcript or semantic.")),
    }
}

/// Everything but page size and place, so that a cursor cannot be used with other filters.
fn fingerprint(query: &ListQuery) -> u64 {
    let filters = ListQuery {
        limit: None,
        offset: None,
        cursor: None,
        include_latency: None,
        ..query.clone()
    };
    let pairs = perch_api::operation::query::to_pairs(&filters);
    pairs
        .iter()
        .flat_map(|(name, value)| name.bytes().chain([0]).chain(value.bytes()).chain([1]))
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
}
