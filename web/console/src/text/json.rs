//! JSON values as text.
//!
//! serde's own writer brings tables for floats of ten kilobytes; browsers write those themselves.

use serde_json::Value;

/// A value over several lines, two spaces deeper for each level.
pub(crate) fn pretty(value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, value, Some(0));
    out
}

/// A value on one line; a string without its quotes.
pub(crate) fn plain(value: &Value) -> String {
    if let Value::String(text) = value {
        return text.clone();
    }
    let mut out = String::new();
    write(&mut out, value, None);
    out
}

fn write(out: &mut String, value: &Value, depth: Option<usize>) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => {
            let whole = number.as_i64().map(|n| n.to_string());
            let whole = whole.or_else(|| number.as_u64().map(|n| n.to_string()));
            out.push_str(&whole.unwrap_or_else(|| float(number.as_f64().unwrap_or_default())));
        }
        Value::String(text) => quote(out, text),
        Value::Array(list) => {
            let items = list.iter().map(|item| (None, item));
            wrap(out, ['[', ']'], items, depth);
        }
        Value::Object(map) => {
            let items = map.iter().map(|(name, item)| (Some(name.as_str()), item));
            wrap(out, ['{', '}'], items, depth);
        }
    }
}

fn wrap<'a>(
    out: &mut String,
    [open, close]: [char; 2],
    items: impl ExactSizeIterator<Item = (Option<&'a str>, &'a Value)>,
    depth: Option<usize>,
) {
    let inner = depth.map(|depth| depth + 1);
    let any = items.len() > 0;
    out.push(open);
    for (index, (name, item)) in items.enumerate() {
        if index > 0 {
            out.push(',');
        }
        line(out, inner);
        if let Some(name) = name {
            quote(out, name);
            out.push_str(if inner.is_some() { ": " } else { ":" });
        }
        write(out, item, inner);
    }
    if any {
        line(out, depth);
    }
    out.push(close);
}

fn line(out: &mut String, depth: Option<usize>) {
    if let Some(depth) = depth {
        out.push('\n');
        (0..depth).for_each(|_| out.push_str("  "));
    }
}

/// Text in quotes, by the rules of JSON.
pub(crate) fn quote(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            control if control.is_ascii_control() => {
                let code = u32::from(control);
                out.push_str("\\u00");
                for shift in [4, 0] {
                    out.extend(char::from_digit(code >> shift & 15, 16));
                }
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
}

#[cfg(target_family = "wasm")]
fn float(value: f64) -> String {
    // A number always has a decimal form.
    js_sys::Number::from(value).to_string_with_radix(10).map(String::from).unwrap_or_default()
}

#[cfg(not(target_family = "wasm"))]
fn float(value: f64) -> String {
    value.to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_written_as_serde_writes_them() {
        let value = json!({
            "order": "FH-\"1\"\n", "items": [1, -2, 1.5, true, null], "none": [], "nothing": {},
            "large": u64::MAX, "deep": {"a": {"b": ["\u{1f}"]}},
        });
        assert_eq!(pretty(&value), serde_json::to_string_pretty(&value).unwrap());
        assert_eq!(plain(&value), value.to_string());
        assert_eq!(plain(&json!("text")), "text");
    }

    proptest! {
        #[test]
        fn quoted_text_reads_back(text in any::<String>()) {
            let mut quoted = String::new();
            quote(&mut quoted, &text);
            prop_assert_eq!(serde_json::from_str::<String>(&quoted).unwrap(), text);
        }
    }
}
