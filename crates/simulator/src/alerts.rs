//! Alert rules, and whether the traffic breaks them.
//!
//! The platform documents windows and states, but not how often it looks: here it looks every minute
//! of simulated time, on the minute. Whatever the channel, a conversation counts as a call, and only
//! live traffic counts. A rule that is switched off stands at `unknown`, and an alarm it had raised is
//! forgotten without a word.

mod event;
mod minutes;
mod standing;
mod tally;
mod watch;

use perch_api::families::alerts::{
    AlertMetric, AlertOperator, AlertState, AlertWindow, CreateRule, MAX_RULES, UpdateRule,
};
use perch_api::model::AlertRuleId;
use serde::{Deserialize, Serialize};

pub(crate) use self::event::sample;
use self::standing::breaks;
pub(crate) use self::standing::{News, Standing};
pub(crate) use self::tally::Tally;
use self::tally::{Traffic, length_ms};
pub(crate) use self::watch::{Alerts, watch};
use crate::refusal::Refusal;

/// Between two looks.
pub(crate) const INTERVAL_MS: i64 = 60_000;
/// Most looks that are made up for after time has jumped: those of a day.
const MADE_UP: i64 = 1_440;

/// A rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Rule {
    /// Identifier.
    pub(crate) id: AlertRuleId,
    /// What people call it.
    pub(crate) name: String,
    /// The agent it is about, as its maker spelled it; nothing when about all.
    pub(crate) project: Option<String>,
    /// What it looks at.
    pub(crate) metric: AlertMetric,
    /// How it compares.
    pub(crate) operator: AlertOperator,
    /// What it compares with.
    pub(crate) threshold: u64,
    /// How far back it looks.
    pub(crate) window: AlertWindow,
    /// Whether it is switched on.
    pub(crate) enabled: bool,
    /// How it stands.
    pub(crate) standing: Standing,
    /// When it was made, Unix milliseconds.
    pub(crate) created_ms: i64,
    /// When it was last changed.
    pub(crate) updated_ms: i64,
}

/// A rule that was broken or mended.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Change {
    /// The rule, as it stands now.
    pub(crate) rule: Rule,
    /// The state before.
    pub(crate) before: AlertState,
    /// What happened.
    pub(crate) news: News,
}

/// The rules of an account, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Rules {
    rules: Vec<Rule>,
    /// The last look, Unix milliseconds.
    looked_ms: i64,
}

impl Rules {
    /// Makes a rule; it is looked at when the next minute begins.
    pub(crate) fn create(
        &mut self,
        id: AlertRuleId,
        body: &CreateRule,
        now_ms: i64,
    ) -> Result<&Rule, Refusal> {
        if self.rules.len() >= MAX_RULES {
            let text = format!("An account has at most {MAX_RULES} alert rules.");
            return Err(Refusal::new(409, "RESOURCE_LIMIT_EXCEEDED", text));
        }
        if self.rules.is_empty() {
            // Nobody looked while there was nothing to look at.
            self.looked_ms = now_ms;
        }
        let mut standing = Standing::new(now_ms);
        let enabled = body.enabled.unwrap_or(true);
        if !enabled {
            standing.forget(now_ms);
        }
        let rule = Rule {
            id,
            name: body.name.clone(),
            project: body.project_id.clone().flatten().map(|id| id.as_str().to_owned()),
            metric: body.metric.clone(),
            operator: body.operator.clone(),
            threshold: body.threshold_value,
            window: body.window_duration.clone(),
            enabled,
            standing,
            created_ms: now_ms,
            updated_ms: now_ms,
        };
        Ok(self.rules.push_mut(rule))
    }

    /// Changes a rule; what is not said stays.
    pub(crate) fn update(
        &mut self,
        id: &AlertRuleId,
        body: &UpdateRule,
        now_ms: i64,
    ) -> Result<&Rule, Refusal> {
        let rule = self.rules.iter_mut().find(|rule| rule.id == *id).ok_or_else(missing)?;
        let UpdateRule { name, project_id, metric, operator, .. } = body.clone();
        rule.name = name.unwrap_or_else(|| rule.name.clone());
        if let Some(project) = project_id {
            rule.project = project.map(|id| id.as_str().to_owned());
        }
        rule.metric = metric.unwrap_or_else(|| rule.metric.clone());
        rule.operator = operator.unwrap_or_else(|| rule.operator.clone());
        rule.threshold = body.threshold_value.unwrap_or(rule.threshold);
        rule.window = body.window_duration.clone().unwrap_or_else(|| rule.window.clone());
        let enabled = body.enabled.unwrap_or(rule.enabled);
        if enabled != rule.enabled {
            rule.enabled = enabled;
            rule.standing.forget(now_ms);
        }
        rule.updated_ms = now_ms;
        Ok(rule)
    }

    /// Deletes a rule, and with it what it had to say.
    pub(crate) fn delete(&mut self, id: &AlertRuleId) -> Result<(), Refusal> {
        let at = self.rules.iter().position(|rule| rule.id == *id).ok_or_else(missing)?;
        self.rules.remove(at);
        Ok(())
    }

    /// Makes every look that is due by `now_ms`, one after the other, as if nobody had slept.
    ///
    /// A look at a moment covers the windows that end there, the moment itself not included.
    pub(crate) fn look(&mut self, now_ms: i64, traffic: &mut impl Traffic) -> Vec<Change> {
        let mut changes = Vec::new();
        self.looked_ms = self.looked_ms.max(skipped(now_ms));
        while let Some(at_ms) = self.due_ms().filter(|at_ms| *at_ms <= now_ms) {
            self.looked_ms = at_ms;
            for rule in &mut self.rules {
                changes.extend(rule.look(at_ms, traffic));
            }
        }
        changes
    }

    /// When the next look is due; nothing while no rule is switched on.
    pub(crate) fn due_ms(&self) -> Option<i64> {
        let next = self.looked_ms.div_euclid(INTERVAL_MS) + 1;
        let any = self.rules.iter().any(|rule| rule.enabled);
        next.checked_mul(INTERVAL_MS).filter(|_| any)
    }

    /// The moments that looks due by `now_ms` reach back to and up to; nothing when none is due.
    pub(crate) fn reach(&self, now_ms: i64) -> Option<(i64, i64)> {
        let first_ms = self.due_ms().filter(|due_ms| *due_ms <= now_ms)?;
        let first_ms = first_ms.max(skipped(now_ms) + INTERVAL_MS);
        let enabled = self.rules.iter().filter(|rule| rule.enabled);
        let longest_ms = enabled.map(|rule| length_ms(&rule.window)).max()?;
        Some((first_ms - longest_ms, now_ms.div_euclid(INTERVAL_MS) * INTERVAL_MS))
    }

    /// The rule with this id.
    pub(crate) fn get(&self, id: &AlertRuleId) -> Result<&Rule, Refusal> {
        self.rules.iter().find(|rule| rule.id == *id).ok_or_else(missing)
    }

    /// Every rule, oldest first.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Rule> {
        self.rules.iter()
    }
}

impl Rule {
    fn look(&mut self, at_ms: i64, traffic: &mut impl Traffic) -> Option<Change> {
        // A rule that was made or switched on within the minute waits for the next.
        if !self.enabled || self.standing.since_ms > at_ms {
            return None;
        }
        let from_ms = at_ms.saturating_sub(length_ms(&self.window));
        let value = traffic.tally(self.project.as_deref(), from_ms, at_ms).value(&self.metric);
        let breaks = value.is_some_and(|value| breaks(value, &self.operator, self.threshold));
        let before = self.standing.state.clone();
        let news = self.standing.judge(value, breaks, at_ms)?;
        Some(Change { rule: self.clone(), before, news })
    }
}

/// Looks due until then are not made up for any more.
fn skipped(now_ms: i64) -> i64 {
    now_ms.div_euclid(INTERVAL_MS).saturating_sub(MADE_UP).saturating_mul(INTERVAL_MS)
}

fn missing() -> Refusal {
    Refusal::new(404, "NOT_FOUND", "No alert rule has this ID.")
}

#[cfg(test)]
mod tests;
