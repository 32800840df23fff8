//! Everything that happens by itself.

use super::{BridgeSession, EndReason, steps::Stage};
use crate::model::Millis;

impl BridgeSession {
    pub(super) fn next_timer(&self) -> Option<Millis> {
        let call = self.call.as_ref()?;
        let gathered = gathered_at(&call.stage);
        [call.connect_by, call.grace, gathered].into_iter().flatten().min()
    }

    pub(super) fn run_timers(&mut self) {
        let now = self.now;
        let is_due = |at: Option<Millis>| at.is_some_and(|at| now >= at);
        let Some(call) = &self.call else { return };
        if is_due(call.connect_by) {
            return self.end(EndReason::Timeout);
        }
        if is_due(call.grace) {
            return self.end(EndReason::MediaLost);
        }
        if is_due(gathered_at(&call.stage)) {
            self.read_offer();
        }
    }
}

fn gathered_at(stage: &Stage) -> Option<Millis> {
    match stage {
        Stage::Gathering { quiet_at, cap_at } => {
            Some(quiet_at.map_or(*cap_at, |quiet| quiet.min(*cap_at)))
        }
        _ => None,
    }
}
