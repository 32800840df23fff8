//! Parts of recordings, from servers of every kind.

use perch_api::range::{ByteRange, ContentRange, Download, RangeFault, RangeHead};
use proptest::prelude::*;

#[test]
fn content_ranges_are_read_strictly() {
    let whole = |first, last, total| Some(ContentRange { part: Some((first, last)), total });
    for (text, expected) in [
        ("bytes 0-9/10", whole(0, 9, Some(10))),
        (" Bytes 5-5/* ", whole(5, 5, None)),
        ("bytes */10", Some(ContentRange { part: None, total: Some(10) })),
        ("bytes */*", None),
        ("bytes 9-0/10", None),
        ("bytes 0-10/10", None),
        ("bytes 0-/10", None),
        ("bytes +1-2/10", None),
        ("bytes 0-99999999999999999999/*", None),
        ("items 0-9/10", None),
        ("", None),
    ] {
        assert_eq!(ContentRange::parse(text), expected, "{text:?}");
    }
}

#[test]
fn ranges_are_written_as_the_standard_says() {
    for (range, header) in [
        (ByteRange::All, None),
        (ByteRange::From(5), Some("bytes=5-")),
        (ByteRange::Between(5, 9), Some("bytes=5-9")),
        (ByteRange::Last(3), Some("bytes=-3")),
    ] {
        assert_eq!(range.header().as_deref(), header);
    }
    assert!(!ByteRange::Between(2, 1).is_lawful() && !ByteRange::Last(0).is_lawful());
}

fn begun(range: ByteRange, head: RangeHead<'_>) -> Result<Download, RangeFault> {
    let mut download = Download::new(range, 1_000);
    download.answered(head).map(|()| download)
}

fn part<'a>(content_range: &'a str, etag: &'a str) -> RangeHead<'a> {
    RangeHead {
        status: 206,
        content_range: Some(content_range),
        etag: Some(etag),
        content_length: None,
    }
}

#[test]
fn answers_that_give_something_else_are_told() {
    let whole = RangeHead { status: 200, content_length: Some("10"), ..RangeHead::default() };
    let unsized_whole = RangeHead { status: 200, ..RangeHead::default() };
    let refused =
        RangeHead { status: 416, content_range: Some("bytes */10"), ..RangeHead::default() };
    for (range, head, fault) in [
        (ByteRange::From(10), refused, RangeFault::Unsatisfiable { total: Some(10) }),
        (ByteRange::From(10), whole, RangeFault::Unsatisfiable { total: Some(10) }),
        (ByteRange::From(1), RangeHead { status: 206, ..whole }, RangeFault::Unmarked),
        (
            ByteRange::From(1),
            part("bytes 2-9/10", ""),
            RangeFault::Elsewhere { wanted: 1, came: 2 },
        ),
        (ByteRange::Last(3), unsized_whole, RangeFault::Ignored),
        (
            ByteRange::All,
            RangeHead { content_length: Some("1001"), ..whole },
            RangeFault::TooLarge { limit: 1_000 },
        ),
    ] {
        assert_eq!(begun(range, head).unwrap_err(), fault, "{range:?}");
        assert!(fault.remedy().ends_with('.'));
    }
    // Of unknown size, the limit is felt when the bytes come.
    let mut download = begun(ByteRange::All, unsized_whole).unwrap();
    assert_eq!(download.take(&[0; 1_000]).map(<[u8]>::len), Ok(1_000));
    assert_eq!(download.take(&[0]), Err(RangeFault::TooLarge { limit: 1_000 }));
}

#[test]
fn after_a_break_it_must_be_the_same_recording() {
    let start = || {
        let mut download = begun(ByteRange::All, part("bytes 0-9/10", "\"v1\"")).unwrap();
        download.take(b"0123").unwrap();
        download
    };
    let headers = start().headers();
    assert_eq!(headers, [("range", "bytes=4-9".to_owned()), ("if-range", "\"v1\"".to_owned())]);
    for (head, fault) in [
        (part("bytes 4-9/10", "\"v2\""), RangeFault::Changed { taken: 4 }),
        (part("bytes 4-8/9", "\"v1\""), RangeFault::Changed { taken: 4 }),
        (part("bytes 5-9/10", "\"v1\""), RangeFault::Elsewhere { wanted: 4, came: 5 }),
        (RangeHead { status: 200, ..RangeHead::default() }, RangeFault::Changed { taken: 4 }),
    ] {
        assert_eq!(start().answered(head), Err(fault));
    }
    // A weak mark is compared, and not sent.
    let mut weak = begun(ByteRange::All, part("bytes 0-9/10", "W/\"v1\"")).unwrap();
    weak.take(b"0").unwrap();
    assert_eq!(weak.headers(), [("range", "bytes=1-9".to_owned())]);
}

/// A server of one of several kinds.
#[derive(Debug, Clone, Copy)]
struct Server {
    knows_ranges: bool,
    has_mark: bool,
    tells_size: bool,
}

impl Server {
    /// The answer to the headers: status, range, length, mark, body.
    fn answer(
        self,
        whole: &[u8],
        headers: &[(&str, String)],
    ) -> (u16, String, Option<String>, Option<&'static str>, Vec<u8>) {
        let size = whole.len() as u64;
        let etag = self.has_mark.then_some("\"v1\"");
        let asked =
            headers.iter().find(|(name, _)| *name == "range").map(|(_, value)| value.as_str());
        let asked = asked.and_then(|value| value.strip_prefix("bytes=")?.split_once('-'));
        let Some((first, last)) = asked.filter(|_| self.knows_ranges) else {
            let length = self.tells_size.then(|| size.to_string());
            return (200, String::new(), length, etag, whole.to_vec());
        };
        let (first, last) = match (first.parse::<u64>(), last.parse::<u64>()) {
            (Ok(first), last) => (first, last.unwrap_or(size).min(size.saturating_sub(1))),
            (Err(_), count) => (size.saturating_sub(count.unwrap()), size.saturating_sub(1)),
        };
        if first >= size {
            return (416, format!("bytes */{size}"), None, etag, Vec::new());
        }
        let body = whole[usize::try_from(first).unwrap()..=usize::try_from(last).unwrap()].to_vec();
        (206, format!("bytes {first}-{last}/{size}"), None, etag, body)
    }
}

proptest! {
    #[test]
    fn every_server_and_every_break_gives_the_wanted_bytes_or_a_fault(
        whole in proptest::collection::vec(any::<u8>(), 1..200),
        first in 0_u64..220,
        length in 1_u64..220,
        kind in 0..4,
        (knows_ranges, has_mark, tells_size) in any::<(bool, bool, bool)>(),
        breaks in proptest::collection::vec(0_usize..60, 0..5),
    ) {
        let server = Server { knows_ranges, has_mark, tells_size };
        let size = whole.len() as u64;
        let (range, from, to) = match kind {
            0 => (ByteRange::All, 0, size),
            1 => (ByteRange::From(first), first, size),
            2 => (ByteRange::Between(first, first + length - 1), first, first + length),
            _ => (ByteRange::Last(length), size.saturating_sub(length), size),
        };
        let wanted = whole
            .get(usize::try_from(from).unwrap()..usize::try_from(to.min(size)).unwrap())
            .filter(|bytes| !bytes.is_empty());
        let mut download = Download::new(range, 1_000);
        let (mut came, mut breaks) = (Vec::new(), breaks.into_iter());
        let fault = loop {
            let (status, content_range, length, etag, body) = server.answer(&whole, &download.headers());
            let head = RangeHead {
                status,
                content_range: Some(content_range.as_str()).filter(|text| !text.is_empty()),
                content_length: length.as_deref(),
                etag,
            };
            if let Err(fault) = download.answered(head) {
                break Some(fault);
            }
            let cut = breaks.next();
            let body = &body[..cut.unwrap_or(body.len()).min(body.len())];
            for chunk in body.chunks(7) {
                came.extend_from_slice(download.take(chunk).unwrap());
            }
            if download.is_complete() {
                break None;
            }
            if cut.is_none() {
                // Without a break, whatever was wanted has come.
                match download.ended() {
                    Ok(is_whole) => prop_assert!(is_whole, "{:?}", download),
                    Err(fault) => break Some(fault),
                }
                break None;
            }
        };
        prop_assert_eq!(came.len() as u64, download.taken());
        match fault {
            None => prop_assert!(wanted.is_none_or(|bytes| bytes == came), "{came:?}"),
            Some(RangeFault::Unsatisfiable { .. }) => prop_assert!(wanted.is_none()),
            Some(RangeFault::Ignored) => prop_assert!(!knows_ranges && !tells_size && kind == 3),
            Some(RangeFault::Changed { .. }) => prop_assert!(!has_mark),
            Some(other) => prop_assert!(false, "{other}"),
        }
        prop_assert!(wanted.unwrap_or_default().starts_with(&came) || wanted.is_none());
    }
}
