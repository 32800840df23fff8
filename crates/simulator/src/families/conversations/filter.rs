//! What a list request asks for, checked, and applied to one conversation.

use perch_api::families::conversations::ListQuery;
use perch_api::model::{Channel, Environment, Timestamp};

use super::invalid;
use crate::agent::language::{Heard, fold};
use crate::agent::{Language, knowledge};
use crate::conversation::{Conversation, Turn};
use crate::refusal::Refusal;
use crate::world::mix;

/// The filters of one request.
#[derive(Debug)]
pub(super) struct Filter {
    environment: Environment,
    channels: Vec<Channel>,
    from_ms: i64,
    until_ms: i64,
    variant_id: Option<String>,
    variant_name: Option<String>,
    in_progress: Option<bool>,
    search: Search,
    fingerprint: u64,
}

#[derive(Debug)]
enum Search {
    None,
    /// A folded phrase, and on whose side it is looked for.
    Transcript {
        phrase: String,
        user: bool,
        agent: bool,
    },
    /// Topics that fit, and the folded words of the question.
    Semantic {
        topics: Vec<&'static str>,
        words: Vec<String>,
    },
    Random,
}

impl Filter {
    /// Checks the combination of parameters.
    pub(super) fn new(query: &ListQuery) -> Result<Self, Refusal> {
        let environment = query.client_env.clone().unwrap_or(Environment::Live);
        if !environment.is_known() {
            return Err(invalid("client_env must be sandbox, pre-release or live."));
        }
        if query.variant_id.is_some() && query.variant_name.is_some() {
            return Err(invalid("variant_id and variant_name exclude each other."));
        }
        let (from_ms, until_ms) = range(query)?;
        let search = search(query)?;
        if !matches!(search, Search::None)
            && (query.start_time.is_none() || query.end_time.is_none())
        {
            return Err(invalid("A search or sample needs start_time and end_time."));
        }
        Ok(Self {
            environment,
            channels: query.channel.clone(),
            from_ms,
            until_ms,
            variant_id: query.variant_id.clone(),
            variant_name: query.variant_name.clone(),
            in_progress: query.in_progress,
            search,
            fingerprint: fingerprint(query),
        })
    }

    /// A number that changes with any filter.
    pub(super) const fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// Whether a random sample is wanted, which has no second page.
    pub(super) const fn samples(&self) -> bool {
        matches!(self.search, Search::Random)
    }

    /// How well `conversation` fits; nothing when it does not.
    pub(super) fn rank(&self, conversation: &Conversation, now_ms: i64, salt: u64) -> Option<u64> {
        let (variant_id, variant_name) = conversation.variant();
        let fits = (self.from_ms..self.until_ms).contains(&conversation.started_ms)
            && self.environment.as_str() == conversation.environment.as_str()
            && (self.channels.is_empty()
                || self.channels.iter().any(|c| c.as_str() == conversation.channel.as_str()))
            && self.variant_id.as_ref().is_none_or(|id| id == variant_id)
            && self.variant_name.as_ref().is_none_or(|name| name == variant_name)
            && self.in_progress.is_none_or(|want| want == conversation.in_progress(now_ms));
        if !fits {
            return None;
        }
        match &self.search {
            Search::None => Some(0),
            Search::Random => Some(mix(salt, conversation.started_ms.unsigned_abs())),
            Search::Transcript { phrase, user, agent } => conversation
                .turns_at(now_ms)
                .iter()
                .any(|turn| texts(turn, *user, *agent).any(|text| fold(text).contains(phrase)))
                .then_some(0),
            Search::Semantic { topics, words } => {
                let turns = conversation.turns_at(now_ms);
                let on_topic =
                    turns.iter().filter(|t| t.topic.is_some_and(|id| topics.contains(&id))).count();
                let named = turns
                    .iter()
                    .flat_map(|turn| texts(turn, true, false))
                    .map(fold)
                    .map(|text| words.iter().filter(|word| text.contains(word.as_str())).count())
                    .max()
                    .unwrap_or(0);
                // A topic in common weighs more than a word in common; words alone must be several.
                let rank = on_topic.min(3) * 4 + named;
                (on_topic > 0 || (named > 1 && named * 2 > words.len())).then_some(rank as u64)
            }
        }
    }
}

fn texts(turn: &Turn, user: bool, agent: bool) -> impl Iterator<Item = &str> {
    let said = [Some(turn.user.as_str()), turn.user_english.as_deref(), Some(turn.dtmf.as_str())];
    let answered = [Some(turn.agent.as_str()), turn.agent_english.as_deref()];
    let said = said.into_iter().filter(move |_| user);
    said.chain(answered.into_iter().filter(move |_| agent)).flatten().filter(|t| !t.is_empty())
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

fn search(query: &ListQuery) -> Result<Search, Refusal> {
    if query.query_type.is_some() && query.sample.is_some() {
        return Err(invalid("query_type and sample exclude each other."));
    }
    let sides = match query.turn_type.as_deref() {
        None => (true, true),
        Some("user") => (true, false),
        Some("agent") => (false, true),
        Some(_) => return Err(invalid("turn_type must be user or agent.")),
    };
    if query.turn_type.is_some() && query.query_type.as_deref() != Some("transcript") {
        return Err(invalid("turn_type belongs to query_type=transcript."));
    }
    let text = query.query.as_deref().map(fold).unwrap_or_default();
    let words: Vec<_> = text.split_whitespace().map(str::to_owned).collect();
    match (query.query_type.as_deref(), query.sample.as_deref()) {
        (None, None) => Ok(Search::None),
        (None, Some("random")) => Ok(Search::Random),
        (None, Some(_)) => Err(invalid("sample must be random.")),
        (Some("transcript" | "semantic"), _) if words.is_empty() => {
            Err(invalid("query_type needs a query."))
        }
        (Some("transcript"), _) => {
            Ok(Search::Transcript { phrase: words.join(" "), user: sides.0, agent: sides.1 })
        }
        (Some("semantic"), _) => {
            let heard = Heard::new(&text);
            let topics = Language::ALL
                .into_iter()
                .filter_map(|language| knowledge::best(language, &heard))
                .map(|(topic, _)| topic.id)
                .collect();
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
