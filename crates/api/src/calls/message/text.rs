//! Texts that name addresses of people or open doors, so that they cannot be printed by accident.

use std::fmt;

macro_rules! unprintable {
    ($($(#[doc = $doc:literal])+ $name:ident)+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// Takes the text over.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Gives the text away.
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({} bytes)"), self.0.len())
            }
        }
    )+};
}

unprintable! {
    /// A session description: what one side can do, and at which addresses.
    Sdp
    /// A frame or body ready to be sent; it may hold a token.
    WireText
}

/// One address at which a side may be reached.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// The candidate line; empty means that no more will come.
    pub candidate: String,
    /// The media section by its `mid`.
    pub sdp_mid: Option<String>,
    /// The media section by its place, from 0.
    pub sdp_m_line_index: Option<u16>,
}

impl Candidate {
    /// A candidate of the first media section.
    pub fn new(candidate: impl Into<String>) -> Self {
        Self {
            candidate: candidate.into(),
            sdp_mid: Some("0".to_owned()),
            sdp_m_line_index: Some(0),
        }
    }

    /// Whether it says that no more will come.
    pub fn is_end(&self) -> bool {
        self.candidate.is_empty()
    }
}

impl fmt::Debug for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Candidate({} bytes)", self.candidate.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_prints_what_it_holds() {
        let line = "candidate:1 1 UDP 2130706431 192.0.2.7 54400 typ host";
        let texts = [
            format!("{:?}", Candidate::new(line)),
            format!("{:?}", Sdp::new(line)),
            format!("{:?}", WireText::new(line)),
        ];
        assert_eq!(texts, ["Candidate(53 bytes)", "Sdp(53 bytes)", "WireText(53 bytes)"]);
    }
}
