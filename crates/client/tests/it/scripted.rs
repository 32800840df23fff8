//! A platform whose answers, sockets, time and dice are written down beforehand.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    task::{Context, Poll},
    time::Duration,
};

use futures_util::stream;
use perch_api::model::Millis;
use perch_client::{
    BoxFuture, HttpRequest, HttpResponse, HttpStream, Incoming, Platform, Socket, SocketError,
    SocketIo, Sockets, Streams, TransportError,
};

#[derive(Default)]
pub(crate) struct Scripted {
    answers: Mutex<VecDeque<Result<HttpResponse, TransportError>>>,
    /// After how many bytes the bodies of streamed answers break off.
    breaks: Mutex<VecDeque<usize>>,
    sockets: Mutex<VecDeque<Result<Vec<Incoming>, SocketError>>>,
    /// What was sent: method, URL, headers, body.
    pub(crate) requests: Mutex<Vec<HttpRequest>>,
    /// What was dialled.
    pub(crate) dialled: Mutex<Vec<String>>,
    /// What was written to any socket.
    pub(crate) written: Arc<Mutex<Vec<String>>>,
    /// The pauses, in milliseconds.
    pub(crate) pauses: Mutex<Vec<u64>>,
    now: Mutex<u64>,
}

impl Scripted {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self::default())
    }

    pub(crate) fn answer(self: &Arc<Self>, status: u16, body: &str) -> &Arc<Self> {
        self.answer_with(status, &[], body)
    }

    pub(crate) fn answer_with(
        self: &Arc<Self>,
        status: u16,
        headers: &[(&str, &str)],
        body: &str,
    ) -> &Arc<Self> {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        self.answers.lock().unwrap().push_back(Ok(HttpResponse {
            status,
            headers: headers.iter().map(own).collect(),
            body: body.as_bytes().to_vec(),
        }));
        self
    }

    pub(crate) fn fail(self: &Arc<Self>, error: TransportError) -> &Arc<Self> {
        self.answers.lock().unwrap().push_back(Err(error));
        self
    }

    /// The next streamed answer that is not yet broken breaks off after this many bytes.
    pub(crate) fn broken_after(self: &Arc<Self>, bytes: usize) -> &Arc<Self> {
        self.breaks.lock().unwrap().push_back(bytes);
        self
    }

    pub(crate) fn socket(self: &Arc<Self>, frames: Vec<Incoming>) -> &Arc<Self> {
        self.sockets.lock().unwrap().push_back(Ok(frames));
        self
    }

    pub(crate) fn advance(&self, time: Duration) {
        *self.now.lock().unwrap() += u64::try_from(time.as_millis()).unwrap();
    }

    pub(crate) fn urls(&self) -> Vec<String> {
        self.requests.lock().unwrap().iter().map(|request| request.url.clone()).collect()
    }
}

impl Platform for Scripted {
    fn fetch(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        self.requests.lock().unwrap().push(request);
        let answer = self.answers.lock().unwrap().pop_front().expect("an answer is scripted");
        Box::pin(async move { answer })
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        self.pauses.lock().unwrap().push(u64::try_from(time.as_millis()).unwrap());
        self.advance(time);
        Box::pin(async {
            // Once pending, so that a socket's frames go before the timer of the same moment.
            let mut first = true;
            std::future::poll_fn(|cx| {
                if std::mem::take(&mut first) {
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Poll::Ready(())
            })
            .await;
        })
    }

    fn now(&self) -> Millis {
        Millis(*self.now.lock().unwrap())
    }

    fn random(&self) -> u64 {
        100
    }
}

impl Sockets for Scripted {
    fn connect(&self, url: String) -> BoxFuture<'_, Result<Socket, SocketError>> {
        self.dialled.lock().unwrap().push(url);
        let frames = self.sockets.lock().unwrap().pop_front().expect("a socket is scripted");
        let written = Arc::clone(&self.written);
        Box::pin(async move {
            frames.map(|frames| Socket::new(ScriptedSocket { frames: frames.into(), written }))
        })
    }
}

impl Streams for Scripted {
    fn open(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpStream, TransportError>> {
        Box::pin(async move {
            let mut head = self.fetch(request).await?;
            let body = std::mem::take(&mut head.body);
            let limit = self.breaks.lock().unwrap().pop_front();
            let whole = limit.unwrap_or(body.len()).min(body.len());
            let mut chunks: Vec<_> =
                body[..whole].chunks(7).map(|chunk| Ok(chunk.to_vec())).collect();
            if limit.is_some() {
                chunks.push(Err(TransportError::Connect));
            }
            Ok(HttpStream { head, chunks: Box::pin(stream::iter(chunks)) })
        })
    }
}

struct ScriptedSocket {
    frames: VecDeque<Incoming>,
    written: Arc<Mutex<Vec<String>>>,
}

impl SocketIo for ScriptedSocket {
    fn poll_incoming(&mut self, _: &mut Context<'_>) -> Poll<Incoming> {
        self.frames.pop_front().map_or(Poll::Pending, Poll::Ready)
    }

    fn send(&mut self, text: String) -> Result<(), SocketError> {
        self.written.lock().unwrap().push(text);
        Ok(())
    }

    fn close(&mut self, code: u16) {
        self.written.lock().unwrap().push(format!("close {code}"));
    }
}
