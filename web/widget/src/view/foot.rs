//! What stands between log and composer: trouble, queues, the end.

use gloo_timers::callback::Interval;
use perch_api::messaging::client::{EndReason, Refusal};
use perch_ui::Glyph;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement};

use crate::{
    action::Action,
    banner::{Banner, banner},
    dom,
    labels::Labels,
    state::{Phase, State},
};

/// Everything below the log.
pub(crate) struct Foot {
    pub(super) root: Element,
    nothing: Slot<(Phase, &'static str)>,
    notice: Slot<(Refusal, &'static str)>,
    status: Slot<Banner>,
    question: Slot<&'static str>,
    ended: Slot<(bool, &'static str)>,
    /// Runs only while something counts down.
    clock: Option<Interval>,
}

impl Foot {
    pub(super) fn new() -> Self {
        let root = dom::make("div", "foot");
        let slot = |role: &str| {
            let place = dom::make("div", "");
            if !role.is_empty() {
                dom::set(&place, "role", role);
            }
            dom::add(&root, &place);
            place
        };
        Self {
            nothing: Slot::new(slot("alert")),
            notice: Slot::new(slot("alert")),
            status: Slot::new(slot("")),
            question: Slot::new(slot("group")),
            ended: Slot::new(slot("")),
            clock: None,
            root,
        }
    }

    /// Puts the focus on the question whether to end.
    pub(crate) fn focus_question(&self) {
        if let Some(group) = self.question.place.dyn_ref::<HtmlElement>() {
            let _ = group.focus();
        }
    }

    pub(super) fn paint(&mut self, state: &State, tick: impl Fn() + 'static) {
        let labels = state.labels;
        match state.retry_at {
            None => self.clock = None,
            Some(_) if self.clock.is_some() => {}
            Some(_) => self.clock = Some(Interval::new(1_000, tick)),
        }

        let missing = matches!(state.phase, Phase::Failed | Phase::Refused);
        self.nothing.fill(missing.then_some((state.phase, labels.lang)), |place, (phase, _)| {
            nothing(place, *phase, labels);
        });

        self.notice.fill(
            state.notice.map(|refusal| (refusal, labels.lang)),
            |place, (refusal, _)| {
                let text = match refusal {
                    Refusal::Empty | Refusal::TooLong { .. } => labels.too_long,
                    Refusal::Backlog { .. } => labels.too_many,
                    Refusal::Over => labels.ended,
                };
                dom::add(place, &dom::words("div", "banner bad", text));
            },
        );

        let seconds = state
            .retry_at
            .and_then(|at| u32::try_from(at.saturating_sub(now()).div_ceil(1_000)).ok());
        let shown = (!missing).then(|| banner(&state.status, labels, seconds, state.was_open));
        self.status.fill(shown.flatten(), status);

        let asking = state.asking && !state.over();
        self.question.fill(asking.then_some(labels.lang), |place, _| question(place, labels));

        let idle = state.status.ended == Some(EndReason::Idle);
        self.ended.fill(state.over().then_some((idle, labels.lang)), |place, (idle, _)| {
            let inner = dom::make("div", "ended");
            let text = if *idle { labels.ended_idle } else { labels.ended };
            dom::add(&inner, &dom::words("span", "", text));
            let again = dom::button("ui-button primary", Action::START_OVER, labels.new_chat);
            dom::add(&inner, &again);
            dom::add(place, &inner);
        });
    }
}

fn nothing(place: &Element, phase: Phase, labels: &Labels) {
    let inner = dom::make("div", "nothing");
    dom::add(&inner, &dom::icon(Glyph::Warning));
    let failed = phase == Phase::Failed;
    let text = if failed { labels.no_start } else { labels.not_here };
    dom::add(&inner, &dom::words("span", "", text));
    if failed {
        let again = dom::button("ui-button primary", Action::RESTART, labels.try_again);
        dom::add(&inner, &again);
    }
    dom::add(place, &inner);
}

fn status(place: &Element, banner: &Banner) {
    let inner = dom::make("div", if banner.bad { "banner status bad" } else { "banner status" });
    if banner.busy {
        let spinner = dom::make("i", "ui-spinner");
        dom::set(&spinner, "aria-hidden", "true");
        dom::add(&inner, &spinner);
    }
    dom::add(&inner, &dom::words("span", "", &banner.text));
    if let Some(label) = banner.button {
        dom::add(&inner, &dom::button("ui-button", Action::CONNECT, label));
    }
    dom::add(place, &inner);
}

fn question(place: &Element, labels: &Labels) {
    dom::set(place, "aria-label", labels.end_question);
    dom::set(place, "tabindex", "-1");
    let inner = dom::make("div", "banner ending");
    dom::add(&inner, &dom::words("span", "", labels.end_question));
    dom::add(&inner, &dom::button("ui-button danger", Action::END, labels.end));
    dom::add(&inner, &dom::button("ui-button", Action::ASK, labels.keep));
    dom::add(place, &inner);
}

/// A place that shows one thing or nothing.
struct Slot<T> {
    place: Element,
    shown: Option<T>,
}

impl<T: PartialEq> Slot<T> {
    fn new(place: Element) -> Self {
        dom::show(&place, false);
        Self { place, shown: None }
    }

    fn fill(&mut self, next: Option<T>, draw: impl FnOnce(&Element, &T)) {
        if self.shown == next {
            return;
        }
        self.place.set_text_content(None);
        // A hidden region announces nothing, so an alert has to be there before its words.
        dom::show(&self.place, next.is_some());
        if let Some(next) = &next {
            draw(&self.place, next);
        }
        self.shown = next;
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "milliseconds since 1970 are a positive integer"
)]
fn now() -> u64 {
    js_sys::Date::now() as u64
}
