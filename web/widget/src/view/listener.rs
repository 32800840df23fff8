//! Listeners on what is not the panel's own, gone with the panel.

use leptos::prelude::*;
use perch_client::driver::Command;
use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::EventTarget;

use crate::chat::{Chat, Phase};

/// Calls `work` on every event until the current reactive owner is cleaned up.
pub(super) fn listen(target: &EventTarget, event: &'static str, work: impl FnMut() + 'static) {
    let listener = Listener { target: target.clone(), event, work: Closure::new(work) };
    let function = listener.work.as_ref().unchecked_ref();
    if target.add_event_listener_with_callback(event, function).is_ok() {
        StoredValue::new_local(listener);
    }
}

/// Takes the network's and the page's comings and goings for what they mean to a connection.
pub(super) fn reconnect(chat: Chat) {
    let Some(window) = web_sys::window() else { return };
    listen(&window, "offline", move || {
        chat.command(Command::Offline);
    });
    listen(&window, "online", move || {
        chat.command(Command::Online);
        if chat.phase.get_untracked() == Phase::Failed {
            chat.restart();
        }
    });
    // A visitor who comes back should not wait for a timer that slept along with the tab.
    for event in ["visibilitychange", "pageshow"] {
        listen(&window, event, move || chat.connect_if_waiting());
    }
}

struct Listener {
    target: EventTarget,
    event: &'static str,
    work: Closure<dyn FnMut()>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        let function = self.work.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback(self.event, function);
    }
}
