//! The little Markdown that agents write: emphasis, lists, links, code.
//!
//! Text from elsewhere becomes text nodes and a handful of elements, never markup. A link leads to
//! `https:`, `mailto:` or `tel:` or it is no link.

mod blocks;
mod inline;
pub mod view;

pub use blocks::{Block, parse};
pub use inline::{Inline, safe_href};
pub use view::Surface;

/// The words alone, for narration and previews.
pub fn plain(blocks: &[Block]) -> String {
    let mut out = String::new();
    for block in blocks {
        if !out.is_empty() {
            out.push('\n');
        }
        match block {
            Block::Paragraph(inlines) => words(inlines, &mut out),
            Block::List { items, .. } => {
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push('\n');
                    }
                    words(item, &mut out);
                }
            }
            Block::Code(code) => out.push_str(code),
        }
    }
    out
}

fn words(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(text) | Inline::Code(text) => out.push_str(text),
            Inline::Bold(inner) | Inline::Italic(inner) | Inline::Link { inner, .. } => {
                words(inner, out);
            }
            Inline::Break => out.push('\n'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narration_has_no_marks() {
        let blocks = parse("**Hi** there\n\n- one\n- [two](https://a.example)\n\n`x`");
        assert_eq!(plain(&blocks), "Hi there\none\ntwo\nx");
    }
}
