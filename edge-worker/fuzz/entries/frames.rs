//! Frames of visitors and gateways.

use perch_api::messaging::frame::MAX_FRAME_BYTES;
use perch_edge_worker::policy::frames::{RateWindow, Verdict, judge};
use perch_edge_worker::policy::signalling::{self, Ruling, Way};

use super::{byte, text};

/// A visitor's frame: what passes is a bounded JSON object of a documented type.
pub fn frame(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match judge(&mut RateWindow::default(), text, 0.0) {
        Verdict::Pass | Verdict::Message => {
            assert!(text.len() <= MAX_FRAME_BYTES);
            let value: serde_json::Value = serde_json::from_str(text).expect("JSON passes");
            let kind = value["type"].as_str().expect("a type");
            assert!(
                kind.chars().all(|letter| letter.is_ascii_uppercase() || letter == '_'),
                "{kind}"
            );
        }
        Verdict::Answer(answer) => assert!(answer.len() < 100),
        Verdict::Close(code) => assert!((1000..5000).contains(&code)),
    }
}

const TOKEN: &str = "connector-token-0123456789abcdef";
const OPENED: &str = r#"{"token":"connector-token-0123456789abcdef","keys":["AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM"],"calls":{},"account":"ws-1","project":"PROJECT-1"}"#;

/// Frames of a call, both ways: the token goes to the gateway and never to the visitor.
pub fn signal(mut data: &[u8]) {
    let key = 1;
    let mut now = 0.0;
    while !data.is_empty() {
        let way = if byte(&mut data) & 1 == 0 { Way::Up } else { Way::Down };
        let mut frame = text(&mut data);
        if byte(&mut data) & 1 == 1 {
            frame = frame.replace('$', TOKEN);
        }
        now += f64::from(byte(&mut data)) * 10.0;
        match signalling::signal(key, OPENED, way, &frame, now) {
            Ruling::ToPlatform(told) => {
                let value: serde_json::Value =
                    serde_json::from_str(&told).expect("a frame of ours");
                if value["type"] == "offer" {
                    assert_eq!(value["authToken"], TOKEN, "{told}");
                }
            }
            Ruling::ToVisitor(told) => {
                assert!(!told.contains(TOKEN), "{told}");
                serde_json::from_str::<serde_json::Value>(&told).expect("a frame of ours");
            }
            Ruling::Close(code) => assert!((1000..5000).contains(&code)),
            Ruling::Drop => {}
        }
    }
    signalling::forget(key);
}
