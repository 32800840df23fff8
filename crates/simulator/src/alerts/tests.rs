//! Rules against traffic of a few starts, in virtual time.

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
    let mut traffic =
        Starts { starts: vec![("A", 61_000), ("A", 62_000), ("B", 200_000)], ..Starts::default() };
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
    let mut traffic = Starts { starts: vec![("A", 30_000), ("B", 31_000)], ..Starts::default() };
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
    let body: UpdateRule = serde_json::from_str(r#"{"enabled":false,"project_id":null}"#).unwrap();
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
