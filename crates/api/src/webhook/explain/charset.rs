//! Character sets and line ends.

/// The byte order mark of UTF-8.
pub(super) const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Every lone LF as CR LF.
pub(super) fn to_crlf(body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.len() + 16);
    let mut last = 0;
    for &byte in body {
        if byte == b'\n' && last != b'\r' {
            out.push(b'\r');
        }
        out.push(byte);
        last = byte;
    }
    (out.len() != body.len()).then_some(out)
}

/// Every CR LF as LF.
pub(super) fn to_lf(body: &[u8]) -> Option<Vec<u8>> {
    let follows = body.iter().skip(1).map(Some).chain([None]);
    let kept =
        body.iter().zip(follows).filter(|(byte, next)| **byte != b'\r' || *next != Some(&b'\n'));
    let out: Vec<u8> = kept.map(|(byte, _)| *byte).collect();
    (out.len() != body.len()).then_some(out)
}

/// The text in Latin-1, when it has characters beyond ASCII and all of them fit.
///
/// This also undoes Latin-1 that was read as such although it was UTF-8.
pub(super) fn utf8_to_latin1(body: &[u8]) -> Option<Vec<u8>> {
    if body.is_ascii() {
        return None;
    }
    std::str::from_utf8(body).ok()?.chars().map(|c| u8::try_from(c).ok()).collect()
}

/// Every byte as a character of Latin-1.
pub(super) fn latin1_to_utf8(body: &[u8]) -> Option<Vec<u8>> {
    if body.is_ascii() {
        return None;
    }
    Some(body.iter().map(|byte| char::from(*byte)).collect::<String>().into_bytes())
}

/// UTF-16 of either order, told by its mark or by the NUL beside its first character.
pub(super) fn utf16_to_utf8(body: &[u8]) -> Option<Vec<u8>> {
    let (little, rest) = match body {
        [0xFF, 0xFE, rest @ ..] => (true, rest),
        [0xFE, 0xFF, rest @ ..] => (false, rest),
        [first, 0, ..] if *first != 0 => (true, body),
        [0, first, ..] if *first != 0 => (false, body),
        _ => return None,
    };
    if !rest.len().is_multiple_of(2) {
        return None;
    }
    let units = rest.chunks_exact(2).map(|pair| {
        let pair = [pair.first().copied().unwrap_or(0), pair.last().copied().unwrap_or(0)];
        if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }
    });
    let text: Result<String, _> = char::decode_utf16(units).collect();
    text.ok().map(String::into_bytes)
}

/// UTF-16: little and big end first, without and with a mark.
pub(super) fn utf8_to_utf16(body: &[u8]) -> Vec<Vec<u8>> {
    let Ok(text) = std::str::from_utf8(body) else { return Vec::new() };
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let marked = |mark: [u8; 2], units: &[u8]| [&mark[..], units].concat();
    vec![marked([0xFF, 0xFE], &little), marked([0xFE, 0xFF], &big), little, big]
}
