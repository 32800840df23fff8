//! Parts of recordings: what to ask for, what came, and how to go on after a break.
//!
//! RFC 9110, section 14. The platform documents no ranges, so every answer is lawful: the part that was
//! asked for, the whole, or none. [`Download`] is the state between two requests and does no I/O.

mod fault;

pub use fault::RangeFault;

/// Which bytes of a recording are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ByteRange {
    /// All of them.
    #[default]
    All,
    /// From this one, counted from 0, to the end.
    From(u64),
    /// From the first to the second, both included.
    Between(u64, u64),
    /// So many from the end.
    Last(u64),
}

impl ByteRange {
    /// The value of a `Range` header; nothing where all is wanted.
    pub fn header(self) -> Option<String> {
        match self {
            Self::All => None,
            Self::From(first) => Some(format!("bytes={first}-")),
            Self::Between(first, last) => Some(format!("bytes={first}-{last}")),
            Self::Last(count) => Some(format!("bytes=-{count}")),
        }
    }

    /// Whether it holds any byte at all.
    pub const fn is_lawful(self) -> bool {
        match self {
            Self::All | Self::From(_) => true,
            Self::Between(first, last) => first <= last,
            Self::Last(count) => count > 0,
        }
    }
}

/// What a `Content-Range` header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContentRange {
    /// The first and the last byte of the part; nothing in a refusal.
    pub part: Option<(u64, u64)>,
    /// How many bytes there are in all, where it is known.
    pub total: Option<u64>,
}

impl ContentRange {
    /// Reads the header; nothing when it is none of bytes, or contradicts itself.
    pub fn parse(header: &str) -> Option<Self> {
        let (unit, rest) = header.trim().split_once(' ')?;
        let (part, total) = rest.trim().split_once('/')?;
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            if digits { text.parse::<u64>().ok() } else { None }
        };
        let total = if total == "*" { None } else { Some(number(total)?) };
        let part = if part == "*" {
            None
        } else {
            let (first, last) = part.split_once('-')?;
            let (first, last) = (number(first)?, number(last)?);
            if first > last || total.is_some_and(|total| last >= total) {
                return None;
            }
            Some((first, last))
        };
        (unit.eq_ignore_ascii_case("bytes") && (part.is_some() || total.is_some()))
            .then_some(Self { part, total })
    }
}

/// The head of an answer, as far as ranges are concerned.
#[derive(Debug, Clone, Copy, Default)]
pub struct RangeHead<'a> {
    /// HTTP status.
    pub status: u16,
    /// `Content-Range`.
    pub content_range: Option<&'a str>,
    /// `Content-Length`, where the body comes as it is, without a content encoding.
    pub content_length: Option<&'a str>,
    /// `ETag`.
    pub etag: Option<&'a str>,
}

/// A recording on its way, in one request or in several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    range: ByteRange,
    /// Most bytes that are taken.
    limit: u64,
    /// The byte of the recording that comes next; known since the first answer.
    at: u64,
    /// The byte after the last one wanted, where it is known.
    end: Option<u64>,
    total: Option<u64>,
    etag: Option<String>,
    taken: u64,
    has_begun: bool,
    /// Whether the end of the body is known by its head.
    is_sized: bool,
    /// Bytes to drop from the start of the body: the server sent more than it was asked for.
    skip: u64,
}

impl Download {
    /// Before the first request; more than `limit` bytes are a fault.
    pub fn new(range: ByteRange, limit: u64) -> Self {
        Self {
            range,
            limit,
            at: 0,
            end: None,
            total: None,
            etag: None,
            taken: 0,
            has_begun: false,
            is_sized: false,
            skip: 0,
        }
    }

    /// The headers of the next request: the range, and after a break the mark of the recording that
    /// was being read.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        if !self.has_begun {
            return self.range.header().map(|range| ("range", range)).into_iter().collect();
        }
        let range = match self.end {
            Some(end) => ByteRange::Between(self.at, end.saturating_sub(1)),
            None => ByteRange::From(self.at),
        };
        let range = range.header().map(|range| ("range", range));
        // A weak mark promises no equal bytes; servers refuse it here.
        let mark = self.etag.as_deref().filter(|etag| etag.starts_with('"'));
        range.into_iter().chain(mark.map(|etag| ("if-range", etag.to_owned()))).collect()
    }

    /// Takes the head of an answer: 200, 206 or 416.
    pub fn answered(&mut self, head: RangeHead<'_>) -> Result<(), RangeFault> {
        let content_range = head.content_range.and_then(ContentRange::parse);
        let (first, last, total) = match (head.status, content_range) {
            (206, Some(ContentRange { part: Some((first, last)), total })) => {
                (first, Some(last.saturating_add(1)), total)
            }
            (206, _) => return Err(RangeFault::Unmarked),
            (416, range) => {
                let total = range.and_then(|range| range.total);
                // It broke off behind the last byte, before anybody could know that it was the last.
                let is_same = self.etag.is_none() || self.etag.as_deref() == head.etag;
                if self.has_begun && is_same && total == Some(self.at) {
                    (self.end, self.total) = (total, total);
                    return Ok(());
                }
                return Err(RangeFault::Unsatisfiable { total });
            }
            _ => {
                let total = head.content_length.and_then(|text| text.trim().parse().ok());
                (0, total, total)
            }
        };
        if self.has_begun {
            self.go_on(head, first, last, total)?;
        } else {
            self.begin(head, first, last, total)?;
        }
        if self.end.is_some_and(|end| end.saturating_sub(self.at) > self.limit - self.taken) {
            return Err(RangeFault::TooLarge { limit: self.limit });
        }
        Ok(())
    }

    /// What of a chunk belongs to the wanted range.
    pub fn take<'a>(&mut self, chunk: &'a [u8]) -> Result<&'a [u8], RangeFault> {
        let length = chunk.len() as u64;
        let skipped = self.skip.min(length);
        self.skip -= skipped;
        let wanted = self.end.map_or(u64::MAX, |end| end.saturating_sub(self.at));
        let taken = (length - skipped).min(wanted);
        if taken > self.limit - self.taken {
            return Err(RangeFault::TooLarge { limit: self.limit });
        }
        self.at += taken;
        self.taken += taken;
        let from = usize::try_from(skipped).unwrap_or(usize::MAX);
        let to = usize::try_from(skipped + taken).unwrap_or(usize::MAX);
        Ok(chunk.get(from..to).unwrap_or_default())
    }

    /// Whether every wanted byte is known to have come; the rest of the body is not needed.
    pub fn is_complete(&self) -> bool {
        self.has_begun && self.end.is_some_and(|end| self.at >= end)
    }

    /// After the lawful end of a body: whether every wanted byte came. If not, ask on.
    pub fn ended(&self) -> Result<bool, RangeFault> {
        if self.is_complete() || !self.has_begun || self.is_sized {
            return Ok(self.is_complete());
        }
        // Nobody told the size, so this is it.
        if self.skip == 0 { Ok(true) } else { Err(RangeFault::Unsatisfiable { total: None }) }
    }

    /// How large the recording is, where it is known.
    pub const fn total(&self) -> Option<u64> {
        self.total
    }

    /// Bytes taken so far.
    pub const fn taken(&self) -> u64 {
        self.taken
    }

    fn begin(
        &mut self,
        head: RangeHead<'_>,
        first: u64,
        last: Option<u64>,
        total: Option<u64>,
    ) -> Result<(), RangeFault> {
        let wanted = match self.range {
            ByteRange::All => 0,
            ByteRange::From(first) | ByteRange::Between(first, _) => first,
            ByteRange::Last(count) => match (total, head.status) {
                (Some(total), _) => total.saturating_sub(count),
                // The server knows its end, and we believe it.
                (None, 206) => first,
                (None, _) => return Err(RangeFault::Ignored),
            },
        };
        if total.is_some_and(|total| wanted >= total && total > 0) {
            return Err(RangeFault::Unsatisfiable { total });
        }
        if first > wanted {
            return Err(RangeFault::Elsewhere { wanted, came: first });
        }
        self.skip = wanted - first;
        self.at = wanted;
        self.end = match self.range {
            ByteRange::Between(_, end) => {
                let end = end.saturating_add(1);
                Some(last.map_or(end, |last| last.min(end)))
            }
            _ => last,
        };
        self.total = total;
        self.etag = head.etag.map(str::to_owned);
        self.is_sized = last.is_some();
        self.has_begun = true;
        Ok(())
    }

    /// After a break: the answer must be about the same recording.
    fn go_on(
        &mut self,
        head: RangeHead<'_>,
        first: u64,
        last: Option<u64>,
        total: Option<u64>,
    ) -> Result<(), RangeFault> {
        let same_mark = match (self.etag.as_deref(), head.etag) {
            (Some(before), Some(now)) => before == now,
            // Without marks, an equal size must do.
            _ => self.total.is_some() && self.total == total,
        };
        let same_size = self.total.is_none() || total.is_none() || self.total == total;
        if !same_mark || !same_size {
            return Err(RangeFault::Changed { taken: self.taken });
        }
        if first > self.at {
            return Err(RangeFault::Elsewhere { wanted: self.at, came: first });
        }
        self.skip = self.at - first;
        self.total = self.total.or(total);
        if !self.is_sized {
            self.end = self.end.into_iter().chain(last).min();
            self.is_sized = last.is_some();
        }
        Ok(())
    }
}
