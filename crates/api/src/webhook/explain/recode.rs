//! Wrappings and encodings that middleware puts around a body, or takes off it.

use base64::{Engine as _, alphabet::STANDARD, prelude::BASE64_STANDARD};
use miniz_oxide::inflate::{decompress_to_vec_with_limit, decompress_to_vec_zlib_with_limit};
use serde_json::Value;

use super::reading::base64;

/// Largest body that is looked at after decompression: a bomb ends here.
const MAX_INFLATED: usize = 1024 * 1024;

/// Decompresses gzip or zlib.
pub(super) fn inflate(body: &[u8]) -> Option<Vec<u8>> {
    match body {
        [0x1F, 0x8B, 8, flags, rest @ ..] => {
            let data = after_gzip_header(*flags, rest.get(6..)?)?;
            decompress_to_vec_with_limit(data, MAX_INFLATED).ok()
        }
        [0x78, ..] => decompress_to_vec_zlib_with_limit(body, MAX_INFLATED).ok(),
        _ => None,
    }
}

/// What follows the optional fields of a gzip header (RFC 1952, 2.3).
fn after_gzip_header(flags: u8, mut rest: &[u8]) -> Option<&[u8]> {
    const EXTRA: u8 = 4;
    const TEXTS: [u8; 2] = [8, 16];
    const CHECKSUM: u8 = 2;
    if flags & EXTRA != 0 {
        let (length, after) = rest.split_first_chunk::<2>()?;
        rest = after.get(usize::from(u16::from_le_bytes(*length))..)?;
    }
    for text in TEXTS {
        if flags & text != 0 {
            let end = rest.iter().position(|byte| *byte == 0)?;
            rest = rest.get(end + 1..)?;
        }
    }
    if flags & CHECKSUM != 0 { rest.get(2..) } else { Some(rest) }
}

/// Takes the framing of chunked transfer off.
pub(super) fn dechunk(body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut rest = body;
    loop {
        let line = rest.iter().take(20).position(|byte| *byte == b'\r')?;
        let size = std::str::from_utf8(rest.get(..line)?).ok()?;
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        rest = rest.get(line..)?.strip_prefix(b"\r\n")?;
        if size == 0 {
            return Some(out);
        }
        out.extend_from_slice(rest.get(..size)?);
        rest = rest.get(size..)?.strip_prefix(b"\r\n")?;
    }
}

/// The bytes that a body of base64 stands for.
pub(super) fn unbase64(body: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(body.trim_ascii()).ok()?;
    if text.len() < 4 || text.starts_with(['{', '[', '"']) {
        return None;
    }
    base64(&STANDARD, text).ok()
}

/// The body as base64.
pub(super) fn to_base64(body: &[u8]) -> Option<Vec<u8>> {
    (!body.is_empty()).then(|| BASE64_STANDARD.encode(body).into_bytes())
}

/// Value of the first form field.
pub(super) fn form_value(body: &[u8]) -> Option<Vec<u8>> {
    let first = body.split(|byte| *byte == b'&').next()?;
    let equals = first.iter().position(|byte| *byte == b'=')?;
    let (name, value) = (first.get(..equals)?, first.get(equals + 1..)?);
    let plain = !name.is_empty() && name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_');
    (plain && !value.is_empty()).then(|| percent_decode(value, true))
}

/// Name of the only form field, when it looks like JSON.
pub(super) fn form_name(body: &[u8]) -> Option<Vec<u8>> {
    let name = percent_decode(body.strip_suffix(b"=")?, true);
    name.first().is_some_and(|byte| matches!(byte, b'{' | b'[')).then_some(name)
}

/// The text within a JSON string.
pub(super) fn json_string(body: &[u8]) -> Option<Vec<u8>> {
    if !body.trim_ascii().starts_with(b"\"") {
        return None;
    }
    serde_json::from_slice::<String>(body).ok().map(String::into_bytes)
}

/// The body as a JSON string.
pub(super) fn to_json_string(body: &[u8]) -> Option<Vec<u8>> {
    serde_json::to_vec(std::str::from_utf8(body).ok()?).ok()
}

/// The `body` of a function runtime's event.
pub(super) fn envelope(body: &[u8]) -> Option<Vec<u8>> {
    let Ok(Value::Object(mut event)) = serde_json::from_slice(body) else { return None };
    let Some(Value::String(inner)) = event.remove("body") else { return None };
    if event.get("isBase64Encoded").and_then(Value::as_bool) == Some(true) {
        return base64(&STANDARD, &inner).ok();
    }
    Some(inner.into_bytes())
}

/// Undoes percent escapes, when there are any.
pub(super) fn url_decode(body: &[u8], plus: bool) -> Option<Vec<u8>> {
    body.contains(&b'%').then(|| percent_decode(body, plus))
}

/// Percent escapes as programs write them: spaces as `%20`, or as `+`.
pub(super) fn url_encode(body: &[u8], plus: bool) -> Option<Vec<u8>> {
    if body.is_empty() {
        return None;
    }
    let mut out = Vec::with_capacity(body.len() * 2);
    for &byte in body {
        match byte {
            b' ' if plus => out.push(b'+'),
            b'-' | b'.' | b'_' | b'~' => out.push(byte),
            _ if byte.is_ascii_alphanumeric() => out.push(byte),
            _ => {
                out.push(b'%');
                out.extend([byte >> 4, byte & 15].map(upper_digit));
            }
        }
    }
    Some(out)
}

/// Undoes what a form decoder does to an unescaped body: it takes `+` for a space.
pub(super) fn plus_for_space(body: &[u8]) -> Option<Vec<u8>> {
    body.contains(&b' ')
        .then(|| body.iter().map(|byte| if *byte == b' ' { b'+' } else { *byte }).collect())
}

const fn upper_digit(nibble: u8) -> u8 {
    if nibble < 10 { b'0' + nibble } else { b'A' + nibble - 10 }
}

fn percent_decode(text: &[u8], plus: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match (byte, after) {
            (b'%', [high, low, after @ ..])
                if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() =>
            {
                let nibble = crate::webhook::verify::nibble;
                out.push(nibble(*high) << 4 | nibble(*low));
                rest = after;
            }
            (b'+', _) if plus => out.push(b' '),
            _ => out.push(byte),
        }
    }
    out
}

/// Undoes the entities that HTML escaping makes.
pub(super) fn html_unescape(body: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(body).ok()?;
    let escaped =
        ["&quot;", "&#34;", "&#39;", "&amp;", "&lt;", "&gt;"].iter().any(|e| text.contains(e));
    escaped.then(|| {
        text.replace("&quot;", "\"")
            .replace("&#34;", "\"")
            .replace("&#39;", "'")
            .replace("&#x27;", "'")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&")
            .into_bytes()
    })
}
