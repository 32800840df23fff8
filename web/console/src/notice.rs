//! Notices in place of data: failed, empty, loading.

use std::time::Duration;

use leptos::prelude::*;

use crate::failure::{Failure, Kind};

/// Seconds between tries when a rate limit names no time; field clients wait this long.
const DEFAULT_WAIT: u64 = 65;

/// A failure with its way out. A rate limit counts down and then tries again by itself.
#[component]
pub(crate) fn Failed(
    /// What happened.
    failure: Failure,
    /// Tries again.
    retry: Callback<()>,
) -> impl IntoView {
    let limited = failure.kind == Kind::RateLimit;
    let left =
        RwSignal::new(if limited { failure.retry_after.unwrap_or(DEFAULT_WAIT).max(1) } else { 0 });
    if limited {
        let step = move || match left.get_untracked() {
            0 => {}
            1 => {
                left.set(0);
                retry.run(());
            }
            rest => left.set(rest - 1),
        };
        if let Ok(timer) = set_interval_with_handle(step, Duration::from_secs(1)) {
            on_cleanup(move || timer.clear());
        }
    }
    let lasting = !failure.kind.may_pass();
    view! {
        <div class="notice failed" class:limited=limited role="alert">
            <p class="what">{failure.message.clone()}</p>
            <p>{failure.remedy}</p>
            {limited.then(|| view! {
                <p aria-live="off">"Next try in " <strong>{left}</strong> " s"</p>
            })}
            <button
                class="ui-button"
                class:primary=!lasting
                type="button"
                on:click=move |_| retry.run(())
            >
                {if limited { "Try now" } else { "Try again" }}
            </button>
            <Reference failure />
        </div>
    }
}

/// Code and request id, to be quoted.
#[component]
pub(crate) fn Reference(failure: Failure) -> impl IntoView {
    let part = |name: &'static str, value: Option<String>| {
        value.map(|value| {
            view! {
                <div>
                    <dt>{name}</dt>
                    <dd>
                        <code>{value}</code>
                    </dd>
                </div>
            }
        })
    };
    (failure.code.is_some() || failure.request_id.is_some()).then(|| {
        view! {
            <dl class="reference">
                {part("Code", failure.code.clone())} {part("Request id", failure.request_id.clone())}
            </dl>
        }
    })
}

/// Grey lines where data is about to be.
#[component]
pub(crate) fn Skeleton(
    /// How many.
    rows: usize,
    /// What is loading, for screen readers.
    label: &'static str,
) -> impl IntoView {
    let row = |_| {
        view! {
            <div class="ghost">
                <span class="ui-skeleton"></span>
                <span class="ui-skeleton"></span>
                <span class="ui-skeleton"></span>
            </div>
        }
    };
    view! {
        <div class="skeleton" role="status">
            <span class="ui-hidden">{label}</span>
            <div aria-hidden="true">{(0..rows).map(row).collect_view()}</div>
        </div>
    }
}
