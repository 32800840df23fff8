//! Text to values.

use super::{MAX_DEPTH, Number, Object, Value};

pub(super) fn text(text: &str) -> Option<Value> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(MAX_DEPTH)?;
    reader.skip();
    reader.peek().is_none().then_some(value)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    /// `depth` is how deep it may go on from here.
    fn value(&mut self, depth: u8) -> Option<Value> {
        self.skip();
        Some(match self.peek()? {
            b'{' => Value::Object(self.object(depth.checked_sub(1)?)?),
            b'[' => Value::Array(self.array(depth.checked_sub(1)?)?),
            b'"' => Value::String(self.string()?),
            b't' => self.word("true", Value::Bool(true))?,
            b'f' => self.word("false", Value::Bool(false))?,
            b'n' => self.word("null", Value::Null)?,
            _ => Value::Number(self.number()?),
        })
    }

    fn object(&mut self, depth: u8) -> Option<Object> {
        let mut object = Object::new();
        self.at += 1;
        self.skip();
        if self.eat(b'}') {
            return Some(object);
        }
        loop {
            self.skip();
            let name = self.string()?;
            self.skip();
            self.must(b':')?;
            object.0.push((name, self.value(depth)?));
            self.skip();
            if self.eat(b'}') {
                return Some(object);
            }
            self.must(b',')?;
        }
    }

    fn array(&mut self, depth: u8) -> Option<Vec<Value>> {
        let mut items = Vec::new();
        self.at += 1;
        self.skip();
        if self.eat(b']') {
            return Some(items);
        }
        loop {
            items.push(self.value(depth)?);
            self.skip();
            if self.eat(b']') {
                return Some(items);
            }
            self.must(b',')?;
        }
    }

    fn string(&mut self) -> Option<String> {
        self.must(b'"')?;
        let mut out = String::new();
        loop {
            let start = self.at;
            let end = loop {
                match self.next()? {
                    end @ (b'"' | b'\\') => break end,
                    0..=0x1f => return None,
                    _ => {}
                }
            };
            out.push_str(self.text.get(start..self.at - 1)?);
            if end == b'"' {
                return Some(out);
            }
            out.push(self.escape()?);
        }
    }

    fn escape(&mut self) -> Option<char> {
        Some(match self.next()? {
            plain @ (b'"' | b'\\' | b'/') => char::from(plain),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = self.unit()?;
                if !(0xd800..0xdc00).contains(&unit) {
                    // The second half of a pair without its first is no character.
                    return char::from_u32(unit);
                }
                self.must(b'\\')?;
                self.must(b'u')?;
                let low = self.unit()?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
                char::from_u32(0x1_0000 + ((unit - 0xd800) << 10) + low)?
            }
            _ => return None,
        })
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Option<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            unit = unit * 16 + char::from(self.next()?).to_digit(16)?;
        }
        Some(unit)
    }

    fn number(&mut self) -> Option<Number> {
        let start = self.at;
        self.eat(b'-');
        // What follows a leading 0 is no digit, or else the number ends there and the text is bad.
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _ = self.eat(b'+') || self.eat(b'-');
            self.digits()?;
        }
        self.text.get(start..self.at).map(Number::new)
    }

    /// One digit or more.
    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    fn word(&mut self, word: &str, value: Value) -> Option<Value> {
        for byte in word.bytes() {
            self.must(byte)?;
        }
        Some(value)
    }

    fn skip(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn must(&mut self, byte: u8) -> Option<()> {
        self.eat(byte).then_some(())
    }
}
