//! From a raw request path to a row, strictly.

use std::borrow::Cow;

use super::{Host, Method, OperationSpec, all};

/// Longest raw path that is looked at.
const MAX_PATH: usize = 2_048;
/// Longest value of a placeholder, as of an id: even with every byte escaped, the path stays below its limit.
const MAX_VALUE: usize = 128;

/// A row that a request fits, and the values of its placeholders.
#[derive(Debug, PartialEq, Eq)]
pub struct Match<'a> {
    /// The row.
    pub spec: &'static OperationSpec,
    /// Placeholder names with their decoded values, in the order of the path.
    pub params: Vec<(&'static str, Cow<'a, str>)>,
}

/// Why a request fits no row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Miss {
    /// The path is not spelled in a way that any lawful client spells it.
    #[error("the path is malformed")]
    Malformed,
    /// No row has this path.
    #[error("no operation has this path")]
    Path,
    /// A row has this path, with another method.
    #[error("the operation has another method")]
    Method,
}

/// Finds the row for a request line as it came: the raw path, still percent-encoded, without query.
///
/// Placeholder values are decoded once and must then be lawful: no slash in any spelling, no dots
/// alone, no `#?@;\%`, no control or non-ASCII characters, at most 128 of them. So no value can leave its
/// segment.
pub fn find(host: Host, method: Method, raw_path: &str) -> Result<Match<'_>, Miss> {
    if raw_path.len() > MAX_PATH || !raw_path.starts_with('/') || !raw_path.is_ascii() {
        return Err(Miss::Malformed);
    }
    // `connectors/batch` also fits `connectors/{connectorId}`: the template with fewer placeholders
    // owns the path, whatever the method, so that no value is ever taken for a literal.
    let (mut fewest, mut best) = (usize::MAX, None);
    for spec in all().filter(|spec| spec.host == host && fits(spec.path, raw_path)) {
        let holes = holes(spec.path);
        if holes < fewest {
            (fewest, best) = (holes, None);
        }
        if holes == fewest && spec.method == method {
            best = best.or(Some(spec));
        }
    }
    if let Some(spec) = best {
        return Ok(Match { spec, params: params(spec.path, raw_path)? });
    }
    let miss = if fewest == usize::MAX { Miss::Path } else { Miss::Method };
    // Tricks are refused as malformed even where no row is near, so that the answer says what to mend.
    if miss == Miss::Path && raw_path.split('/').skip(1).any(|segment| decode(segment).is_none()) {
        return Err(Miss::Malformed);
    }
    Err(miss)
}

impl Match<'_> {
    /// The path to send upstream: the template with every value encoded anew.
    pub fn path(&self) -> String {
        let mut values = self.params.iter().map(|(_, value)| value.as_ref());
        fill(self.spec.path, &mut |_| values.next()).unwrap_or_default()
    }

    /// The value of a placeholder.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(own, _)| *own == name).map(|(_, value)| value.as_ref())
    }
}

impl OperationSpec {
    /// The path with its placeholders filled in; else the first whose value is missing or no segment.
    pub fn path_with(&self, values: &[(&str, String)]) -> Result<String, &'static str> {
        fill(self.path, &mut |name| {
            values.iter().find(|(own, _)| *own == name).map(|(_, value)| value.as_str())
        })
    }
}

/// Byte by byte as well: the searches of the standard library are large, and every program has this.
fn fill<'t, 'v>(
    template: &'t str,
    value: &mut dyn FnMut(&str) -> Option<&'v str>,
) -> Result<String, &'t str> {
    let split = |text: &'t str, mark: u8| {
        let at = text.bytes().position(|byte| byte == mark)?;
        Some((text.get(..at)?, text.get(at + 1..)?))
    };
    let mut path = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, from)) = split(rest, b'{') {
        let (name, behind) = split(from, b'}').unwrap_or((from, ""));
        let value = value(name).filter(|value| !matches!(*value, "" | "." | "..")).ok_or(name)?;
        path.push_str(before);
        super::query::encode_into(&mut path, value);
        rest = behind;
    }
    path.push_str(rest);
    Ok(path)
}

/// How many placeholders a template has.
fn holes(template: &str) -> usize {
    template.bytes().filter(|byte| *byte == b'{').count()
}

/// Whether the literal segments agree; values are not looked at.
///
/// Byte by byte: the edge worker asks this of every row for every request.
fn fits(template: &str, raw: &str) -> bool {
    let (mut ours, mut theirs) = (template.as_bytes(), raw.as_bytes());
    loop {
        match (ours, theirs) {
            ([], []) => return true,
            ([b'{', ..], _) => (ours, theirs) = (after_segment(ours), after_segment(theirs)),
            ([left, our_rest @ ..], [right, their_rest @ ..]) if left == right => {
                (ours, theirs) = (our_rest, their_rest);
            }
            _ => return false,
        }
    }
}

/// What follows the segment at the start: a slash and more, or nothing.
fn after_segment(path: &[u8]) -> &[u8] {
    let end = path.iter().position(|byte| *byte == b'/').unwrap_or(path.len());
    path.get(end..).unwrap_or_default()
}

fn params<'a>(
    template: &'static str,
    raw: &'a str,
) -> Result<Vec<(&'static str, Cow<'a, str>)>, Miss> {
    template
        .split('/')
        .zip(raw.split('/'))
        .filter_map(|(ours, theirs)| {
            let name = ours.strip_prefix('{')?.strip_suffix('}')?;
            Some(decode(theirs).map(|value| (name, value)).ok_or(Miss::Malformed))
        })
        .collect()
}

/// One segment, decoded once; nothing when it is no lawful value.
fn decode(segment: &str) -> Option<Cow<'_, str>> {
    let decoded = super::query::decode(segment, false)?;
    let lawful = |byte: u8| {
        byte.is_ascii_graphic() && !matches!(byte, b'/' | b'\\' | b'#' | b'?' | b'@' | b';' | b'%')
    };
    let dots = matches!(decoded.as_ref(), "" | "." | "..");
    (!dots && decoded.len() <= MAX_VALUE && decoded.bytes().all(lawful)).then_some(decoded)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DETAIL: &str = "/v1/agents/PROJECT-1/conversations/";

    #[test]
    fn a_lawful_path_finds_its_row_and_values() {
        let found =
            find(Host::Build, Method::Get, "/v1/agents/PROJECT-1/conversations/CA7").unwrap();
        assert_eq!(found.spec.id, "conversations.get");
        assert_eq!(found.param("agentId"), Some("PROJECT-1"));
        assert_eq!(found.param("conversationId"), Some("CA7"));
        assert_eq!(found.path(), "/v1/agents/PROJECT-1/conversations/CA7");
    }

    #[test]
    fn another_host_or_method_is_a_miss() {
        let path = "/v1/agents/PROJECT-1/conversations/CA7";
        assert_eq!(find(Host::Platform, Method::Get, path), Err(Miss::Path));
        assert_eq!(find(Host::Build, Method::Delete, path), Err(Miss::Method));
        assert_eq!(find(Host::Build, Method::Get, "/v1/agents"), Err(Miss::Path));
        assert_eq!(find(Host::Build, Method::Get, &format!("{path}/")), Err(Miss::Malformed));
    }

    #[test]
    fn a_literal_wins_over_a_placeholder() {
        let connectors = "/v1/agents/PROJECT-1/telephony/connectors";
        for (method, tail, expected) in [
            (Method::Post, "batch", Ok("agents.connectors.batch_get")),
            (Method::Patch, "batch", Ok("agents.connectors.batch_update")),
            (Method::Patch, "c-1", Ok("agents.connectors.update")),
            (Method::Get, "batch", Err(Miss::Method)),
            (Method::Delete, "lookup", Err(Miss::Method)),
        ] {
            let path = format!("{connectors}/{tail}");
            let found = find(Host::Build, method, &path).map(|found| found.spec.id);
            assert_eq!(found, expected, "{method:?} {tail}");
        }
    }

    #[test]
    fn a_phone_number_keeps_its_plus() {
        let numbers = "/v1/agents/PROJECT-1/telephony/phone-numbers";
        for spelled in ["%2B447700900123", "%2b447700900123", "+447700900123"] {
            let path = format!("{numbers}/{spelled}");
            let found = find(Host::Build, Method::Get, &path).unwrap();
            assert_eq!(found.param("phoneNumber"), Some("+447700900123"));
            assert_eq!(found.path(), format!("{numbers}/%2B447700900123"));
        }
        for trick in ["%252B44", "%2B44%2F..", "%2B44%00", "%2B44%3Fa", "%2B%", "%2B44%20"] {
            let path = format!("{numbers}/{trick}");
            assert_eq!(find(Host::Build, Method::Get, &path), Err(Miss::Malformed), "{trick}");
        }
    }

    #[test]
    fn a_value_is_no_longer_than_an_id() {
        let path = |length: usize| format!("{DETAIL}{}", ">".repeat(length));
        let longest = path(MAX_VALUE);
        let found = find(Host::Build, Method::Get, &longest).unwrap();
        assert_eq!(find(Host::Build, Method::Get, &found.path()).unwrap().params, found.params);
        assert_eq!(find(Host::Build, Method::Get, &path(MAX_VALUE + 1)), Err(Miss::Malformed));
    }

    #[test]
    fn no_two_rows_claim_one_path() {
        for (at, spec) in all().enumerate() {
            for other in all().skip(at + 1) {
                let sample = other.path.replace(['{', '}'], "x");
                let clash = spec.host == other.host
                    && spec.method == other.method
                    && fits(spec.path, &sample)
                    && holes(spec.path) == holes(other.path);
                assert!(!clash, "{} and {}", spec.id, other.id);
            }
        }
    }

    #[test]
    fn path_tricks_are_refused() {
        for trick in [
            "..",
            "%2e%2e",
            ".%2E",
            ".",
            "a%2fb",
            "a%2Fb",
            "a%5cb",
            "a\\b",
            "a%23b",
            "a#b",
            "a%3fb",
            "a?b",
            "a@b",
            "a%40evil.example",
            "a;b",
            "a%00b",
            "a%0d%0ab",
            "%c0%ae%c0%ae",
            "a%25b",
            "%",
            "%2",
            "%zz",
            "a%252fb",
            "",
            "é",
        ] {
            let path = format!("{DETAIL}{trick}");
            assert_eq!(find(Host::Build, Method::Get, &path), Err(Miss::Malformed), "{trick:?}");
        }
        assert_eq!(
            find(Host::Build, Method::Get, "v1/agents/a/conversations/b"),
            Err(Miss::Malformed)
        );
        assert_eq!(
            find(Host::Build, Method::Get, &format!("{DETAIL}{}", "a".repeat(3_000))),
            Err(Miss::Malformed)
        );
        assert_eq!(
            find(Host::Build, Method::Get, "//v1/agents/a/conversations/b"),
            Err(Miss::Malformed)
        );
    }

    proptest! {
        #[test]
        fn whatever_is_admitted_keeps_its_shape(tail in "[ -~]{0,40}") {
            let path = format!("{DETAIL}{tail}");
            if let Ok(found) = find(Host::Build, Method::Get, &path) {
                let again = found.path();
                prop_assert_eq!(again.matches('/').count(), 5);
                prop_assert!(!again.contains(['#', '?', '@', ';', '\\']));
                prop_assert!(!again.contains("/../") && !again.ends_with("/.."));
            }
        }
    }
}
