//! Numbers cut out of sentences, and put back.

/// Stands for a number of five digits; folding keeps it, and nobody here writes it.
const HOLE: char = '૦';
/// The digits of a number that is cut out.
const DIGITS: usize = 5;
/// A text with its numbers of exactly five digits cut out; nothing when it has none.
pub(in crate::world) fn cut(text: &str) -> (Option<String>, Vec<u32>) {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return (None, Vec::new());
    }
    let (mut rest, mut out, mut numbers) = (text, String::with_capacity(text.len()), Vec::new());
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at_checked(start).unwrap_or((rest, ""));
        let length = from.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, after) = from.split_at_checked(length).unwrap_or((from, ""));
        out.push_str(before);
        match digits.parse() {
            // A number that begins with zero would lose it.
            Ok(number) if length == DIGITS && !digits.starts_with('0') => {
                out.push(HOLE);
                numbers.push(number);
            }
            _ => out.push_str(digits),
        }
        rest = after;
    }
    out.push_str(rest);
    if numbers.is_empty() { (None, numbers) } else { (Some(out), numbers) }
}

/// A text with numbers in its holes.
pub(super) fn fill(text: &str, numbers: &[u32]) -> String {
    let mut numbers = numbers.iter();
    let mut parts = text.split(HOLE);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        if let Some(number) = numbers.next() {
            out.push_str(&number.to_string());
        }
        out.push_str(part);
    }
    out
}

/// How many numbers were cut out of a text.
pub(super) fn holes(text: &str) -> u8 {
    u8::try_from(text.matches(HOLE).count()).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_of_five_digits_are_cut_out() {
        assert_eq!(cut("60 days"), (None, vec![]));
        assert_eq!(cut("123456 or 01234"), (None, vec![]));
        let (text, numbers) = cut("It's FH-10423, not 99999.");
        let text = text.unwrap();
        assert_eq!((text.matches(HOLE).count(), numbers.as_slice()), (2, &[10_423, 99_999][..]));
        assert_eq!(fill(&text, &numbers), "It's FH-10423, not 99999.");
    }
}
