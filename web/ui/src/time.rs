//! Dates and times in the reader's language, by the browser's own `Intl`.

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;

/// What a [`TimeFormat`] writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeStyle {
    /// 14:05
    Time,
    /// 23 November
    Day,
    /// 23 Nov 2026, 14:05:09
    Full,
}

impl TimeStyle {
    fn options(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Time => &[("hour", "2-digit"), ("minute", "2-digit")],
            Self::Day => &[("day", "numeric"), ("month", "long")],
            Self::Full => &[("dateStyle", "medium"), ("timeStyle", "medium")],
        }
    }
}

/// Writes times in one language and style; making one is slow, using it is not.
#[derive(Debug, Clone)]
pub struct TimeFormat(Option<DateTimeFormat>);

impl TimeFormat {
    /// A format for a language tag; one the browser does not understand means its own language.
    pub fn new(locale: &str, style: TimeStyle) -> Self {
        let options = Object::new();
        for (name, value) in style.options() {
            // Setting a field of a fresh object cannot fail.
            let _ = Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value));
        }
        let made = DateTimeFormat::new(&JsValue::from_str(locale), &options);
        Self(made.or_else(|_| DateTimeFormat::new(&JsValue::UNDEFINED, &options)).ok())
    }

    /// Writes a time, given in milliseconds since the Unix epoch; nothing for a time that is none.
    pub fn format(&self, unix_ms: f64) -> String {
        let written = self.0.as_ref().and_then(|format| format.format(unix_ms).ok());
        written.unwrap_or_default()
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl)]
    #[derive(Debug, Clone)]
    type DateTimeFormat;

    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(locale: &JsValue, options: &Object) -> Result<DateTimeFormat, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn format(this: &DateTimeFormat, unix_ms: f64) -> Result<String, JsValue>;
}
