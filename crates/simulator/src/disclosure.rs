//! What a project gives out over the lists: settings that people make in Studio, not over an API.
//!
//! The platform keeps them under *API Keys > Configuration* and with its own staff; here the control
//! API sets them.

use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};

use crate::snapshot::Store;
use crate::sync::lock;

/// Most names of metrics in a selection.
const METRICS: usize = 200;

/// The settings of one project; by default everything is given out, in one piece.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Disclosure {
    /// Whether lists show what was said. Without it `turns` is empty, and `num_turns` counts on.
    pub show_transcripts: bool,
    /// The metrics that lists show; all when absent.
    pub metrics: Option<Vec<String>>,
    /// Whether the second and third list send their bodies in pieces; it also gives the second cursors.
    pub chunked_responses: bool,
    /// Whether the oldest list shows four fields only.
    pub enable_whitelist: bool,
}

impl Default for Disclosure {
    fn default() -> Self {
        Self {
            show_transcripts: true,
            metrics: None,
            chunked_responses: false,
            enable_whitelist: false,
        }
    }
}

impl Disclosure {
    /// Whether lists show this metric.
    pub(crate) fn shows(&self, metric: &str) -> bool {
        self.metrics.as_ref().is_none_or(|chosen| chosen.iter().any(|name| name == metric))
    }
}

/// The settings as they are now.
#[derive(Debug, Default)]
pub(crate) struct Settings(Mutex<Arc<Disclosure>>);

impl Settings {
    /// What snapshots hold of it.
    pub(crate) const fn store(&self) -> &dyn Store {
        &self.0
    }

    /// The settings.
    pub(crate) fn current(&self) -> Arc<Disclosure> {
        Arc::clone(&lock(&self.0))
    }

    /// Sets them; refuses a selection without end.
    pub(crate) fn set(&self, disclosure: Disclosure) -> Result<(), &'static str> {
        let names = disclosure.metrics.iter().flatten();
        if names.clone().count() > METRICS || names.map(String::len).any(|length| length > 200) {
            return Err("metrics must be at most 200 names of at most 200 bytes.");
        }
        *lock(&self.0) = Arc::new(disclosure);
        Ok(())
    }
}
