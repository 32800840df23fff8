//! What is looked for, as numbers.

use crate::conversation::{Channel, Environment};
use crate::world::brief::Brief;
use crate::world::script::Side;

/// Conditions on a conversation; by default everything passes.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    /// Where the agent ran; anywhere when absent.
    pub(crate) environment: Option<Environment>,
    /// One of these; any when absent.
    pub(crate) channels: Option<Vec<Channel>>,
    /// Started at or after, Unix milliseconds.
    pub(crate) from_ms: i64,
    /// Started before, Unix milliseconds.
    pub(crate) until_ms: i64,
    /// Index of the variant, any when absent; what no variant has finds nothing.
    pub(crate) variant: Option<usize>,
    /// Whether it must be running, or must not.
    pub(crate) in_progress: Option<bool>,
    /// What was said, or how many are drawn.
    pub(crate) search: Search,
}

/// How conversations are picked among those that pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Search {
    /// All of them.
    All,
    /// Those where a folded phrase was said, by one side or either.
    Transcript {
        /// The phrase.
        phrase: String,
        /// Who must have said it.
        side: Option<Side>,
    },
    /// Those that are about the same, the closest first.
    Semantic {
        /// Topics of the question, one bit each as in [`Brief::topics`].
        topics: u32,
        /// Telling words of the question, folded.
        words: Vec<String>,
    },
    /// Any, in an order that follows from this number.
    Random {
        /// Drawn for the request.
        salt: u64,
    },
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            environment: None,
            channels: None,
            from_ms: i64::MIN,
            until_ms: i64::MAX,
            variant: None,
            in_progress: None,
            search: Search::All,
        }
    }
}

impl Filter {
    /// Whether a conversation passes everything but the search.
    pub(crate) fn fits(&self, brief: &Brief, now_ms: i64) -> bool {
        brief.started_ms >= self.from_ms
            && brief.started_ms < self.until_ms
            && self.environment.is_none_or(|own| own == brief.environment)
            && self.variant.is_none_or(|own| own == usize::from(brief.variant))
            && self.channels.as_ref().is_none_or(|own| own.contains(&brief.channel))
            && self.in_progress.is_none_or(|want| want == brief.in_progress(now_ms))
    }

    /// Whether some fit better than others.
    pub(crate) const fn ranks(&self) -> bool {
        matches!(self.search, Search::Semantic { .. } | Search::Random { .. })
    }

    /// Whether a random sample is wanted, which has no second page.
    pub(crate) const fn samples(&self) -> bool {
        matches!(self.search, Search::Random { .. })
    }
}
