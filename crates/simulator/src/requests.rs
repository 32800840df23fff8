//! The last requests, for the control page and for tests. Never a query, header or body.

use std::collections::VecDeque;
use std::sync::Mutex;

use perch_api::model::Timestamp;
use serde::Serialize;

use crate::sync::lock;

/// How many are kept.
const KEPT: usize = 1_000;
/// Longest path kept, in characters.
const PATH: usize = 300;

/// One request that was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequestEntry {
    /// Counts from 1.
    pub n: u64,
    /// Host kind.
    pub host: &'static str,
    /// Method.
    pub method: String,
    /// Path without query.
    pub path: String,
    /// Status of the answer.
    pub status: u16,
    /// The operation, when the request was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<&'static str>,
    /// Code of the refusal, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    /// The faults that befell it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<&'static str>,
    /// When it came, by the simulated clock.
    pub at: Timestamp,
    /// How long the answer took by that clock, milliseconds; not how long its body took.
    pub took_ms: i64,
    /// What the platform calls this exchange.
    pub correlation_id: String,
}

/// The list.
#[derive(Debug, Default)]
pub(crate) struct RequestLog(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    entries: VecDeque<RequestEntry>,
    last: u64,
}

impl RequestLog {
    /// Notes an answered request; it gets its number here.
    pub(crate) fn push(&self, entry: RequestEntry) {
        let mut inner = lock(&self.0);
        inner.last += 1;
        let n = inner.last;
        if inner.entries.len() == KEPT {
            inner.entries.pop_front();
        }
        let path = entry.path.chars().take(PATH).collect();
        let method = entry.method.chars().take(16).collect();
        inner.entries.push_back(RequestEntry { n, method, path, ..entry });
    }

    /// What came after number `after`, and the number to ask with next.
    pub(crate) fn after(&self, after: u64) -> (Vec<RequestEntry>, u64) {
        let inner = lock(&self.0);
        (inner.entries.iter().filter(|entry| entry.n > after).cloned().collect(), inner.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> RequestEntry {
        RequestEntry {
            n: 0,
            host: "build",
            method: "GET".to_owned(),
            path: "/x".to_owned(),
            status: 200,
            operation: None,
            code: None,
            faults: Vec::new(),
            at: Timestamp::from_unix_ms(0),
            took_ms: 0,
            correlation_id: String::new(),
        }
    }

    #[test]
    fn the_log_is_bounded_and_resumes_by_number() {
        let log = RequestLog::default();
        for _ in 0..KEPT + 5 {
            log.push(entry());
        }
        let (all, next) = log.after(0);
        assert_eq!((all.len(), next), (KEPT, KEPT as u64 + 5));
        log.push(entry());
        let (new, _) = log.after(next);
        assert_eq!(new.len(), 1);
    }
}
