//! The fuzz targets' entry points on a stable compiler: hand-made seeds, their mutations, and noise.
//!
//! The long run is described in `crates/api/fuzz/README.md`.

use proptest::{collection::vec, prelude::*};

#[allow(unreachable_pub, reason = "the fuzz targets' library, read as a module")]
#[path = "../../fuzz/entries/lib.rs"]
mod entries;

/// Every entry point of the fuzz targets.
const ENTRIES: [fn(&[u8]); 7] = [
    entries::webhook_verify,
    entries::webhook_explain,
    entries::context_token,
    entries::error_body,
    entries::messaging_frame,
    entries::session_script,
    entries::operation_match,
];

/// Texts that lead somewhere, which noise hardly does.
const SEEDS: [&str; 14] = [
    r#"{"event_type":"alerts.triggered","alert":{"id":"ar_1","current_value":1e3}}"#,
    "\u{6}\u{0}\n1788257100\u{0}{\"event_type\":\"x\",\"n\":[1.0,\"\\u00e9/<\"]}\r\n",
    "\u{17}\u{1}k\n1788257100\u{2}ab%7B%22a%22%3A1%7D",
    r#"{"tier":"gold","n":1.5,"vip":true,"nothing":null}"#,
    r#"eyJhbGciOiJIUzI1NiIsImtpZCI6ImsifQ.eyJzdWIiOiJjIn0.AAAA"#,
    "\u{1}\u{0}{\"error_code\":\"NOT_FOUND\",\"errors\":[{\"field\":\"a\",\"message\":\"b\"}]}",
    "\u{1}\u{0}{\"detail\":[{\"loc\":[\"body\",0],\"msg\":\"m\"}]}",
    r#"{"type":"EVENT_BATCH","payload":{"event_batch":{"events":[{"type":"X","payload":{}}]}}}"#,
    r#"{"type":"USER_MESSAGE","payload":{"user_message":{"text":"t"}},"metadata":{"custom":{"a":"b"}}}"#,
    "\u{0}\u{7}\u{0}\u{1}\u{1}\u{1}\u{6}\u{2}\u{0}\u{6}\u{9}\u{1}\u{c}\u{9}\u{17}\u{9}\u{10}\u{9}\u{0}\u{9}\u{17}\u{40}\u{1}\u{1}",
    "\u{1}/v3/ws-7f3a9c21/PROJECT-4E5B8A10/conversations?limit=5&limit=6&a=%C3%A9+b",
    "\u{0}/v1/agents/a%2e%2e/conversations/%2e%2e",
    "\u{6}/api/v1/sessions",
    "[[[[[[[[[[[[[[[[",
];

#[test]
fn every_seed_and_every_cut_of_it_is_survived() {
    for seed in SEEDS {
        for cut in 0..=seed.len() {
            ENTRIES.iter().for_each(|entry| entry(&seed.as_bytes()[..cut]));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn mutated_seeds_are_survived(
        seed in 0..SEEDS.len(),
        edits in vec((any::<prop::sample::Index>(), any::<u8>(), any::<bool>()), 1..6),
        which in 0..ENTRIES.len(),
    ) {
        let mut bytes = SEEDS[seed].as_bytes().to_vec();
        for (at, byte, insert) in edits {
            let at = at.index(bytes.len());
            if insert { bytes.insert(at, byte) } else { bytes[at] = byte }
        }
        ENTRIES[which](&bytes);
    }

    #[test]
    fn noise_is_survived(bytes in vec(any::<u8>(), 0..400), which in 0..ENTRIES.len()) {
        ENTRIES[which](&bytes);
    }
}
