//! Light, dark, or as the system says.

use leptos::prelude::*;

const STORED: &str = "perch.theme";

/// The chosen look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    /// The stored choice.
    pub(crate) fn stored() -> Self {
        let word = storage().and_then(|storage| storage.get_item(STORED).ok().flatten());
        match word.as_deref() {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::System,
        }
    }

    /// Applies the look and remembers it.
    pub(crate) fn apply(self) {
        let root = document().document_element();
        let word = self.word();
        // Storage may be closed by the browser; the choice then lasts as long as the page.
        match (root, word) {
            (Some(root), Some(word)) => {
                let _ = root.set_attribute("data-theme", word);
                let _ = storage().map(|storage| storage.set_item(STORED, word));
            }
            (Some(root), None) => {
                let _ = root.remove_attribute("data-theme");
                let _ = storage().map(|storage| storage.remove_item(STORED));
            }
            (None, _) => {}
        }
    }

    /// The next choice of the switch.
    pub(crate) const fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    /// The choice in words.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::System => "Theme: as the system",
            Self::Light => "Theme: light",
            Self::Dark => "Theme: dark",
        }
    }

    const fn word(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}
