//! A page of a list, written in one piece or row by row while it is sent.

use crate::account::Account;
use crate::catalog::{Catalog, Key};
use crate::json::Json;
use crate::record::row::{self, Style};
use crate::router::Content;

/// Rows in one piece of a body that is sent while it is written.
const ROWS: usize = 16;

/// The rows of a page.
pub(super) struct Listing {
    /// Whose they are.
    pub(super) account: &'static Account,
    /// Where they are.
    pub(super) catalog: Catalog,
    /// Which they are, in order.
    pub(super) found: Vec<Key>,
    /// How they are written.
    pub(super) style: Style,
    /// The moment they are told for.
    pub(super) now_ms: i64,
}

/// What stands behind the rows.
pub(super) enum Tail {
    /// Where the next page starts; a null cursor ends the list.
    Cursor {
        /// Behind the last row.
        cursor: Option<String>,
        /// The same, counted.
        next_offset: Option<usize>,
    },
    /// What the fields of the oldest list mean.
    Described {
        /// Where the next page starts.
        next_offset: Option<usize>,
    },
}

impl Listing {
    /// The page as one text.
    pub(super) fn whole(self, tail: &Tail) -> Content {
        let mut text = String::with_capacity(512 + self.found.len() * 4_096);
        for piece in self.pieces(tail) {
            text.push_str(&piece);
        }
        Content::Whole(text.into_bytes())
    }

    /// The same text in pieces, each written when the one before is on its way.
    pub(super) fn parts(self, tail: &Tail) -> Content {
        Content::Parts(Box::new(self.pieces(tail)))
    }

    fn pieces(self, tail: &Tail) -> impl Iterator<Item = String> + Send + use<> {
        let start = std::iter::once("{\"conversations\":[".to_owned());
        let end = std::iter::once(format!("],{}", tail.members()));
        let count = self.found.len();
        let rows = (0..count).step_by(ROWS).map(move |from| self.rows(from));
        start.chain(rows).chain(end)
    }

    /// A few rows from the given one on, each but the first of all behind a comma.
    fn rows(&self, from: usize) -> String {
        let mut text = String::new();
        let rows = self.found.iter().zip(0..).skip(from).take(ROWS);
        for (conversation, at) in
            rows.filter_map(|(key, at)| Some((self.catalog.tell(key.place)?, at)))
        {
            if at > 0 {
                text.push(',');
            }
            let mut json = Json::with_capacity(4_096);
            row::write(&mut json, self.account, &conversation, self.now_ms, &self.style);
            text.push_str(&json.finish());
        }
        text
    }
}

impl Tail {
    /// The members behind the rows and the closing brace.
    fn members(&self) -> String {
        let mut json = Json::default();
        json.object(|json| match self {
            Self::Cursor { cursor, next_offset } => {
                json.key("cursor").optional(cursor.as_deref());
                if let Some(next) = next_offset {
                    json.key("next_offset").count(*next);
                }
            }
            Self::Described { next_offset } => {
                json.key("descriptions").object(|json| {
                    json.key("conversations").object(|json| {
                        for (field, meaning) in row::DESCRIPTIONS {
                            json.key(field).string(meaning);
                        }
                    });
                });
                if let Some(next) = next_offset {
                    json.key("next_offset").count(*next);
                }
            }
        });
        json.finish().split_off(1)
    }
}
