//! Finds the end of one JSON value, whatever it is cut into.

/// Levels whose kind of bracket is remembered.
const KNOWN: u32 = 128;

/// What came of a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scan {
    /// The value ends after this many bytes of the chunk.
    End(usize),
    /// All of the chunk belongs to it.
    More,
    /// The byte at this place cannot belong to any value.
    Bad(usize),
}

/// A value that has begun. It only looks at brackets and quotes; its reader does the rest.
#[derive(Debug, Clone, Copy)]
pub(super) struct Value {
    /// Brackets open.
    depth: u32,
    /// The most that were.
    deepest: u32,
    /// One bit per open bracket, set for an object.
    objects: u128,
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Outside,
    Text,
    Escape,
    Bare,
}

impl Value {
    /// Before its first byte, which is not white.
    pub(super) const fn new() -> Self {
        Self { depth: 0, deepest: 0, objects: 0, place: Place::Outside }
    }

    pub(super) const fn deepest(&self) -> u32 {
        self.deepest
    }

    pub(super) fn scan(&mut self, chunk: &[u8]) -> Scan {
        let mut at = 0;
        while let Some(byte) = chunk.get(at) {
            match (self.place, byte) {
                (Place::Text, _) => {
                    let rest = chunk.get(at..).unwrap_or_default();
                    let Some(end) = rest.iter().position(|byte| matches!(byte, b'"' | b'\\'))
                    else {
                        return Scan::More;
                    };
                    at += end;
                    if rest.get(end) == Some(&b'\\') {
                        self.place = Place::Escape;
                    } else {
                        self.place = Place::Outside;
                        if self.depth == 0 {
                            return Scan::End(at + 1);
                        }
                    }
                }
                (Place::Escape, _) | (Place::Outside, b'"') => self.place = Place::Text,
                // Numbers and words end before whatever may follow a value.
                (Place::Bare, b',' | b']' | b'}' | b' ' | b'\n' | b'\r' | b'\t') => {
                    return Scan::End(at);
                }
                (Place::Bare, b'"' | b'[' | b'{' | b':') => return Scan::Bad(at),
                (Place::Outside, b'{') => self.open(true),
                (Place::Outside, b'[') => self.open(false),
                (Place::Outside, b'}' | b']') => {
                    if !self.close(*byte == b'}') {
                        return Scan::Bad(at);
                    }
                    if self.depth == 0 {
                        return Scan::End(at + 1);
                    }
                }
                (Place::Outside, b',' | b':') if self.depth == 0 => return Scan::Bad(at),
                (Place::Outside, _) if self.depth == 0 => self.place = Place::Bare,
                (Place::Bare | Place::Outside, _) => {}
            }
            at += 1;
        }
        Scan::More
    }

    fn open(&mut self, is_object: bool) {
        if self.depth < KNOWN {
            let bit = 1_u128 << self.depth;
            self.objects = if is_object { self.objects | bit } else { self.objects & !bit };
        }
        self.depth = self.depth.saturating_add(1);
        self.deepest = self.deepest.max(self.depth);
    }

    /// False when another bracket was open.
    fn close(&mut self, is_object: bool) -> bool {
        let Some(depth) = self.depth.checked_sub(1) else { return false };
        self.depth = depth;
        depth >= KNOWN || (self.objects >> depth & 1 == 1) == is_object
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(text: &str) -> Scan {
        Value::new().scan(text.as_bytes())
    }

    #[test]
    fn the_end_is_found_in_front_of_whatever_follows() {
        for value in [r#""a\"b]""#, "12.5e3", "true", "{}", r#"{"a":["}",{"b":"\\"}]}"#, "[[],[]]"]
        {
            for tail in [",1", "]", "}", " \n"] {
                assert_eq!(
                    scan(&format!("{value}{tail}")),
                    Scan::End(value.len()),
                    "{value}{tail}"
                );
            }
            for cut in 1..value.len() {
                let mut scanner = Value::new();
                assert_eq!(scanner.scan(&value.as_bytes()[..cut]), Scan::More, "{value} {cut}");
                let rest = format!("{},", &value[cut..]);
                assert_eq!(scanner.scan(rest.as_bytes()), Scan::End(value.len() - cut));
            }
        }
    }

    #[test]
    fn brackets_must_match_as_far_as_they_are_known() {
        for (text, at) in [("[}", 1), ("{\"a\":[}]", 6), ("]", 0), (",", 0), (":", 0), ("1\"", 1)] {
            assert_eq!(scan(text), Scan::Bad(at), "{text}");
        }
        let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
        let mut value = Value::new();
        assert_eq!(value.scan(deep.as_bytes()), Scan::End(1_000));
        assert_eq!(value.deepest(), 500);
    }
}
