//! What the panel shows, drawn into the shell's title, menu and body.
//!
//! Each part keeps what it drew last and touches the page only where that differs.

mod announcer;
pub(crate) mod card;
mod foot;
mod head;
mod log;
mod message;
mod when;

use crate::{
    dom,
    host::Shell,
    state::{Phase, State},
};

/// All parts.
pub(crate) struct View {
    pub(crate) log: log::Log,
    pub(crate) foot: foot::Foot,
    pub(crate) announcer: announcer::Announcer,
    head: head::Head,
}

impl View {
    /// Builds the parts into an empty shell; `resized` is called when the log or its content changes
    /// its size.
    pub(crate) fn new(shell: &Shell, resized: impl FnMut() + 'static) -> Self {
        shell.title.set_text_content(None);
        let view = Self {
            log: log::Log::new(resized),
            foot: foot::Foot::new(),
            announcer: announcer::Announcer::new(),
            head: head::Head::new(&shell.title, &shell.menu),
        };
        for part in [&view.log.root, &view.foot.root, &view.announcer.root] {
            dom::add(&shell.body, part);
        }
        view
    }

    /// Draws everything but what was said; `tick` is called while something counts down.
    pub(crate) fn paint(&mut self, shell: &Shell, state: &State, tick: impl Fn() + 'static) {
        self.head.paint(state);
        self.log.paint(state);
        self.foot.paint(state, tick);
        if shell.dialog.get_attribute("lang").as_deref() != Some(state.labels.lang) {
            shell.speak(state.labels);
        }
        let closed = state.over() || state.phase == Phase::Refused;
        if closed && shell.composing() {
            // The focus must not be lost with the composer.
            let _ = shell.dialog.focus();
        }
        shell.form.set_hidden(closed);
    }
}
