//! One line of the list: what of a conversation is worth a glance.

use perch_api::{
    families::conversations::ListItem,
    model::{Channel, ConversationId, Timestamp, Tolerant, VariantId},
};

use crate::text;

/// A conversation as listed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) id: ConversationId,
    /// Unix milliseconds.
    pub(crate) started: Option<i64>,
    pub(crate) channel: Option<Channel>,
    /// The number of the person at the other end.
    pub(crate) contact: Option<String>,
    /// Language code.
    pub(crate) language: Option<String>,
    pub(crate) turns: u32,
    /// Seconds.
    pub(crate) duration: Option<u64>,
    pub(crate) handoff: bool,
    pub(crate) destination: Option<String>,
    pub(crate) silences: u32,
    pub(crate) out_of_domain: u32,
    pub(crate) variant: Option<(VariantId, String)>,
    pub(crate) live: bool,
    /// The row as it came, for a transcript when the full record cannot be had.
    pub(crate) item: ListItem,
}

impl Row {
    /// Reads a row; nothing when its id could not be asked for.
    pub(crate) fn read(item: ListItem) -> Option<Self> {
        let id = ConversationId::parse(&item.id).ok()?;
        let turns = item.turns.as_ref().map_or(0, Vec::len);
        let variant = words(item.variant_id.as_ref()).and_then(|id| VariantId::parse(id).ok());
        Some(Self {
            id,
            started: item.started_at.as_ref().and_then(Timestamp::unix_ms),
            channel: item.channel.0.clone().filter(|channel| !channel.as_str().is_empty()),
            contact: words(item.from_number.as_ref()).map(str::to_owned),
            language: language(&item),
            turns: item.num_turns.0.unwrap_or_else(|| u32::try_from(turns).unwrap_or(u32::MAX)),
            duration: item.total_duration.0,
            handoff: item.handoff.0.unwrap_or(false),
            destination: words(item.handoff_destination.as_ref()).map(str::to_owned),
            silences: item.num_silences.0.unwrap_or(0),
            out_of_domain: item.num_ood.0.unwrap_or(0),
            variant: variant.map(|id| {
                let name = words(item.variant_name.as_ref()).unwrap_or(id.as_str()).to_owned();
                (id, name)
            }),
            live: item.in_progress.0.unwrap_or(false),
            item,
        })
    }

    /// The words that show best what it was about: around a search hit, else the first ones; the
    /// caller's before the agent's, whose greeting is always the same.
    pub(crate) fn preview(&self, search: &str) -> Option<String> {
        let turns = self.item.turns.as_ref()?;
        let caller =
            || turns.iter().flat_map(|turn| both(&turn.user_input, &turn.translated_user_input));
        let agent = || {
            turns.iter().flat_map(|turn| both(&turn.agent_response, &turn.english_agent_response))
        };
        if !search.is_empty() {
            let found = caller().chain(agent()).find_map(|line| text::excerpt(line, search, 90));
            if found.is_some() {
                return found;
            }
        }
        caller().chain(agent()).next().map(|line| line.chars().take(160).collect())
    }
}

/// A text that says something: the platform sends both nothing and `""` for nothing.
pub(crate) fn words(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

/// A line and its English version.
fn both<'a>(
    line: &'a Tolerant<String>,
    english: &'a Tolerant<String>,
) -> impl Iterator<Item = &'a str> {
    [line, english].into_iter().filter_map(|line| words(line.as_ref()))
}

/// The list has no column for the language; turns and the agent's variables sometimes tell.
fn language(item: &ListItem) -> Option<String> {
    let turns = item.turns.as_ref().map(Vec::as_slice).unwrap_or_default();
    let heard = turns.iter().rev().find_map(|turn| {
        words(turn.asr_lang_code.as_ref()).or_else(|| words(turn.tts_lang_code.as_ref()))
    });
    let kept = || item.state.as_ref()?.get("language")?.as_str().filter(|code| !code.is_empty());
    heard.or_else(kept).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(json: &str) -> Option<Row> {
        Row::read(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn empty_texts_are_no_texts() {
        let row = row(r#"{"id":"C1","from_number":"","handoff_destination":" ","variant_id":"","channel":"","num_turns":null,"turns":[{"user_input":""},{"user_input":"hello"}]}"#).unwrap();
        assert_eq!(
            (row.contact, row.destination, row.variant, row.channel),
            (None, None, None, None)
        );
        assert_eq!(row.turns, 2);
    }

    #[test]
    fn a_preview_shows_the_hit_or_the_first_words() {
        let row = row(r#"{"id":"C1","turns":[{"agent_response":"Welcome!"},{"user_input":"My tent leaks","agent_response":"Sorry to hear that the tent leaks"}]}"#).unwrap();
        assert_eq!(row.preview("").as_deref(), Some("My tent leaks"));
        assert_eq!(row.preview("sorry").as_deref(), Some("Sorry to hear that the tent leaks"));
        assert_eq!(row.preview("leaks").as_deref(), Some("My tent leaks"));
        assert_eq!(row.preview("bicycle").as_deref(), Some("My tent leaks"));
    }

    #[test]
    fn the_language_comes_from_where_it_is_known() {
        let heard =
            row(r#"{"id":"C1","turns":[{"asr_lang_code":"es-ES"}],"state":{"language":"en"}}"#);
        let kept = row(r#"{"id":"C1","turns":[],"state":{"language":"fr-FR"}}"#);
        assert_eq!(heard.unwrap().language.as_deref(), Some("es-ES"));
        assert_eq!(kept.unwrap().language.as_deref(), Some("fr-FR"));
    }

    #[test]
    fn an_id_that_cannot_be_asked_for_is_no_row() {
        assert_eq!(row(r#"{"id":"a/../b"}"#), None);
    }
}
