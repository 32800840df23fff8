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
mod tests {
    use perch_api::model::ProjectId;
    use proptest::prelude::*;

    use super::tally::Tally;
    use super::*;

    const MINUTE: i64 = INTERVAL_MS;

    /// Conversations by agent and start, and the windows that were asked for.
    #[derive(Default)]
    struct Starts {
        starts: Vec<(&'static str, i64)>,
        asked: Vec<(i64, i64)>,
    }

    impl Traffic for Starts {
        fn tally(&mut self, project: Option<&str>, from_ms: i64, until_ms: i64) -> Tally {
            self.asked.push((from_ms, until_ms));
            let own = self.starts.iter().filter(|(agent, at)| {
                project.is_none_or(|project| project == *agent) && (from_ms..until_ms).contains(at)
            });
            Tally { conversations: own.count() as u64, ..Tally::default() }
        }
    }

    fn id(number: usize) -> AlertRuleId {
        AlertRuleId::parse(&format!("ar_{number}")).unwrap()
    }

    fn busy(threshold: u64, project: Option<&str>) -> CreateRule {
        CreateRule {
            name: "Busy".into(),
            project_id: project.map(|id| Some(ProjectId::parse(id).unwrap())),
            metric: AlertMetric::CallVolume,
            operator: AlertOperator::AtLeast,
            threshold_value: threshold,
            window_duration: AlertWindow::Five,
            enabled: None,
        }
    }

    fn news(changes: &[Change]) -> Vec<(i64, News)> {
        changes.iter().map(|change| (change.rule.standing.since_ms / MINUTE, change.news)).collect()
    }

    #[test]
    fn a_rule_breaks_and_mends_as_traffic_comes_and_leaves_its_window() {
        let mut traffic = Starts {
            starts: vec![("A", 61_000), ("A", 62_000), ("B", 200_000)],
            ..Starts::default()
        };
        let mut rules = Rules::default();
        rules.create(id(1), &busy(2, None), 10_000).unwrap();
        assert_eq!(rules.due_ms(), Some(MINUTE));
        assert_eq!(rules.look(MINUTE - 1, &mut traffic), []);
        assert_eq!(news(&rules.look(MINUTE, &mut traffic)), []);
        assert_eq!(news(&rules.look(2 * MINUTE + 5, &mut traffic)), [(2, News::Triggered)]);
        let rule = rules.get(&id(1)).unwrap();
        assert_eq!((rule.standing.value, &rule.standing.state), (Some(2), &AlertState::Alert));
        assert_eq!(traffic.asked, [(-4 * MINUTE, MINUTE), (-3 * MINUTE, 2 * MINUTE)]);
        // Both have left the window after five minutes; the third alone is not enough.
        let changes = rules.look(20 * MINUTE, &mut traffic);
        let raised_ms = 2 * MINUTE;
        assert_eq!(news(&changes), [(7, News::Resolved { raised_ms })]);
        assert_eq!(changes[0].before, AlertState::Alert);
    }

    #[test]
    fn a_rule_looks_at_its_own_agent() {
        let mut traffic =
            Starts { starts: vec![("A", 30_000), ("B", 31_000)], ..Starts::default() };
        let mut rules = Rules::default();
        for (number, (threshold, project)) in
            [(2, Some("A")), (1, Some("A")), (2, None), (1, Some("C"))].into_iter().enumerate()
        {
            rules.create(id(number), &busy(threshold, project), 0).unwrap();
        }
        let broken = rules.look(MINUTE, &mut traffic);
        let broken: Vec<_> = broken.iter().map(|change| change.rule.id.clone()).collect();
        assert_eq!(broken, [id(1), id(2)]);
    }

    #[test]
    fn the_eleventh_rule_is_refused_until_one_goes() {
        let mut rules = Rules::default();
        for number in 0..10 {
            rules.create(id(number), &busy(1, None), 0).unwrap();
        }
        let refusal = rules.create(id(10), &busy(1, None), 0).unwrap_err();
        assert_eq!((refusal.status, refusal.code), (409, "RESOURCE_LIMIT_EXCEEDED"));
        rules.delete(&id(3)).unwrap();
        assert_eq!(rules.delete(&id(3)).unwrap_err().status, 404);
        rules.create(id(10), &busy(1, None), 0).unwrap();
    }

    #[test]
    fn a_change_keeps_what_it_does_not_name_and_off_means_not_looked_at() {
        let mut traffic = Starts { starts: vec![("A", 30_000)], ..Starts::default() };
        let mut rules = Rules::default();
        let made = rules.create(id(1), &busy(1, Some("A")), 0).unwrap().clone();
        rules.look(MINUTE, &mut traffic);
        let body: UpdateRule =
            serde_json::from_str(r#"{"enabled":false,"project_id":null}"#).unwrap();
        let off = rules.update(&id(1), &body, 70_000).unwrap().clone();
        assert_eq!((off.name, off.metric, off.threshold), (made.name, made.metric, 1));
        assert_eq!((off.project, &off.standing.state), (None, &AlertState::NotYet));
        assert_eq!(rules.due_ms(), None);
        assert_eq!(rules.look(3 * MINUTE, &mut traffic), []);
        let body = UpdateRule { enabled: Some(true), ..UpdateRule::default() };
        rules.update(&id(1), &body, 3 * MINUTE + 1).unwrap();
        let changes = rules.look(4 * MINUTE, &mut traffic);
        assert_eq!(news(&changes), [(4, News::Triggered)]);
        assert_eq!(changes[0].before, AlertState::NotYet);
    }

    #[test]
    fn a_jump_makes_up_for_a_day_at_most() {
        let mut traffic = Starts::default();
        let mut rules = Rules::default();
        rules.create(id(1), &busy(1, None), 0).unwrap();
        rules.look(60 * MADE_UP * MINUTE, &mut traffic);
        assert_eq!(traffic.asked.len(), usize::try_from(MADE_UP).unwrap());
        assert_eq!(rules.due_ms(), Some((60 * MADE_UP + 1) * MINUTE));
        rules.look(i64::MAX, &mut traffic);
        rules.look(i64::MAX, &mut traffic);
    }

    proptest! {
        /// However time passes, the same looks are made and the same is told.
        #[test]
        fn jumps_change_nothing(
            starts in prop::collection::vec(0..100 * MINUTE, 0..40),
            steps in prop::collection::vec(1..20 * MINUTE, 0..20),
            threshold in 0_u64..4,
        ) {
            let mut traffic =
                Starts { starts: starts.into_iter().map(|at| ("A", at)).collect(), ..Starts::default() };
            let mut rules = Rules::default();
            rules.create(id(1), &busy(threshold, None), 0).unwrap();
            let mut stepwise = rules.clone();
            let mut told = Vec::new();
            let mut now_ms = 0;
            for step in steps {
                now_ms += step;
                told.extend(stepwise.look(now_ms, &mut traffic));
            }
            prop_assert_eq!(rules.look(now_ms, &mut traffic), told);
            prop_assert_eq!(rules, stepwise);
        }
    }
}
