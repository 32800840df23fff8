//! For JavaScript: lists row by row and recordings in parts, while they arrive.
//!
//! A module of its own: 18 KB (gzip) that calls need not wait for.

#![allow(clippy::needless_pass_by_value, reason = "lists and texts cross from JavaScript by value")]

use std::time::Duration;

use js_sys::{Array, Uint8Array, Uint32Array};
use perch_api::range::ByteRange;
use perch_client::{
    CallOptions, CancelToken, DownloadOptions, Recording, RowError, RowTexts, Streaming,
};
use perch_js_shared::failure::{invalid, of_call, of_row};
use perch_js_shared::{pairs, platform};
use wasm_bindgen::prelude::*;

/// Largest number that JavaScript counts exactly to.
const MOST: f64 = 9_007_199_254_740_991.0;

/// A client of the platform or of an edge worker.
#[wasm_bindgen]
pub struct Client(perch_client::Client);

/// What an `AbortSignal` is here: it ends whatever it was given to.
#[wasm_bindgen]
#[derive(Default)]
pub struct Stop(CancelToken);

#[wasm_bindgen]
impl Stop {
    /// Not yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Now.
    pub fn stop(&self) {
        self.0.cancel();
    }
}

#[wasm_bindgen]
impl Client {
    /// Through a Perch edge worker; `base` is its origin, or empty for the page's own.
    pub fn edge(base: &str, attempts: Option<u32>) -> Result<Self, JsValue> {
        perch_js_shared::edge(base, attempts).map(Self)
    }

    /// Straight to the platform, with keys: see [`perch_js_shared::direct`].
    pub fn direct(
        hosts: Vec<String>,
        keys: Vec<String>,
        attempts: Option<u32>,
    ) -> Result<Self, JsValue> {
        perch_js_shared::direct(&hosts, keys, attempts).map(Self)
    }

    /// The rows of a list. `path` and `query` are names and values in turn; `silence_ms` is how long
    /// nothing may come.
    pub fn rows(
        &self,
        id: &str,
        path: Vec<String>,
        query: Vec<String>,
        silence_ms: Option<u32>,
        correlation_id: Option<String>,
        stop: &Stop,
    ) -> Result<Feed, JsValue> {
        let rows = self.streaming(silence_ms, correlation_id, stop)?.rows_by_id(
            id,
            &pairs(&path),
            &pairs(&query),
        );
        let rows = rows.map_err(|error| of_call(&error))?;
        Ok(Feed(Of::Rows(id.to_owned(), Box::new(rows))))
    }

    /// A recording. `range` is empty for all of it, else from where and to where, or nothing and how
    /// many from the end.
    #[allow(
        clippy::too_many_arguments,
        reason = "one call from JavaScript, which hands over texts"
    )]
    pub fn recording(
        &self,
        id: String,
        path: Vec<String>,
        query: Vec<String>,
        range: Vec<f64>,
        limit: Option<f64>,
        resumes: Option<u32>,
        silence_ms: Option<u32>,
        correlation_id: Option<String>,
        stop: &Stop,
    ) -> Result<Feed, JsValue> {
        let own = DownloadOptions::default();
        let options = DownloadOptions {
            range: read_range(&range)?,
            limit: limit.map_or(Ok(own.limit), whole)?,
            resumes: resumes.unwrap_or(own.resumes),
        };
        let streaming = self.streaming(silence_ms, correlation_id, stop)?;
        Ok(Feed(Of::Wanted(Box::new(Wanted { streaming, id, path, query, options }))))
    }
}

impl Client {
    fn streaming(
        &self,
        silence_ms: Option<u32>,
        correlation_id: Option<String>,
        stop: &Stop,
    ) -> Result<Streaming, JsValue> {
        let timeout = silence_ms.map(|ms| Duration::from_millis(ms.into()));
        let cancel = Some(stop.0.clone());
        let client = self.0.with(CallOptions { timeout, deadline: None, cancel, correlation_id });
        Ok(client.streaming(platform()?))
    }
}

/// What arrives. One type for both kinds, because every function that JavaScript waits for weighs 2 KB.
#[wasm_bindgen]
pub struct Feed(Of);

enum Of {
    Rows(String, Box<RowTexts>),
    Wanted(Box<Wanted>),
    Recording(Box<Recording>),
}

/// A recording before the first request.
struct Wanted {
    streaming: Streaming,
    id: String,
    path: Vec<String>,
    query: Vec<String>,
    options: DownloadOptions,
}

#[wasm_bindgen]
impl Feed {
    /// What comes next; nothing is sent before the first time, and at the end there is nothing.
    ///
    /// Of a list: a JSON list of rows, where each begins and ends in it, and the number of the first; or
    /// the error of one row alone, which is not thrown, because others follow. Of a recording: first its
    /// content type and size, then bytes.
    pub async fn next(&mut self) -> Result<Option<Array>, JsValue> {
        match &mut self.0 {
            Of::Rows(id, rows) => match rows.next().await {
                None => Ok(None),
                Some(Ok(batch)) => {
                    let places = batch.places.iter().flat_map(|(begin, end)| [*begin, *end]);
                    let places: Vec<_> =
                        places.map(|place| u32::try_from(place).unwrap_or(0)).collect();
                    let json = Uint8Array::from(batch.json.as_slice());
                    let places = Uint32Array::from(places.as_slice());
                    Ok(Some(Array::of3(&json, &places, &number(batch.first))))
                }
                Some(Err(error @ RowError::Row(_))) => Ok(Some(Array::of1(&of_row(id, &error)))),
                Some(Err(error)) => Err(of_row(id, &error)),
            },
            Of::Wanted(wanted) => {
                let Wanted { streaming, id, path, query, options } = &**wanted;
                let begun =
                    streaming.recording_by_id(id, &pairs(path), &pairs(query), *options).await;
                let recording = begun.map_err(|error| of_call(&error))?;
                let kind = recording.content_type().map_or(JsValue::UNDEFINED, JsValue::from_str);
                let head = Array::of2(&kind, &recording.total().map_or(JsValue::UNDEFINED, number));
                self.0 = Of::Recording(Box::new(recording));
                Ok(Some(head))
            }
            Of::Recording(recording) => {
                let next = recording.next().await.transpose().map_err(|error| of_call(&error))?;
                Ok(next.map(|bytes| Array::of1(&Uint8Array::from(bytes.as_slice()))))
            }
        }
    }
}

#[allow(clippy::cast_precision_loss, reason = "rows and bytes are fewer than 2^53")]
fn number(number: u64) -> JsValue {
    JsValue::from_f64(number as f64)
}

fn read_range(range: &[f64]) -> Result<ByteRange, JsValue> {
    Ok(match range {
        [] => ByteRange::All,
        [from] => ByteRange::From(whole(*from)?),
        [from, count] if from.is_nan() => ByteRange::Last(whole(*count)?),
        [from, to, ..] => ByteRange::Between(whole(*from)?, whole(*to)?),
    })
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "looked at before")]
fn whole(number: f64) -> Result<u64, JsValue> {
    let lawful = (0.0..=MOST).contains(&number) && number.fract() == 0.0;
    let unlawful = || invalid("a number of bytes is none", "Give whole numbers from 0.");
    lawful.then_some(number as u64).ok_or_else(unlawful)
}
