//! Pages read while they arrive.

use perch_api::{
    families::conversations::{List, ListItem, Page},
    operation::{Json, Payload as _},
    stream::{PageDecoder, PageFault, PageLimits, RowFault},
};

use super::byte;

type Outcome = (Vec<Result<ListItem, RowFault>>, Result<Json<Page>, PageFault>);

fn read(page: &[u8], size: usize, limits: PageLimits) -> Outcome {
    let mut decoder = PageDecoder::<List>::new(limits);
    let mut rows = Vec::new();
    for mut chunk in page.chunks(size) {
        while let Some(row) = decoder.next(&mut chunk) {
            rows.push(row);
        }
        assert!(chunk.is_empty() && decoder.buffered() <= 4 * page.len() + 64);
    }
    (rows, decoder.finish())
}

/// The size of a chunk in one byte, then a page.
pub fn page_stream(mut data: &[u8]) {
    let size = usize::from(byte(&mut data)).max(1);
    // Deeper than this, a page read whole is refused as well.
    let limits = PageLimits { depth: 127, ..PageLimits::default() };
    let outcome = read(data, size, limits);
    assert_eq!(outcome, read(data, data.len().max(1), limits));
    let (rows, end) = outcome;
    match (Json::<Page>::decode(data), end) {
        (Ok(Json(whole)), Ok(Json(end))) => {
            let rows = rows.into_iter().flatten().collect();
            assert_eq!(Page { conversations: rows, ..end }, whole);
        }
        // Read whole, the later of two lists replaces the earlier.
        (Ok(_), Err(fault)) => assert!(matches!(fault, PageFault::Repeated { .. }), "{fault}"),
        (Err(_), Ok(_)) => assert!(rows.iter().any(Result::is_err)),
        (Err(_), Err(_)) => {}
    }
}
