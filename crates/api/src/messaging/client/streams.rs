//! Messages that arrive in pieces.

use crate::{
    messaging::{
        frame::{Attachment, Chunk, Message, Suggestion},
        transcript::EntryKey,
    },
    model::Millis,
};

/// How many unfinished streams are kept; the oldest is cut short for a new one.
const STREAMS: usize = 16;
/// How many bytes of text, and how many chunks, one stream may have.
const BYTES: usize = 1 << 20;
const CHUNKS: usize = 8_192;

/// Streams that are not complete, oldest first.
#[derive(Debug, Default)]
pub(super) struct Streams {
    open: Vec<Stream>,
}

#[derive(Debug)]
pub(super) struct Stream {
    pub(super) key: EntryKey,
    message_id: String,
    /// By index, ascending.
    chunks: Vec<(u32, Message)>,
    bytes: usize,
    last: Option<u32>,
    /// The lowest sequence among its chunks.
    first_sequence: Option<u64>,
    /// When a chunk came last.
    pub(super) touched: Millis,
    /// How often a replay was asked for because no chunk came.
    pub(super) stalls: u8,
}

impl Streams {
    /// Begins a stream; returns the entry of the one that had to make room, if any.
    pub(super) fn begin(&mut self, key: EntryKey, id: &str, now: Millis) -> Option<EntryKey> {
        let cut = (self.open.len() >= STREAMS).then(|| self.open.remove(0).key);
        self.open.push(Stream {
            key,
            message_id: id.to_owned(),
            chunks: Vec::new(),
            bytes: 0,
            last: None,
            first_sequence: None,
            touched: now,
            stalls: 0,
        });
        cut
    }

    pub(super) fn find(&mut self, message_id: &str) -> Option<&mut Stream> {
        self.open.iter_mut().find(|stream| stream.message_id == message_id)
    }

    pub(super) fn remove(&mut self, key: EntryKey) {
        self.open.retain(|stream| stream.key != key);
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Stream> {
        self.open.iter_mut()
    }

    /// The streams still waited for: those that replays may help.
    pub(super) fn awaited(&self) -> impl Iterator<Item = &Stream> {
        self.open.iter().filter(|stream| !stream.is_given_up())
    }

    /// The lowest sequence of any awaited stream: a replay must start before it, because it may
    /// hold one whole message in place of the chunks.
    pub(super) fn first_sequence(&self) -> Option<u64> {
        self.awaited().filter_map(|stream| stream.first_sequence).min()
    }

    /// Ends all streams as they are.
    pub(super) fn cut(&mut self) -> Vec<EntryKey> {
        self.open.drain(..).map(|stream| stream.key).collect()
    }
}

impl Stream {
    /// After that many fruitless replays the text stays as it is.
    pub(super) const STALLS: u8 = 2;

    pub(super) fn is_given_up(&self) -> bool {
        self.stalls >= Self::STALLS
    }

    /// Takes a chunk; one whose index is known changes nothing.
    pub(super) fn add(&mut self, chunk: Chunk, sequence: Option<u64>, now: Millis) {
        self.touched = now;
        self.stalls = 0;
        if let Some(sequence) = sequence {
            let first = self.first_sequence.get_or_insert(sequence);
            *first = sequence.min(*first);
        }
        let bytes = self.bytes.saturating_add(chunk.part.text.len());
        let Err(at) = self.chunks.binary_search_by_key(&chunk.index, |(index, _)| *index) else {
            return;
        };
        if self.chunks.len() >= CHUNKS || bytes > BYTES {
            return;
        }
        self.bytes = bytes;
        if chunk.is_complete {
            self.last = Some(chunk.index);
        }
        self.chunks.insert(at, (chunk.index, chunk.part));
    }

    /// Whether nothing is missing.
    pub(super) fn is_complete(&self) -> bool {
        let Some(last) = self.last else { return false };
        self.whole().map(|(index, _)| index).last() == Some(last)
    }

    /// The text without a gap, so that it only ever grows.
    pub(super) fn text(&self) -> String {
        self.whole().map(|(_, part)| part.text.as_str()).collect()
    }

    /// The cards of all chunks, each content once.
    pub(super) fn attachments(&self) -> Vec<Attachment> {
        let mut all = Vec::new();
        for card in self.whole().flat_map(|(_, part)| &part.attachments) {
            add_attachment(&mut all, card);
        }
        all
    }

    /// The chips of the last chunk that has any.
    pub(super) fn suggestions(&self) -> Vec<Suggestion> {
        let last = self.whole().filter(|(_, part)| !part.suggestions.is_empty()).last();
        last.map(|(_, part)| part.suggestions.clone()).unwrap_or_default()
    }

    /// What else the chunks say, the latest first.
    pub(super) fn parts(&self) -> impl Iterator<Item = &Message> {
        self.chunks.iter().rev().map(|(_, part)| part)
    }

    /// The chunks up to the first gap. They count from 1; a stream that counts from 0 is taken too.
    fn whole(&self) -> impl Iterator<Item = (u32, &Message)> {
        let first = u32::from(self.chunks.first().is_none_or(|(index, _)| *index != 0));
        self.chunks
            .iter()
            .zip(first..)
            .take_while(|((index, _), expected)| index == expected)
            .map(|((index, part), _)| (*index, part))
    }
}

/// Appends a card unless one with the same content is there.
pub(super) fn add_attachment(all: &mut Vec<Attachment>, card: &Attachment) {
    let same = |other: &Attachment| match &card.content_url {
        Some(url) => other.content_url.as_ref() == Some(url),
        None => other == card,
    };
    if !all.iter().any(same) {
        all.push(card.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(index: u32, text: &str, is_complete: bool) -> Chunk {
        let part = Message { text: text.to_owned(), ..Message::default() };
        Chunk { index, is_complete, part }
    }

    fn stream() -> Streams {
        let mut streams = Streams::default();
        assert_eq!(streams.begin(EntryKey(1), "m", Millis(0)), None);
        streams
    }

    #[test]
    fn chunks_join_in_index_order_without_separator() {
        let mut streams = stream();
        let stream = streams.find("m").unwrap();
        stream.add(chunk(3, "", true), Some(9), Millis(0));
        assert_eq!((stream.text().as_str(), stream.is_complete()), ("", false));
        stream.add(chunk(1, "Booked ", false), Some(7), Millis(0));
        stream.add(chunk(1, "doubled", false), Some(7), Millis(0));
        assert_eq!((stream.text().as_str(), stream.is_complete()), ("Booked ", false));
        stream.add(chunk(2, "for two", false), None, Millis(0));
        assert_eq!((stream.text().as_str(), stream.is_complete()), ("Booked for two", true));
        assert_eq!(streams.first_sequence(), Some(7));
    }

    #[test]
    fn cards_are_told_apart_by_content_and_the_last_chips_win() {
        let card = |url: &str| Attachment { content_url: Some(url.to_owned()), ..<_>::default() };
        let chip = |text: &str| Suggestion { message_text: text.to_owned(), payload: None };
        let mut streams = stream();
        let stream = streams.find("m").unwrap();
        let mut one = chunk(1, "a", false);
        one.part.attachments = vec![card("x"), card("y")];
        one.part.suggestions = vec![chip("old")];
        let mut two = chunk(2, "b", false);
        two.part.attachments = vec![card("y"), card("z"), Attachment::default()];
        two.part.suggestions = vec![chip("new")];
        stream.add(one, None, Millis(0));
        stream.add(two, None, Millis(0));
        stream.add(chunk(3, "", true), None, Millis(0));
        assert_eq!(stream.attachments(), [card("x"), card("y"), card("z"), Attachment::default()]);
        assert_eq!(stream.suggestions(), [chip("new")]);
    }

    #[test]
    fn streams_and_their_sizes_are_bounded() {
        let mut streams = Streams::default();
        for n in 0..40_u64 {
            let cut = streams.begin(EntryKey(n), &n.to_string(), Millis(0));
            assert_eq!(cut, n.checked_sub(STREAMS as u64).map(EntryKey));
        }
        assert_eq!(streams.awaited().count(), STREAMS);
        let stream = streams.find("39").unwrap();
        for index in 1..5 {
            stream.add(chunk(index, &"x".repeat(BYTES / 2), false), None, Millis(0));
        }
        assert_eq!(stream.text().len(), BYTES);
    }
}
