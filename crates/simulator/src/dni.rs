//! Numbers lent to visitors, so that the agent knows who calls.
//!
//! How many there are and how long they are lent is undocumented: here eight, for ten minutes each.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::account::{Account, FIRST};
use crate::refusal::Refusal;

/// How long a number is lent.
pub(crate) const LENT_MS: i64 = 600_000;

/// The numbers of an account's agent.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Pool(Vec<Number>);

/// One number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Number {
    /// The number itself, `+` and digits.
    pub(crate) e164: String,
    /// Until when it is lent, Unix milliseconds; the past when it is free.
    pub(crate) until_ms: i64,
    /// What the agent is to know when it is called.
    pub(crate) attributes: Map<String, Value>,
}

impl Pool {
    /// The numbers that were always there; only the first account has any.
    pub(crate) fn of(account: &Account) -> Self {
        if *account != FIRST {
            return Self::default();
        }
        let number = |at| format!("+4420794603{at:02}");
        let free = |at| Number { e164: number(at), until_ms: 0, attributes: Map::new() };
        Self((0..8).map(free).collect())
    }

    /// Lends the number that was free the longest.
    pub(crate) fn reserve(
        &mut self,
        attributes: Map<String, Value>,
        now_ms: i64,
    ) -> Result<&Number, Refusal> {
        let free = self.0.iter_mut().filter(|one| one.until_ms <= now_ms);
        let chosen = free.min_by_key(|one| one.until_ms).ok_or_else(no_route)?;
        chosen.until_ms = now_ms + LENT_MS;
        chosen.attributes = attributes;
        Ok(chosen)
    }

    /// The numbers that are lent now.
    pub(crate) fn lent(&self, now_ms: i64) -> impl Iterator<Item = &Number> {
        self.0.iter().filter(move |one| now_ms < one.until_ms)
    }
}

/// Nothing can be lent.
pub(crate) fn no_route() -> Refusal {
    Refusal::new(404, "", "no available route found")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::SECOND;

    #[test]
    fn numbers_are_lent_once_and_come_back() {
        let mut pool = Pool::of(&FIRST);
        let attributes = Map::from_iter([("shared_id".to_owned(), "1".into())]);
        let mut numbers = Vec::new();
        for at in 0..8 {
            numbers.push(pool.reserve(attributes.clone(), at).unwrap().e164.clone());
        }
        assert!(numbers.is_sorted_by(|one, other| one < other), "each once: {numbers:?}");
        assert_eq!(pool.reserve(Map::new(), 8).unwrap_err().status, 404);
        assert_eq!(pool.lent(8).count(), 8);
        assert!(pool.lent(8).all(|one| one.attributes == attributes));
        assert_eq!(pool.reserve(Map::new(), LENT_MS).unwrap().e164, numbers[0]);
        assert_eq!(
            pool.reserve(Map::new(), LENT_MS).unwrap_err().status,
            404,
            "only that one is back"
        );
        assert_eq!(pool.lent(3 * LENT_MS).count(), 0);
        assert_eq!(Pool::of(&SECOND).reserve(Map::new(), 0).unwrap_err().status, 404);
    }
}
