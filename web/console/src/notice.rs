//! Notices in place of data: failed, loading.

use std::time::Duration;

use leptos::prelude::*;

use crate::{
    dom::{El, button, el, hidden},
    failure::{Failure, Kind},
};

/// Seconds between tries when a rate limit names no time; field clients wait this long.
const DEFAULT_WAIT: u64 = 65;

/// A failure with its way out. A rate limit counts down and then tries again by itself.
pub(crate) fn failed(failure: &Failure, retry: impl Fn() + Copy + 'static) -> El {
    let limited = failure.kind == Kind::RateLimit;
    let class = match failure.kind {
        Kind::RateLimit => "notice failed limited",
        _ => "notice failed",
    };
    let tone = if failure.kind.may_pass() { "ui-button primary" } else { "ui-button" };
    el("div", class)
        .attr("role", "alert")
        .child(el("p", "what").text(&failure.message))
        .child(el("p", "").text(failure.remedy))
        .child(limited.then(|| countdown(failure.retry_after.unwrap_or(DEFAULT_WAIT), retry)))
        .child(button(tone, if limited { "Try now" } else { "Try again" }, retry))
        .child(reference(failure))
}

fn countdown(seconds: u64, retry: impl Fn() + 'static) -> El {
    let left = RwSignal::new(seconds.max(1));
    let step = move || match left.get_untracked() {
        0 => {}
        1 => {
            left.set(0);
            retry();
        }
        rest => left.set(rest - 1),
    };
    if let Ok(timer) = set_interval_with_handle(step, Duration::from_secs(1)) {
        on_cleanup(move || timer.clear());
    }
    el("p", "")
        .attr("aria-live", "off")
        .text("Next try in ")
        .child(el("strong", "").text_with(move || left.get().to_string()))
        .text(" s")
}

/// Code and request id, to be quoted.
pub(crate) fn reference(failure: &Failure) -> Option<El> {
    let part = |name: &str, value: Option<&String>| {
        let value = el("code", "").text(value?);
        Some(el("div", "").child(el("dt", "").text(name)).child(el("dd", "").child(value)))
    };
    let code = part("Code", failure.code.as_ref());
    let id = part("Request id", failure.request_id.as_ref());
    (code.is_some() || id.is_some()).then(|| el("dl", "reference").child(code).child(id))
}

/// Grey lines where data is about to be; `label` says what is loading.
pub(crate) fn skeleton(rows: usize, label: &str) -> El {
    let row = |_| el("div", "ghost").children((0..3).map(|_| el("span", "ui-skeleton")));
    el("div", "skeleton")
        .attr("role", "status")
        .child(hidden(label))
        .child(el("div", "").attr("aria-hidden", "true").children((0..rows).map(row)))
}
