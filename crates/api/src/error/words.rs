//! The first words of a body that is no JSON: enough to tell a gateway from an agent, too little to
//! carry a secret away.

/// Most words kept.
const MAX_WORDS: usize = 12;
/// Longest word kept, in characters.
const MAX_WORD: usize = 20;
/// Bytes looked at.
const MAX_BYTES: usize = 4_096;

/// Plain words from the start of a text, without markup; up to the first that is no plain word.
///
/// At most 12 words of at most 20 letters, so that a page of a gateway can be told from an agent's
/// answer and no key is carried away.
pub fn first(body: &[u8]) -> Option<String> {
    // Bytes, not letters: a plain word is ASCII, and tables of letters are not worth downloading.
    let mut plain = Vec::new();
    let mut depth = 0_u32;
    for byte in body.iter().take(MAX_BYTES) {
        match byte {
            b'<' => depth += 1,
            b'>' if depth > 0 => {
                depth -= 1;
                plain.push(b' ');
            }
            _ if depth == 0 => plain.push(*byte),
            _ => {}
        }
    }
    let mut text = String::new();
    let words = plain.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    for word in words.take(MAX_WORDS) {
        if !is_plain(word) {
            break;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.extend(word.iter().map(|byte| char::from(*byte)));
    }
    (!text.is_empty()).then_some(text)
}

/// Letters with punctuation around them, or a number as short as a status.
fn is_plain(word: &[u8]) -> bool {
    let is_edge = |byte: &u8| {
        matches!(byte, b'.' | b',' | b':' | b';' | b'!' | b'?' | b'"' | b'(' | b')' | b'\'')
    };
    let mut core = word;
    while let Some((_, rest)) = core.split_first().filter(|(first, _)| is_edge(first)) {
        core = rest;
    }
    while let Some((_, rest)) = core.split_last().filter(|(last, _)| is_edge(last)) {
        core = rest;
    }
    let letters =
        core.iter().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'\''));
    let status = core.len() <= 3 && core.iter().all(u8::is_ascii_digit);
    !core.is_empty() && word.len() <= MAX_WORD && (letters || status)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::first;

    #[test]
    fn markup_and_keys_stay_behind() {
        for (body, expected) in [
            ("<html><head><title>502 Bad Gateway</title></head>", Some("502 Bad Gateway")),
            ("upstream connect error: reset", Some("upstream connect error: reset")),
            ("key sk-live-8f2a7c is not valid", Some("key")),
            ("eyJhbGciOiJIUzI1NiJ9.e30.x is not a token", None),
            ("{\"half\": \"an obj", None),
            ("\u{1}\u{2}", None),
            ("", None),
        ] {
            assert_eq!(first(body.as_bytes()).as_deref(), expected, "{body}");
        }
        assert_eq!(first("word ".repeat(50).as_bytes()).unwrap().split(' ').count(), 12);
    }

    proptest! {
        #[test]
        fn whatever_comes_is_short_and_plain(body in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Some(words) = first(&body) {
                prop_assert!(words.len() <= 12 * 21);
                prop_assert!(words.chars().all(|c| c.is_ascii_graphic() || c == ' '));
            }
        }
    }
}
