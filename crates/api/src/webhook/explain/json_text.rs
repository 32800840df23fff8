//! JSON as tokens: a tree of untouched texts, and rewriting of strings and numbers in place.

/// Deepest nesting that is read; keeps recursion shallow.
const MAX_DEPTH: usize = 64;

/// JSON with every scalar and key exactly as written.
pub(super) enum Node<'a> {
    /// Keys with their quotes.
    Object(Vec<(&'a [u8], Node<'a>)>),
    List(Vec<Node<'a>>),
    Leaf(&'a [u8]),
}

/// Reads a whole text; nothing when it is no JSON.
pub(super) fn parse(text: &[u8]) -> Option<Node<'_>> {
    serde_json::from_slice::<serde::de::IgnoredAny>(text).ok()?;
    let mut rest = text;
    value(&mut rest, 0)
}

fn value<'a>(rest: &mut &'a [u8], depth: usize) -> Option<Node<'a>> {
    if depth > MAX_DEPTH {
        return None;
    }
    *rest = rest.trim_ascii_start();
    match rest.first()? {
        b'{' => {
            let mut members = Vec::new();
            while next(rest, b'}')? {
                let key = scalar(rest)?;
                *rest = rest.trim_ascii_start().strip_prefix(b":")?;
                members.push((key, value(rest, depth + 1)?));
            }
            Some(Node::Object(members))
        }
        b'[' => {
            let mut items = Vec::new();
            while next(rest, b']')? {
                items.push(value(rest, depth + 1)?);
            }
            Some(Node::List(items))
        }
        _ => scalar(rest).map(Node::Leaf),
    }
}

/// Steps over an opening bracket or a comma, or over the closing bracket, which ends the matter.
fn next(rest: &mut &[u8], closing: u8) -> Option<bool> {
    *rest = rest.trim_ascii_start();
    let (first, after) = rest.split_first()?;
    let more = *first != closing;
    *rest = after.trim_ascii_start();
    // An empty object or list: its closing bracket follows the opening one.
    if more && rest.first() == Some(&closing) {
        *rest = rest.get(1..)?;
        return Some(false);
    }
    Some(more)
}

/// A string, number or word.
fn scalar<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    *rest = rest.trim_ascii_start();
    let length = if rest.first() == Some(&b'"') {
        string_length(rest)?
    } else {
        let ends =
            |byte: &u8| matches!(byte, b',' | b'}' | b']' | b':') || byte.is_ascii_whitespace();
        rest.iter().position(ends).unwrap_or(rest.len())
    };
    let (token, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(token)
}

/// Length of the string at the beginning, with its quotes.
fn string_length(text: &[u8]) -> Option<usize> {
    let mut escaped = false;
    let end = text.iter().skip(1).position(|byte| {
        let ends = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        ends
    })?;
    Some(end + 2)
}

/// Changes the inside of every string, keys too; nothing when no string changed.
pub(super) fn strings(body: &[u8], change: &dyn Fn(&str) -> Option<String>) -> Option<Vec<u8>> {
    tokens(body, |token| {
        let inside = token.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        change(std::str::from_utf8(inside).ok()?).map(|text| format!("\"{text}\""))
    })
}

/// Changes every number; nothing when no number changed.
pub(super) fn numbers(body: &[u8], change: &dyn Fn(&str) -> Option<String>) -> Option<Vec<u8>> {
    tokens(body, |token| {
        let number = token.first().is_some_and(|byte| *byte == b'-' || byte.is_ascii_digit());
        if !number {
            return None;
        }
        change(std::str::from_utf8(token).ok()?)
    })
}

/// Replaces tokens, keeping all between them.
fn tokens(body: &[u8], mut change: impl FnMut(&[u8]) -> Option<String>) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.len() + 16);
    let mut changed = false;
    let mut rest = body;
    while let Some(&first) = rest.first() {
        if first.is_ascii_whitespace() || matches!(first, b'{' | b'}' | b'[' | b']' | b',' | b':') {
            out.push(first);
            rest = rest.get(1..)?;
            continue;
        }
        let token = scalar(&mut rest)?;
        if let Some(text) = change(token) {
            changed |= text.as_bytes() != token;
            out.extend_from_slice(text.as_bytes());
        } else {
            out.extend_from_slice(token);
        }
    }
    changed.then_some(out)
}

/// `\u00e9` as é; escapes that JSON needs, and lone surrogates, stay.
pub(super) fn unescape(text: &str) -> Option<String> {
    if !text.contains('\\') {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, from) = rest.split_at_checked(at)?;
        out.push_str(before);
        let (character, length) = match escaped_character(from) {
            Some((c, length)) if !c.is_control() && c != '"' && c != '\\' => (Some(c), length),
            _ => (None, 2),
        };
        match character {
            Some(c) => out.push(c),
            None if from.starts_with("\\/") => out.push('/'),
            None => out.push_str(from.get(..length)?),
        }
        rest = from.get(length..)?;
    }
    out.push_str(rest);
    Some(out)
}

/// The character of the `\uXXXX`, or of the two of them, at the beginning.
fn escaped_character(text: &str) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    let first = unit(0)?;
    if let Some(c) = char::from_u32(u32::from(first)) {
        return Some((c, 6));
    }
    let pair = char::decode_utf16([first, unit(6)?]).next()?.ok()?;
    Some((pair, 12))
}

/// Everything beyond ASCII as `\uXXXX`.
pub(super) fn escape(text: &str, upper: bool) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let mut out = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        if c.is_ascii() {
            out.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            let escape = if upper { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") };
            out.push_str(&escape);
        }
    }
    Some(out)
}

/// `<`, `>` and `&` as Go escapes them.
pub(super) fn html_escape(text: &str) -> Option<String> {
    text.contains(['<', '>', '&'])
        .then(|| text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026"))
}

/// `1.0` and `1e3` as a browser writes them: `1` and `1000`.
pub(super) fn shortest(text: &str) -> Option<String> {
    if !text.contains(['.', 'e', 'E']) {
        return None;
    }
    let value: f64 = text.parse().ok()?;
    // Beyond this, browsers write exponents, which Rust's Display does not.
    (value.is_finite() && value.abs() < 1e21 && (value == 0.0 || value.abs() >= 1e-6))
        .then(|| value.to_string())
}

/// `1` as `1.0`.
pub(super) fn with_fraction(text: &str) -> Option<String> {
    (!text.contains(['.', 'e', 'E'])).then(|| format!("{text}.0"))
}
