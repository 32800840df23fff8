//! Says things to assistive technology; why like this is told in `perch_ui::announcer`.

use gloo_timers::callback::Timeout;
use web_sys::Element;

use crate::dom;

const DELAY_MS: u32 = 250;
const HOLD_MS: u32 = 1_500;

/// A live region nobody sees.
pub(crate) struct Announcer {
    pub(super) root: Element,
}

impl Announcer {
    pub(super) fn new() -> Self {
        let root = dom::make("div", "ui-hidden");
        dom::set(&root, "aria-live", "polite");
        Self { root }
    }

    /// Says a line after what is being read just now.
    pub(crate) fn say(&self, line: String) {
        let root = self.root.clone();
        Timeout::new(DELAY_MS, move || {
            let line = dom::words("p", "", &line);
            dom::add(&root, &line);
            Timeout::new(HOLD_MS, move || line.remove()).forget();
        })
        .forget();
    }
}
