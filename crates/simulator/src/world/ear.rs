//! What the agent understands, remembered: callers of a seeded world say the same things again.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::script::numbers::cut;
use crate::agent::{Language, Understood};

/// Distinct sentences remembered at most, for each language.
const MOST: usize = 20_000;

/// A memory of understood sentences.
#[derive(Debug, Default)]
pub(super) struct Ear([RwLock<HashMap<Box<str>, Arc<Understood>>>; 4]);

impl Ear {
    /// What is understood of `message` in a dialogue held in `language`.
    pub(super) fn hear(&self, message: &str, language: Language) -> Arc<Understood> {
        let Some(known) = self.0.get(language as usize) else {
            return Arc::new(Understood::of(message, language));
        };
        // Order numbers differ every time, and nothing but the order depends on them.
        let (without, numbers) = cut(message);
        let key = without.as_deref().unwrap_or(message);
        let found = known.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned();
        let understood = found.unwrap_or_else(|| {
            let understood = Arc::new(Understood::of(message, language));
            let mut known = known.write().unwrap_or_else(PoisonError::into_inner);
            if known.len() < MOST {
                known.insert(key.into(), Arc::clone(&understood));
            }
            understood
        });
        if numbers.is_empty() { understood } else { Arc::new(understood.with_order_of(message)) }
    }
}
