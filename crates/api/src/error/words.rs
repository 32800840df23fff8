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
    let text = String::from_utf8_lossy(body.get(..MAX_BYTES).unwrap_or(body));
    let mut plain = String::with_capacity(text.len());
    let mut depth = 0_u32;
    for c in text.chars() {
        match c {
            '<' => depth += 1,
            '>' if depth > 0 => {
                depth -= 1;
                plain.push(' ');
            }
            other if depth == 0 => plain.push(other),
            _ => {}
        }
    }
    let words: Vec<_> =
        plain.split_whitespace().take_while(|word| is_plain(word)).take(MAX_WORDS).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// Letters with punctuation at the end, or a number as short as a status.
fn is_plain(word: &str) -> bool {
    let core = word.trim_matches(['.', ',', ':', ';', '!', '?', '"', '(', ')', '\'']);
    let letters = core.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, '-' | '\''));
    let status = core.len() <= 3 && core.bytes().all(|byte| byte.is_ascii_digit());
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
