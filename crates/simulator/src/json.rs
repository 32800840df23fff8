//! JSON written straight into one buffer: pages of a thousand conversations are built this way.

use std::fmt::Write as _;

use perch_api::model::Timestamp;

/// A JSON text under construction. Commas are placed by the writer, so callers only name things.
#[derive(Debug, Default)]
pub(crate) struct Json {
    text: String,
    /// Whether the next item needs a comma before it.
    comma: bool,
    /// Whether [`Json::text`] writes null for nothing.
    empty_is_null: bool,
}

impl Json {
    /// An empty text with room for `bytes`.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self { text: String::with_capacity(bytes), ..Self::default() }
    }

    /// The finished text.
    pub(crate) fn finish(self) -> String {
        self.text
    }

    /// An object whose members `fill` writes.
    pub(crate) fn object(&mut self, fill: impl FnOnce(&mut Self)) {
        self.nest('{', '}', fill);
    }

    /// An array whose items `fill` writes.
    pub(crate) fn array(&mut self, fill: impl FnOnce(&mut Self)) {
        self.nest('[', ']', fill);
    }

    /// A member's name; its value must follow.
    pub(crate) fn key(&mut self, name: &str) -> &mut Self {
        self.string(name);
        self.text.push(':');
        self.comma = false;
        self
    }

    /// A text.
    pub(crate) fn string(&mut self, value: &str) {
        self.separate();
        self.text.push('"');
        let mut plain = 0;
        for (at, byte) in value.bytes().enumerate() {
            if byte >= b' ' && byte != b'"' && byte != b'\\' {
                continue;
            }
            self.text.push_str(value.get(plain..at).unwrap_or_default());
            match byte {
                b'"' => self.text.push_str("\\\""),
                b'\\' => self.text.push_str("\\\\"),
                b'\n' => self.text.push_str("\\n"),
                b'\t' => self.text.push_str("\\t"),
                other => self.format(format_args!("\\u{other:04x}")),
            }
            plain = at + 1;
        }
        self.text.push_str(value.get(plain..).unwrap_or_default());
        self.text.push('"');
    }

    /// Lets [`Json::text`] write null for an empty text from here on.
    pub(crate) fn empty_is_null(&mut self, yes: bool) {
        self.empty_is_null = yes;
    }

    /// A text of a kind that some families leave empty and others null.
    pub(crate) fn text(&mut self, value: &str) {
        self.optional(Some(value).filter(|value| !value.is_empty() || !self.empty_is_null));
    }

    /// A text, or null.
    pub(crate) fn optional(&mut self, value: Option<&str>) {
        match value {
            Some(value) => self.string(value),
            None => self.null(),
        }
    }

    /// A whole number.
    pub(crate) fn number(&mut self, value: impl Into<i128>) {
        self.separate();
        self.format(format_args!("{}", value.into()));
    }

    /// How many.
    pub(crate) fn count(&mut self, value: usize) {
        self.number(value as u64);
    }

    /// Milliseconds as seconds with three places.
    pub(crate) fn seconds(&mut self, ms: u32) {
        self.separate();
        self.format(format_args!("{}.{:03}", ms / 1_000, ms % 1_000));
    }

    /// True or false.
    pub(crate) fn boolean(&mut self, value: bool) {
        self.separate();
        self.text.push_str(if value { "true" } else { "false" });
    }

    /// Null.
    pub(crate) fn null(&mut self) {
        self.separate();
        self.text.push_str("null");
    }

    /// A moment, ISO 8601 in UTC.
    pub(crate) fn time(&mut self, unix_ms: i64) {
        self.string(Timestamp::from_unix_ms(unix_ms).as_str());
    }

    fn format(&mut self, arguments: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.text.write_fmt(arguments);
    }

    fn nest(&mut self, open: char, close: char, fill: impl FnOnce(&mut Self)) {
        self.separate();
        self.text.push(open);
        self.comma = false;
        fill(self);
        self.text.push(close);
        self.comma = true;
    }

    fn separate(&mut self) {
        if self.comma {
            self.text.push(',');
        }
        self.comma = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_json_and_means_what_was_written() {
        let mut json = Json::default();
        json.object(|json| {
            json.key("a \"b\"\\").string("line\n\u{1}\t é 🙂");
            json.key("list").array(|json| {
                json.number(7);
                json.null();
                json.object(|_| {});
                json.boolean(true);
                json.seconds(1_042);
            });
            json.key("at").time(0);
            json.key("none").optional(None);
        });
        let read: serde_json::Value = serde_json::from_str(&json.finish()).unwrap();
        assert_eq!(
            read,
            serde_json::json!({
                "a \"b\"\\": "line\n\u{1}\t é 🙂",
                "list": [7, null, {}, true, 1.042],
                "at": "1970-01-01T00:00:00.000Z",
                "none": null,
            })
        );
    }
}
