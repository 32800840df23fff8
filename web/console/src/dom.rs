//! Elements over Leptos's signals.
//!
//! Leptos's own views are generic over everything in them; for a page of this size that is twice the
//! bytes of everything else together (`ARCHITECTURE.md`). Here an element is one type: attributes,
//! words and children are set at once, and what changes is a boxed closure over signals.

mod each;

pub(crate) use each::{Item, each};

use std::{cell::RefCell, rc::Rc};

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, Node};

/// An element under construction.
#[derive(Clone)]
pub(crate) struct El(Element);

/// A new element; `class` may be empty.
#[allow(clippy::expect_used, reason = "every tag is a literal, and valid")]
pub(crate) fn el(tag: &str, class: &str) -> El {
    let made = document().create_element(tag).expect("a valid tag");
    let made = El(made);
    if class.is_empty() { made } else { made.attr("class", class) }
}

/// A new element of a drawing.
#[allow(clippy::expect_used, reason = "every tag is a literal, and valid")]
pub(crate) fn svg(tag: &str) -> El {
    const SVG: Option<&str> = Some("http://www.w3.org/2000/svg");
    El(document().create_element_ns(SVG, tag).expect("a valid tag"))
}

/// A button that submits nothing.
pub(crate) fn button(class: &str, words: &str, press: impl FnMut() + 'static) -> El {
    let mut press = press;
    el("button", class).attr("type", "button").text(words).on("click", move |_| press())
}

/// Words for screen readers only.
pub(crate) fn hidden(words: &str) -> El {
    el("span", "ui-hidden").text(words)
}

/// Runs now, and again whenever a signal it read has changed, as long as its owner lives.
pub(crate) fn react(work: impl FnMut() + 'static) {
    run(Box::new(work));
}

fn run(mut work: Box<dyn FnMut()>) {
    let effect = RenderEffect::new(move |_| work());
    StoredValue::new_local(effect);
}

impl El {
    /// The element itself.
    pub(crate) fn node(&self) -> Element {
        self.0.clone()
    }

    /// The element as one that can have the focus.
    pub(crate) fn html(&self) -> HtmlElement {
        self.0.clone().unchecked_into()
    }

    /// The element as an input field.
    pub(crate) fn input(&self) -> HtmlInputElement {
        self.0.clone().unchecked_into()
    }

    /// Sets an attribute.
    pub(crate) fn attr(self, name: &str, value: &str) -> Self {
        // Names are literals, and valid.
        let _ = self.0.set_attribute(name, value);
        self
    }

    /// Appends words.
    pub(crate) fn text(self, words: &str) -> Self {
        self.append(&document().create_text_node(words))
    }

    /// Appends an element.
    pub(crate) fn child(self, child: impl Into<Option<Self>>) -> Self {
        match child.into() {
            Some(child) => self.append(&child.0),
            None => self,
        }
    }

    /// Appends elements.
    pub(crate) fn children(self, children: impl IntoIterator<Item = Self>) -> Self {
        children.into_iter().fold(self, |own, child| own.append(&child.0))
    }

    /// Listens as long as the owner lives.
    pub(crate) fn on(self, event: &str, work: impl FnMut(Event) + 'static) -> Self {
        self.listen(event, Box::new(work))
    }

    /// Lets an attribute follow signals; without a value it is absent.
    pub(crate) fn attr_with(
        self,
        name: &'static str,
        value: impl Fn() -> Option<String> + 'static,
    ) -> Self {
        self.follow_attr(name, Box::new(value))
    }

    /// Lets a class follow signals.
    pub(crate) fn class_with(self, name: &'static str, on: impl Fn() -> bool + 'static) -> Self {
        self.follow_class(name, Box::new(on))
    }

    /// Appends words that follow signals.
    pub(crate) fn text_with(self, words: impl Fn() -> String + 'static) -> Self {
        self.follow_text(Box::new(words))
    }

    /// Appends a place for an element that follows signals.
    pub(crate) fn place(self, build: impl Fn() -> Option<Self> + 'static) -> Self {
        self.follow_child(Box::new(build))
    }

    fn append(self, child: &Node) -> Self {
        // Fails only for a child that contains its parent.
        let _ = self.0.append_child(child);
        self
    }

    fn listen(self, event: &str, work: Box<dyn FnMut(Event)>) -> Self {
        let work = Closure::wrap(work);
        let _ = self.0.add_event_listener_with_callback(event, work.as_ref().unchecked_ref());
        StoredValue::new_local(work);
        self
    }

    fn follow_attr(self, name: &'static str, value: Box<dyn Fn() -> Option<String>>) -> Self {
        let element = self.0.clone();
        run(Box::new(move || {
            let _ = match value() {
                Some(value) => element.set_attribute(name, &value),
                None => element.remove_attribute(name),
            };
        }));
        self
    }

    fn follow_class(self, name: &'static str, on: Box<dyn Fn() -> bool>) -> Self {
        let list = self.0.class_list();
        run(Box::new(move || {
            let _ = list.toggle_with_force(name, on());
        }));
        self
    }

    fn follow_text(self, words: Box<dyn Fn() -> String>) -> Self {
        let node = document().create_text_node("");
        let follower = node.clone();
        run(Box::new(move || {
            let words = words();
            if follower.data() != words {
                follower.set_data(&words);
            }
        }));
        self.append(&node)
    }

    fn follow_child(self, build: Box<dyn Fn() -> Option<Self>>) -> Self {
        let anchor = document().create_comment("");
        let own = self.append(&anchor);
        let shown = Rc::new(RefCell::new(None::<Self>));
        run(Box::new(move || {
            // What the last run built goes with its effects, which the owner has ended by now.
            let next = build();
            if let Some(last) = shown.replace(next.clone()) {
                last.0.remove();
            }
            if let Some(next) = next
                && let Some(parent) = anchor.parent_node()
            {
                let _ = parent.insert_before(&next.0, Some(&anchor));
            }
        }));
        own
    }
}

/// The value of the field an event comes from.
pub(crate) fn value_of(event: &Event) -> String {
    // Selects and inputs both have a value; the cast only names the property.
    let target = event.target().map(JsCast::unchecked_into::<HtmlInputElement>);
    target.map(|field| field.value()).unwrap_or_default()
}

/// Whether the box an event comes from is checked.
pub(crate) fn checked(event: &Event) -> bool {
    event.target().is_some_and(|target| target.unchecked_into::<HtmlInputElement>().checked())
}

/// Gives an element the focus without scrolling to it.
pub(crate) fn focus_quietly(element: &HtmlElement) {
    let quietly = web_sys::FocusOptions::new();
    quietly.set_prevent_scroll(true);
    let _ = element.focus_with_options(&quietly);
}
