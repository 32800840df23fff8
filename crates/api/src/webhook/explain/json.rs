//! How other serialisers would have written the same JSON.
//!
//! Only tokens and their order are touched: values are never read into numbers or maps, so nothing
//! but what a form is about changes.

use super::{
    Diagnosis,
    form::Forms,
    json_text::{self, Node},
};

/// Between tokens.
#[derive(Clone, Copy)]
enum Space {
    /// `{"a":1,"b":2}`
    None,
    /// `{"a": 1, "b": 2}`
    Spaced,
    /// One member a line, indented by this.
    Lines(&'static str),
}

/// Order of keys.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    AsIs,
    Sorted,
    /// As the platform's documentation had it.
    Documented,
}

/// The documented order of the payload's keys, both levels in one.
const DOCUMENTED: [&str; 12] = [
    "event_type",
    "alert",
    "id",
    "name",
    "project_id",
    "metric",
    "operator",
    "threshold_value",
    "current_value",
    "previous_state",
    "triggered_at",
    "resolved_at",
];

/// How much longer than the body a rewriting may get: deep nesting, indented, would fill the memory.
const MAX_GROWTH: usize = 8;

/// Adds every rewriting of a JSON body.
pub(super) fn forms(forms: &mut Forms<'_>, body: &[u8]) {
    let Some(tree) = json_text::parse(body) else { return };
    let limit = body.len().saturating_mul(MAX_GROWTH);
    layouts(forms, &tree, limit);
    let text = |change: &dyn Fn(&str) -> Option<String>| json_text::strings(body, change);
    let raw = text(&json_text::unescape);
    let small = text(&|s| json_text::escape(s, false));
    let large = text(&|s| json_text::escape(s, true));
    let slashes = text(&|s| (s.contains('/') && !s.contains("\\/")).then(|| s.replace('/', "\\/")));
    let plain = text(&|s| s.contains("\\/").then(|| s.replace("\\/", "/")));
    let html = text(&json_text::html_escape);
    let words = "With other escapes in its strings it fits.";
    for form in [&raw, &small, &large, &slashes, &plain, &html].into_iter().flatten() {
        forms.add(form.clone(), Diagnosis::BodyEscapes, 3, words);
    }
    let shortest = json_text::numbers(body, &json_text::shortest);
    let whole = json_text::numbers(body, &json_text::with_fraction);
    let words = "With its numbers spelled differently it fits.";
    for form in [&shortest, &whole].into_iter().flatten() {
        forms.add(form.clone(), Diagnosis::BodyNumbers, 3, words);
    }
    serialisers(forms, body, [&raw, &small, &slashes, &html], shortest.as_ref());
}

fn layouts(forms: &mut Forms<'_>, tree: &Node<'_>, limit: usize) {
    let spaces =
        [Space::None, Space::Spaced, Space::Lines("  "), Space::Lines("    "), Space::Lines("\t")];
    for space in spaces {
        let text = "With other white space between its tokens it fits.";
        forms.maybe(write(tree, space, Order::AsIs, limit), Diagnosis::BodyWhitespace, 2, text);
    }
    for (order, name) in [(Order::Documented, "documented"), (Order::Sorted, "sorted")] {
        for space in spaces {
            let text = format!("With its keys in {name} order it fits.");
            forms.maybe(write(tree, space, order, limit), Diagnosis::BodyKeyOrder, 3, &text);
        }
    }
}

/// Well-known serialisers, which differ in more than one thing at once.
fn serialisers(
    forms: &mut Forms<'_>,
    body: &[u8],
    [raw, small, slashes, html]: [&Option<Vec<u8>>; 4],
    shortest: Option<&Vec<u8>>,
) {
    let bytes = |form: Option<&Vec<u8>>| form.map_or_else(|| body.to_vec(), Clone::clone);
    let (unescaped, escaped) = (bytes(raw.as_ref()), bytes(small.as_ref()));
    let browser = json_text::numbers(&unescaped, &json_text::shortest).unwrap_or(unescaped.clone());
    let php = json_text::strings(&escaped, &|s| {
        (s.contains('/') && !s.contains("\\/")).then(|| s.replace('/', "\\/"))
    });
    let limit = body.len().saturating_mul(MAX_GROWTH);
    let named: [(&str, Vec<u8>); 7] = [
        ("JavaScript", browser),
        ("Python", escaped.clone()),
        ("PHP", php.unwrap_or(escaped)),
        ("Go", bytes(html.as_ref())),
        ("a serialiser that keeps characters beyond ASCII", unescaped),
        ("a serialiser that shortens numbers", bytes(shortest)),
        ("a serialiser that escapes slashes", bytes(slashes.as_ref())),
    ];
    for (name, text) in named {
        let Some(tree) = json_text::parse(&text) else { continue };
        let words = format!("Written again as {name} would, it fits.");
        for space in [Space::None, Space::Spaced, Space::Lines("  ")] {
            forms.maybe(
                write(&tree, space, Order::AsIs, limit),
                Diagnosis::BodyReserialised,
                4,
                &words,
            );
        }
        for order in [Order::Sorted, Order::Documented] {
            for space in [Space::None, Space::Spaced] {
                forms.maybe(
                    write(&tree, space, order, limit),
                    Diagnosis::BodyReserialised,
                    5,
                    &words,
                );
            }
        }
    }
}

/// The tree as text; nothing when it gets longer than `limit`.
fn write(tree: &Node<'_>, space: Space, order: Order, limit: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    node(&mut out, tree, (space, order, limit), 0)?;
    Some(out)
}

fn node(
    out: &mut Vec<u8>,
    tree: &Node<'_>,
    style: (Space, Order, usize),
    depth: usize,
) -> Option<()> {
    let (space, order, limit) = style;
    match tree {
        Node::Leaf(text) => out.extend_from_slice(text),
        Node::List(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                separate(out, space, at, depth);
                node(out, item, style, depth + 1)?;
            }
            close(out, space, items.is_empty(), depth, b']');
        }
        Node::Object(members) => {
            out.push(b'{');
            let mut members: Vec<_> = members.iter().collect();
            match order {
                Order::AsIs => {}
                Order::Sorted => members.sort_by_key(|(key, _)| *key),
                Order::Documented => members.sort_by_key(|(key, _)| documented(key)),
            }
            for (at, (key, value)) in members.iter().enumerate() {
                separate(out, space, at, depth);
                out.extend_from_slice(key);
                out.extend_from_slice(if matches!(space, Space::None) { b":" } else { b": " });
                node(out, value, style, depth + 1)?;
            }
            close(out, space, members.is_empty(), depth, b'}');
        }
    }
    (out.len() <= limit).then_some(())
}

fn documented(key: &[u8]) -> usize {
    let name = key.trim_ascii();
    let bare = name.strip_prefix(b"\"").and_then(|name| name.strip_suffix(b"\"")).unwrap_or(name);
    DOCUMENTED.iter().position(|known| known.as_bytes() == bare).unwrap_or(DOCUMENTED.len())
}

fn separate(out: &mut Vec<u8>, space: Space, at: usize, depth: usize) {
    if at > 0 {
        out.extend_from_slice(if matches!(space, Space::Spaced) { b", " } else { b"," });
    }
    indent(out, space, depth + 1);
}

fn close(out: &mut Vec<u8>, space: Space, empty: bool, depth: usize, bracket: u8) {
    if !empty {
        indent(out, space, depth);
    }
    out.push(bracket);
}

fn indent(out: &mut Vec<u8>, space: Space, depth: usize) {
    if let Space::Lines(step) = space {
        out.push(b'\n');
        for _ in 0..depth {
            out.extend_from_slice(step.as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_cannot_fill_the_memory() {
        let text = format!("{}{}1{}", "[".repeat(60), "1,".repeat(20_000), "]".repeat(60));
        let tree = json_text::parse(text.as_bytes()).unwrap();
        let limit = text.len() * MAX_GROWTH;
        assert!(write(&tree, Space::Lines("    "), Order::AsIs, limit).is_none());
        assert_eq!(write(&tree, Space::None, Order::AsIs, limit), Some(text.into_bytes()));
    }

    #[test]
    fn rewriting_keeps_what_it_does_not_touch() {
        let text = r#"{"b":[],"a":{},"c":[1.50,{"x":"\u00e9,]"}]}"#;
        let tree = json_text::parse(text.as_bytes()).unwrap();
        let write = |space, order| String::from_utf8(write(&tree, space, order, 1_000).unwrap());
        assert_eq!(write(Space::None, Order::AsIs).unwrap(), text);
        assert_eq!(
            write(Space::Spaced, Order::Sorted).unwrap(),
            r#"{"a": {}, "b": [], "c": [1.50, {"x": "\u00e9,]"}]}"#
        );
        assert_eq!(
            write(Space::Lines(" "), Order::AsIs).unwrap(),
            "{\n \"b\": [],\n \"a\": {},\n \"c\": [\n  1.50,\n  {\n   \"x\": \"\\u00e9,]\"\n  }\n ]\n}"
        );
    }
}
