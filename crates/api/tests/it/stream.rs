//! Pages read while they arrive, against pages read whole.

use perch_api::families::agents::topics;
use perch_api::families::conversations::{List, ListItem, Page};
use perch_api::operation::{Json, Payload as _};
use perch_api::stream::{PageDecoder, PageFault, PageLimits, RowFault, RowFaultKind};
use proptest::prelude::*;

type Outcome = (Vec<Result<ListItem, RowFault>>, Result<Json<Page>, PageFault>);

/// Reads a page in chunks of these sizes, the last of which is repeated.
fn read(page: &[u8], sizes: &[usize], limits: PageLimits) -> Outcome {
    let mut decoder = PageDecoder::<List>::new(limits);
    let (mut rest, mut rows) = (page, Vec::new());
    let mut sizes = sizes.iter().chain(sizes.last().into_iter().cycle());
    while !rest.is_empty() {
        let size = sizes.next().map_or(1, |size| *size.max(&1)).min(rest.len());
        let (mut chunk, after) = rest.split_at(size);
        rest = after;
        rows.extend(std::iter::from_fn(|| decoder.next(&mut chunk)));
        assert!(chunk.is_empty());
    }
    assert_eq!(decoder.rows(), rows.len() as u64);
    (rows, decoder.finish())
}

fn whole(page: &str) -> Outcome {
    read(page.as_bytes(), &[page.len()], PageLimits::default())
}

fn kinds(outcome: &Outcome) -> Vec<Option<&RowFaultKind>> {
    outcome.0.iter().map(|row| row.as_ref().err().map(|fault| &fault.kind)).collect()
}

#[test]
fn rows_come_first_and_the_cursor_last() {
    let page = r#" { "next_offset":5, "con\u0076ersations" : [ {"id":"a","odd":[1]} , {"id":"b"} ] ,"cursor":"c","new":{"x":[]} } "#;
    let (rows, page) = whole(page);
    let ids: Vec<_> = rows.into_iter().map(|row| row.unwrap().id).collect();
    assert_eq!(ids, ["a", "b"]);
    let Json(page) = page.unwrap();
    assert_eq!((page.cursor.as_deref(), page.next_offset), (Some("c"), Some(5)));
    assert!(page.extra.contains_key("new") && page.conversations.is_empty());
}

#[test]
fn a_list_of_another_type_is_empty_as_it_is_when_read_whole() {
    for list in ["null", "{}", "7", r#""a""#] {
        let (rows, page) = whole(&format!(r#"{{"conversations":{list},"cursor":null}}"#));
        assert!(rows.is_empty() && page.is_ok(), "{list}");
    }
    assert!(whole("{}").1.is_ok());
}

#[test]
fn a_list_may_be_the_whole_answer() {
    let mut decoder = PageDecoder::<topics::List>::new(PageLimits::default());
    let mut chunk = br#" [ {"id":"t1"}, {"id":"t2"} ] "#.as_slice();
    let rows: Vec<_> =
        std::iter::from_fn(|| decoder.next(&mut chunk)).map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2);
    assert!(decoder.is_over() && decoder.finish().unwrap().0.0.is_empty());
}

#[test]
fn a_bad_row_does_not_lose_the_others() {
    let page = r#"{"conversations":[{"id":"a"},{"id":tru},7,{"id":"b","x":"\q"},"\xff",{"id":"c"}],"cursor":"z"}"#;
    let mut bytes = page.as_bytes().to_vec();
    let at = page.find(r"\xff").unwrap();
    bytes.splice(at..at + 4, [0xff]);
    let (rows, page) = read(&bytes, &[3], PageLimits::default());
    let ids: Vec<_> = rows.iter().flatten().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["a", "c"]);
    let faults: Vec<_> = rows.iter().filter_map(|row| row.as_ref().err()).collect();
    assert_eq!(faults.iter().map(|fault| fault.index).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!(faults[0].at, 29);
    assert_eq!(
        faults[0].to_string(),
        "row 1, which begins at byte 29 of the page, cannot be read: \
         the body does not fit the operation (line 1, column 10)"
    );
    assert_eq!(page.unwrap().0.cursor.as_deref(), Some("z"));
}

#[test]
fn rows_have_limits_and_what_is_over_them_is_not_kept() {
    let limits = PageLimits { row_bytes: 100, depth: 3, ..PageLimits::default() };
    let page = format!(
        r#"{{"conversations":[{{"id":"a","state":{{"x":"{}"}}}},{{"id":"b","state":{{"x":[[1]]}}}},{{"id":"c","state":{{"x":[1]}}}}]}}"#,
        "y".repeat(5_000)
    );
    for size in [1, 7, 4_096, 10_000] {
        let outcome = read(page.as_bytes(), &[size], limits);
        assert_eq!(
            kinds(&outcome),
            [Some(&RowFaultKind::TooLarge(100)), Some(&RowFaultKind::TooDeep(3)), None],
            "{size}"
        );
        assert!(outcome.1.is_ok());
    }
    let deep =
        format!(r#"{{"conversations":[{}{},{{"id":"a"}}]}}"#, "[".repeat(9_999), "]".repeat(9_999));
    assert_eq!(kinds(&whole(&deep)), [Some(&RowFaultKind::TooDeep(100)), None]);
}

#[test]
fn what_stands_beside_the_rows_has_a_limit() {
    let limits = PageLimits { envelope_bytes: 64, ..PageLimits::default() };
    for page in [
        format!(r#"{{"conversations":[{{"id":"a"}}],"x":"{}"}}"#, "y".repeat(100)),
        format!(r#"{{"conversations":[{{"id":"a"}}],"{}":1}}"#, "y".repeat(100)),
        format!(r#"{{"conversations":[{{"id":"a"}}],{}"z":1}}"#, r#""y":1,"#.repeat(20)),
    ] {
        let (rows, end) = read(page.as_bytes(), &[10], limits);
        assert_eq!((rows.len(), end), (1, Err(PageFault::EnvelopeTooLarge { limit: 64, rows: 1 })));
    }
}

#[test]
fn a_cut_page_says_so_and_keeps_its_rows() {
    let page = r#"{"conversations":[{"id":"a"},{"id":"b"}],"cursor":"c"}"#;
    for cut in 0..page.len() {
        let (rows, end) = read(&page.as_bytes()[..cut], &[5], PageLimits::default());
        let expected = usize::from(cut >= 28) + usize::from(cut >= 39);
        assert_eq!(rows.len(), expected, "{cut}");
        let fault = PageFault::Truncated { bytes: cut as u64, rows: expected as u64 };
        assert_eq!(end, Err(fault), "{cut}");
    }
}

#[test]
fn what_is_no_page_is_told_with_its_place() {
    for (page, at, rows) in [
        ("<html>", 0, 0),
        ("[]", 0, 0),
        (r#"{"conversations":[{"id":"a"}}"#, 28, 1),
        (r#"{"conversations":[{"id":"a"} {"id":"b"}]}"#, 29, 1),
        (r#"{"conversations":[,]}"#, 18, 0),
        (r#"{"conversations":[]} x"#, 21, 0),
        (r#"{"conversations":[{]}"#, 19, 0),
        (r#"{"a" 1}"#, 5, 0),
        (r#"{"a":,}"#, 5, 0),
    ] {
        for size in [1, 100] {
            let (_, end) = read(page.as_bytes(), &[size], PageLimits::default());
            assert_eq!(end, Err(PageFault::Syntax { at, rows }), "{page}");
        }
    }
    let twice = r#"{"conversations":[{"id":"a"}],"conversations":[{"id":"b"}]}"#;
    assert_eq!(whole(twice).1, Err(PageFault::Repeated { rows: 1 }));
    assert_eq!(
        whole(r#"{"conversations":[],"cursor":tru}"#).1,
        Err(PageFault::Envelope { rows: 0 })
    );
}

/// A row of the page that never ends: its size in bytes, about as large as a long conversation.
fn large_row() -> String {
    let turn = format!(r#"{{"user_input":"{}","latency":0.8}}"#, "word ".repeat(12_000));
    format!(r#"{{"id":"CA1","turns":[{}]}}"#, [turn.as_str(); 17].join(","))
}

#[test]
fn a_page_of_300_megabytes_needs_no_more_than_a_row() {
    const PAGE: u64 = 300 * 1024 * 1024;
    let row = large_row();
    let mut decoder = PageDecoder::<List>::new(PageLimits::default());
    let (mut sent, mut rows, mut most) = (0_u64, 0_u64, 0);
    let mut feed = |decoder: &mut PageDecoder<List>, text: &str| {
        for mut chunk in text.as_bytes().chunks(64 * 1024) {
            sent += chunk.len() as u64;
            while let Some(row) = decoder.next(&mut chunk) {
                assert_eq!(row.unwrap().turns.0.unwrap().len(), 17);
                rows += 1;
            }
            most = most.max(decoder.buffered());
        }
        sent
    };
    feed(&mut decoder, r#"{"conversations":["#);
    while feed(&mut decoder, &row) < PAGE {
        feed(&mut decoder, ",");
    }
    feed(&mut decoder, r#"],"cursor":"next"}"#);
    assert_eq!(decoder.finish().unwrap().0.cursor.as_deref(), Some("next"));
    assert!(rows > 290, "{rows} rows");
    // One row, in a vector that may have doubled.
    assert!(most <= 2 * row.len() + 1_024, "{most} bytes kept for rows of {}", row.len());
}

/// Pages that are lawful, nearly lawful and not lawful at all.
fn page() -> impl Strategy<Value = String> {
    let row = prop_oneof![
        8 => "[a-z]{1,6}".prop_map(|id| format!(r#"{{"id":"{id}","turns":[{{"user_input":"x,]}}\\\"{id}"}}]}}"#)),
        2 => Just(r#" {"id" : "\u00e9\\", "metrics":{"a":["b"]}, "num_turns":null} "#.to_owned()),
        1 => Just("7".to_owned()),
        1 => Just(r#""text""#.to_owned()),
        1 => Just("[[1,{}]]".to_owned()),
        1 => Just(r#"{"id":tru}"#.to_owned()),
        1 => Just(r#"{"id":"a"}}"#.to_owned()),
    ];
    let member = prop_oneof![
        Just(r#""cursor":"c1""#.to_owned()),
        Just(r#""cursor" : null "#.to_owned()),
        Just(r#""next_offset":12"#.to_owned()),
        Just(r#""odd":{"a":[1,"]"]}"#.to_owned()),
        Just(r#""odd":-1.5e3"#.to_owned()),
    ];
    (proptest::collection::vec(row, 0..6), proptest::collection::vec(member, 0..3), 0_usize..4)
        .prop_map(|(rows, mut members, at)| {
            let at = at.min(members.len());
            members.insert(at, format!(r#""conversations":[{}]"#, rows.join(",")));
            format!("{{{}}}", members.join(","))
        })
}

proptest! {
    #[test]
    fn any_chunking_gives_the_same(
        page in page(),
        sizes in proptest::collection::vec(1_usize..20, 1..8),
        cut in any::<prop::sample::Index>(),
        is_cut: bool,
    ) {
        let bytes = page.as_bytes();
        let bytes = if is_cut { &bytes[..cut.index(bytes.len())] } else { bytes };
        let outcome = read(bytes, &sizes, PageLimits::default());
        prop_assert_eq!(&outcome, &read(bytes, &[bytes.len()], PageLimits::default()));
        prop_assert_eq!(&outcome, &read(bytes, &[1], PageLimits::default()));
    }

    #[test]
    fn what_is_lawful_whole_is_lawful_in_parts(page in page()) {
        let (rows, end) = whole(&page);
        match Json::<Page>::decode(page.as_bytes()) {
            Ok(Json(read)) => {
                let rows: Vec<_> = rows.into_iter().flatten().collect();
                let Json(end) = end.unwrap();
                prop_assert_eq!(Page { conversations: rows, ..end }, read);
            }
            Err(_) => prop_assert!(end.is_err() || rows.iter().any(Result::is_err)),
        }
    }
}
