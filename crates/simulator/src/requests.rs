//! The last requests, for the control page and for tests. Never a query, header or body.

use std::collections::VecDeque;
use std::sync::Mutex;

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
    /// Notes an answered request.
    pub(crate) fn push(
        &self,
        host: &'static str,
        method: &str,
        path: &str,
        status: u16,
        operation: Option<&'static str>,
    ) {
        let mut inner = lock(&self.0);
        inner.last += 1;
        let n = inner.last;
        if inner.entries.len() == KEPT {
            inner.entries.pop_front();
        }
        let path = path.chars().take(PATH).collect();
        let method = method.chars().take(16).collect();
        inner.entries.push_back(RequestEntry { n, host, method, path, status, operation });
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

    #[test]
    fn the_log_is_bounded_and_resumes_by_number() {
        let log = RequestLog::default();
        for _ in 0..KEPT + 5 {
            log.push("build", "GET", "/x", 200, None);
        }
        let (all, next) = log.after(0);
        assert_eq!((all.len(), next), (KEPT, KEPT as u64 + 5));
        log.push("messaging", "GET", "/ws", 101, None);
        let (new, _) = log.after(next);
        assert_eq!(new.len(), 1);
    }
}
