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
        let initial = partner.chars().next().map(|first| first.to_uppercase().to_string());
        let role = if state.live() { state.labels.person } else { state.labels.assistant };
        let title = state.site.as_ref().map(|site| site.title.as_str()).unwrap_or_default();
        let role = if title.is_empty() { role.to_owned() } else { [title, " · ", role].concat() };
        dom::say(&self.face, &initial.unwrap_or_default());
        let _ = self.face.class_list().toggle_with_force("live", state.live());
        dom::say(&self.name, partner);
        dom::say(&self.role, &role);
        dom::say(&self.end, state.labels.end);
        dom::set(&self.end, "aria-expanded", if state.asking { "true" } else { "false" });
        dom::show(&self.end, state.was_open && !state.over());
    }
}
