//! A platform whose time passes only when everybody waits for it.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    time::Duration,
};

use futures_util::{StreamExt as _, stream};
use perch_api::model::Millis;
use perch_client::{
    BoxFuture, HttpRequest, HttpResponse, HttpStream, Platform, Streams, TransportError,
};

/// What a request gets, and after how many milliseconds.
pub(crate) type Reply = (u64, Result<HttpResponse, TransportError>);

pub(crate) struct Virtual {
    answer: Box<dyn Fn(&HttpRequest) -> Reply + Send + Sync>,
    clock: Arc<Mutex<Clock>>,
    random: Mutex<u64>,
    /// Requests: when, with what time-out in milliseconds, with what correlation id.
    pub(crate) sent: Mutex<Vec<(u64, u64, Option<String>)>>,
    /// Requests whose future was dropped before the answer.
    pub(crate) dropped: AtomicUsize,
}

#[derive(Default)]
struct Clock {
    now: u64,
    timers: Vec<(u64, Waker)>,
}

pub(crate) fn response(status: u16, headers: &[(&str, &str)], body: &str) -> HttpResponse {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    HttpResponse {
        status,
        headers: headers.iter().map(own).collect(),
        body: body.as_bytes().to_vec(),
    }
}

impl Virtual {
    pub(crate) fn new(answer: impl Fn(&HttpRequest) -> Reply + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            answer: Box::new(answer),
            clock: Arc::default(),
            random: Mutex::new(1),
            sent: Mutex::default(),
            dropped: AtomicUsize::new(0),
        })
    }

    pub(crate) fn time(&self) -> u64 {
        self.clock.lock().unwrap().now
    }

    pub(crate) fn count(&self) -> usize {
        self.sent.lock().unwrap().len()
    }

    /// Runs a future to its end; when it waits for nothing but time, time passes.
    pub(crate) fn run<T>(&self, future: impl Future<Output = T>) -> T {
        struct Flag(AtomicBool);
        impl Wake for Flag {
            fn wake(self: Arc<Self>) {
                self.0.store(true, Ordering::SeqCst);
            }
        }
        let flag = Arc::new(Flag(AtomicBool::new(false)));
        let waker = Waker::from(flag.clone());
        let mut future = pin!(future);
        loop {
            if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
                return value;
            }
            while !flag.0.swap(false, Ordering::SeqCst) {
                self.advance();
            }
        }
    }

    /// To the next timer, which is woken.
    fn advance(&self) {
        let mut clock = self.clock.lock().unwrap();
        let next = clock.timers.iter().map(|(at, _)| *at).min().expect("somebody waits for time");
        clock.now = clock.now.max(next);
        let now = clock.now;
        let due: Vec<_> = clock.timers.extract_if(.., |(at, _)| *at <= now).collect();
        drop(clock);
        for (_, waker) in due {
            waker.wake();
        }
    }
}

struct CountDrop<'a>(Option<&'a AtomicUsize>);

impl Drop for CountDrop<'_> {
    fn drop(&mut self) {
        if let Some(count) = self.0 {
            count.fetch_add(1, Ordering::SeqCst);
        }
    }
}

impl Platform for Virtual {
    fn fetch(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        let limit = u64::try_from(request.timeout.as_millis()).unwrap();
        let id = request.headers.iter().find(|(name, _)| *name == "x-polyai-correlation-id");
        let now = self.time();
        self.sent.lock().unwrap().push((now, limit, id.map(|(_, id)| id.clone())));
        let (after, answer) = (self.answer)(&request);
        Box::pin(async move {
            let mut dropped = CountDrop(Some(&self.dropped));
            until(&self.clock, now + after.min(limit)).await;
            dropped.0 = None;
            if after > limit { Err(TransportError::Timeout(request.timeout)) } else { answer }
        })
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        let moment = self.time() + u64::try_from(time.as_millis()).unwrap();
        Box::pin(until(&self.clock, moment))
    }

    fn now(&self) -> Millis {
        Millis(self.time())
    }

    fn random(&self) -> u64 {
        // Knuth's numbers: any spread will do, the same every time.
        let mut random = self.random.lock().unwrap();
        *random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        *random >> 16
    }
}

impl Streams for Virtual {
    /// The whole answer comes after its time; then each comma's worth of the body after as long again.
    fn open(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpStream, TransportError>> {
        let (after, _) = (self.answer)(&request);
        let answer = self.fetch(request);
        Box::pin(async move {
            let mut head = answer.await?;
            let body = String::from_utf8(std::mem::take(&mut head.body)).unwrap();
            let parts: Vec<_> = body.split_inclusive(',').map(str::to_owned).collect();
            let clock = self.clock.clone();
            let chunks = stream::iter(parts).then(move |part| {
                let clock = clock.clone();
                async move {
                    let moment = clock.lock().unwrap().now + after;
                    until(&clock, moment).await;
                    Ok(part.into_bytes())
                }
            });
            Ok(HttpStream { head, chunks: Box::pin(chunks) })
        })
    }
}

async fn until(clock: &Mutex<Clock>, moment: u64) {
    poll_fn(|cx| {
        let mut clock = clock.lock().unwrap();
        if clock.now >= moment {
            return Poll::Ready(());
        }
        clock.timers.push((moment, cx.waker().clone()));
        Poll::Pending
    })
    .await;
}
