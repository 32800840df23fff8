//! Finding the words of a search in a text, whatever their case.

/// Texts longer than this are not searched further: a hit at the start is enough to see why.
const MAX_SEARCHED: usize = 20_000;

/// A stretch of text that is a hit or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece<'a> {
    pub(crate) text: &'a str,
    pub(crate) hit: bool,
}

/// Cuts a text at the places where `search` occurs: the whole phrase, or else each of its words.
pub(crate) fn split<'a>(text: &'a str, search: &str) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let mut done = 0;
    for (start, end) in hits(text, search) {
        push(&mut pieces, text.get(done..start), false);
        push(&mut pieces, text.get(start..end), true);
        done = end;
    }
    push(&mut pieces, text.get(done..), false);
    pieces
}

/// About `width` characters around the first hit, cut between words, or nothing without a hit.
pub(crate) fn excerpt(text: &str, search: &str, width: usize) -> Option<String> {
    let (start, end) = hits(text, search).into_iter().next()?;
    let (before, after) = (text.get(..start)?, text.get(end..)?);
    let lead = before.char_indices().rev().take(width / 3).last().map_or(start, |(at, _)| at);
    let tail = after.char_indices().nth(width).map_or(after.len(), |(at, _)| at);
    let (mut first, mut last) = (before.get(lead..)?, after.get(..tail)?);
    if lead > 0 {
        first = first.split_once(' ').map_or(first, |(_, whole)| whole);
    }
    if tail < after.len() {
        last = last.rsplit_once(' ').map_or(last, |(whole, _)| whole);
    }
    let mut line = String::new();
    line.extend((lead > 0).then_some('…'));
    line.push_str(first);
    line.push_str(text.get(start..end)?);
    line.push_str(last);
    line.extend((tail < after.len()).then_some('…'));
    Some(line.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn push<'a>(pieces: &mut Vec<Piece<'a>>, text: Option<&'a str>, hit: bool) {
    pieces.extend(text.filter(|text| !text.is_empty()).map(|text| Piece { text, hit }));
}

/// Byte ranges of all hits, in order and apart from each other.
fn hits(text: &str, search: &str) -> Vec<(usize, usize)> {
    let phrase: Vec<char> = fold(search.trim()).chars().collect();
    if phrase.is_empty() {
        return Vec::new();
    }
    let (places, letters) = letters(text);
    let whole = scan(text, &places, &letters, &[phrase]);
    if !whole.is_empty() {
        return whole;
    }
    let words = search.split_whitespace().map(|word| fold(word).chars().collect::<Vec<_>>());
    let words: Vec<_> = words.filter(|word| word.len() > 1).collect();
    scan(text, &places, &letters, &words)
}

/// Where each letter of a text starts, and the letters without their case.
fn letters(text: &str) -> (Vec<usize>, Vec<char>) {
    let (places, own): (Vec<_>, Vec<_>) = text.char_indices().take(MAX_SEARCHED).unzip();
    let folded: Vec<_> = fold(&own.iter().collect::<String>()).chars().collect();
    if folded.len() == own.len() {
        return (places, folded);
    }
    // A letter that becomes several, such as the Turkish capital I: no place for place any longer.
    (places, own.iter().map(char::to_ascii_lowercase).collect())
}

fn scan(
    text: &str,
    places: &[usize],
    letters: &[char],
    needles: &[Vec<char>],
) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let (Some(start), Some(rest)) = (places.get(at), letters.get(at..)) {
        let fits = needles.iter().filter(|needle| rest.starts_with(needle.as_slice()));
        if let Some(length) = fits.map(Vec::len).max() {
            at += length;
            found.push((*start, places.get(at).copied().unwrap_or(text.len())));
        } else {
            at += 1;
        }
    }
    found
}

/// Browsers have the tables for this; they need not be downloaded.
#[cfg(target_family = "wasm")]
fn fold(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}

#[cfg(not(target_family = "wasm"))]
fn fold(text: &str) -> String {
    text.to_lowercase()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn marked(text: &str, search: &str) -> String {
        let mark = |piece: Piece<'_>| {
            if piece.hit { format!("[{}]", piece.text) } else { piece.text.to_owned() }
        };
        split(text, search).into_iter().map(mark).collect()
    }

    #[test]
    fn the_phrase_wins_over_its_words() {
        assert_eq!(
            marked("Where is my ORDER? My order.", "my order"),
            "Where is [my ORDER]? [My order]."
        );
        assert_eq!(marked("An order of mine", "order my"), "An [order] of mine");
        assert_eq!(marked("nothing here", "order"), "nothing here");
        assert_eq!(marked("unchanged", "  "), "unchanged");
    }

    #[test]
    fn letters_outside_ascii_fold_too() {
        assert_eq!(marked("¿DÓNDE ESTÁ?", "dónde está"), "¿[DÓNDE ESTÁ]?");
        // This capital becomes two letters; only ASCII folds in such a text.
        assert_eq!(marked("Aİb Dé", "a"), "[A]İb Dé");
    }

    #[test]
    fn an_excerpt_shows_the_hit_in_its_sentence() {
        let text =
            "I have been waiting for two weeks now and my parcel with the tent never came at all";
        assert_eq!(
            excerpt(text, "parcel", 24).as_deref(),
            Some("…and my parcel with the tent never…")
        );
        assert_eq!(excerpt(text, "bicycle", 24), None);
        assert_eq!(excerpt("a parcel", "parcel", 24).as_deref(), Some("a parcel"));
        assert_eq!(excerpt("überallherum", "all", 6).as_deref(), Some("…erallherum"));
    }

    proptest! {
        #[test]
        fn the_pieces_are_the_text(text in ".{0,80}", search in ".{0,8}") {
            let joined: String = split(&text, &search).iter().map(|piece| piece.text).collect();
            prop_assert_eq!(joined, text);
        }
    }
}
