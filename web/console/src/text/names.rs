//! Names of channels, languages and people's numbers.

use std::{borrow::Cow, fmt::Write as _};

use perch_api::model::Channel;

/// The channel in words for people.
pub(crate) fn channel(channel: &Channel) -> &str {
    match channel {
        Channel::Voice => "Voice",
        Channel::Webchat => "Web chat",
        Channel::Chat => "Chat",
        Channel::Sms => "SMS",
        Channel::Rcs => "RCS",
        Channel::Whatsapp => "WhatsApp",
        other => other.as_str(),
    }
}

/// The English name of a language code, or the code itself.
pub(crate) fn language(code: &str) -> &str {
    const NAMES: [(&str, &str); 20] = [
        ("ar", "Arabic"),
        ("cs", "Czech"),
        ("da", "Danish"),
        ("de", "German"),
        ("el", "Greek"),
        ("en", "English"),
        ("es", "Spanish"),
        ("fi", "Finnish"),
        ("fr", "French"),
        ("hi", "Hindi"),
        ("it", "Italian"),
        ("ja", "Japanese"),
        ("ko", "Korean"),
        ("nl", "Dutch"),
        ("no", "Norwegian"),
        ("pl", "Polish"),
        ("pt", "Portuguese"),
        ("sv", "Swedish"),
        ("tr", "Turkish"),
        ("zh", "Chinese"),
    ];
    let short = code.split(['-', '_']).next().unwrap_or(code);
    NAMES.iter().find(|(key, _)| key.eq_ignore_ascii_case(short)).map_or(code, |(_, name)| name)
}

/// A number or address as it may be shown: whole to people who may see personal data, otherwise with
/// everything but its last three characters hidden.
pub(crate) fn contact(number: &str, pii: bool) -> Cow<'_, str> {
    let number = number.trim();
    if number.eq_ignore_ascii_case("redacted") {
        return "Hidden".into();
    }
    if pii || number.contains(['*', '•']) {
        return number.into();
    }
    let keep = number.chars().count().saturating_sub(3).max(1);
    let hide = |(index, letter): (usize, char)| {
        if index < keep && !"+-()./@ ".contains(letter) { '•' } else { letter }
    };
    number.chars().enumerate().map(hide).collect::<String>().into()
}

/// A text with its invisible direction switches made visible: they can make a transcript read other
/// than it was said.
pub(crate) fn legible(text: &str) -> Cow<'_, str> {
    let hidden = |letter: char| matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}' | '\u{feff}');
    if !text.contains(hidden) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if hidden(letter) {
            // Writing to a string cannot fail.
            let _ = write!(shown, "⟨U+{:04X}⟩", u32::from(letter));
        } else {
            shown.push(letter);
        }
    }
    shown.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_show_whole_or_by_their_end() {
        assert_eq!(contact("+44 20 7946 0102", true), "+44 20 7946 0102");
        assert_eq!(contact("+44 20 7946 0102", false), "+•• •• •••• •102");
        assert_eq!(contact("REDACTED", true), "Hidden");
        assert_eq!(contact("+44*******02", false), "+44*******02");
        assert_eq!(contact("12", false), "•2");
    }

    #[test]
    fn a_language_is_named_by_its_first_part() {
        assert_eq!(language("es-ES"), "Spanish");
        assert_eq!(language("EN_gb"), "English");
        assert_eq!(language("tlh"), "tlh");
    }

    #[test]
    fn direction_switches_are_seen() {
        assert_eq!(legible("plain"), "plain");
        assert_eq!(legible("pay\u{202e}0001"), "pay⟨U+202E⟩0001");
    }
}
