//! The bodies that may have been signed, given the one that came.

use std::borrow::Cow;

use super::{
    About, Case, Diagnosis, charset,
    form::{Form, Forms},
    json, recode,
    stamp::MAX_RECENT,
};

/// Larger bodies are tried as they are and with their ends cut only: rewriting costs memory.
const MAX_REWRITTEN: usize = 64 * 1024;

/// Every body worth a try.
pub(super) fn bodies<'a>(case: &Case<'a>) -> Vec<Form<Cow<'a, [u8]>>> {
    let body = case.delivery.body();
    let mut forms = Forms::plain(About::Body, body);
    ends(&mut forms, body);
    if body.len() <= MAX_REWRITTEN {
        endings(&mut forms, body);
        recoded(&mut forms, body);
        json::forms(&mut forms, body);
    }
    forms.add(&b""[..], Diagnosis::BodyEmptySigned, 3, "An empty body was signed.");
    for word in ["[object Object]", "undefined", "null", "{}", "None"] {
        let text = format!("The text `{word}` was signed in place of the body.");
        forms.add(word.as_bytes(), Diagnosis::BodyNotBytes, 4, &text);
    }
    for other in case.recent.iter().take(MAX_RECENT) {
        let text = "The signed body is that of another recent delivery.";
        forms.add(other.body(), Diagnosis::BodyOfAnotherDelivery, 2, text);
    }
    forms.list
}

/// What gets lost or added at the ends.
fn ends<'a>(forms: &mut Forms<'a>, body: &'a [u8]) {
    use Diagnosis::{BodyBom, BodyNewlineAdded, BodyPadded};
    let text = "Without its last line break it fits.";
    forms.maybe(body.strip_suffix(b"\r\n"), BodyNewlineAdded, 1, text);
    forms.maybe(body.strip_suffix(b"\n"), BodyNewlineAdded, 1, text);
    let text = "Without its byte order mark it fits.";
    forms.maybe(body.strip_prefix(charset::BOM), BodyBom, 2, text);
    let text = "Without the white space around it it fits.";
    forms.add(body.trim_ascii(), BodyPadded, 2, text);
    forms.add(body.trim_ascii_start(), BodyPadded, 2, text);
    let end = body.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1);
    let text = "Without the NUL bytes at its end it fits.";
    forms.maybe(body.get(..end).filter(|cut| !cut.is_empty()), BodyPadded, 2, text);
}

/// Line breaks and byte order marks that have to be written anew.
fn endings(forms: &mut Forms<'_>, body: &[u8]) {
    use Diagnosis::{BodyBom, BodyLineEndings, BodyNewlineRemoved, BodyPadded};
    let text = "With a line break at its end it fits.";
    forms.add([body, b"\n"].concat(), BodyNewlineRemoved, 1, text);
    let text = "With CR and LF at its end it fits.";
    forms.add([body, b"\r\n"].concat(), BodyNewlineRemoved, 1, text);
    let text = "With CR LF for each LF it fits.";
    forms.maybe(charset::to_crlf(body), BodyLineEndings, 2, text);
    let text = "With LF for each CR LF it fits.";
    forms.maybe(charset::to_lf(body), BodyLineEndings, 2, text);
    let text = "With a byte order mark it fits.";
    forms.add([charset::BOM, body].concat(), BodyBom, 3, text);
    let text = "With a space at its end it fits.";
    forms.add([body, b" "].concat(), BodyPadded, 3, text);
}

/// Character sets, escapes, wrappings and compression.
fn recoded(forms: &mut Forms<'_>, body: &[u8]) {
    use Diagnosis::{
        BodyBase64, BodyCharset, BodyChunked, BodyCompressed, BodyEnveloped, BodyFormWrapped,
        BodyHtmlEscaped, BodyJsonString, BodyUrlDecoded, BodyUrlEncoded,
    };
    let text = "Decompressed it fits.";
    forms.maybe(recode::inflate(body), BodyCompressed, 2, text);
    let text = "Without the framing of chunked transfer it fits.";
    forms.maybe(recode::dechunk(body), BodyChunked, 2, text);
    let text = "Decoded from base64 it fits.";
    forms.maybe(recode::unbase64(body), BodyBase64, 2, text);
    let text = "The value of its form field fits.";
    forms.maybe(recode::form_value(body), BodyFormWrapped, 2, text);
    let text = "The name of its form field fits: JSON was taken for a form.";
    forms.maybe(recode::form_name(body), BodyFormWrapped, 2, text);
    let text = "The text within its JSON string fits.";
    forms.maybe(recode::json_string(body), BodyJsonString, 2, text);
    let text = "The `body` within it fits: it is a function runtime's event.";
    forms.maybe(recode::envelope(body), BodyEnveloped, 2, text);
    let text = "With its percent escapes undone it fits.";
    forms.maybe(recode::url_decode(body, false), BodyUrlEncoded, 2, text);
    forms.maybe(recode::url_decode(body, true), BodyUrlEncoded, 2, text);
    let text = "With its HTML entities undone it fits.";
    forms.maybe(recode::html_unescape(body), BodyHtmlEscaped, 2, text);
    let text = "Written as Latin-1 it fits.";
    forms.maybe(charset::utf8_to_latin1(body), BodyCharset, 3, text);
    let text = "Read as Latin-1 and written as UTF-8 it fits.";
    forms.maybe(charset::latin1_to_utf8(body), BodyCharset, 3, text);
    let text = "Read as UTF-16 and written as UTF-8 it fits.";
    forms.maybe(charset::utf16_to_utf8(body), BodyCharset, 3, text);
    for form in charset::utf8_to_utf16(body) {
        forms.add(form, BodyCharset, 5, "Written as UTF-16 it fits.");
    }
    let text = "With percent escapes it fits.";
    forms.maybe(recode::url_encode(body, false), BodyUrlDecoded, 4, text);
    forms.maybe(recode::url_encode(body, true), BodyUrlDecoded, 4, text);
    forms.maybe(recode::plus_for_space(body), BodyUrlDecoded, 3, "With + for each space it fits.");
    let text = "Encoded as base64 it fits.";
    forms.maybe(recode::to_base64(body), BodyBase64, 5, text);
    let text = "As a JSON string it fits: JSON was made of JSON.";
    forms.maybe(recode::to_json_string(body), BodyJsonString, 5, text);
}
