//! What came about, so that a run that proves nothing is noticed.

use std::ops::AddAssign;

/// What happened, summed over the seeds.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) calls: u64,
    pub(super) talked: u64,
    pub(super) kills: u64,
    pub(super) dropped: u64,
    pub(super) doubled: u64,
    /// Candidates that came before the answer.
    pub(super) early: u64,
    /// Attempts with a new peer connection.
    pub(super) again: u64,
    /// Frames out of which the token was taken.
    pub(super) scrubbed: u64,
    /// Runs in which all candidates were seen to arrive.
    pub(super) complete: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.calls += other.calls;
        self.talked += other.talked;
        self.kills += other.kills;
        self.dropped += other.dropped;
        self.doubled += other.doubled;
        self.early += other.early;
        self.again += other.again;
        self.scrubbed += other.scrubbed;
        self.complete += other.complete;
    }
}
