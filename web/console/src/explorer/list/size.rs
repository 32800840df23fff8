//! Size and scroll position of an element as signals.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{HtmlElement, ResizeObserver};

use crate::dom::El;

/// Scroll position and inner size in pixels.
#[derive(Clone, Copy)]
pub(super) struct Size {
    pub(super) top: RwSignal<f64>,
    pub(super) height: RwSignal<f64>,
    pub(super) width: RwSignal<f64>,
}

/// Watches until it is dropped.
struct Watch {
    observer: ResizeObserver,
    _called: Closure<dyn FnMut()>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

impl Size {
    /// Follows the element as long as the owner lives; it is measured first once it is in the page.
    pub(super) fn of(element: &El) -> Self {
        let size =
            Self { top: RwSignal::new(0.0), height: RwSignal::new(0.0), width: RwSignal::new(0.0) };
        let target = element.html();
        let watched = target.clone();
        let called = Closure::<dyn FnMut()>::new(move || size.read(&watched));
        if let Ok(observer) = ResizeObserver::new(called.as_ref().unchecked_ref()) {
            observer.observe(&target);
            StoredValue::new_local(Watch { observer, _called: called });
        }
        size
    }

    /// Reads the element as it is now. A hidden one keeps what was known of it.
    pub(super) fn read(self, element: &HtmlElement) {
        if element.client_height() > 0 {
            set(self.top, element.scroll_top());
            set(self.height, element.client_height());
            set(self.width, element.client_width());
        }
    }
}

fn set(signal: RwSignal<f64>, value: i32) {
    let value = f64::from(value);
    // Bitwise: both are whole numbers.
    if signal.try_get_untracked().is_some_and(|known| known.to_bits() != value.to_bits()) {
        signal.set(value);
    }
}
