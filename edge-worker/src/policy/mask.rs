//! Telephone numbers and e-mail addresses in a JSON answer, masked while it streams.
//!
//! A scanner over JSON's tokens: it holds back one text or number at a time and passes everything else on. So
//! it does not matter where chunks end, how values are escaped, or how deep they lie. What it cannot
//! read as text it masks whole. Where it is in doubt it masks: order numbers and the like may go too.

pub mod text;

use std::mem;

/// What stands for what is not shown.
pub const MASKED: &str = "REDACTED";
/// Longest text that is held back, in bytes; a longer one is masked whole.
const HELD: usize = 262_144;
/// Digits of a number that may be a telephone's.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// Bytes of a number beyond which it is a number of nothing.
const LONG: usize = 64;

/// Fields that hold nothing but a number or an address.
const WHOLE: [&str; 14] = [
    "ani",
    "callee",
    "caller",
    "contact",
    "dnis",
    "email",
    "fromNumber",
    "from_number",
    "msisdn",
    "phoneNumber",
    "phone_number",
    "toNumber",
    "to_number",
    "user_input_dtmf",
];
/// Fields that hold ids and times, which have figures in them and are no numbers.
const PLAIN: [&str; 21] = [
    "accountId",
    "account_id",
    "agentId",
    "agent_response_datetime",
    "audioUrl",
    "conversationId",
    "createdAt",
    "cursor",
    "deploymentId",
    "finishedAt",
    "id",
    "projectId",
    "project_id",
    "startTime",
    "start_time",
    "startedAt",
    "started_at",
    "timestamp",
    "user_input_audio_url",
    "user_input_datetime",
    "variant_id",
];

/// What governs the values behind a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Anything may be in it.
    Free,
    /// It is masked as a whole.
    Whole,
    /// It passes, unless it is nothing but a number or holds an address.
    Plain,
}

/// Where the scanner is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// Between tokens.
    Between,
    /// In a text; whether the next byte is escaped.
    Text(bool),
    /// In a text that is too long to be held.
    Long(bool),
    /// In a number.
    Number,
}

/// One answer on its way.
#[derive(Debug)]
pub struct Masker {
    at: At,
    kind: Kind,
    /// The text or number that is being read, without its quotes.
    held: Vec<u8>,
    /// A text that was read: the next byte says whether it was a name.
    text: Option<Vec<u8>>,
}

impl Default for Masker {
    fn default() -> Self {
        Self { at: At::Between, kind: Kind::Free, held: Vec::new(), text: None }
    }
}

impl Masker {
    /// Takes the next bytes and gives what may go on.
    pub fn push(&mut self, chunk: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(chunk.len().saturating_add(64));
        for &byte in chunk {
            self.step(byte, &mut out);
        }
        out
    }

    /// Gives what was held back at the end. A text that never ended is not shown.
    pub fn finish(&mut self) -> Vec<u8> {
        let mut out = Vec::new();
        match mem::replace(&mut self.at, At::Between) {
            At::Number => self.number(&mut out),
            At::Between => self.value(&mut out),
            At::Text(_) | At::Long(_) => {}
        }
        out
    }

    fn step(&mut self, byte: u8, out: &mut Vec<u8>) {
        match self.at {
            At::Between => self.between(byte, out),
            At::Text(false) | At::Long(false) if byte == b'\\' => self.inside(byte, true),
            At::Text(false) if byte == b'"' => {
                self.at = At::Between;
                self.text = Some(mem::take(&mut self.held));
            }
            At::Long(false) if byte == b'"' => {
                self.at = At::Between;
                self.text = Some(MASKED.into());
            }
            At::Text(_) | At::Long(_) => self.inside(byte, false),
            At::Number if matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E') => {
                if self.held.len() <= LONG {
                    self.held.push(byte);
                }
            }
            At::Number => {
                self.at = At::Between;
                self.number(out);
                self.between(byte, out);
            }
        }
    }

    fn inside(&mut self, byte: u8, is_escape: bool) {
        self.at = match self.at {
            At::Text(_) if self.held.len() < HELD => {
                self.held.push(byte);
                At::Text(is_escape)
            }
            _ => {
                self.held.clear();
                At::Long(is_escape)
            }
        };
    }

    fn between(&mut self, byte: u8, out: &mut Vec<u8>) {
        if matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
            // Space before a colon says nothing; it is not worth being held.
            if self.text.is_none() {
                out.push(byte);
            }
            return;
        }
        if byte == b':' && self.text.is_some() {
            let name = self.text.take().unwrap_or_default();
            self.kind = kind(&name);
            quote(&name, Kind::Free, out);
            out.push(byte);
            return;
        }
        self.value(out);
        match byte {
            b'"' => self.at = At::Text(false),
            b'-' | b'0'..=b'9' => {
                self.at = At::Number;
                self.held.push(byte);
            }
            b'{' | b'[' | b',' | b':' | b'a'..=b'z' => out.push(byte),
            // What follows a closed list or object belongs to no name that was seen.
            b'}' | b']' => {
                self.kind = Kind::Free;
                out.push(byte);
            }
            // No JSON, or none in UTF-8: what cannot be read is not shown.
            _ => {}
        }
    }

    fn value(&mut self, out: &mut Vec<u8>) {
        if let Some(text) = self.text.take() {
            quote(&text, self.kind, out);
        }
    }

    fn number(&mut self, out: &mut Vec<u8>) {
        let held = mem::take(&mut self.held);
        let is_whole = held.iter().all(u8::is_ascii_digit);
        let hide = self.kind == Kind::Whole
            || held.len() > LONG
            || (is_whole && DIGITS.contains(&held.len()));
        if hide {
            out.push(b'"');
            out.extend(MASKED.bytes());
            out.push(b'"');
        } else {
            out.extend(held);
        }
    }
}

fn kind(name: &[u8]) -> Kind {
    let is_in = |names: &[&str]| names.iter().any(|other| other.as_bytes() == name);
    if is_in(&WHOLE) {
        Kind::Whole
    } else if is_in(&PLAIN) {
        Kind::Plain
    } else {
        Kind::Free
    }
}

/// Writes a text that was read raw, between quotes, without what may not be shown.
fn quote(raw: &[u8], kind: Kind, out: &mut Vec<u8>) {
    out.push(b'"');
    let is_plain = !raw.iter().any(|byte| *byte == b'\\' || *byte < b' ');
    let read = if is_plain {
        std::str::from_utf8(raw).ok().map(str::to_owned)
    } else {
        serde_json::from_slice(&[b"\"", raw, b"\""].concat()).ok()
    };
    match read.map(|text| shown(&text, kind)) {
        // Nothing to hide: as it came.
        Some(None) => out.extend(raw),
        Some(Some(text)) => {
            let quoted = serde_json::to_vec(&text).unwrap_or_default();
            out.extend(quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default());
        }
        None => out.extend(MASKED.bytes()),
    }
    out.push(b'"');
}

/// What is left of a text; nothing where all of it is.
fn shown(text: &str, kind: Kind) -> Option<String> {
    match kind {
        Kind::Whole if text.is_empty() => None,
        Kind::Whole => Some(MASKED.to_owned()),
        Kind::Plain if text.contains('@') || text::is_number(text) => Some(MASKED.to_owned()),
        Kind::Plain => None,
        Kind::Free => text::mask(text),
    }
}

#[cfg(test)]
mod tests;
