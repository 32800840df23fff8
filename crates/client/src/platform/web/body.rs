//! Bodies as they arrive, by the reader of a `ReadableStream`.

use futures_util::stream;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::ReadableStreamDefaultReader;

use super::{AbortOnDrop, Watch, WebPlatform, answered, head, settled};
use crate::platform::{BoxFuture, HttpRequest, HttpStream, Streams, TransportError};

impl Streams for WebPlatform {
    fn open(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpStream, TransportError>> {
        Box::pin(open(request))
    }
}

/// What is left of a request whose head is there; dropping it ends the request.
struct Body {
    reader: ReadableStreamDefaultReader,
    _abort: AbortOnDrop,
}

async fn open(request: HttpRequest) -> Result<HttpStream, TransportError> {
    let (timeout, watch) = (request.timeout, Watch::start(request.timeout)?);
    let answer = answered(&request, &watch.abort.0).await;
    if watch.late.get() {
        return Err(TransportError::Timeout(timeout));
    }
    let response = answer?;
    let Watch { abort, .. } = watch;
    let body = response
        .body()
        .map(|body| Body { reader: body.get_reader().unchecked_into(), _abort: abort });
    let chunks = stream::unfold(body, |body| async move {
        let body = body?;
        match next(&body.reader).await {
            Ok(Some(chunk)) => Some((Ok(chunk), Some(body))),
            Ok(None) => None,
            Err(error) => Some((Err(error), None)),
        }
    });
    Ok(HttpStream { head: head(&response), chunks: Box::pin(chunks) })
}

/// The next chunk; nothing at the end.
async fn next(reader: &ReadableStreamDefaultReader) -> Result<Option<Vec<u8>>, TransportError> {
    let read = settled(reader.read()).await.ok_or(TransportError::Connect)?;
    let member = |name| Reflect::get(&read, &JsValue::from_str(name)).unwrap_or_default();
    if member("done").is_truthy() {
        return Ok(None);
    }
    Ok(Some(Uint8Array::new(&member("value")).to_vec()))
}
