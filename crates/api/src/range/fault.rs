//! Why a part of a recording cannot be had.

/// An answer that does not give the wanted bytes. It holds sizes and places only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RangeFault {
    /// The range begins behind the end (416).
    #[error("the range lies outside the recording{}", .total.map(|total| format!(", which has {total} bytes")).unwrap_or_default())]
    Unsatisfiable {
        /// Bytes there are.
        total: Option<u64>,
    },
    /// The answer says that it is a part (206), but not which.
    #[error("the answer does not say which part of the recording it is")]
    Unmarked,
    /// The answer begins behind the first wanted byte.
    #[error("byte {wanted} of the recording was asked for, and the answer begins at {came}")]
    Elsewhere {
        /// The first wanted byte.
        wanted: u64,
        /// The first that came.
        came: u64,
    },
    /// The end of a recording of unknown size was asked for, and all of it came.
    #[error("the server gives no parts of this recording; ask for all of it")]
    Ignored,
    /// It is another recording than before the break.
    #[error("the recording changed after {taken} bytes; begin again")]
    Changed {
        /// Bytes taken of the earlier one.
        taken: u64,
    },
    /// It is larger than the limit.
    #[error("the recording is larger than {limit} bytes; ask for a part or raise the limit")]
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
}

impl RangeFault {
    /// What to do about it, in one sentence.
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Unsatisfiable { .. } => "Ask for a range within the recording.",
            Self::Unmarked | Self::Elsewhere { .. } | Self::Ignored => {
                "Ask for the whole recording."
            }
            Self::Changed { .. } => "Begin the download again.",
            Self::TooLarge { .. } => "Ask for a part, or raise the limit.",
        }
    }
}
