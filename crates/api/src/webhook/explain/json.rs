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

/// Adds every rewriting of a JSON body.
pub(super) fn forms(forms: &mut Forms<'_>, body: &[u8]) {
    let Some(tree) = json_text::parse(body) else { return };
    layouts(forms, &tree);
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

fn layouts(forms: &mut Forms<'_>, tree: &Node<'_>) {
    let spaces =
        [Space::None, Space::Spaced, Space::Lines("  "), Space::Lines("    "), Space::Lines("\t")];
    for space in spaces {
        let text = "With other white space between its tokens it fits.";
        forms.add(write(tree, space, Order::AsIs), Diagnosis::BodyWhitespace, 2, text);
    }
    for (order, name) in [(Order::Documented, "documented"), (Order::Sorted, "sorted")] {
        for space in spaces {
            let text = format!("With its keys in {name} order it fits.");
            forms.add(write(tree, space, order), Diagnosis::BodyKeyOrder, 3, &text);
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
            forms.add(write(&tree, space, Order::AsIs), Diagnosis::BodyReserialised, 4, &words);
        }
        for order in [Order::Sorted, Order::Documented] {
            for space in [Space::None, Space::Spaced] {
                forms.add(write(&tree, space, order), Diagnosis::BodyReserialised, 5, &words);
            }
        }
    }
}

fn write(tree: &Node<'_>, space: Space, order: Order) -> Vec<u8> {
    let mut out = Vec::new();
    node(&mut out, tree, space, order, 0);
    out
}

fn node(out: &mut Vec<u8>, tree: &Node<'_>, space: Space, order: Order, depth: usize) {
    match tree {
        Node::Leaf(text) => out.extend_from_slice(text),
        Node::List(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                separate(out, space, at, depth);
                node(out, item, space, order, depth + 1);
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
                node(out, value, space, order, depth + 1);
            }
            close(out, space, members.is_empty(), depth, b'}');
        }
    }
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
