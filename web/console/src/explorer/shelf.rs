//! The conversations fetched so far: each once, newest first.

use std::{collections::HashMap, sync::Arc};

use perch_api::{families::conversations::ListItem, model::ConversationId};

use super::row::Row;

/// Everything fetched for one set of filters.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    rows: HashMap<ConversationId, Arc<Row>>,
    unreadable: usize,
}

impl Shelf {
    /// Takes in a page and says whether it changed anything. A conversation that is here already is
    /// replaced by its newer state.
    pub(crate) fn put(&mut self, items: Vec<ListItem>) -> bool {
        let mut changed = false;
        for item in items {
            let Some(row) = Row::read(item) else {
                self.unreadable += 1;
                continue;
            };
            if self.rows.get(&row.id).is_none_or(|known| **known != row) {
                self.rows.insert(row.id.clone(), Arc::new(row));
                changed = true;
            }
        }
        changed
    }

    /// Whether a conversation is here.
    pub(crate) fn holds(&self, id: &str) -> bool {
        ConversationId::parse(id).is_ok_and(|id| self.rows.contains_key(&id))
    }

    /// The conversations that started at or after a moment, newest first. Those without a readable
    /// start come last, and only when everything is asked for.
    pub(crate) fn since(&self, covered: Option<i64>) -> Vec<Arc<Row>> {
        let due = |row: &&Arc<Row>| match covered {
            None => true,
            Some(covered) => row.started.is_some_and(|started| started >= covered),
        };
        let mut rows: Vec<_> = self.rows.values().filter(due).map(Arc::clone).collect();
        rows.sort_by(|a, b| b.started.cmp(&a.started).then_with(|| a.id.cmp(&b.id)));
        rows
    }

    /// Rows whose id could not be read; they are not shown.
    pub(crate) fn unreadable(&self) -> usize {
        self.unreadable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(id: &str, started: &str, turns: u32) -> ListItem {
        let json = serde_json::json!({ "id": id, "started_at": started, "num_turns": turns });
        serde_json::from_value(json).unwrap()
    }

    fn ids(rows: &[Arc<Row>]) -> Vec<&str> {
        rows.iter().map(|row| row.id.as_str()).collect()
    }

    #[test]
    fn rows_are_newest_first_and_the_last_state_wins() {
        let mut shelf = Shelf::default();
        shelf.put(vec![
            item("a", "2026-11-01T10:00:00Z", 1),
            item("c", "", 1),
            item("b", "2026-11-02T10:00:00+00:00", 1),
        ]);
        assert!(shelf.put(vec![item("a", "2026-11-01T10:00:00Z", 9), item("no/id", "", 0)]));
        assert!(!shelf.put(vec![item("a", "2026-11-01T10:00:00Z", 9)]));
        let rows = shelf.since(None);
        assert_eq!(ids(&rows), ["b", "a", "c"]);
        assert_eq!(rows[1].turns, 9);
        assert_eq!(shelf.unreadable(), 1);
        assert!(shelf.holds("a") && !shelf.holds("z"));
    }

    #[test]
    fn what_is_not_covered_yet_stays_back() {
        let mut shelf = Shelf::default();
        shelf.put(vec![
            item("old", "2026-11-01T10:00:00Z", 1),
            item("new", "2026-11-02T10:00:00Z", 1),
        ]);
        let covered = perch_api::model::Timestamp::new("2026-11-02T00:00:00Z").unix_ms();
        assert_eq!(ids(&shelf.since(covered)), ["new"]);
    }
}
