//! An answer as messages: whole, or in chunks of a few words.

use perch_api::messaging::frame::{Attachment, AttachmentKind, Chunk, Message, Suggestion};

use crate::agent::{Language, Reply};

/// Fewest and most chunks of one answer, as far as its words allow.
const CHUNKS: (usize, usize) = (6, 12);
/// Words in a chunk of a medium answer.
const WORDS: usize = 3;
/// Where the cards lead.
const SHOP: &str = "https://shop.fernhill.example";

/// One answer on the wire.
#[derive(Debug)]
pub(super) enum Messages {
    /// In one piece.
    Whole(Message),
    /// In pieces that share an id.
    Chunks(Vec<Chunk>),
}

/// Puts `reply` into words, cards and chips.
pub(super) fn messages(
    reply: &Reply,
    language: Language,
    media: &str,
    id: String,
    streaming: bool,
) -> Messages {
    let text = reply.text(language);
    let attachments = reply
        .cards
        .iter()
        .map(|card| Attachment {
            title: Some(language.of(&card.title).to_owned()),
            preview_image_url: Some(format!("{media}/media/{}.svg", card.image)),
            content_url: Some(if card.picture {
                format!("{SHOP}/media/{}.svg", card.image)
            } else {
                format!("{SHOP}{}", card.path)
            }),
            kind: if card.picture { AttachmentKind::Image } else { AttachmentKind::Url },
            call_to_action_text: Some(language.of(&card.action).to_owned()),
        })
        .collect();
    let suggestions = reply
        .suggestions
        .iter()
        .map(|chip| Suggestion { message_text: language.of(chip).to_owned(), payload: None })
        .collect();
    let end_conversation = reply.ends;
    let message_id = Some(id);
    let whole = Message {
        message_id: message_id.clone(),
        attachments,
        suggestions,
        end_conversation,
        ..Message::default()
    };
    if !streaming {
        return Messages::Whole(Message { text, ..whole });
    }
    let mut parts: Vec<_> = pieces(&text)
        .into_iter()
        .map(|text| Message {
            message_id: message_id.clone(),
            text: text.to_owned(),
            ..Message::default()
        })
        .collect();
    if let Some(last) = parts.last_mut() {
        // Cards and chips come with the last words.
        let text = std::mem::take(&mut last.text);
        *last = Message { text, ..whole };
    }
    let count = parts.len();
    let chunks = parts.into_iter().zip(1..).map(|(part, index)| Chunk {
        index,
        is_complete: index as usize == count,
        part,
    });
    Messages::Chunks(chunks.collect())
}

/// The text in pieces; spaces stay at the end of the piece they follow.
fn pieces(text: &str) -> Vec<&str> {
    let words: Vec<_> = text.split_inclusive(' ').collect();
    let count = (words.len() / WORDS).clamp(CHUNKS.0, CHUNKS.1).min(words.len()).max(1);
    let mut pieces = Vec::with_capacity(count);
    let (mut rest, mut taken) = (text, 0);
    for number in 1..=count {
        // Evenly: piece n ends where n/count of the words end.
        let until = words.len() * number / count;
        let bytes = words.get(taken..until).unwrap_or_default().iter().map(|word| word.len()).sum();
        let (piece, tail) = rest.split_at_checked(bytes).unwrap_or((rest, ""));
        pieces.push(piece);
        (rest, taken) = (tail, until);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::Dialogue;

    #[test]
    fn pieces_join_to_the_text_again() {
        for text in ["", "Hi", "Are you still there?", &"word ".repeat(80), "één twee  drie"] {
            let pieces = pieces(text);
            assert_eq!(pieces.concat(), text);
            assert!(pieces.len() <= CHUNKS.1 && !pieces.is_empty());
        }
        assert_eq!(pieces(&"word ".repeat(20)).len(), 6);
    }

    #[test]
    fn cards_come_with_the_last_chunk_only() {
        let mut dialogue = Dialogue::new(Language::English, 1);
        let reply = dialogue.answer("recommend a jacket");
        let Messages::Chunks(chunks) =
            messages(&reply, Language::English, "http://m", "m-1".into(), true)
        else {
            panic!("streamed")
        };
        let (last, first) = chunks.split_last().unwrap();
        assert!(first.len() >= 5 && first.iter().all(|chunk| !chunk.is_complete));
        assert!(first.iter().all(|chunk| chunk.part.attachments.is_empty()));
        assert!(chunks.iter().all(|chunk| chunk.part.message_id.as_deref() == Some("m-1")));
        assert!(last.is_complete && last.part.attachments.len() == 2);
        let card = &last.part.attachments[0];
        assert_eq!(card.preview_image_url.as_deref(), Some("http://m/media/jacket.svg"));
        assert!(card.content_url.as_deref().unwrap().starts_with("https://shop.fernhill.example/"));
    }
}
