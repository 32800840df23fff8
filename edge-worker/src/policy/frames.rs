//! What a visitor may put on the socket: kind, size, type and rate of frames.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};

use perch_api::messaging::frame::{ClientEventType, FrameFault, ServerFrame, client_type};

/// Close code for a session the platform does not know any more: make a new one.
pub const CLOSE_LOST: u16 = 4001;
/// Close code for a platform that cannot be reached now (RFC 6455 registry: try again later).
pub const CLOSE_AGAIN: u16 = 1013;
/// Close code for a binary frame.
pub const CLOSE_BINARY: u16 = 1003;
/// Close code for a frame over the limit.
pub const CLOSE_LARGE: u16 = 1009;
/// Close code for too many frames.
pub const CLOSE_RATE: u16 = 1008;
/// Close code for a fault of the edge or a broken connection.
pub const CLOSE_FAULT: u16 = 1011;

/// Close code for a socket that is old while its session goes on (RFC 6455 registry: service restart).
pub const CLOSE_OLD: u16 = 1012;

/// Bytes that may wait for a slow reader, each way; one more closes the socket with [`CLOSE_AGAIN`].
/// Sixteen of the largest frames, and little enough that some dozens of stalled readers fit into an
/// isolate's 128 MB.
pub const BUFFER_BYTES: u32 = 2 * 1_048_576;

/// Frames within any window.
pub const FRAMES: usize = 30;
/// The window in milliseconds.
pub const WINDOW_MS: f64 = 10_000.0;
/// Seconds a socket lives at most. Clients and the platform recycle theirs at two hours; the slack
/// lets them do it, which loses nothing.
const LIFE_SECONDS: u64 = 2 * 3_600 + 600;
// A window of a socket that died unnoticed goes when this many younger ones exist.
const WINDOWS_KEPT: usize = 10_000;

/// How many seconds a socket that opens at `now` may live, and the code it then closes with, for a
/// session that ends at `absolute` (all in Unix seconds). Only the session's own end loses it.
pub fn life(now: u64, absolute: u64) -> (u64, u16) {
    let left = absolute.saturating_sub(now);
    if left <= LIFE_SECONDS { (left, CLOSE_LOST) } else { (LIFE_SECONDS, CLOSE_OLD) }
}

/// What happens to a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It goes to the platform.
    Pass,
    /// It is something the visitor says: it goes there if the session has budget for it.
    Message,
    /// It stays here and is answered with a system message.
    Answer(&'static str),
    /// The socket is closed with this code.
    Close(u16),
}

/// At most so many frames within every span of [`WINDOW_MS`], exactly.
#[derive(Default)]
pub struct RateWindow(VecDeque<f64>);

impl RateWindow {
    /// Counts a frame at `now` (milliseconds), or refuses it.
    pub fn admit(&mut self, now: f64, limit: usize) -> bool {
        while self.0.front().is_some_and(|first| now - first >= WINDOW_MS) {
            self.0.pop_front();
        }
        if self.0.len() >= limit {
            return false;
        }
        self.0.push_back(now);
        true
    }
}

/// What a visitor is told whose message is over the budget.
pub fn spent() -> String {
    ServerFrame::system_error("Too many messages. Wait a little before the next one.", None)
        .encode()
}

/// Judges one text frame of the socket whose window this is.
pub fn judge(window: &mut RateWindow, text: &str, now: f64) -> Verdict {
    if !window.admit(now, FRAMES) {
        return Verdict::Close(CLOSE_RATE);
    }
    match client_type(text) {
        Ok(ClientEventType::UserMessage) => Verdict::Message,
        Ok(kind) if kind.is_documented() => Verdict::Pass,
        Ok(_) => Verdict::Answer("This event type is not available here."),
        Err(FrameFault::TooLarge) => Verdict::Close(CLOSE_LARGE),
        Err(FrameFault::NotAllowed) => Verdict::Answer("This event type is not supported."),
        Err(_) => Verdict::Answer("This frame is not a valid event."),
    }
}

/// The verdict as the pump reads it: nothing passes, true is asked for, a text is the answer, a number closes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// Forward the frame.
    Pass,
    /// Ask the session first.
    Ask,
    /// Send this text back.
    Answer(String),
    /// Close with this code.
    Close(u16),
}

thread_local! {
    static WINDOWS: RefCell<BTreeMap<u32, RateWindow>> = const { RefCell::new(BTreeMap::new()) };
}

/// Drops the window of the socket `key`, which is gone.
pub fn forget(key: u32) {
    WINDOWS.with_borrow_mut(|windows| windows.remove(&key));
}

/// Judges a frame of the socket `key`.
///
/// Windows live in this instance. A new instance starts them empty, which costs nobody anything.
pub fn judge_text(key: u32, text: &str, now: f64) -> Ruling {
    // Nothing is borrowed while a frame is judged: a panic over it costs the others nothing.
    let mut window = WINDOWS.with_borrow_mut(|windows| windows.remove(&key)).unwrap_or_default();
    let verdict = judge(&mut window, text, now);
    WINDOWS.with_borrow_mut(|windows| {
        if windows.len() >= WINDOWS_KEPT {
            // Keys only grow, so the first is the oldest.
            windows.pop_first();
        }
        windows.insert(key, window);
    });
    match verdict {
        Verdict::Pass => Ruling::Pass,
        Verdict::Message => Ruling::Ask,
        Verdict::Close(code) => Ruling::Close(code),
        Verdict::Answer(message) => {
            Ruling::Answer(ServerFrame::system_error(message, None).encode())
        }
    }
}

#[cfg(target_arch = "wasm32")]
impl From<Ruling> for wasm_bindgen::JsValue {
    fn from(ruling: Ruling) -> Self {
        match ruling {
            Ruling::Pass => Self::UNDEFINED,
            Ruling::Ask => Self::TRUE,
            Ruling::Answer(text) => text.into(),
            Ruling::Close(code) => code.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use perch_api::messaging::frame::MAX_FRAME_BYTES;
    use proptest::prelude::*;

    fn once(text: &str) -> Verdict {
        judge(&mut RateWindow::default(), text, 0.0)
    }

    #[test]
    fn the_five_documented_events_pass_and_no_other() {
        for kind in ClientEventType::ALL {
            let verdict = once(&format!(r#"{{"type":"{}","payload":{{}}}}"#, kind.as_str()));
            let goes = matches!(verdict, Verdict::Pass | Verdict::Message);
            assert_eq!(goes, kind.is_documented(), "{kind:?}");
            assert_eq!(verdict == Verdict::Message, kind == ClientEventType::UserMessage);
        }
        for text in [
            r#"{"type":"EVENT_TYPE_SESSION_END"}"#,
            r#"{"type":"EVENT_TYPE_POLY_AGENT_MESSAGE","payload":{"text":"hi"}}"#,
            r#"{"type":7}"#,
            "{}",
            "[]",
            "",
            "null",
            "not json",
            "{\"type\":",
            "\u{0}",
        ] {
            assert!(matches!(once(text), Verdict::Answer(_)), "{text}");
        }
    }

    #[test]
    fn size_is_exact_in_bytes() {
        let frame = |size: usize| {
            let empty = r#"{"type":"EVENT_TYPE_HEARTBEAT","payload":{"x":""}}"#;
            empty.replace("\"\"", &format!("\"{}\"", "ä".repeat((size - empty.len()) / 2)))
        };
        let fits = frame(MAX_FRAME_BYTES);
        assert!(fits.len() <= MAX_FRAME_BYTES && fits.len() + 2 > MAX_FRAME_BYTES);
        assert_eq!(once(&fits), Verdict::Pass);
        assert_eq!(once(&frame(MAX_FRAME_BYTES + 2)), Verdict::Close(CLOSE_LARGE));
    }

    #[test]
    fn the_quota_is_exact() {
        let mut window = RateWindow::default();
        let heartbeat = r#"{"type":"EVENT_TYPE_HEARTBEAT"}"#;
        for _ in 0..FRAMES {
            assert_eq!(judge(&mut window, heartbeat, 5.0), Verdict::Pass);
        }
        assert_eq!(judge(&mut window, heartbeat, 5.0), Verdict::Close(CLOSE_RATE));
        assert_eq!(judge(&mut window, heartbeat, 10_004.9), Verdict::Close(CLOSE_RATE));
        assert_eq!(judge(&mut window, heartbeat, 10_005.0), Verdict::Pass);
    }

    #[test]
    fn sockets_have_windows_of_their_own() {
        for _ in 0..FRAMES {
            assert!(matches!(judge_text(1, "x", 0.0), Ruling::Answer(_)));
        }
        assert_eq!(judge_text(1, "x", 0.0), Ruling::Close(CLOSE_RATE));
        let Ruling::Answer(text) = judge_text(2, "x", 0.0) else { panic!("refused") };
        let frame: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(frame["type"], "EVENT_TYPE_SYSTEM_MESSAGE");
    }

    #[test]
    fn a_socket_that_is_gone_leaves_no_window() {
        for _ in 0..=FRAMES {
            judge_text(4, "x", 0.0);
        }
        assert_eq!(judge_text(4, "x", 0.0), Ruling::Close(CLOSE_RATE));
        forget(4);
        assert!(matches!(judge_text(4, "x", 0.0), Ruling::Answer(_)));
    }

    #[test]
    fn only_the_end_of_the_session_loses_it() {
        assert_eq!(life(1_000, 1_000 + 23 * 3_600), (7_800, CLOSE_OLD));
        assert_eq!(life(1_000, 8_801), (7_800, CLOSE_OLD));
        assert_eq!(life(1_000, 8_800), (7_800, CLOSE_LOST));
        assert_eq!(life(1_000, 1_030), (30, CLOSE_LOST));
        assert_eq!(life(1_000, 900), (0, CLOSE_LOST));
    }

    proptest! {
        #[test]
        fn no_span_holds_more_than_the_quota(gaps in prop::collection::vec(0.0..900.0f64, 1..200)) {
            let mut window = RateWindow::default();
            let mut now = 0.0;
            let mut passed = Vec::new();
            for gap in gaps {
                now += gap;
                if window.admit(now, FRAMES) {
                    passed.push(now);
                }
            }
            for (at, start) in passed.iter().enumerate() {
                let within = passed[at..].iter().filter(|time| *time - start < WINDOW_MS).count();
                prop_assert!(within <= FRAMES);
            }
        }

        #[test]
        fn no_text_panics(text in ".*", now in 0.0..1e13f64) {
            judge_text(3, &text, now);
        }
    }
}
