//! Pages that are read row by row while they arrive.
//!
//! A page of conversations can be hundreds of megabytes. [`PageDecoder`] takes it in chunks of any size
//! and gives its rows one at a time. It keeps no more than the row that is not whole yet and what stands
//! beside the rows, such as the cursor. A row that cannot be read is reported, and the next one follows.

mod fault;
mod split;
mod texts;
mod value;

use std::marker::PhantomData;

use serde::de::DeserializeOwned;

pub use fault::{PageFault, RowFault, RowFaultKind};
pub use texts::{PageTexts, RowBatch};

use crate::operation::{DecodeError, Operation, Payload as _, decode_json};
use split::{Piece, Splitter};

/// An operation whose answer is a list of rows, alone or beside other members.
pub trait Listed: Operation {
    /// The member that holds the rows; nothing where the answer itself is the list.
    const LIST: Option<&'static str>;
    /// One row.
    type Row: DeserializeOwned + Send;
}

/// How much a page may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageLimits {
    /// Largest row, in bytes; a larger one is skipped and reported.
    pub row_bytes: usize,
    /// Most lists and objects within each other in a row, at most 127; a deeper one is skipped and reported.
    pub depth: u32,
    /// Most bytes of all that stands beside the rows; more ends the page.
    pub envelope_bytes: usize,
}

impl Default for PageLimits {
    fn default() -> Self {
        Self { row_bytes: 16 * 1024 * 1024, depth: 100, envelope_bytes: 256 * 1024 }
    }
}

/// Reads one page of an operation.
///
/// ```
/// use perch_api::{families::conversations::List, stream::{PageDecoder, PageLimits}};
///
/// let mut decoder = PageDecoder::<List>::new(PageLimits::default());
/// let mut ids = Vec::new();
/// for mut chunk in [&br#"{"conversations":[{"id":"a"},{"i"#[..], br#"d":"b"}],"cursor":"c"}"#] {
///     while let Some(row) = decoder.next(&mut chunk) {
///         ids.push(row?.id);
///     }
/// }
/// assert_eq!(ids, ["a", "b"]);
/// assert_eq!(decoder.finish()?.0.cursor.as_deref(), Some("c"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct PageDecoder<O> {
    splitter: Splitter,
    operation: PhantomData<fn() -> O>,
}

impl<O: Listed> PageDecoder<O> {
    /// A decoder before the first byte.
    pub fn new(limits: PageLimits) -> Self {
        Self { splitter: Splitter::new(O::LIST, limits), operation: PhantomData }
    }

    /// The next row of the chunk, which loses what was read; nothing when all of it was read.
    ///
    /// A row that began in earlier chunks is finished first. After a fault of the whole page, which
    /// [`finish`](Self::finish) tells, chunks are swallowed.
    pub fn next(&mut self, chunk: &mut &[u8]) -> Option<Result<O::Row, RowFault>> {
        let all = *chunk;
        let (used, piece) = self.splitter.next(all);
        *chunk = all.get(used..).unwrap_or_default();
        Some(match piece? {
            Piece::Row { bytes, index, at } => decode_json(bytes).map_err(|place| RowFault {
                index,
                at,
                kind: RowFaultKind::Unreadable(place),
            }),
            Piece::Fault(fault) => Err(fault),
        })
    }

    /// Whether the page is at its end, lawful or not: further chunks change nothing.
    pub fn is_over(&self) -> bool {
        self.splitter.is_over()
    }

    /// Rows seen so far, unreadable ones included.
    pub const fn rows(&self) -> u64 {
        self.splitter.rows()
    }

    /// Bytes kept at the moment.
    pub fn buffered(&self) -> usize {
        self.splitter.buffered()
    }

    /// The page without its rows, when all of it was lawful; else why it was not.
    ///
    /// Rows given before stay true.
    pub fn finish(self) -> Result<O::Response, PageFault> {
        let rows = self.splitter.rows();
        let envelope = self.splitter.finish()?;
        O::Response::decode(&envelope).map_err(|_: DecodeError| PageFault::Envelope { rows })
    }
}
