//! Elements, listeners and timers, without a framework: bytes decide here (see `ARCHITECTURE.md`).

use perch_ui::Glyph;
use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::{Document, Element, Event, EventTarget, Node};

/// A new element with a class.
///
/// # Panics
/// Never: every tag is a literal, and valid.
pub(crate) fn make(tag: &str, class: &str) -> Element {
    #[allow(clippy::expect_used, reason = "a page without a document has no widget either")]
    let made = page().create_element(tag).expect("a valid tag");
    if !class.is_empty() {
        made.set_class_name(class);
    }
    made
}

/// A new element with a class and words.
pub(crate) fn words(tag: &str, class: &str, text: &str) -> Element {
    let made = make(tag, class);
    made.set_text_content(Some(text));
    made
}

/// A button; `action` is what [`Action::parse`](crate::action::Action::parse) reads.
pub(crate) fn button(class: &str, action: &str, label: &str) -> Element {
    let made = words("button", class, label);
    set(&made, "type", "button");
    set(&made, "data-do", action);
    made
}

/// An icon, hidden from assistive technology.
pub(crate) fn icon(glyph: Glyph) -> Element {
    const SVG: Option<&str> = Some("http://www.w3.org/2000/svg");
    #[allow(clippy::expect_used, reason = "both tags are valid")]
    let [svg, path] = ["svg", "path"].map(|tag| page().create_element_ns(SVG, tag).expect("valid"));
    set(&svg, "class", "ui-icon");
    set(&svg, "viewBox", "0 0 24 24");
    set(&svg, "aria-hidden", "true");
    set(&path, "d", glyph.path());
    add(&svg, &path);
    svg
}

/// Appends a child. It cannot fail: no child of ours contains its parent.
pub(crate) fn add(parent: &Node, child: &Node) {
    let _ = parent.append_child(child);
}

/// Sets an attribute; its name is a literal, and valid.
pub(crate) fn set(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}

/// Shows or hides an element.
pub(crate) fn show(element: &Element, shown: bool) {
    let _ = element.toggle_attribute_with_force("hidden", !shown);
}

/// Changes an element's words, if they differ.
pub(crate) fn say(element: &Element, text: &str) {
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

#[allow(clippy::expect_used, reason = "a page without a document has no widget either")]
fn page() -> Document {
    web_sys::window().and_then(|window| window.document()).expect("a document")
}

/// A listener, gone when dropped.
pub(crate) struct Listener {
    target: EventTarget,
    event: &'static str,
    work: Closure<dyn FnMut(Event)>,
    capture: bool,
}

impl Listener {
    pub(crate) fn new(
        target: &EventTarget,
        event: &'static str,
        work: impl FnMut(Event) + 'static,
    ) -> Self {
        // `error` and `scroll` do not bubble, but are seen on their way down.
        let capture = matches!(event, "error" | "scroll");
        let own = Self { target: target.clone(), event, work: Closure::new(work), capture };
        let function = own.work.as_ref().unchecked_ref();
        let _ = target.add_event_listener_with_callback_and_bool(event, function, capture);
        own
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let function = self.work.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback_and_bool(
            self.event,
            function,
            self.capture,
        );
    }
}
