//! Times of day and days, in the conversation's language.

use perch_ui::time::{TimeFormat, TimeStyle};

use crate::labels::Labels;

/// The formats of one language; making one costs far more than using it.
pub(super) struct Clock {
    locale: String,
    time: TimeFormat,
    day: TimeFormat,
    full: TimeFormat,
}

impl Clock {
    pub(super) fn new(locale: &str) -> Self {
        let format = |style| TimeFormat::new(locale, style);
        Self {
            locale: locale.to_owned(),
            time: format(TimeStyle::Time),
            day: format(TimeStyle::Day),
            full: format(TimeStyle::Full),
        }
    }

    /// Whether this is the clock for a language.
    pub(super) fn fits(&self, locale: &str) -> bool {
        self.locale == locale
    }

    /// 14:05
    pub(super) fn time(&self, at_ms: i64) -> String {
        self.time.format(double(at_ms))
    }

    /// 23 Nov 2026, 14:05:09
    pub(super) fn full(&self, at_ms: i64) -> String {
        self.full.format(double(at_ms))
    }

    /// 23 November, or the word for today.
    pub(super) fn day(&self, labels: &Labels, at_ms: i64) -> String {
        let then = self.day.format(double(at_ms));
        let today = then == self.day.format(js_sys::Date::now());
        if today { labels.today.to_owned() } else { then }
    }
}

/// The reader's calendar day of a time, as a number that differs from day to day.
pub(super) fn local_day(at_ms: i64) -> i64 {
    let date = js_sys::Date::new(&double(at_ms).into());
    (i64::from(date.get_full_year()) * 12 + i64::from(date.get_month())) * 31
        + i64::from(date.get_date())
}

#[allow(clippy::cast_precision_loss, reason = "milliseconds of our time fit a double")]
fn double(at_ms: i64) -> f64 {
    at_ms as f64
}
