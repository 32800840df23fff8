//! The browser's clock and calendar.

use std::{cell::RefCell, collections::HashMap, time::Duration};

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use crate::route::Zone;

/// Now, in Unix milliseconds.
#[allow(clippy::cast_possible_truncation, reason = "whole milliseconds far below 2^53")]
pub(crate) fn now() -> i64 {
    Date::now() as i64
}

/// Now, stepping every half minute: for texts such as "4 min ago".
pub(crate) fn ticking() -> ReadSignal<i64> {
    let (read, write) = signal(now());
    let step = set_interval_with_handle(move || write.set(now()), Duration::from_secs(30));
    if let Ok(step) = step {
        on_cleanup(move || step.clear());
    }
    read
}

/// How much of a moment to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Style {
    /// `23 Nov, 14:02`
    Short,
    /// `14:02`
    Clock,
    /// `14:02:09`
    Time,
    /// `Monday, 23 November 2026, 14:02:09 GMT`
    Full,
}

/// Writes a moment in the chosen zone, in the browser's manner.
pub(crate) fn write(at: i64, zone: Zone, style: Style) -> String {
    thread_local! {
        static FORMATS: RefCell<HashMap<(bool, Style), Function>> = RefCell::default();
    }
    FORMATS.with_borrow_mut(|formats| {
        let format = formats.entry((zone == Zone::Utc, style)).or_insert_with(|| {
            Intl::DateTimeFormat::new(&languages(), &options(zone, style)).format()
        });
        let text = format.call1(&JsValue::UNDEFINED, &date(at));
        text.ok().and_then(|text| text.as_string()).unwrap_or_default()
    })
}

/// The name of a zone, such as `Europe/London`.
pub(crate) fn zone_name(zone: Zone) -> String {
    if zone == Zone::Utc {
        return "UTC".to_owned();
    }
    let resolved = Intl::DateTimeFormat::new(&languages(), &Object::new()).resolved_options();
    Reflect::get(&resolved, &"timeZone".into())
        .ok()
        .and_then(|name| name.as_string())
        .unwrap_or_else(|| "local time".to_owned())
}

/// A moment as a `datetime-local` field holds it, in the chosen zone.
pub(crate) fn to_field(at: i64, zone: Zone) -> String {
    let shift = match zone {
        Zone::Utc => 0.0,
        Zone::Local => date(at).get_timezone_offset() * 60_000.0,
    };
    #[allow(clippy::cast_precision_loss, reason = "a moment lies far below 2^53")]
    let shifted = Date::new(&JsValue::from_f64(at as f64 - shift));
    let text = shifted.to_iso_string();
    text.as_string().and_then(|iso| iso.get(..16).map(str::to_owned)).unwrap_or_default()
}

/// The moment a `datetime-local` field holds, in the chosen zone.
pub(crate) fn from_field(text: &str, zone: Zone) -> Option<i64> {
    let text = if zone == Zone::Utc { format!("{text}Z") } else { text.to_owned() };
    let at = Date::new(&text.into()).get_time();
    #[allow(clippy::cast_possible_truncation, reason = "a valid date is a whole number below 2^53")]
    at.is_finite().then_some(at as i64)
}

#[allow(clippy::cast_precision_loss, reason = "a moment lies far below 2^53")]
fn date(at: i64) -> Date {
    Date::new(&JsValue::from_f64(at as f64))
}

/// English, in the variety the browser prefers: the console's texts are English.
fn languages() -> Array {
    let wanted = window().navigator().languages();
    let english = wanted.iter().filter_map(|tag| tag.as_string()).find(|tag| tag.starts_with("en"));
    Array::of1(&english.unwrap_or_else(|| "en-GB".to_owned()).into())
}

fn options(zone: Zone, style: Style) -> Object {
    let options = Object::new();
    let set = |key: &str, value: &str| {
        // Setting a property of a plain object cannot fail.
        let _ = Reflect::set(&options, &key.into(), &value.into());
    };
    if zone == Zone::Utc {
        set("timeZone", "UTC");
    }
    set("hour", "2-digit");
    set("minute", "2-digit");
    set("hourCycle", "h23");
    match style {
        Style::Clock => {}
        Style::Short => {
            set("day", "numeric");
            set("month", "short");
        }
        Style::Time => set("second", "2-digit"),
        Style::Full => {
            set("second", "2-digit");
            set("weekday", "long");
            set("day", "numeric");
            set("month", "long");
            set("year", "numeric");
            set("timeZoneName", "short");
        }
    }
    options.unchecked_into()
}
