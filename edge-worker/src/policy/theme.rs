//! How a site's chat looks, as far as its operator decides that and not its page.

use serde::{Deserialize, Serialize};

/// A site's theme; the widget gets it with its session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Theme {
    /// Light, dark, or as the visitor's system has it.
    pub mode: Mode,
    /// The accent on dark ground, `#rrggbb`; the site's accent when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accent_dark: Option<String>,
    /// The corner of launcher and panel.
    pub position: Position,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the words say it")]
pub enum Mode {
    #[default]
    Auto,
    Light,
    Dark,
}

/// A corner at the bottom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the words say it")]
pub enum Position {
    #[default]
    Right,
    Left,
}

impl Theme {
    /// Whether its colour is one that cannot carry anything else.
    pub fn is_sound(&self) -> bool {
        self.accent_dark.as_deref().is_none_or(is_colour)
    }
}

/// `#rrggbb`.
pub fn is_colour(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_theme_is_words_from_a_list_and_a_colour() {
        let read = |text| serde_json::from_str::<Theme>(text).ok().filter(Theme::is_sound);
        let theme = read(r##"{"mode":"dark","accent_dark":"#7fd1ae","position":"left"}"##).unwrap();
        assert_eq!((theme.mode, theme.position), (Mode::Dark, Position::Left));
        assert_eq!(
            serde_json::to_string(&Theme::default()).unwrap(),
            r#"{"mode":"auto","position":"right"}"#
        );
        for wrong in [
            r#"{"mode":"Dark"}"#,
            r#"{"css":"x"}"#,
            r#"{"accent_dark":"red;"}"#,
            r#"{"position":"top"}"#,
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
