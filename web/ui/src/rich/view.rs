//! Blocks to elements.

use wasm_bindgen::JsCast as _;
use web_sys::{Document, Element, Node};

use super::{Block, Inline, parse};

/// An element that shows a message's text. While it grows, blocks that are finished stay untouched, so a
/// selection in them survives and nothing flickers.
#[derive(Debug)]
pub struct Surface {
    root: Element,
    shown: Vec<Block>,
}

impl Surface {
    /// Takes an empty element over; it should have the class `ui-rich`.
    pub fn new(root: Element) -> Self {
        Self { root, shown: Vec::new() }
    }

    /// Shows another text, changing only the blocks that differ.
    pub fn show(&mut self, markdown: &str) {
        let next = parse(markdown);
        patch(&self.root, &self.shown, &next);
        self.shown = next;
    }
}

/// Replaces what differs, from the first block that does.
fn patch(root: &Element, old: &[Block], new: &[Block]) {
    let same = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    for _ in same..old.len() {
        if let Some(last) = root.last_element_child() {
            last.remove();
        }
    }
    let Some(page) = root.owner_document() else { return };
    for block in new.iter().skip(same) {
        let made = element(&page, block);
        append(root, made.as_ref());
    }
}

fn element(page: &Document, block: &Block) -> Option<Element> {
    match block {
        Block::Paragraph(inlines) => with(page, "p", inlines),
        Block::Code(code) => {
            let outer = page.create_element("pre").ok()?;
            let inner = page.create_element("code").ok()?;
            inner.set_text_content(Some(code));
            append(&outer, Some(&inner));
            Some(outer)
        }
        Block::List { start, items } => {
            let list = page.create_element(if start.is_some() { "ol" } else { "ul" }).ok()?;
            if let Some(start) = start.filter(|start| *start != 1) {
                attribute(&list, "start", &start.to_string());
            }
            for item in items {
                append(&list, with(page, "li", item).as_ref());
            }
            Some(list)
        }
    }
}

fn with(page: &Document, tag: &str, inlines: &[Inline]) -> Option<Element> {
    let made = page.create_element(tag).ok()?;
    if matches!(tag, "p" | "li") {
        attribute(&made, "dir", "auto");
    }
    for inline in inlines {
        let child: Option<Node> = match inline {
            Inline::Text(text) => Some(page.create_text_node(text).unchecked_into()),
            Inline::Bold(inner) => with(page, "strong", inner).map(Into::into),
            Inline::Italic(inner) => with(page, "em", inner).map(Into::into),
            Inline::Break => page.create_element("br").ok().map(Into::into),
            Inline::Code(code) => page.create_element("code").ok().map(|element| {
                element.set_text_content(Some(code));
                element.into()
            }),
            Inline::Link { href, inner } => with(page, "a", inner).map(|link| {
                attribute(&link, "href", href);
                attribute(&link, "target", "_blank");
                attribute(&link, "rel", "noopener noreferrer");
                link.into()
            }),
        };
        append(&made, child.as_ref());
    }
    Some(made)
}

// Neither can fail on elements just made; a message that lost a piece would still be no reason to stop.
fn append<N: AsRef<Node>>(parent: &Element, child: Option<&N>) {
    if let Some(child) = child {
        let _ = parent.append_child(child.as_ref());
    }
}

fn attribute(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}
