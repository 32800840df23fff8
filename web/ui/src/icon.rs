//! Line icons on a 24 pixel grid.

/// Which icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyph {
    /// A check mark.
    Check,
    /// Two check marks: arrived.
    Checks,
    /// A clock: waiting.
    Clock,
    /// A cross.
    Close,
    /// Points down.
    Down,
    /// Points to another place.
    External,
    /// Three dots.
    More,
    /// A telephone receiver.
    Phone,
    /// A circular arrow.
    Retry,
    /// A magnifying glass.
    Search,
    /// An exclamation mark in a circle.
    Warning,
}

impl Glyph {
    /// The outline, as an SVG path.
    pub fn path(self) -> &'static str {
        match self {
            Self::Check => "M5 13l4 4L19 7",
            Self::Checks => "M2 13l4 4 8-9M11 16l1 1 9-10",
            Self::Clock => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3 2",
            Self::Close => "M6 6l12 12M18 6 6 18",
            Self::Down => "M12 5v14M6 13l6 6 6-6",
            Self::External => "M14 5h5v5M19 5l-8 8M17 14v5H5V7h5",
            Self::More => "M5 12h.01M12 12h.01M19 12h.01",
            Self::Phone => {
                "M6 3h3l2 5-2 1a11 11 0 0 0 6 6l1-2 5 2v3a2 2 0 0 1-2 3A16 16 0 0 1 3 6a2 2 0 0 1 3-3z"
            }
            Self::Retry => "M20 12a8 8 0 1 1-3-6l3 2M20 3v5h-5",
            Self::Search => "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5",
            Self::Warning => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 8v5M12 16h.01",
        }
    }
}
