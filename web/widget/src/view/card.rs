//! Attachment cards.

use leptos::{ev, prelude::*};
use perch_api::messaging::frame::{Attachment, AttachmentKind};
use perch_ui::{Glyph, Icon, rich::safe_href};

use crate::chat::Chat;

/// A picture, a headline and where they lead; each of the three may be missing.
#[component]
pub(super) fn Card(chat: Chat, card: Attachment) -> impl IntoView {
    let Attachment { title, preview_image_url, content_url, kind, call_to_action_text } = card;
    let picture = match kind {
        AttachmentKind::Image => content_url.clone().or(preview_image_url),
        AttachmentKind::Url => preview_image_url,
    };
    let title = title.filter(|title| !title.is_empty());
    let alone = title.is_none();
    let href = content_url.as_deref().and_then(safe_href).map(str::to_owned);
    let action = call_to_action_text.filter(|text| !text.is_empty() && href.is_some());
    let linked = href.is_some();
    let inner = view! {
        {picture.filter(|url| safe_picture(url)).map(|url| view! { <Picture url alone /> })}
        {title.map(|title| view! { <span class="headline" dir="auto">{title}</span> })}
        {linked
            .then(|| {
                view! {
                    <span class="action">
                        {action} <Icon glyph=Glyph::External />
                        <span class="ui-hidden">{move || chat.labels.get().new_tab}</span>
                    </span>
                }
            })}
    };
    match href {
        Some(href) => view! {
            <a class="card" href=href target="_blank" rel="noopener noreferrer">
                {inner}
            </a>
        }
        .into_any(),
        None => view! { <div class="card">{inner}</div> }.into_any(),
    }
}

/// A picture that may turn out not to be there.
#[component]
fn Picture(url: String, alone: bool) -> impl IntoView {
    let broken = RwSignal::new(false);
    move || {
        if broken.get() {
            return view! { <span class="broken" aria-hidden="true"></span> }.into_any();
        }
        // Beside a headline a picture is decoration; on its own it is at least announced as one.
        let role = alone.then_some("img");
        view! {
            <img
                src=url.clone()
                alt=""
                role=role
                loading="lazy"
                decoding="async"
                referrerpolicy="no-referrer"
                on:error=move |_: ev::ErrorEvent| broken.set(true)
            />
        }
        .into_any()
    }
}

/// Pictures come over `https:`, or from this very machine while somebody develops on it.
fn safe_picture(url: &str) -> bool {
    let local = ["http://127.0.0.1:", "http://localhost:"];
    safe_href(url).is_some_and(|url| url.starts_with("https:"))
        || local.iter().any(|start| url.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::safe_picture;

    #[test]
    fn pictures_come_from_safe_places() {
        assert!(safe_picture("https://a.example/x.svg"));
        assert!(safe_picture("http://127.0.0.1:4100/media/x.svg"));
        for bad in ["http://a.example/x", "data:image/svg+xml,x", "javascript:1", "mailto:a@b", ""]
        {
            assert!(!safe_picture(bad), "{bad}");
        }
    }
}
