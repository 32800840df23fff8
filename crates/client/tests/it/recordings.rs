//! Recordings from a small server that breaks off, changes its mind, or knows no ranges.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use perch_api::families::conversations::{Audio, AudioQuery, DetailPath};
use perch_api::model::{ConversationId, ProjectId};
use perch_api::range::{ByteRange, RangeFault};
use perch_client::{
    Client, ClientError, DownloadOptions, Failure, Hosts, InputFault, NativePlatform, RetryPolicy,
    Streaming, TransportError,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// How the server behaves.
#[derive(Debug, Clone, Copy)]
struct Manner {
    knows_ranges: bool,
    /// Requests that break off after a third of their body.
    breaks: usize,
    /// Whether the mark is another one with every request.
    changes: bool,
}

const GOOD: Manner = Manner { knows_ranges: true, breaks: 0, changes: false };

struct Server {
    manner: Manner,
    wav: Vec<u8>,
    asked: AtomicUsize,
    /// `Range` and `If-Range` of every request.
    ranges: Mutex<Vec<(Option<String>, Option<String>)>>,
}

struct Stage {
    server: Arc<Server>,
    streaming: Streaming,
}

impl Stage {
    async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let wav = (0..=u8::MAX).cycle().take(300_000).collect();
        let (asked, ranges) = (AtomicUsize::new(0), Mutex::default());
        let server = Arc::new(Server { manner, wav, asked, ranges });
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(serving.clone(), stream));
            }
        });
        let platform = Arc::new(NativePlatform::new().unwrap());
        let hosts = Hosts::custom(&base, &base, &base, &base);
        let credentials = perch_client::Credentials {
            workspace: Some(perch_api::model::Secret::new("k".to_owned())),
            ..perch_client::Credentials::default()
        };
        // Patience without pauses: the tests do not wait.
        let retry = RetryPolicy { base: std::time::Duration::ZERO, ..RetryPolicy::default() };
        let client = Client::direct(platform.clone(), hosts, credentials).with_retry(retry);
        Self { server, streaming: client.streaming(platform) }
    }

    async fn fetch(&self, options: DownloadOptions) -> Result<Vec<u8>, ClientError> {
        let path = DetailPath {
            agent_id: ProjectId::parse("PROJECT-1").unwrap(),
            conversation_id: ConversationId::parse("CA7").unwrap(),
        };
        let query = AudioQuery::default();
        let recording = self.streaming.recording(Audio, &path, &query, options).await?;
        Ok(recording.collect().await?.0)
    }

    async fn range(&self, range: ByteRange) -> Result<Vec<u8>, ClientError> {
        self.fetch(DownloadOptions { range, ..DownloadOptions::default() }).await
    }
}

async fn answer(server: Arc<Server>, mut stream: TcpStream) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    assert!(head.contains("accept: audio/wav"), "{head}");
    let header = |name: &str| {
        let line = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.map(str::to_owned)
    };
    let (range, if_range) = (header("range"), header("if-range"));
    server.ranges.lock().unwrap().push((range.clone(), if_range.clone()));
    let number = server.asked.fetch_add(1, Ordering::SeqCst);
    let etag = if server.manner.changes { format!("\"v{number}\"") } else { "\"v\"".to_owned() };
    let size = server.wav.len();
    let is_current = if_range.is_none_or(|mark| mark == etag);
    let range = range.filter(|_| server.manner.knows_ranges && is_current);
    let range = range.as_deref().and_then(|range| range.strip_prefix("bytes=")?.split_once('-'));
    let (status, extra, body) = match range {
        None => ("200 OK", String::new(), &server.wav[..]),
        Some((first, last)) => {
            let last = last.parse().unwrap_or(usize::MAX);
            let (first, last) = match first.parse() {
                Ok(first) => (first, last.min(size - 1)),
                Err(_) => (size.saturating_sub(last), size - 1),
            };
            if first >= size {
                let extra = format!("Content-Range: bytes */{size}\r\n");
                ("416 Range Not Satisfiable", extra, &[][..])
            } else {
                let extra = format!("Content-Range: bytes {first}-{last}/{size}\r\n");
                ("206 Partial Content", extra, &server.wav[first..=last])
            }
        }
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: audio/wav\r\nContent-Length: {}\r\nETag: {etag}\r\n\
         X-PolyAI-Correlation-Id: c-{number}\r\nConnection: close\r\n{extra}\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let sent = if number < server.manner.breaks { body.len() / 3 } else { body.len() };
    // The client may have gone.
    let _ = stream.write_all(&body[..sent]).await;
}

#[tokio::test]
async fn parts_are_what_was_asked_for() {
    for knows_ranges in [true, false] {
        let stage = Stage::start(Manner { knows_ranges, ..GOOD }).await;
        for (range, from, to) in [
            (ByteRange::All, 0, 300_000),
            (ByteRange::From(299_000), 299_000, 300_000),
            (ByteRange::Between(10, 70_000), 10, 70_001),
            (ByteRange::Between(299_999, 400_000), 299_999, 300_000),
            (ByteRange::Last(44), 299_956, 300_000),
        ] {
            let came = stage.range(range).await.unwrap();
            assert!(came == stage.server.wav[from..to], "{range:?} {knows_ranges}");
        }
    }
}

#[tokio::test]
async fn a_broken_download_goes_on_where_it_broke_off() {
    let stage = Stage::start(Manner { breaks: 3, ..GOOD }).await;
    assert!(stage.range(ByteRange::All).await.unwrap() == stage.server.wav);
    let ranges = stage.server.ranges.lock().unwrap().clone();
    assert_eq!(ranges.len(), 4);
    assert_eq!(ranges[0], (None, None));
    let mark = Some("\"v\"".to_owned());
    assert_eq!(ranges[1], (Some("bytes=100000-299999".to_owned()), mark.clone()));
    assert_eq!(ranges[2], (Some("bytes=166666-299999".to_owned()), mark));

    let stage = Stage::start(Manner { breaks: 1, ..GOOD }).await;
    assert!(stage.range(ByteRange::Last(90_000)).await.unwrap() == stage.server.wav[210_000..]);
    // Without ranges, the server sends all of it again, and what came before is skipped.
    let stage = Stage::start(Manner { breaks: 1, knows_ranges: false, changes: false }).await;
    assert!(stage.range(ByteRange::All).await.unwrap() == stage.server.wav);
}

#[tokio::test]
async fn another_recording_is_not_glued_to_the_first() {
    let stage = Stage::start(Manner { breaks: 1, changes: true, ..GOOD }).await;
    let error = stage.range(ByteRange::All).await.unwrap_err();
    assert_eq!(error.failure, Failure::Range(RangeFault::Changed { taken: 100_000 }));
    assert_eq!(error.correlation_id.as_deref(), Some("c-1"));
}

#[tokio::test]
async fn a_download_that_always_breaks_ends() {
    let stage = Stage::start(Manner { breaks: usize::MAX, ..GOOD }).await;
    let options = DownloadOptions { resumes: 2, ..DownloadOptions::default() };
    let error = stage.fetch(options).await.unwrap_err();
    assert_eq!(error.failure, Failure::Transport(TransportError::Connect));
    assert_eq!(stage.server.asked.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn what_cannot_be_had_is_told() {
    let stage = Stage::start(GOOD).await;
    let error = stage.range(ByteRange::From(300_000)).await.unwrap_err();
    assert_eq!(
        error.failure.to_string(),
        "the range lies outside the recording, which has 300000 bytes"
    );
    assert_eq!(error.correlation_id.as_deref(), Some("c-0"));
    let small = DownloadOptions { limit: 1_000, ..DownloadOptions::default() };
    let error = stage.fetch(small).await.unwrap_err();
    assert_eq!(error.failure, Failure::Range(RangeFault::TooLarge { limit: 1_000 }));
    let error = stage.range(ByteRange::Between(2, 1)).await.unwrap_err();
    assert!(matches!(error.failure, Failure::Input(input)
        if input.fault == InputFault::Unlawful("at least one byte")));
    assert_eq!(stage.server.asked.load(Ordering::SeqCst), 2);
}
