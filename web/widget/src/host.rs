//! The shell that the loader built, and the page around it.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast as _, prelude::*};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlElement, HtmlTextAreaElement, ShadowRoot};

use crate::labels::Labels;

/// The loader's elements; they outlive the panel.
#[derive(Debug, Clone)]
pub(crate) struct Shell {
    pub(crate) root: ShadowRoot,
    pub(crate) dialog: HtmlElement,
    pub(crate) title: HtmlElement,
    pub(crate) menu: HtmlElement,
    pub(crate) body: HtmlElement,
    pub(crate) form: HtmlElement,
    pub(crate) area: HtmlTextAreaElement,
}

impl Shell {
    /// Finds the elements; `None` when this is not the loader's shadow root.
    pub(crate) fn find(root: ShadowRoot) -> Option<Self> {
        let element = |selector| root.query_selector(selector).ok().flatten();
        let html = |selector| element(selector).and_then(|found| found.dyn_into().ok());
        Some(Self {
            dialog: html("dialog")?,
            title: html(".title")?,
            menu: html(".menu")?,
            body: html(".body")?,
            form: html("form")?,
            area: element("textarea")?.dyn_into().ok()?,
            root,
        })
    }

    /// Puts the shell's own words into a language.
    pub(crate) fn speak(&self, labels: &Labels) {
        let _ = self.dialog.set_attribute("lang", labels.lang);
        self.label(".close", labels.close);
        self.label(".send", labels.send);
        self.label("textarea", labels.placeholder);
        self.area.set_placeholder(labels.placeholder);
    }

    /// Whether the focus is on the composer.
    pub(crate) fn composing(&self) -> bool {
        self.focused().is_some_and(|focused| self.form.contains(Some(&focused)))
    }

    /// Puts the focus where the visitor goes on: on the composer, except on touch devices, where that
    /// would pop up a keyboard over what was just said.
    pub(crate) fn refocus(&self) {
        let touch = web_sys::window()
            .and_then(|window| window.match_media("(pointer: coarse)").ok().flatten())
            .is_some_and(|query| query.matches());
        let target: &HtmlElement = if touch { &self.dialog } else { &self.area };
        let _ = target.focus();
    }

    fn focused(&self) -> Option<Element> {
        self.root.active_element()
    }

    fn label(&self, selector: &str, text: &str) {
        if let Some(found) = self.root.query_selector(selector).ok().flatten() {
            let _ = found.set_attribute("aria-label", text);
        }
    }
}

/// What the loader hands over.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    pub(crate) edge: String,
    pub(crate) site: String,
    pub(crate) lang: String,
    /// What the visitor sent before this panel was there.
    pub(crate) queue: Vec<String>,
    /// The key of the agent that the page asks for.
    pub(crate) agent: Option<String>,
    emit: Option<Function>,
    /// The loader's object itself: what a page may set later is read when it is needed.
    given: JsValue,
}

impl Options {
    pub(crate) fn read(options: &JsValue) -> Self {
        let field = |name: &str| Reflect::get(options, &JsValue::from_str(name)).ok();
        let text = |name| field(name).and_then(|value| value.as_string()).unwrap_or_default();
        let queue = field("queue").filter(Array::is_array).map(|queue| Array::from(&queue));
        Self {
            edge: text("edge"),
            site: text("site"),
            lang: text("lang"),
            queue: queue.iter().flat_map(Array::iter).filter_map(|text| text.as_string()).collect(),
            agent: field("agent").and_then(|value| value.as_string()),
            given: options.clone(),
            emit: field("emit").and_then(|emit| emit.dyn_into().ok()),
        }
    }

    /// The handle of what the site's backend vouches for, if the page has one by now.
    pub(crate) fn context(&self) -> Option<String> {
        Reflect::get(&self.given, &JsValue::from_str("context")).ok()?.as_string()
    }

    /// Frames a check and waits for its answer; nothing when it cannot be solved here.
    pub(crate) fn check(
        &self,
        frame: &str,
        label: &str,
    ) -> impl Future<Output = Option<String>> + use<> {
        let ask = || -> Option<Promise> {
            let check: Function =
                Reflect::get(&self.given, &JsValue::from_str("check")).ok()?.dyn_into().ok()?;
            let (frame, label) = (JsValue::from_str(frame), JsValue::from_str(label));
            check.call2(&JsValue::UNDEFINED, &frame, &label).ok()?.dyn_into().ok()
        };
        let asked = ask();
        async move { JsFuture::from(asked?).await.ok()?.as_string() }
    }

    /// Tells the loader, which tells the page.
    pub(crate) fn emit(&self, name: &str, detail: &JsValue) {
        if let Some(emit) = &self.emit {
            // A listener of the page that throws is the page's affair.
            let _ = emit.call2(&JsValue::UNDEFINED, &JsValue::from_str(name), detail);
        }
    }
}

/// A plain object of texts, for event details.
pub(crate) fn detail(fields: &[(&str, &str)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        let _ = Reflect::set(&object, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    object.into()
}
