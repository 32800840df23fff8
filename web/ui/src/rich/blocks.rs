//! Lines to blocks.

use super::inline::{self, Inline};

/// One block of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Running text; a heading is one in bold.
    Paragraph(Vec<Inline>),
    /// A list without nesting.
    List {
        /// The first number of a numbered list.
        start: Option<u32>,
        /// What each item says.
        items: Vec<Vec<Inline>>,
    },
    /// Preformatted text.
    Code(String),
}

/// Reads a message, also one that is cut off in the middle: any text gives blocks.
pub fn parse(text: &str) -> Vec<Block> {
    let mut reader = Reader::default();
    let mut fence: Option<String> = None;
    for line in text.lines().flat_map(split_breaks) {
        let trimmed = line.trim_start();
        if trimmed.starts_with("```") {
            reader.flush();
            match fence.take() {
                Some(code) => reader.blocks.push(Block::Code(code)),
                None => fence = Some(String::new()),
            }
        } else if let Some(code) = &mut fence {
            if !code.is_empty() {
                code.push('\n');
            }
            code.push_str(line);
        } else {
            reader.line(line, trimmed);
        }
    }
    reader.flush();
    if let Some(code) = fence.filter(|code| !code.is_empty()) {
        reader.blocks.push(Block::Code(code));
    }
    reader.blocks
}

const BREAKS: [&str; 3] = ["<br>", "<br/>", "<br />"];

/// Greetings may hold `<br>`, which is the only tag that means anything here.
fn split_breaks(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let line = rest?;
        for (at, _) in line.match_indices('<') {
            let tail = line.get(at..)?;
            if let Some(tag) = BREAKS.iter().find(|tag| tail.starts_with(**tag)) {
                rest = tail.get(tag.len()..);
                return line.get(..at);
            }
        }
        rest = None;
        Some(line)
    })
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    /// The paragraph or list being read, and what its lines say so far.
    open: Option<Open>,
    texts: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Paragraph,
    Bullets,
    Numbers(u32),
}

impl Reader {
    fn line(&mut self, line: &str, trimmed: &str) {
        if trimmed.is_empty() {
            self.flush();
        } else if let Some(heading) = heading(trimmed) {
            self.flush();
            self.blocks.push(Block::Paragraph(vec![Inline::Bold(inline::parse(heading))]));
        } else if let Some((number, item)) = item(trimmed) {
            let goes_on = matches!(
                (self.open, number),
                (Some(Open::Bullets), None) | (Some(Open::Numbers(_)), Some(_))
            );
            if !goes_on {
                self.flush();
                self.open = Some(number.map_or(Open::Bullets, Open::Numbers));
            }
            self.texts.push(item.to_owned());
        } else {
            let indented = line.len() > trimmed.len();
            if !(indented || self.open == Some(Open::Paragraph)) {
                self.flush();
            }
            if let Some(text) = self.texts.last_mut() {
                text.push('\n');
                text.push_str(trimmed.trim_end());
            } else {
                self.open = Some(Open::Paragraph);
                self.texts.push(trimmed.trim_end().to_owned());
            }
        }
    }

    fn flush(&mut self) {
        let mut items = self.texts.drain(..).map(|text| inline::parse(&text));
        match self.open.take() {
            None => {}
            Some(Open::Paragraph) => self.blocks.extend(items.next().map(Block::Paragraph)),
            Some(Open::Bullets) => {
                self.blocks.push(Block::List { start: None, items: items.collect() });
            }
            Some(Open::Numbers(start)) => {
                self.blocks.push(Block::List { start: Some(start), items: items.collect() });
            }
        }
    }
}

fn heading(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    ((1..=6).contains(&level)).then(|| text.strip_prefix(' ')).flatten()
}

/// An item's number, if it has one, and its text.
fn item(line: &str) -> Option<(Option<u32>, &str)> {
    for bullet in ["- ", "* ", "+ ", "• "] {
        if let Some(text) = line.strip_prefix(bullet) {
            return Some((None, text));
        }
    }
    let digits = line.find(|letter: char| !letter.is_ascii_digit())?;
    let (number, rest) = line.split_at_checked(digits)?;
    let text = rest.strip_prefix(". ").or_else(|| rest.strip_prefix(") "))?;
    // Nine digits at most, as in CommonMark; a year at the start of a line stays text.
    (number.len() <= 3).then(|| number.parse().ok()).flatten().map(|number| (Some(number), text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Vec<Inline> {
        vec![Inline::Text(text.to_owned())]
    }

    #[test]
    fn paragraphs_lists_and_code() {
        let blocks = parse("One\n\n- a\n- b\n  more\n3. c\n4) d\n```\nlet x;\n\n*y*\n```\nEnd");
        assert_eq!(
            blocks,
            [
                Block::Paragraph(text("One")),
                Block::List {
                    start: None,
                    items: vec![
                        text("a"),
                        vec![Inline::Text("b".into()), Inline::Break, Inline::Text("more".into())]
                    ]
                },
                Block::List { start: Some(3), items: vec![text("c"), text("d")] },
                Block::Code("let x;\n\n*y*".into()),
                Block::Paragraph(text("End")),
            ]
        );
    }

    #[test]
    fn a_heading_is_a_bold_paragraph() {
        assert_eq!(parse("## Hi"), [Block::Paragraph(vec![Inline::Bold(text("Hi"))])]);
        assert_eq!(parse("#1 in outdoor"), [Block::Paragraph(text("#1 in outdoor"))]);
    }

    #[test]
    fn html_is_text_except_line_breaks() {
        assert_eq!(
            parse("Hello<br/>there <b>you</b>"),
            [Block::Paragraph(vec![
                Inline::Text("Hello".into()),
                Inline::Break,
                Inline::Text("there <b>you</b>".into())
            ])]
        );
    }

    #[test]
    fn an_open_fence_shows_what_came() {
        assert_eq!(parse("```\nhalf"), [Block::Code("half".into())]);
        assert_eq!(parse("```"), []);
    }

    #[test]
    fn a_year_is_no_list() {
        assert_eq!(parse("2026. A year"), [Block::Paragraph(text("2026. A year"))]);
    }
}
