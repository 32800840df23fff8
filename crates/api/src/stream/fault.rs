//! What can be wrong with a page. Places and numbers only, never what stood there.

use crate::operation::DecodeError;

/// One row that was left out; the rows after it are not affected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("row {index}, which begins at byte {at} of the page, {kind}")]
pub struct RowFault {
    /// Its number in the list, from 0.
    pub index: u64,
    /// Where it begins, in bytes from the start of the page.
    pub at: u64,
    /// What is wrong with it.
    pub kind: RowFaultKind,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RowFaultKind {
    /// It is no JSON, or no row of this list; the place is counted from its start.
    #[error("cannot be read: {0}")]
    Unreadable(DecodeError),
    /// It is larger than this many bytes.
    #[error("is larger than {0} bytes; ask for fewer turns or raise the limit")]
    TooLarge(usize),
    /// More lists and objects stand within each other than this.
    #[error("is nested more than {0} deep")]
    TooDeep(u32),
}

/// Why a page ended early. The rows given before are whole and true.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PageFault {
    /// The bytes ended within the page.
    #[error("the page is cut off after {bytes} bytes and {rows} rows; ask for it again")]
    Truncated {
        /// Bytes that came.
        bytes: u64,
        /// Rows that were whole.
        rows: u64,
    },
    /// It is no page from this byte on.
    #[error("the answer is no page from byte {at} on, after {rows} rows")]
    Syntax {
        /// Bytes before the fault.
        at: u64,
        /// Rows before the fault.
        rows: u64,
    },
    /// The list is there twice, so one of the two would be lost.
    #[error("the page has its list twice, the second time after {rows} rows")]
    Repeated {
        /// Rows of the first list.
        rows: u64,
    },
    /// More stands beside the rows than the limit allows.
    #[error("more than {limit} bytes stand beside the {rows} rows of the page")]
    EnvelopeTooLarge {
        /// The limit, in bytes.
        limit: usize,
        /// Rows so far.
        rows: u64,
    },
    /// What stands beside the rows cannot be read, so that the next page is unknown.
    #[error("what stands beside the {rows} rows of the page cannot be read")]
    Envelope {
        /// Rows of the page.
        rows: u64,
    },
}
