//! The four languages the shop's agent speaks, and text folded for comparison.

use serde::{Deserialize, Serialize};

/// One text in every language, in the order of [`Language::ALL`].
pub type Local = [&'static str; 4];

/// A language of the shop's agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Language {
    /// British English, the agent's own language.
    English,
    /// Spanish as spoken in Spain.
    Spanish,
    /// French as spoken in France.
    French,
    /// German as spoken in Germany.
    German,
}

impl Language {
    /// Every language, in the order [`Local`] uses.
    pub const ALL: [Self; 4] = [Self::English, Self::Spanish, Self::French, Self::German];

    /// Reads a BCP 47 code by its primary part, any case.
    pub fn parse(code: &str) -> Option<Self> {
        let primary = code.split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|language| language.code()[..2].eq_ignore_ascii_case(primary))
    }

    /// BCP 47 code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en-GB",
            Self::Spanish => "es-ES",
            Self::French => "fr-FR",
            Self::German => "de-DE",
        }
    }

    /// This language's wording of `text`.
    pub const fn of(self, text: &Local) -> &'static str {
        let [english, spanish, french, german] = text;
        match self {
            Self::English => english,
            Self::Spanish => spanish,
            Self::French => french,
            Self::German => german,
        }
    }

    /// Weekday names, Monday first.
    pub const fn weekday(day: Weekday) -> Local {
        match day {
            Weekday::Monday => ["Monday", "lunes", "lundi", "Montag"],
            Weekday::Tuesday => ["Tuesday", "martes", "mardi", "Dienstag"],
            Weekday::Wednesday => ["Wednesday", "miércoles", "mercredi", "Mittwoch"],
            Weekday::Thursday => ["Thursday", "jueves", "jeudi", "Donnerstag"],
            Weekday::Friday => ["Friday", "viernes", "vendredi", "Freitag"],
        }
    }
}

/// A working day, as named in delivery promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weekday {
    /// First day of the week.
    Monday,
    /// Second day.
    Tuesday,
    /// Third day.
    Wednesday,
    /// Fourth day.
    Thursday,
    /// Fifth day.
    Friday,
}

impl Weekday {
    /// The working days in order.
    pub const ALL: [Self; 5] =
        [Self::Monday, Self::Tuesday, Self::Wednesday, Self::Thursday, Self::Friday];
}

/// Lower case without diacritics, words separated by single spaces, a space at both ends:
/// ` habla espanol `. Keywords are compared in this form.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len() + 2);
    folded.push(' ');
    for character in text.chars() {
        if character.is_ascii() {
            // Nearly every character, and searches fold megabytes.
            if character.is_ascii_alphanumeric() {
                folded.push(character.to_ascii_lowercase());
            } else if !folded.ends_with(' ') {
                folded.push(' ');
            }
            continue;
        }
        for lower in character.to_lowercase() {
            fold_letter(&mut folded, lower);
        }
    }
    if !folded.ends_with(' ') {
        folded.push(' ');
    }
    folded
}

fn fold_letter(folded: &mut String, letter: char) {
    match letter {
        'à' | 'á' | 'â' | 'ä' | 'ã' => folded.push('a'),
        'è' | 'é' | 'ê' | 'ë' => folded.push('e'),
        'ì' | 'í' | 'î' | 'ï' => folded.push('i'),
        'ò' | 'ó' | 'ô' | 'ö' => folded.push('o'),
        'ù' | 'ú' | 'û' | 'ü' => folded.push('u'),
        'ç' => folded.push('c'),
        'ñ' => folded.push('n'),
        'ß' => folded.push_str("ss"),
        'œ' => folded.push_str("oe"),
        other if other.is_alphanumeric() => folded.push(other),
        _ if folded.ends_with(' ') => {}
        _ => folded.push(' '),
    }
}

/// What somebody said, folded, and quick to look for keywords in.
#[derive(Debug, Clone)]
pub struct Heard {
    text: String,
    /// Where each word begins.
    words: Vec<usize>,
    /// One bit for each first letter of a word: most keywords are ruled out by it.
    initials: u32,
}

impl Heard {
    /// Folds a message.
    pub fn new(message: &str) -> Self {
        let text = fold(message);
        let (mut words, mut initials) = (Vec::new(), 0);
        for (at, _) in text.match_indices(' ') {
            if let Some(word) = text.get(at + 1..).filter(|rest| !rest.is_empty()) {
                words.push(at + 1);
                initials |= initial(word);
            }
        }
        Self { text, words, initials }
    }

    /// The folded text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it holds `keyword`: whole words, or a word's beginning when it ends in `*`.
    pub fn holds(&self, keyword: &str) -> bool {
        if self.initials & initial(keyword) == 0 {
            return false;
        }
        let (stem, open) = keyword.strip_suffix('*').map_or((keyword, false), |stem| (stem, true));
        let (text, stem) = (self.text.as_bytes(), stem.as_bytes());
        self.words.iter().any(|at| {
            let rest = text.get(*at..).unwrap_or_default();
            rest.first() == stem.first()
                && rest.starts_with(stem)
                && (open || rest.get(stem.len()) == Some(&b' '))
        })
    }
}

fn initial(word: &str) -> u32 {
    word.as_bytes().first().map_or(0, |byte| 1 << (byte & 31))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_drops_case_accents_and_punctuation() {
        assert_eq!(fold("¿Habla ESPAÑOL?"), " habla espanol ");
        assert_eq!(fold("that's all"), " that s all ");
        assert_eq!(fold("Größe"), " grosse ");
        assert_eq!(fold(""), " ");
    }

    #[test]
    fn keywords_match_whole_words_or_stems() {
        assert!(Heard::new("Where is my order?").holds("my order"));
        assert!(!Heard::new("reorder this").holds("order"));
        assert!(Heard::new("I want to return it").holds("return*"));
        assert!(Heard::new("returns").holds("return*"));
        assert!(!Heard::new("return").holds("returns"));
    }

    #[test]
    fn codes_are_read_by_their_primary_part() {
        assert_eq!(Language::parse("es-MX"), Some(Language::Spanish));
        assert_eq!(Language::parse("DE"), Some(Language::German));
        assert_eq!(Language::parse("ja-JP"), None);
    }
}
