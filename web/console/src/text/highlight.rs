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

/// About `width` characters around the first hit, or nothing without a hit.
pub(crate) fn excerpt(text: &str, search: &str, width: usize) -> Option<String> {
    let (start, end) = hits(text, search).into_iter().next()?;
    let before = text.get(..start)?;
    let lead: Vec<char> = before.chars().rev().take(width / 3).collect();
    let cut = lead.len() < before.chars().count();
    let after: String = text.get(end..)?.chars().take(width).collect();
    let tail_cut = end + after.len() < text.len();
    let mut line = String::new();
    line.extend(cut.then_some('…'));
    line.extend(lead.iter().rev());
    line.push_str(text.get(start..end)?);
    line.push_str(&after);
    line.extend(tail_cut.then_some('…'));
    Some(line.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn push<'a>(pieces: &mut Vec<Piece<'a>>, text: Option<&'a str>, hit: bool) {
    pieces.extend(text.filter(|text| !text.is_empty()).map(|text| Piece { text, hit }));
}

/// Byte ranges of all hits, in order and apart from each other.
fn hits(text: &str, search: &str) -> Vec<(usize, usize)> {
    let fold = |word: &str| word.chars().flat_map(char::to_lowercase).collect::<Vec<_>>();
    let phrase = fold(search.trim());
    if phrase.is_empty() {
        return Vec::new();
    }
    let chars: Vec<(usize, char)> = text.char_indices().take(MAX_SEARCHED).collect();
    let whole = scan(text, &chars, &[phrase]);
    if !whole.is_empty() {
        return whole;
    }
    let words: Vec<_> = search.split_whitespace().map(fold).filter(|word| word.len() > 1).collect();
    scan(text, &chars, &words)
}

fn scan(text: &str, chars: &[(usize, char)], needles: &[Vec<char>]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = chars.get(at..).filter(|rest| !rest.is_empty()) {
        let length = needles.iter().filter_map(|needle| matched(rest, needle)).max();
        if let (Some(length), Some((start, _))) = (length, rest.first()) {
            found.push((*start, rest.get(length).map_or(text.len(), |(end, _)| *end)));
            at += length;
        } else {
            at += 1;
        }
    }
    found
}

/// How many characters of the text the needle covers, when the text starts with it.
fn matched(text: &[(usize, char)], needle: &[char]) -> Option<usize> {
    let mut needle = needle.iter();
    let mut covered = 0;
    while needle.len() > 0 {
        let (_, next) = text.get(covered)?;
        for folded in next.to_lowercase() {
            if needle.next() != Some(&folded) {
                return None;
            }
        }
        covered += 1;
    }
    (covered > 0).then_some(covered)
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
        // This capital folds to two characters, the text keeps one.
        assert_eq!(marked("aİb", "i\u{307}"), "a[İ]b");
    }

    #[test]
    fn an_excerpt_shows_the_hit_in_its_sentence() {
        let text =
            "I have been waiting for two weeks now and my parcel with the tent never came at all";
        assert_eq!(
            excerpt(text, "parcel", 24).as_deref(),
            Some("… and my parcel with the tent never cam…")
        );
        assert_eq!(excerpt(text, "bicycle", 24), None);
    }

    proptest! {
        #[test]
        fn the_pieces_are_the_text(text in ".{0,80}", search in ".{0,8}") {
            let joined: String = split(&text, &search).iter().map(|piece| piece.text).collect();
            prop_assert_eq!(joined, text);
        }
    }
}
