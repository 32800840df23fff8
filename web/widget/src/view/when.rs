//! Times of day and days, in the conversation's language.

use std::cell::RefCell;

use perch_ui::time::{TimeFormat, TimeStyle};

use crate::labels::Labels;

thread_local! {
    // Making a format costs far more than using it, and a log has one language at a time.
    static FORMATS: RefCell<Option<(String, Formats)>> = const { RefCell::new(None) };
}

struct Formats {
    time: TimeFormat,
    day: TimeFormat,
    full: TimeFormat,
}

/// 14:05
pub(super) fn time(locale: &str, at_ms: i64) -> String {
    with(locale, |formats| formats.time.format(double(at_ms)))
}

/// 23 Nov 2026, 14:05:09
pub(super) fn full(locale: &str, at_ms: i64) -> String {
    with(locale, |formats| formats.full.format(double(at_ms)))
}

/// 23 November, or the word for today.
pub(super) fn day(locale: &str, labels: &Labels, at_ms: i64) -> String {
    with(locale, |formats| {
        let then = formats.day.format(double(at_ms));
        if then == formats.day.format(js_sys::Date::now()) { labels.today.to_owned() } else { then }
    })
}

fn with(locale: &str, work: impl FnOnce(&Formats) -> String) -> String {
    FORMATS.with_borrow_mut(|cached| {
        if cached.as_ref().is_none_or(|(own, _)| own != locale) {
            let format = |style| TimeFormat::new(locale, style);
            let formats = Formats {
                time: format(TimeStyle::Time),
                day: format(TimeStyle::Day),
                full: format(TimeStyle::Full),
            };
            *cached = Some((locale.to_owned(), formats));
        }
        cached.as_ref().map(|(_, formats)| work(formats)).unwrap_or_default()
    })
}

#[allow(clippy::cast_precision_loss, reason = "milliseconds of our time fit a double")]
fn double(at_ms: i64) -> f64 {
    at_ms as f64
}
