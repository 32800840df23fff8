//! Marks within a line.

/// One run of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// `**bold**`
    Bold(Vec<Inline>),
    /// `*italic*`
    Italic(Vec<Inline>),
    /// A piece of code.
    Code(String),
    /// A link that is safe to follow.
    Link {
        /// `https:`, `mailto:` or `tel:`.
        href: String,
        /// What it says.
        inner: Vec<Inline>,
    },
    /// A line break.
    Break,
}

/// Marks inside marks are read to this depth, deeper ones stay text.
const DEPTH: u8 = 3;
const MAX_HREF: usize = 2_048;

/// The address, if a page may link to it: `https:` with a host, `mailto:`, or `tel:` with a number.
pub fn safe_href(url: &str) -> Option<&str> {
    let url = url.trim();
    let clean = url.len() <= MAX_HREF
        && !url.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\');
    let (scheme, rest) = url.split_once(':')?;
    let fits = match scheme.to_ascii_lowercase().as_str() {
        "https" => rest.strip_prefix("//").is_some_and(|host| {
            host.starts_with(|first: char| first.is_alphanumeric() || first == '[')
        }),
        "mailto" => rest.bytes().any(|b| b == b'@'),
        "tel" => {
            rest.bytes().any(|b| b.is_ascii_digit())
                && rest.bytes().all(|b| b.is_ascii_digit() || b"+-.()*#;=".contains(&b))
        }
        _ => false,
    };
    (clean && fits).then_some(url)
}

/// Reads one paragraph's text; line ends become breaks.
pub(super) fn parse(text: &str) -> Vec<Inline> {
    run(text, DEPTH)
}

fn run(text: &str, depth: u8) -> Vec<Inline> {
    let mut out = Output::default();
    let mut closers = Closers::default();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let before = out.last;
        if let Some((inline, after)) = mark(first, rest, before, depth, &mut closers) {
            out.push(inline);
            rest = after;
            continue;
        }
        let (literal, after) = literal(rest, first);
        out.text(literal);
        rest = after;
    }
    out.done()
}

/// What starts here, if it is more than text, and what follows it.
fn mark<'t>(
    first: char,
    rest: &'t str,
    before: Option<char>,
    depth: u8,
    closers: &mut Closers,
) -> Option<(Inline, &'t str)> {
    match first {
        '\n' => Some((Inline::Break, rest.get(1..)?)),
        '`' => {
            let (code, after) = closers.find(rest.get(1..)?, "`", |_, _| true)?;
            Some((Inline::Code(code.to_owned()), after))
        }
        '*' | '_' if depth > 0 => emphasis(first, rest, before, depth, closers),
        '!' if depth > 0 && rest.starts_with("![") => link(rest.get(1..)?, depth),
        '[' if depth > 0 => link(rest, depth),
        'h' | 'H' if !before.is_some_and(char::is_alphanumeric) => bare(rest),
        _ => None,
    }
}

fn emphasis<'t>(
    mark: char,
    rest: &'t str,
    before: Option<char>,
    depth: u8,
    closers: &mut Closers,
) -> Option<(Inline, &'t str)> {
    let marker = match (mark, rest.chars().nth(1) == Some(mark)) {
        ('*', true) => "**",
        ('*', false) => "*",
        (_, true) => "__",
        (_, false) => "_",
    };
    let inner = rest.get(marker.len()..)?;
    // As in `2 * 3` and `snake_case`: those are no marks.
    let opens = inner.chars().next().is_some_and(|next| !next.is_whitespace())
        && !(mark == '_' && before.is_some_and(char::is_alphanumeric));
    if !opens {
        return None;
    }
    let fits = |last: char, next: Option<char>| {
        !last.is_whitespace()
            // Of a run of marks the outer pair takes the last ones.
            && next != Some(mark)
            && (marker.len() == 2 || last != mark)
            && !(mark == '_' && next.is_some_and(char::is_alphanumeric))
    };
    let (inner, after) = closers.find(inner, marker, fits)?;
    let inner = run(inner, depth - 1);
    Some((if marker.len() == 2 { Inline::Bold(inner) } else { Inline::Italic(inner) }, after))
}

fn link(rest: &str, depth: u8) -> Option<(Inline, &str)> {
    const MAX_LABEL: usize = 300;
    let window = rest.get(1..)?;
    let end = window.char_indices().take(MAX_LABEL).find(|(_, c)| matches!(c, ']' | '\n'))?.0;
    let (label, after) = window.split_at_checked(end)?;
    let target = after.strip_prefix("](")?;
    let end = target.char_indices().take(MAX_HREF).find(|(_, c)| matches!(c, ')' | '\n'))?.0;
    let (url, after) = target.split_at_checked(end)?;
    let after = after.strip_prefix(')')?;
    // A title after the address is dropped.
    let url = url.split_whitespace().next().unwrap_or_default();
    let inner = run(if label.trim().is_empty() { url } else { label }, depth - 1);
    Some(match safe_href(url) {
        Some(href) => (Inline::Link { href: href.to_owned(), inner: unlinked(inner) }, after),
        // The words stay, the address does not.
        None => (Inline::Text(words(&inner)), after),
    })
}

fn bare(rest: &str) -> Option<(Inline, &str)> {
    let scheme = rest.get(..8)?;
    if !scheme.eq_ignore_ascii_case("https://") {
        return None;
    }
    // One more than fits, so that an address too long is seen to be.
    let end = rest
        .char_indices()
        .take(MAX_HREF + 1)
        .find(|(_, c)| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '*'))
        .map_or_else(|| rest.ceil_char_boundary(MAX_HREF + 1), |(at, _)| at);
    let mut url = rest.get(..end)?.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', ']']);
    if !url.bytes().any(|b| b == b'(') {
        url = url.trim_end_matches([')', '.', ',', ';', ':', '!', '?']);
    }
    let href = safe_href(url)?;
    let inner = vec![Inline::Text(href.to_owned())];
    Some((Inline::Link { href: href.to_owned(), inner }, rest.get(url.len()..)?))
}

/// A link holds no other link.
fn unlinked(inlines: Vec<Inline>) -> Vec<Inline> {
    inlines
        .into_iter()
        .map(|inline| match inline {
            Inline::Link { inner, .. } => Inline::Text(words(&inner)),
            other => other,
        })
        .collect()
}

fn words(inlines: &[Inline]) -> String {
    let mut out = String::new();
    super::words(inlines, &mut out);
    out
}

/// The text up to where the next mark may start.
fn literal(rest: &str, first: char) -> (&str, &str) {
    if first == '\\'
        && let Some(escaped) = rest.chars().nth(1).filter(char::is_ascii_punctuation)
    {
        let text = rest.get(1..1 + escaped.len_utf8()).unwrap_or_default();
        return (text, rest.get(1 + text.len()..).unwrap_or_default());
    }
    let start = first.len_utf8();
    let end = rest
        .get(start..)
        .and_then(|tail| tail.bytes().position(|b| b"\\`*_[!hH\n".contains(&b)))
        .map_or(rest.len(), |at| start + at);
    rest.split_at_checked(end).unwrap_or((rest, ""))
}

/// Remembers which closing marks no longer come, so that a text full of opening ones stays linear.
#[derive(Default)]
struct Closers {
    absent: Vec<&'static str>,
}

impl Closers {
    fn find<'t>(
        &mut self,
        text: &'t str,
        marker: &'static str,
        fits: impl Fn(char, Option<char>) -> bool,
    ) -> Option<(&'t str, &'t str)> {
        if self.absent.contains(&marker) {
            return None;
        }
        let mut from = 0;
        while let Some(at) = text.get(from..).and_then(|tail| place(tail, marker)) {
            let at = from + at;
            let (inner, after) = (text.get(..at)?, text.get(at + marker.len()..)?);
            if inner.chars().next_back().is_some_and(|last| fits(last, after.chars().next())) {
                return Some((inner, after));
            }
            from = at + 1;
        }
        self.absent.push(marker);
        None
    }
}

/// Where a mark stands; all of them are ASCII, so that bytes will do.
fn place(text: &str, marker: &str) -> Option<usize> {
    text.as_bytes().windows(marker.len()).position(|place| place == marker.as_bytes())
}

/// Collects runs, joining neighbouring text.
#[derive(Default)]
struct Output {
    inlines: Vec<Inline>,
    text: String,
    last: Option<char>,
}

impl Output {
    fn text(&mut self, text: &str) {
        self.text.push_str(text);
        self.last = text.chars().next_back().or(self.last);
    }

    fn push(&mut self, inline: Inline) {
        if let Inline::Text(text) = inline {
            return self.text(&text);
        }
        self.last = None;
        self.close();
        self.inlines.push(inline);
    }

    fn close(&mut self) {
        if !self.text.is_empty() {
            self.inlines.push(Inline::Text(std::mem::take(&mut self.text)));
        }
    }

    fn done(mut self) -> Vec<Inline> {
        self.close();
        self.inlines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Inline {
        Inline::Text(text.to_owned())
    }

    fn link(href: &str, label: &str) -> Inline {
        Inline::Link { href: href.to_owned(), inner: vec![text(label)] }
    }

    #[test]
    fn emphasis_and_code() {
        assert_eq!(
            parse("a **b *c*** `d*` _e_"),
            [
                text("a "),
                Inline::Bold(vec![text("b "), Inline::Italic(vec![text("c")])]),
                text(" "),
                Inline::Code("d*".into()),
                text(" "),
                Inline::Italic(vec![text("e")]),
            ]
        );
    }

    #[test]
    fn what_only_looks_like_emphasis_stays_text() {
        for plain in ["2 * 3 * 4", "snake_case_name", "** no", "**open", "a\u{0}b", "5*"] {
            assert_eq!(parse(plain), [text(plain)], "{plain}");
        }
        assert_eq!(parse(r"\*no\*"), [text("*no*")]);
    }

    #[test]
    fn links_lead_only_where_they_may() {
        assert_eq!(parse("[a](https://b.example/c)"), [link("https://b.example/c", "a")]);
        assert_eq!(parse("[m](mailto:a@b.example)"), [link("mailto:a@b.example", "m")]);
        assert_eq!(parse("[t](tel:+4420-7946)"), [link("tel:+4420-7946", "t")]);
        for bad in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert%281%29",
            "data:text/html,x",
            "http://a.example",
            "https:/a.example",
            "https://",
            "//a.example",
            "/path",
            "vbscript:x",
            "https://a\u{1}b",
            "https:\\\\a.example",
            "tel:",
            "mailto:nobody",
            "file:///etc",
        ] {
            assert_eq!(safe_href(bad), None, "{bad}");
            let read = parse(&format!("[x]({bad})"));
            assert!(!read.iter().any(|inline| matches!(inline, Inline::Link { .. })), "{bad}");
        }
    }

    #[test]
    fn bare_addresses_lose_the_sentence_around_them() {
        assert_eq!(
            parse("See https://a.example/x_(y), or (https://b.example)."),
            [
                text("See "),
                link("https://a.example/x_(y)", "https://a.example/x_(y)"),
                text(", or ("),
                link("https://b.example", "https://b.example"),
                text(").")
            ]
        );
        assert_eq!(parse("xhttps://a.example"), [text("xhttps://a.example")]);
    }

    #[test]
    fn pictures_become_links_and_links_do_not_nest() {
        assert_eq!(
            parse("![map](https://a.example/m.png)"),
            [link("https://a.example/m.png", "map")]
        );
        let nested = parse("[see https://a.example](https://b.example)");
        assert_eq!(
            nested,
            [link("https://b.example", "see https://a.example")].map(|inline| match inline {
                Inline::Link { href, .. } =>
                    Inline::Link { href, inner: vec![text("see "), text("https://a.example")] },
                other => other,
            })
        );
    }

    #[test]
    fn hostile_texts_cost_no_more_than_their_length() {
        for piece in ["*", "_", "**a ", "[", "[a](", "`", "![", "h", "https://", "_a", "*a_b"] {
            let text = piece.repeat(32_768 / piece.len());
            assert!(!parse(&text).is_empty());
        }
    }
}
