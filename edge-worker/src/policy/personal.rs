//! Personal data: who gets it as it is, who gets it masked, and how much of it is an export.

use std::borrow::Cow;

use perch_api::operation::OperationSpec;

use super::controls::Personal;
use crate::error::Refusal;

/// Rows a page may have before it counts as an export.
const EXPORT_ROWS: u64 = 200;
/// The parameter that says how the platform hands a recording out.
const REDACTED: &str = "redacted";

/// What happens to an answer on its way to the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Nothing.
    None,
    /// Telephone numbers and e-mail addresses are masked, by [`super::mask`].
    Mask,
}

/// How a request for personal data is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handling<'a> {
    /// The query that is sent.
    pub query: Cow<'a, str>,
    /// What happens to the answer.
    pub filter: Filter,
    /// Whether it leaves as it is, which is recorded.
    pub is_open: bool,
    /// Whether it is so much that the operator has to prove presence.
    pub is_export: bool,
}

/// Decides by what the operation answers with and whether the caller may see personal data.
///
/// `query` has nothing but names that the operation knows, in their exact spelling.
pub fn handle<'a>(
    spec: &OperationSpec,
    personal: Personal,
    pii: bool,
    query: &'a str,
) -> Result<Handling<'a>, Refusal> {
    let mut handling = Handling {
        query: Cow::Borrowed(query),
        filter: Filter::None,
        is_open: pii && personal != Personal::Nothing,
        is_export: false,
    };
    match personal {
        Personal::Anything if !pii => return Err(Refusal::PersonalData),
        Personal::Audio if !pii => {
            // Whatever was asked for, however often: said once, by the edge.
            let others = parts(query).filter(|(name, _)| *name != REDACTED).map(|(_, part)| part);
            let forced = format!("{REDACTED}=true");
            handling.query = others.chain([forced.as_str()]).collect::<Vec<_>>().join("&").into();
        }
        Personal::Nothing | Personal::Anything | Personal::Audio => {}
        Personal::Masked => {
            handling.filter = if pii { Filter::None } else { Filter::Mask };
            if spec.query.contains(&"limit") {
                handling.page(query);
            }
            if handling.is_export && !pii {
                return Err(Refusal::PersonalData);
            }
        }
    }
    Ok(handling)
}

impl Handling<'_> {
    /// A page without a limit gets one: the platform's own would be an export.
    fn page(&mut self, query: &str) {
        let rows = parts(query)
            .filter(|(name, _)| *name == "limit")
            .map(|(_, part)| part.split_once('=').map_or("", |(_, value)| value))
            .map(|value| value.parse::<u64>().unwrap_or(u64::MAX))
            .max();
        if let Some(rows) = rows {
            self.is_export = rows > EXPORT_ROWS;
        } else {
            let separator = if query.is_empty() { "" } else { "&" };
            self.query = format!("{query}{separator}limit={EXPORT_ROWS}").into();
        }
    }
}

/// Names with the whole of their parameters, as they are spelled.
fn parts(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query
        .split('&')
        .filter(|part| !part.is_empty())
        .map(|part| (part.split_once('=').map_or(part, |(name, _)| name), part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::controls::Controls;
    use perch_api::operation;
    use proptest::prelude::*;

    fn of<'a>(id: &str, pii: bool, query: &'a str) -> Result<Handling<'a>, Refusal> {
        let spec = operation::by_id(id).unwrap();
        handle(spec, Controls::of(spec).personal, pii, query)
    }

    #[test]
    fn t64_recordings_are_redacted_whatever_the_query_says() {
        for (query, sent) in [
            ("", "redacted=true"),
            ("redacted=false", "redacted=true"),
            ("redacted=true&redacted=false&direction=user", "direction=user&redacted=true"),
            ("redacted", "redacted=true"),
            ("direction=redacted", "direction=redacted&redacted=true"),
            ("&&redacted=0&", "redacted=true"),
        ] {
            assert_eq!(of("conversations.audio", false, query).unwrap().query, sent, "{query}");
            let open = of("conversations.audio", true, query).unwrap();
            assert_eq!((open.query.as_ref(), open.is_open), (query, true));
        }
    }

    #[test]
    fn lists_and_records_are_masked_for_those_without_the_right() {
        for id in ["conversations.v3.list", "conversations.get", "data.conversations.list"] {
            let masked = of(id, false, "").unwrap();
            assert_eq!((masked.filter, masked.is_open), (Filter::Mask, false), "{id}");
            let open = of(id, true, "").unwrap();
            assert_eq!((open.filter, open.is_open), (Filter::None, true), "{id}");
        }
        assert_eq!(of("handoff.get", false, ""), Err(Refusal::PersonalData));
        assert!(of("handoff.get", true, "").unwrap().is_open);
        assert!(!of("agents.list", true, "").unwrap().is_open);
    }

    #[test]
    fn a_large_page_is_an_export() {
        for (query, is_export) in [
            ("limit=200", false),
            ("limit=201", true),
            ("limit=1&limit=1000", true),
            ("limit=", true),
            ("limit", true),
            ("limit=2e3", true),
        ] {
            let open = of("conversations.v3.list", true, query).unwrap();
            assert_eq!((open.is_export, open.query.as_ref()), (is_export, query), "{query}");
            let masked = of("conversations.v3.list", false, query);
            assert_eq!(masked.is_err(), is_export, "{query}");
        }
        assert_eq!(of("conversations.v2.list", true, "a=1").unwrap().query, "a=1&limit=200");
        assert_eq!(of("conversations.v3.list", false, "").unwrap().query, "limit=200");
        assert_eq!(of("conversations.get", true, "").unwrap().query, "");
    }

    proptest! {
        #[test]
        fn t64_no_query_gets_a_recording_unredacted(
            parts in prop::collection::vec("(redacted|direction|Redacted|red%61cted)(=(true|false|%66alse))?", 0..6),
        ) {
            let query = parts.join("&");
            let sent = of("conversations.audio", false, &query).unwrap().query.into_owned();
            let said: Vec<_> = super::parts(&sent).filter(|(name, _)| *name == "redacted").collect();
            prop_assert_eq!(said, [("redacted", "redacted=true")]);
        }
    }
}
