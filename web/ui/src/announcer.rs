//! Says things to assistive technology.
//!
//! The visible text is no live region: while it streams, every piece would be read out. Instead a
//! second, invisible tree holds each finished sentence for a moment (shorter and some readers miss
//! it), a little after it was said (at once, and a focus change in the same moment swallows it).

use std::time::Duration;

use leptos::prelude::*;

const DELAY: Duration = Duration::from_millis(250);
const HOLD: Duration = Duration::from_millis(1_500);

/// Takes what a [`LiveRegion`] is to say.
#[derive(Debug, Clone, Copy)]
pub struct Announcer {
    lines: RwSignal<Vec<(u32, String)>>,
    next: StoredValue<u32>,
}

impl Announcer {
    /// One that has said nothing yet; belongs to the current reactive owner.
    pub fn new() -> Self {
        Self { lines: RwSignal::new(Vec::new()), next: StoredValue::new(0) }
    }

    /// Says a line, politely: after what is being read just now.
    pub fn say(self, line: impl Into<String>) {
        let line = line.into();
        let Some(key) = self.next.try_update_value(|next| {
            *next = next.wrapping_add(1);
            *next
        }) else {
            return;
        };
        set_timeout(
            move || {
                // The page may be gone by now, and this signal with it.
                self.lines.try_update(|lines| lines.push((key, line)));
                let forget = move || {
                    self.lines.try_update(|lines| lines.retain(|(own, _)| *own != key));
                };
                set_timeout(forget, HOLD);
            },
            DELAY,
        );
    }
}

impl Default for Announcer {
    fn default() -> Self {
        Self::new()
    }
}

/// Where an [`Announcer`] speaks; has to be in the page before the first line is said.
#[component]
pub fn LiveRegion(
    /// Whose lines.
    announcer: Announcer,
) -> impl IntoView {
    view! {
        <div class="ui-hidden" aria-live="polite">
            <For each=move || announcer.lines.get() key=|(key, _)| *key let((_key, line))>
                <p>{line}</p>
            </For>
        </div>
    }
}
