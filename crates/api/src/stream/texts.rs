//! Rows that stay text, for whoever has a reader of JSON already.

use super::split::{Piece, Splitter};
use super::{PageFault, PageLimits, RowFault};

/// Cuts one page into rows, a chunk at a time, and reads none of them.
///
/// ```
/// use perch_api::stream::{PageLimits, PageTexts};
///
/// let mut page = PageTexts::new(Some("conversations"), PageLimits::default());
/// let mut chunk = &br#"{"conversations":[{"id":"a"}, {"id":"b"},{"i"#[..];
/// let batch = page.next(&mut chunk).unwrap()?;
/// assert_eq!((batch.json.as_slice(), batch.first), (&br#"[{"id":"a"},{"id":"b"}]"#[..], 0));
/// assert!(chunk.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct PageTexts {
    splitter: Splitter,
    /// What came after a batch that was given.
    fault: Option<RowFault>,
}

/// Rows that follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowBatch {
    /// A list of JSON with all of them. That each is lawful JSON is not known.
    pub json: Vec<u8>,
    /// Where in it each row begins and ends.
    pub places: Vec<(usize, usize)>,
    /// The number of the first one in its page, from 0.
    pub first: u64,
}

impl PageTexts {
    /// Before the first byte; `list` is the member that holds the rows, or nothing where the page is the
    /// list.
    pub fn new(list: Option<&'static str>, limits: PageLimits) -> Self {
        Self { splitter: Splitter::new(list, limits), fault: None }
    }

    /// The rows that end in the chunk, which loses what was read; nothing when all of it was read.
    ///
    /// A row that is not to be kept is told after those before it, and those behind it follow.
    pub fn next(&mut self, chunk: &mut &[u8]) -> Option<Result<RowBatch, RowFault>> {
        if let Some(fault) = self.fault.take() {
            return Some(Err(fault));
        }
        let mut batch = RowBatch { json: Vec::new(), places: Vec::new(), first: 0 };
        loop {
            let all = *chunk;
            let (used, piece) = self.splitter.next(all);
            *chunk = all.get(used..).unwrap_or_default();
            match piece {
                Some(Piece::Row { bytes, index, .. }) => batch.push(bytes, index),
                Some(Piece::Fault(fault)) if batch.places.is_empty() => return Some(Err(fault)),
                Some(Piece::Fault(fault)) => {
                    self.fault = Some(fault);
                    break;
                }
                None => break,
            }
        }
        if batch.places.is_empty() {
            return None;
        }
        batch.json.push(b']');
        Some(Ok(batch))
    }

    /// Whether the page is at its end, lawful or not: further chunks change nothing.
    pub fn is_over(&self) -> bool {
        self.fault.is_none() && self.splitter.is_over()
    }

    /// The page without its rows, as JSON, when all of it was lawful; else why it was not.
    pub fn finish(self) -> Result<Vec<u8>, PageFault> {
        self.splitter.finish()
    }
}

impl RowBatch {
    fn push(&mut self, row: &[u8], index: u64) {
        if self.places.is_empty() {
            self.first = index;
        }
        self.json.push(if self.json.is_empty() { b'[' } else { b',' });
        let begin = self.json.len();
        self.json.extend_from_slice(row);
        self.places.push((begin, self.json.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"{"cursor":"c","rows":[ {"a":"]"} , [[1]],"x", 7,{"b":1}],"total":2}"#;

    fn read(cut: usize, limits: PageLimits) -> (Vec<String>, Vec<RowFault>, PageTexts) {
        let mut page = PageTexts::new(Some("rows"), limits);
        let (mut rows, mut faults) = (Vec::new(), Vec::new());
        for mut chunk in PAGE.as_bytes().chunks(cut) {
            while let Some(batch) = page.next(&mut chunk) {
                match batch {
                    Ok(batch) => {
                        let whole: Vec<serde_json::Value> =
                            serde_json::from_slice(&batch.json).unwrap();
                        assert_eq!(whole.len(), batch.places.len());
                        assert_eq!(batch.first, (rows.len() + faults.len()) as u64);
                        rows.extend(batch.places.iter().map(|(begin, end)| {
                            String::from_utf8(batch.json[*begin..*end].to_vec()).unwrap()
                        }));
                    }
                    Err(fault) => faults.push(fault),
                }
            }
        }
        (rows, faults, page)
    }

    #[test]
    fn rows_stay_as_they_came_however_the_page_is_cut() {
        for cut in 1..=PAGE.len() {
            let (rows, faults, page) = read(cut, PageLimits::default());
            assert_eq!(rows, [r#"{"a":"]"}"#, "[[1]]", r#""x""#, "7", r#"{"b":1}"#], "{cut}");
            assert!(faults.is_empty() && page.is_over());
            assert_eq!(page.finish().unwrap(), br#"{"cursor":"c","total":2}"#);
        }
    }

    #[test]
    fn a_row_that_is_not_kept_is_told_in_its_place() {
        for cut in 1..=PAGE.len() {
            let (rows, faults, page) = read(cut, PageLimits { depth: 1, ..PageLimits::default() });
            assert_eq!((rows.len(), faults.len()), (4, 1), "{cut}");
            assert_eq!(faults[0].index, 1);
            assert!(page.finish().is_ok());
        }
    }
}
