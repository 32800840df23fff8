//! Telephone numbers and e-mail addresses inside a sentence.

use super::MASKED;

/// Digits from which on a run is taken for a number of a person: telephone, card, account.
const DIGITS: usize = 7;
/// Separators in a row that a spelled number may have.
const GAP: usize = 3;

/// The text with both masked; nothing when there are none.
pub fn mask(text: &str) -> Option<String> {
    // Most texts hold neither a digit nor an at sign.
    if !text.contains(|one: char| one == '@' || one.is_numeric()) {
        return None;
    }
    let text: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0_usize;
    let mut is_masked = false;
    // How much of the text is already out, so that the part before an at sign can be taken back.
    let mut shown = 0;
    while let Some(&one) = text.get(at) {
        let end = if one == '@' {
            address(&text, at, shown).map(|(start, end)| {
                let kept = out.chars().count().saturating_sub(at.saturating_sub(start));
                out = out.chars().take(kept).collect();
                end
            })
        } else if one.is_numeric() || one == '+' {
            match number(&text, at) {
                Run::Personal(end) => Some(end),
                Run::Date(end) => {
                    out.extend(text.get(at..end).unwrap_or_default());
                    at = end;
                    continue;
                }
                Run::Other => None,
            }
        } else {
            None
        };
        if let Some(end) = end {
            out.push_str(MASKED);
            is_masked = true;
            at = end;
            shown = end;
        } else if one.is_numeric() {
            // The whole run of digits at once: its tail is no number of its own.
            while let Some(&digit) = text.get(at).filter(|digit| digit.is_numeric()) {
                out.push(digit);
                at = at.saturating_add(1);
            }
        } else {
            out.push(one);
            at = at.saturating_add(1);
        }
    }
    is_masked.then_some(out)
}

/// Whether the text is a telephone number and nothing else.
pub fn is_number(text: &str) -> bool {
    let text: Vec<char> = text.trim().chars().collect();
    matches!(number(&text, 0), Run::Personal(end) if end >= text.len())
}

enum Run {
    /// Enough digits; ends here.
    Personal(usize),
    /// A date in figures; ends here.
    Date(usize),
    Other,
}

fn is_separator(one: char) -> bool {
    matches!(one, ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}' | '\u{2010}'..='\u{2015}')
}

fn number(text: &[char], start: usize) -> Run {
    if let Some(end) = date(text, start) {
        return Run::Date(end);
    }
    let (mut digits, mut gap, mut end) = (0_usize, 0_usize, start);
    for (at, &one) in text.iter().enumerate().skip(start) {
        if one.is_numeric() {
            digits = digits.saturating_add(1);
            gap = 0;
            end = at.saturating_add(1);
        } else if is_separator(one) || (one == '+' && at == start) {
            gap = gap.saturating_add(1);
            if gap > GAP {
                break;
            }
        } else {
            break;
        }
    }
    if digits >= DIGITS { Run::Personal(end) } else { Run::Other }
}

/// `2026-11-23`, `23.11.2026`, `1/2/26`: three groups with one separator, and no digit behind.
fn date(text: &[char], start: usize) -> Option<usize> {
    let group =
        |from: usize| text.iter().skip(from).take_while(|digit| digit.is_ascii_digit()).count();
    let first = group(start);
    let mut at = start.checked_add(first)?;
    let separator = *text.get(at).filter(|one| matches!(one, '-' | '.' | '/'))?;
    at = at.checked_add(1)?;
    let second = group(at);
    at = at.checked_add(second)?;
    text.get(at).filter(|one| **one == separator)?;
    at = at.checked_add(1)?;
    let third = group(at);
    at = at.checked_add(third)?;
    let is_date = matches!((first, second, third), (4, 1..=2, 1..=2) | (1..=2, 1..=2, 2 | 4));
    // More digits behind one more separator make it a number again.
    let goes_on = text.get(at).is_some_and(|one| matches!(one, '-' | '.' | '/'))
        && text.get(at.checked_add(1)?).is_some_and(char::is_ascii_digit);
    (is_date && !goes_on).then_some(at)
}

/// From where to where the address around an at sign goes.
fn address(text: &[char], at: usize, from: usize) -> Option<(usize, usize)> {
    let own =
        |one: &char| one.is_alphanumeric() || matches!(one, '.' | '_' | '%' | '+' | '-' | '\'');
    let host = |one: &char| one.is_alphanumeric() || matches!(one, '.' | '-');
    let before = text.get(from..at)?.iter().rev().take_while(|one| own(one)).count();
    let after = text.iter().skip(at.checked_add(1)?).take_while(|one| host(one)).count();
    if before == 0 || after == 0 {
        return None;
    }
    let end = at.checked_add(1)?.checked_add(after)?;
    // A full stop ends the sentence, not the host.
    let dots = text.get(..end)?.iter().rev().take_while(|one| **one == '.').count();
    Some((at.checked_sub(before)?, end.checked_sub(dots)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t64_numbers_are_masked_however_they_are_spelled() {
        for number in [
            "+447700900123",
            "+44 7700 900 123",
            "07700-900-123",
            "(0770) 0900123",
            "(020) 7946 0018",
            "0 7 7 0 0 9 0 0 1 2 3",
            "4111 1111 1111 1111",
            "٠٧٧٠٠٩٠٠١٢٣",
            "555.123.4567",
        ] {
            let text = format!("call {number}, please");
            let open = if number.starts_with('(') { "(" } else { "" };
            assert_eq!(mask(&text), Some(format!("call {open}REDACTED, please")), "{number}");
        }
        assert_eq!(mask("ref4477009001237x").as_deref(), Some("refREDACTEDx"));
    }

    #[test]
    fn t64_addresses_are_masked_however_they_are_spelled() {
        for address in [
            "ada@shop.example",
            "ada.o'neil+x_1%a@mail.shop.example",
            "ä@bücher.example",
            "a@localhost",
        ] {
            assert_eq!(
                mask(&format!("to <{address}>. Yes")),
                Some("to <REDACTED>. Yes".to_owned()),
                "{address}"
            );
        }
        assert_eq!(mask("ada@shop.example.").as_deref(), Some("REDACTED."));
        assert_eq!(mask("a@b.c@d.e").as_deref(), Some("REDACTED@d.e"));
        assert_eq!(
            mask("x 07700900123@shop.example y").as_deref(),
            Some("x REDACTED@shop.example y")
        );
    }

    #[test]
    fn sentences_dates_and_small_numbers_stay() {
        for text in [
            "",
            "It costs 12.50 for 3 of 400.",
            "on 2026-11-23 at 10:30",
            "on 23.11.2026, or 1/2/26",
            "60 days, 123456 items",
            "@ home, a @ b",
            "+",
        ] {
            assert_eq!(mask(text), None, "{text}");
        }
        assert_eq!(
            mask("2026-11-23-0770").as_deref(),
            Some("REDACTED"),
            "a date that goes on is none"
        );
    }

    #[test]
    fn ids_that_are_numbers_are_told() {
        assert!(is_number("+44 7700 900123") && is_number("07700900123"));
        for id in
            ["CA-1", "123456", "2026-11-23T10:00:00Z", "7f3a9c21-0000-4444-8888-000000000000", ""]
        {
            assert!(!is_number(id), "{id}");
        }
    }
}
