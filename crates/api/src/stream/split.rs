//! Cuts a page into its rows and what stands beside them, byte by byte.

use super::PageLimits;
use super::fault::{PageFault, RowFault, RowFaultKind};
use super::value::{Scan, Value};
use crate::operation::decode_json;

/// What comes off a page.
#[derive(Debug)]
pub(super) enum Piece<'a> {
    /// The bytes of a row, brackets and quotes in order.
    Row { bytes: &'a [u8], index: u64, at: u64 },
    /// A row that is not to be kept.
    Fault(RowFault),
}

/// Where in the page the next byte stands.
#[derive(Debug, Clone)]
enum Step {
    Start,
    KeyOrEnd,
    Key,
    InKey(Value),
    Colon,
    Member,
    InMember(Value),
    AfterMember,
    RowOrEnd,
    Row,
    InRow(Value),
    AfterRow,
    End,
    Failed(PageFault),
}

/// A page in parts.
#[derive(Debug)]
pub(super) struct Splitter {
    list: Option<&'static str>,
    limits: PageLimits,
    step: Step,
    /// What came so far of the key, member or row that is not whole yet.
    carry: Vec<u8>,
    /// Members beside the list, as they came, without the last bracket.
    envelope: Vec<u8>,
    /// Bytes of the page before the chunk that is being read.
    before: u64,
    rows: u64,
    /// Where the row began that is being read, and how large it is so far.
    row_at: u64,
    row_size: usize,
    /// Whether the key before was the list's.
    is_list: bool,
    lists: u32,
}

impl Splitter {
    pub(super) fn new(list: Option<&'static str>, limits: PageLimits) -> Self {
        Self {
            list,
            limits: PageLimits { depth: limits.depth.min(127), ..limits },
            step: Step::Start,
            carry: Vec::new(),
            envelope: Vec::new(),
            before: 0,
            rows: 0,
            row_at: 0,
            row_size: 0,
            is_list: false,
            lists: 0,
        }
    }

    /// Reads to the end of the next row or of the chunk; says how many bytes that was.
    pub(super) fn next<'a>(&'a mut self, all: &'a [u8]) -> (usize, Option<Piece<'a>>) {
        let mut at = 0;
        // A row of the chunk before was handed out from here.
        if !self.is_within() {
            self.carry.clear();
        }
        while let Some(&byte) = all.get(at) {
            if matches!(self.step, Step::Failed(_)) {
                break;
            }
            if let Step::InKey(value) | Step::InMember(value) | Step::InRow(value) = &mut self.step
            {
                let mut value = *value;
                let rest = all.get(at..).unwrap_or_default();
                let (end, scan) = match value.scan(rest) {
                    Scan::End(end) => (end, Scan::End(end)),
                    Scan::More => (rest.len(), Scan::More),
                    Scan::Bad(bad) => {
                        self.fail_at(at + bad);
                        break;
                    }
                };
                let part = rest.get(..end).unwrap_or_default();
                at += end;
                let is_whole = matches!(scan, Scan::End(_));
                match self.step {
                    Step::InRow(_) => {
                        self.row_size = self.row_size.saturating_add(part.len());
                        let fault = self.row_fault(value.deepest());
                        if !is_whole {
                            // A row that is not to be kept is only looked through.
                            if fault.is_none() {
                                self.carry.extend_from_slice(part);
                            } else {
                                self.carry = Vec::new();
                            }
                            self.step = Step::InRow(value);
                            continue;
                        }
                        self.step = Step::AfterRow;
                        self.before += at as u64;
                        let (index, row_at) = (self.rows, self.row_at);
                        self.rows += 1;
                        if let Some(kind) = fault {
                            self.carry = Vec::new();
                            let fault = RowFault { index, at: row_at, kind };
                            return (at, Some(Piece::Fault(fault)));
                        }
                        let bytes = if self.carry.is_empty() {
                            part
                        } else {
                            self.carry.extend_from_slice(part);
                            &self.carry
                        };
                        return (at, Some(Piece::Row { bytes, index, at: row_at }));
                    }
                    _ if self.carry.len() + self.envelope.len() + part.len()
                        > self.limits.envelope_bytes =>
                    {
                        let limit = self.limits.envelope_bytes;
                        self.fail(PageFault::EnvelopeTooLarge { limit, rows: self.rows });
                        break;
                    }
                    _ => self.beside(value, part, is_whole),
                }
                continue;
            }
            let is_white = matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
            if !is_white && !self.structure(byte, at) {
                self.fail_at(at);
                break;
            }
            // The first byte of a value is the scanner's.
            if is_white || !self.is_scanning() {
                at += 1;
            }
        }
        self.before += all.len() as u64;
        (all.len(), None)
    }

    /// A part of a key or of a member beside the list.
    fn beside(&mut self, value: Value, part: &[u8], is_whole: bool) {
        self.carry.extend_from_slice(part);
        let is_key = matches!(self.step, Step::InKey(_));
        if !is_whole {
            self.step = if is_key { Step::InKey(value) } else { Step::InMember(value) };
            return;
        }
        if is_key {
            let key = decode_json::<String>(&self.carry);
            self.is_list = key.is_ok_and(|key| Some(key.as_str()) == self.list);
            self.step = Step::Colon;
            // The key stays: it is written once its member turns out to belong beside the list.
            return;
        }
        self.envelope.push(if self.envelope.is_empty() { b'{' } else { b',' });
        self.envelope.append(&mut self.carry);
        self.step = Step::AfterMember;
    }

    /// A byte between values; false where it may not stand there.
    fn structure(&mut self, byte: u8, at: usize) -> bool {
        self.step = match (&self.step, byte) {
            (Step::Start, b'{') if self.list.is_some() => Step::KeyOrEnd,
            (Step::Start, b'[') if self.list.is_none() => Step::RowOrEnd,
            (Step::KeyOrEnd | Step::Key, b'"') => Step::InKey(Value::new()),
            (Step::KeyOrEnd | Step::AfterMember, b'}') => Step::End,
            (Step::AfterMember, b',') => Step::Key,
            (Step::Colon, b':') => Step::Member,
            (Step::Member, b'[') if self.is_list => {
                self.lists += 1;
                self.carry.clear();
                if self.lists > 1 {
                    self.fail(PageFault::Repeated { rows: self.rows });
                    return true;
                }
                Step::RowOrEnd
            }
            (Step::Member, b',' | b':' | b'}' | b']') => return false,
            (Step::Member, _) => {
                self.carry.push(b':');
                Step::InMember(Value::new())
            }
            (Step::RowOrEnd | Step::AfterRow, b']') => {
                if self.list.is_some() {
                    Step::AfterMember
                } else {
                    Step::End
                }
            }
            (Step::AfterRow, b',') => Step::Row,
            (Step::RowOrEnd | Step::Row, first) if !matches!(first, b',' | b':' | b'}' | b']') => {
                self.row_at = self.before + at as u64;
                self.row_size = 0;
                Step::InRow(Value::new())
            }
            _ => return false,
        };
        true
    }

    fn row_fault(&self, depth: u32) -> Option<RowFaultKind> {
        if self.row_size > self.limits.row_bytes {
            Some(RowFaultKind::TooLarge(self.limits.row_bytes))
        } else if depth > self.limits.depth {
            Some(RowFaultKind::TooDeep(self.limits.depth))
        } else {
            None
        }
    }

    fn fail_at(&mut self, at: usize) {
        // What was wrong first is told.
        if !matches!(self.step, Step::Failed(_)) {
            self.fail(PageFault::Syntax { at: self.before + at as u64, rows: self.rows });
        }
    }

    fn fail(&mut self, fault: PageFault) {
        self.step = Step::Failed(fault);
        self.carry = Vec::new();
    }

    /// Whether the next byte belongs to a value that has begun.
    const fn is_scanning(&self) -> bool {
        matches!(self.step, Step::InKey(_) | Step::InMember(_) | Step::InRow(_))
    }

    /// Whether what is carried is still needed.
    const fn is_within(&self) -> bool {
        self.is_scanning() || matches!(self.step, Step::Colon | Step::Member)
    }

    pub(super) const fn is_over(&self) -> bool {
        matches!(self.step, Step::End | Step::Failed(_))
    }

    pub(super) const fn rows(&self) -> u64 {
        self.rows
    }

    pub(super) fn buffered(&self) -> usize {
        self.carry.capacity() + self.envelope.capacity()
    }

    /// The page without its rows.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, PageFault> {
        match self.step {
            Step::Failed(fault) => Err(fault),
            Step::End if self.list.is_none() => Ok(b"[]".to_vec()),
            Step::End => {
                if self.envelope.is_empty() {
                    self.envelope.push(b'{');
                }
                self.envelope.push(b'}');
                Ok(self.envelope)
            }
            _ => Err(PageFault::Truncated { bytes: self.before, rows: self.rows }),
        }
    }
}
