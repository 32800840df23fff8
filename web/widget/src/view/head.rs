//! Who one talks to, and the way out.

use web_sys::Element;

use crate::{action::Action, dom, state::State};

/// Title and menu.
pub(super) struct Head {
    face: Element,
    name: Element,
    role: Element,
    end: Element,
}

impl Head {
    pub(super) fn new(title: &Element, menu: &Element) -> Self {
        let face = dom::make("span", "face");
        dom::set(&face, "aria-hidden", "true");
        let [names, name, role] = ["names", "name", "role"].map(|class| dom::make("span", class));
        dom::add(&names, &name);
        dom::add(&names, &role);
        dom::add(title, &face);
        dom::add(title, &names);
        let end = dom::button("end", Action::ASK, "");
        dom::show(&end, false);
        dom::add(menu, &end);
        Self { face, name, role, end }
    }

    pub(super) fn paint(&self, state: &State) {
        let partner = state.partner();
        let role = if state.live() { state.labels.person } else { state.labels.assistant };
        dom::say(&self.face, partner.get(..first_len(partner)).unwrap_or_default());
        let _ = self.face.class_list().toggle_with_force("live", state.live());
        dom::say(&self.name, partner);
        dom::say(&self.role, role);
        dom::say(&self.end, state.labels.end);
        dom::set(&self.end, "aria-expanded", if state.asking { "true" } else { "false" });
        dom::show(&self.end, state.was_open && !state.over());
    }
}

/// How many bytes the first character has; the style sheet makes it a capital.
fn first_len(name: &str) -> usize {
    name.chars().next().map_or(0, char::len_utf8)
}
