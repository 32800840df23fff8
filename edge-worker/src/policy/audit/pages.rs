//! What the record is asked by: filters and a page.

use perch_api::operation::query;
use serde::{Deserialize, Serialize};

use super::Entry;
use crate::error::Refusal;
use crate::policy::path;

/// Rows on a page by default, and at most.
const PAGE: (u16, u16) = (50, 200);

/// Which rows; absent means any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "named like the rows' fields")]
pub struct Filter {
    pub action: Option<String>,
    pub subject: Option<String>,
    pub tenant: Option<String>,
    pub phase: Option<String>,
    /// Unix seconds, inclusive.
    pub since: Option<u64>,
    /// Unix seconds, inclusive.
    pub until: Option<u64>,
}

/// A page: rows between two others, both exclusive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pages {
    /// Rows after this one.
    pub after: u64,
    /// Rows before this one.
    pub before: u64,
    /// How many at most.
    pub limit: u16,
    /// From the end backwards.
    pub newest_first: bool,
    /// Which of them.
    pub filter: Filter,
}

/// A page's rows.
#[derive(Debug, Serialize, Deserialize)]
pub struct Page {
    /// In the order that was asked for.
    pub entries: Vec<Entry>,
}

impl Page {
    /// The answer to an operator: the rows, and where the next page starts.
    pub fn shown(&self, limit: u16) -> serde_json::Value {
        let is_full = self.entries.len() >= usize::from(limit);
        let next = self.entries.last().filter(|_| is_full).map(|entry| entry.seq);
        serde_json::json!({ "entries": self.entries, "before": next })
    }
}

impl Pages {
    /// Reads the query of `/operator/audit`: newest rows first, `before` from the page before.
    pub fn parse(raw: &str) -> Result<Self, Refusal> {
        path::check_query(raw)?;
        let mut pages = Self {
            after: 0,
            before: u64::from(u32::MAX),
            limit: PAGE.0,
            newest_first: true,
            filter: Filter::default(),
        };
        for (name, value) in query::read(raw).ok_or(Refusal::BadPath)? {
            let number = || value.parse::<u64>().map_err(|_| Refusal::BadPath);
            let filter = &mut pages.filter;
            match name.as_str() {
                "before" => pages.before = number()?.min(pages.before),
                "limit" => {
                    pages.limit = u16::try_from(number()?)
                        .ok()
                        .filter(|limit| (1..=PAGE.1).contains(limit))
                        .ok_or(Refusal::BadPath)?;
                }
                "since" => filter.since = Some(number()?),
                "until" => filter.until = Some(number()?),
                "action" => filter.action = Some(value),
                "subject" => filter.subject = Some(value),
                "tenant" => filter.tenant = Some(value),
                "phase" => filter.phase = Some(value),
                _ => return Err(Refusal::QueryNotAllowed),
            }
        }
        Ok(pages)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::audit::fixture::chain;

    #[test]
    fn queries_are_the_documented_ones() {
        let pages = Pages::parse("before=7&limit=2&action=agents.delete&since=1&until=2").unwrap();
        assert_eq!((pages.before, pages.limit, pages.newest_first), (7, 2, true));
        assert_eq!(pages.filter.action.as_deref(), Some("agents.delete"));
        assert_eq!(
            Pages::parse("subject=ada%40shop.example").unwrap().filter.subject.as_deref(),
            Some("ada@shop.example")
        );
        for (query, refusal) in [
            ("limit=0", Refusal::BadPath),
            ("limit=201", Refusal::BadPath),
            ("before=-1", Refusal::BadPath),
            ("since=now", Refusal::BadPath),
            ("action=%00", Refusal::BadPath),
            ("order=1", Refusal::QueryNotAllowed),
        ] {
            assert_eq!(Pages::parse(query), Err(refusal), "{query}");
        }
    }

    #[test]
    fn only_a_full_page_has_a_next_one() {
        let page = Page { entries: chain(2) };
        assert_eq!(page.shown(2)["before"], 2);
        assert!(page.shown(3)["before"].is_null());
    }
}
