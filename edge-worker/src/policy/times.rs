//! How long an exchange with the platform may take, phase by phase.
//!
//! The runtime tells connecting and waiting for the first byte apart for nobody, so they are one phase.

use perch_api::operation::{Family, Method, OperationSpec, Safety};

/// Limits of one exchange, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// Until the caller's whole body is here.
    pub body_ms: u32,
    /// From the last byte sent to the first byte of the answer, connecting included.
    pub answer_ms: u32,
    /// Between two pieces of the answer, whether the platform or the caller is slow.
    pub idle_ms: u32,
    /// All of it, repeats included.
    pub total_ms: u32,
}

/// What an operation is like to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A record or a list.
    Read,
    /// A change: the platform may build or deploy something before it answers.
    Change,
    /// An agent thinks or a voice speaks before there is an answer.
    Turn,
    /// A recording comes; a listener may take it in at the speed of speech.
    Audio,
    /// A recording goes.
    Upload,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 5] = [Self::Read, Self::Change, Self::Turn, Self::Audio, Self::Upload];

    /// The class of an operation.
    pub fn of(spec: &OperationSpec) -> Self {
        let is_audio =
            |kind: Option<&str>| kind.is_some_and(|kind| !kind.starts_with("application/"));
        if is_audio(spec.sends) {
            Self::Upload
        } else if spec.family == Family::DebugChat || spec.id.ends_with(".synthesize") {
            Self::Turn
        } else if is_audio(spec.answers) {
            Self::Audio
        } else if spec.method == Method::Get || spec.safety == Safety::Read {
            Self::Read
        } else {
            Self::Change
        }
    }

    /// Its limits.
    pub const fn times(self) -> Times {
        let (body_ms, answer_ms, total_ms) = match self {
            Self::Read => (10_000, 10_000, 60_000),
            Self::Change => (30_000, 30_000, 90_000),
            Self::Turn => (30_000, 60_000, 120_000),
            Self::Audio => (10_000, 20_000, 900_000),
            Self::Upload => (120_000, 60_000, 240_000),
        };
        Times { body_ms, answer_ms, idle_ms: 30_000, total_ms }
    }
}

impl Times {
    /// The same for tests against a simulator, where nobody wants to wait: divided by `haste`.
    #[must_use]
    pub fn hurried(self, haste: u32) -> Self {
        let faster = |ms: u32| ms.checked_div(haste).unwrap_or(ms).max(1);
        Self {
            body_ms: faster(self.body_ms),
            answer_ms: faster(self.answer_ms),
            idle_ms: faster(self.idle_ms),
            total_ms: faster(self.total_ms),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use perch_api::operation::by_id;

    #[test]
    fn each_operation_has_the_patience_it_needs() {
        for (id, class) in [
            ("conversations.v3.list", Class::Read),
            ("agents.connectors.lookup", Class::Read),
            ("agents.deployments.promote", Class::Change),
            ("debug_chat.respond", Class::Turn),
            ("agents.audio_cache.synthesize", Class::Turn),
            ("conversations.audio", Class::Audio),
            ("agents.audio_cache.download", Class::Audio),
            ("agents.audio_cache.replace_file", Class::Upload),
        ] {
            assert_eq!(by_id(id).map(Class::of), Some(class), "{id}");
        }
    }

    #[test]
    fn phases_fit_into_the_whole() {
        for class in Class::ALL {
            for haste in [0, 1, 50, 1_000_000] {
                let times = class.times().hurried(haste);
                assert!(times.answer_ms > 0 && times.body_ms > 0, "{class:?}");
                assert!(times.answer_ms <= times.total_ms && times.idle_ms <= times.total_ms);
            }
            let times = class.times();
            assert!(times.body_ms + times.answer_ms <= times.total_ms, "{class:?}");
        }
        assert_eq!(Class::Read.times().hurried(100).answer_ms, 100);
    }
}
