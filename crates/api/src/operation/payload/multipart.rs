//! `multipart/form-data`, as RFC 7578 has it and no more.

/// A form with files. Its boundary is fixed when it is made and occurs in no part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Multipart {
    boundary: String,
    parts: Vec<Part>,
}

/// One field of the form.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// The field's name.
    pub name: String,
    /// The file's name, for files.
    pub filename: Option<String>,
    /// The content's type, for files.
    pub content_type: Option<String>,
    /// The content.
    pub bytes: Vec<u8>,
}

/// The bytes are no form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the body is no multipart form")]
pub struct MultipartError;

impl Multipart {
    /// A form; `entropy` makes its boundary, which grows until no part contains it.
    pub fn new(parts: Vec<Part>, entropy: u64) -> Self {
        let mut boundary = format!("perch-{entropy:016x}");
        while parts.iter().any(|part| contains(&part.bytes, boundary.as_bytes())) {
            boundary.push('x');
        }
        Self { boundary, parts }
    }

    /// The fields, in order.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The field with this name.
    pub fn part(&self, name: &str) -> Option<&Part> {
        self.parts.iter().find(|part| part.name == name)
    }

    /// The `Content-Type`, with the boundary.
    pub fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    /// The body.
    pub fn encode(&self) -> Vec<u8> {
        let size: usize = self.parts.iter().map(|part| part.bytes.len() + 256).sum();
        let mut body = Vec::with_capacity(size);
        for part in &self.parts {
            let mut head = format!("--{}\r\n", self.boundary);
            head.push_str("Content-Disposition: form-data; name=\"");
            quote(&mut head, &part.name);
            head.push('"');
            if let Some(filename) = &part.filename {
                head.push_str("; filename=\"");
                quote(&mut head, filename);
                head.push('"');
            }
            if let Some(kind) = &part.content_type {
                head.push_str("\r\nContent-Type: ");
                head.extend(kind.chars().filter(|c| !c.is_control()));
            }
            head.push_str("\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(&part.bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{}--\r\n", self.boundary).as_bytes());
        body
    }

    /// Reads a body; the boundary is taken from its first line.
    pub fn decode(body: &[u8]) -> Result<Self, MultipartError> {
        let (first, mut rest) = split(body, b"\r\n").ok_or(MultipartError)?;
        let boundary = first.strip_prefix(b"--").and_then(|name| std::str::from_utf8(name).ok());
        let boundary = boundary.filter(|name| !name.is_empty()).ok_or(MultipartError)?;
        let delimiter = format!("\r\n--{boundary}");
        let mut parts = Vec::new();
        loop {
            let (content, after) = split(rest, delimiter.as_bytes()).ok_or(MultipartError)?;
            let (head, bytes) = split(content, b"\r\n\r\n").ok_or(MultipartError)?;
            parts.push(Part { bytes: bytes.to_vec(), ..part(head)? });
            if after.starts_with(b"--") {
                return Ok(Self { boundary: boundary.to_owned(), parts });
            }
            rest = after.strip_prefix(b"\r\n").ok_or(MultipartError)?;
        }
    }
}

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Part({:?}, {} bytes)", self.name, self.bytes.len())
    }
}

/// Appends a name as browsers do: quotes and line ends escaped.
fn quote(head: &mut String, name: &str) {
    for c in name.chars() {
        match c {
            '"' => head.push_str("%22"),
            '\r' => head.push_str("%0D"),
            '\n' => head.push_str("%0A"),
            other => head.push(other),
        }
    }
}

fn part(head: &[u8]) -> Result<Part, MultipartError> {
    let head = std::str::from_utf8(head).map_err(|_| MultipartError)?;
    let mut part = Part::default();
    for line in head.split("\r\n") {
        let (name, value) = line.split_once(':').ok_or(MultipartError)?;
        if name.eq_ignore_ascii_case("content-type") {
            part.content_type = Some(value.trim().to_owned());
        } else if name.eq_ignore_ascii_case("content-disposition") {
            part.name = quoted(value, "; name=\"").ok_or(MultipartError)?;
            part.filename = quoted(value, "; filename=\"");
        }
    }
    if part.name.is_empty() { Err(MultipartError) } else { Ok(part) }
}

fn quoted(value: &str, start: &str) -> Option<String> {
    let (_, rest) = value.split_once(start)?;
    let (name, _) = rest.split_once('"')?;
    Some(name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n"))
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

fn split<'a>(bytes: &'a [u8], at: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let start = bytes.windows(at.len()).position(|window| window == at)?;
    Some((bytes.get(..start)?, bytes.get(start + at.len()..)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_form_looks_like_a_browsers() {
        let file = Part {
            name: "file".to_owned(),
            filename: Some("a\".wav".to_owned()),
            content_type: Some("audio/wav".to_owned()),
            bytes: b"RIFF".to_vec(),
        };
        let form = Multipart::new(vec![file], 7);
        assert_eq!(form.content_type(), "multipart/form-data; boundary=perch-0000000000000007");
        assert_eq!(
            String::from_utf8(form.encode()).unwrap(),
            "--perch-0000000000000007\r\nContent-Disposition: form-data; name=\"file\"; \
             filename=\"a%22.wav\"\r\nContent-Type: audio/wav\r\n\r\nRIFF\r\n--perch-0000000000000007--\r\n"
        );
    }

    #[test]
    fn a_part_that_holds_the_boundary_moves_it() {
        let bytes = b"..perch-0000000000000007..".to_vec();
        let form = Multipart::new(vec![Part { name: "a".to_owned(), bytes, ..Part::default() }], 7);
        assert!(form.content_type().ends_with("0007x"));
        assert_eq!(Multipart::decode(&form.encode()), Ok(form));
    }

    proptest! {
        #[test]
        fn any_content_survives(
            contents in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..60), 1..4),
            entropy: u64,
        ) {
            let parts = contents.into_iter().enumerate().map(|(at, bytes)| Part {
                name: format!("part{at}"),
                filename: (at == 0).then(|| "a.wav".to_owned()),
                content_type: (at == 0).then(|| "audio/wav".to_owned()),
                bytes,
            });
            let form = Multipart::new(parts.collect(), entropy);
            prop_assert_eq!(Multipart::decode(&form.encode()), Ok(form));
        }

        #[test]
        fn no_body_panics(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Multipart::decode(&body);
        }
    }
}
