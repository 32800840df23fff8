//! The timestamps that may have been signed.

use std::borrow::Cow;

use super::{
    About, Case, Diagnosis,
    form::{Finding, Form, Forms},
};
use crate::{
    model::Timestamp,
    webhook::{header, verify::timestamp},
};

/// Most other deliveries that are looked at.
pub(super) const MAX_RECENT: usize = 8;

/// The texts that may have been signed as time.
pub(super) fn stamps<'a>(case: &Case<'a>) -> Vec<Form<Cow<'a, [u8]>>> {
    let mut forms = Forms::none(About::Timestamp);
    for value in case.delivery.all(header::TIMESTAMP).take(4) {
        as_sent(&mut forms, value);
    }
    if forms.list.is_empty() {
        for word in ["", "undefined", "null", "None", "NaN", "0"] {
            let text = format!("There is no timestamp header, and `{word}` was signed for it.");
            forms.add(word.as_bytes(), Diagnosis::TimestampMissing, 2, &text);
        }
    }
    for value in case.delivery.all("date").take(1) {
        let seconds = std::str::from_utf8(value).ok().and_then(http_date);
        let text = "The signed time is that of the Date header.";
        let found = if case.delivery.all(header::TIMESTAMP).next().is_none() {
            Diagnosis::TimestampMissing
        } else {
            Diagnosis::TimestampAltered
        };
        forms.maybe(seconds.map(|s| s.to_string().into_bytes()), found, 4, text);
    }
    for other in case.recent.iter().take(MAX_RECENT) {
        for value in other.all(header::TIMESTAMP).take(1) {
            let text = "The signed time is that of another recent delivery.";
            forms.add(value, Diagnosis::SignatureOfAnotherDelivery, 2, text);
        }
    }
    forms.list
}

/// What the header says, and what it may have been before something rewrote it.
fn as_sent<'a>(forms: &mut Forms<'a>, value: &'a [u8]) {
    use Diagnosis::{TimestampFloat, TimestampIso, TimestampMilliseconds, TimestampQuoted};
    let read = read(value);
    let finding = match &read {
        Ok(_) => None,
        Err((diagnosis, text, _)) => {
            Some(Finding::new(About::Timestamp, diagnosis.clone(), 1, *text))
        }
    };
    let fresh = forms.list.iter().all(|form| form.value != value);
    if fresh {
        forms.list.push(Form { value: value.into(), finding });
    }
    let seconds = match read {
        Ok(seconds) => seconds,
        Err((diagnosis, text, seconds)) => {
            let Some(seconds) = seconds else { return };
            let text = format!("{text} The signature is over the right spelling.");
            forms.add(seconds.to_string().into_bytes(), diagnosis, 2, &text);
            seconds
        }
    };
    let ms = seconds.saturating_mul(1_000);
    let text = "The signed time is in milliseconds, the header's in seconds.";
    forms.add(ms.to_string().into_bytes(), TimestampMilliseconds, 3, text);
    let text = "The signed time is a date, the header's is in seconds.";
    let iso = Timestamp::from_unix_ms(ms);
    let [long, short] = [iso.as_str().to_owned(), iso.as_str().replace(".000Z", "Z")];
    forms.add(short.clone().into_bytes(), TimestampIso, 4, text);
    forms.add(long.into_bytes(), TimestampIso, 4, text);
    forms.add(short.replace('Z', "+00:00").into_bytes(), TimestampIso, 4, text);
    let text = "The signed time has a fraction, the header's has none.";
    forms.add(format!("{seconds}.0").into_bytes(), TimestampFloat, 4, text);
    let text = "The signed time has quotes, the header's has none.";
    forms.add(format!("\"{seconds}\"").into_bytes(), TimestampQuoted, 4, text);
}

type Misspelt = (Diagnosis, &'static str, Option<i64>);

/// The header's seconds; or how it is misspelt, and the seconds it stands for all the same.
pub(super) fn read(value: &[u8]) -> Result<i64, Misspelt> {
    if let Ok(seconds) = timestamp(value) {
        return Ok(seconds);
    }
    let text = std::str::from_utf8(value).unwrap_or("").trim();
    let unquoted = text.trim_matches(['"', '\'']);
    if unquoted.len() != text.len() {
        let seconds =
            read(unquoted.as_bytes()).unwrap_or_else(|(_, _, seconds)| seconds.unwrap_or(0));
        return Err((Diagnosis::TimestampQuoted, "The timestamp has quotes.", Some(seconds)));
    }
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse::<i64>().ok();
    if digits && text.len() == 13 {
        let seconds = number.map(|ms| ms / 1_000);
        return Err((
            Diagnosis::TimestampMilliseconds,
            "The timestamp is in milliseconds.",
            seconds,
        ));
    }
    if digits && matches!(text.len(), 16 | 19) {
        let scale = if text.len() == 16 { 1_000_000 } else { 1_000_000_000 };
        let seconds = number.map(|fine| fine / scale);
        let text = "The timestamp is in micro- or nanoseconds.";
        return Err((Diagnosis::TimestampMilliseconds, text, seconds));
    }
    if let Some((whole, part)) = text.split_once('.')
        && part.bytes().all(|byte| byte.is_ascii_digit())
        && let Ok(seconds) = timestamp(whole.as_bytes())
    {
        return Err((Diagnosis::TimestampFloat, "The timestamp has a fraction.", Some(seconds)));
    }
    if let Some(ms) = Timestamp::new(text).unix_ms() {
        let seconds = Some(ms.div_euclid(1_000));
        return Err((Diagnosis::TimestampIso, "The timestamp is a date.", seconds));
    }
    if let Some(seconds) = http_date(text) {
        return Err((Diagnosis::TimestampIso, "The timestamp is an HTTP date.", Some(seconds)));
    }
    let seconds = number.or_else(|| text.split(',').next().and_then(|t| t.trim().parse().ok()));
    Err((Diagnosis::TimestampMalformed, "The timestamp is not ten digits of seconds.", seconds))
}

/// `Tue, 01 Sep 2026 10:05:00 GMT` in Unix seconds.
fn http_date(text: &str) -> Option<i64> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut words = text.split_once(", ")?.1.split(' ');
    let (day, month, year, time) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    let iso = format!("{year}-{month:02}-{day}T{time}Z");
    Timestamp::new(iso).unix_ms().map(|ms| ms.div_euclid(1_000))
}
