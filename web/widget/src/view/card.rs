//! Attachment cards.

use perch_api::messaging::frame::{Attachment, AttachmentKind};
use perch_ui::{Glyph, rich::safe_href};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, Event};

use crate::{dom, labels::Labels};

/// A picture, a headline and where they lead; each of the three may be missing.
///
/// `local` says that the worker runs on the visitor's own machine, as it does in development.
pub(super) fn card(card: &Attachment, labels: &Labels, local: bool) -> Element {
    let content = card.content_url.as_deref();
    let preview = card.preview_image_url.as_deref();
    let picture = match card.kind {
        AttachmentKind::Image => content.or(preview),
        AttachmentKind::Url => preview,
    };
    let href = content.and_then(safe_href);
    let title = card.title.as_deref().filter(|title| !title.is_empty());
    let root = dom::make(if href.is_some() { "a" } else { "div" }, "card");
    if let Some(href) = href {
        for (name, value) in [("href", href), ("target", "_blank"), ("rel", "noopener noreferrer")]
        {
            dom::set(&root, name, value);
        }
    }
    if let Some(url) = picture.filter(|url| safe_picture(url, local)) {
        let image = dom::make("img", "");
        // Beside a headline a picture is decoration.
        let fixed = [
            ("alt", ""),
            ("loading", "lazy"),
            ("decoding", "async"),
            ("referrerpolicy", "no-referrer"),
            ("src", url),
        ];
        for (name, value) in fixed {
            dom::set(&image, name, value);
        }
        dom::add(&root, &image);
    }
    if let Some(title) = title {
        let headline = dom::words("span", "headline", title);
        dom::set(&headline, "dir", "auto");
        dom::add(&root, &headline);
    }
    if href.is_some() {
        let told = card.call_to_action_text.as_deref().unwrap_or_default();
        let action = dom::words("span", "action", told);
        dom::add(&action, &dom::icon(Glyph::External));
        dom::add(&action, &dom::words("span", "ui-hidden", labels.new_tab));
        dom::add(&root, &action);
    }
    root
}

/// Puts a plain surface where a picture could not be loaded.
pub(crate) fn replace_broken(event: &Event) {
    let image = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    if let Some(image) = image.filter(|image| image.tag_name().eq_ignore_ascii_case("img")) {
        let _ = image.replace_with_with_node_1(&dom::make("span", "broken"));
    }
}

/// Pictures come over `https:`; from this very machine only while the worker runs there too, or an
/// agent's card could make visitors' browsers call services of their own.
fn safe_picture(url: &str, local: bool) -> bool {
    safe_href(url).is_some_and(|url| url.starts_with("https:")) || local && is_local(url)
}

/// Whether an address is this machine's: `http`, a loopback name, a port, and nothing tricky between.
pub(crate) fn is_local(url: &str) -> bool {
    let rest =
        url.strip_prefix("http://127.0.0.1:").or_else(|| url.strip_prefix("http://localhost:"));
    let port = rest.and_then(|rest| rest.split('/').next());
    port.is_some_and(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::safe_picture;

    #[test]
    fn pictures_come_from_safe_places() {
        for local in [true, false] {
            assert!(safe_picture("https://a.example/x.svg", local));
            let bad =
                ["http://a.example/x", "data:image/svg+xml,x", "javascript:1", "mailto:a@b", ""];
            for bad in bad {
                assert!(!safe_picture(bad, local), "{bad}");
            }
        }
    }

    #[test]
    fn this_machine_serves_pictures_only_while_it_serves_the_worker() {
        let here = ["http://127.0.0.1:4100/media/x.svg", "http://localhost:8787"];
        for url in here {
            assert!(safe_picture(url, true) && !safe_picture(url, false), "{url}");
        }
        for trick in [
            "http://localhost:x@evil.example/p",
            "http://localhost:/p",
            "http://localhost.evil:1/p",
        ] {
            assert!(!safe_picture(trick, true), "{trick}");
        }
    }
}
