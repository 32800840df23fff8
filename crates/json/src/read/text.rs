//! Strings.

use std::borrow::Cow;

use super::Reader;
use crate::Error;

/// In each byte of a word.
const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

impl<'de> Reader<'de> {
    /// A string, borrowed where it has no escapes.
    #[inline(never)]
    pub(super) fn string(&mut self) -> Result<Cow<'de, str>, Error> {
        self.must(b'"')?;
        let plain = self.plain()?;
        if self.peek() == b'"' {
            self.at += 1;
            return Ok(Cow::Borrowed(plain));
        }
        self.escaped(plain).map(Cow::Owned)
    }

    #[inline(never)]
    fn escaped(&mut self, plain: &str) -> Result<String, Error> {
        let mut out = plain.to_owned();
        loop {
            match self.next() {
                b'"' => return Ok(out),
                b'\\' => out.push(self.escape()?),
                _ => return Err(self.back()),
            }
            out.push_str(self.plain()?);
        }
    }

    /// Everything up to a quote, a backslash, a control character or the end.
    fn plain(&mut self) -> Result<&'de str, Error> {
        let rest = self.text.get(self.at..).ok_or(Error)?;
        let length = plain_bytes(rest.as_bytes());
        self.at += length;
        rest.get(..length).ok_or(Error)
    }

    fn escape(&mut self) -> Result<char, Error> {
        Ok(match self.next() {
            plain @ (b'"' | b'\\' | b'/') => char::from(plain),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = self.unit()?;
                let pair = self.low(unit)?.map(|low| 0x1_0000 + ((unit - 0xd800) << 10) + low);
                char::from_u32(pair.unwrap_or(unit)).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            _ => return Err(self.back()),
        })
    }

    /// The second half of a surrogate pair behind its first, if there is one.
    fn low(&mut self, high: u32) -> Result<Option<u32>, Error> {
        if !(0xd800..0xdc00).contains(&high) || !self.rest().starts_with(b"\\u") {
            return Ok(None);
        }
        let before = self.at;
        self.at += 2;
        let low = self.unit()?.checked_sub(0xdc00).filter(|low| *low < 0x400);
        if low.is_none() {
            self.at = before;
        }
        Ok(low)
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Result<u32, Error> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = char::from(self.next()).to_digit(16);
            unit = unit * 16 + digit.ok_or_else(|| self.back())?;
        }
        Ok(unit)
    }

    fn rest(&self) -> &[u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn next(&mut self) -> u8 {
        let byte = self.peek();
        self.at += 1;
        byte
    }

    /// The byte just passed is the fault.
    fn back(&mut self) -> Error {
        self.at -= 1;
        Error
    }
}

/// How many bytes need no look: eight at a time.
fn plain_bytes(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        // The highest bit of each byte that is below 0x20, a quote or a backslash.
        let control = word.wrapping_sub(ONES * 0x20);
        let quote = (word ^ (ONES * 0x22)).wrapping_sub(ONES);
        let backslash = (word ^ (ONES * 0x5c)).wrapping_sub(ONES);
        // None of the three has that bit of its own, so one test for all of them does.
        let found = (control | quote | backslash) & !word & HIGHS;
        if found != 0 {
            // The lowest of them is surely one; a borrow can only reach those above it.
            return at * 8 + usize::try_from(found.trailing_zeros() / 8).unwrap_or(0);
        }
    }
    let is_plain = |byte: &&u8| !matches!(byte, 0..=0x1f | b'"' | b'\\');
    words.len() * 8 + rest.iter().take_while(is_plain).count()
}
