//! Which operations are lists and which are recordings, as data: for callers that know them by their rows.

use super::{Cursor, OperationSpec, Paged};
use crate::families::{agents, conversations, data};
use crate::stream::Listed;

/// A list whose rows can be read while they arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListSpec {
    /// The row of the operation.
    pub operation: &'static OperationSpec,
    /// The member of the answer that holds the rows; nothing where the answer itself is the list.
    pub member: Option<&'static str>,
    /// How the next page is found; nothing where there is one page, or the query says which.
    pub cursor: Option<&'static Cursor>,
}

/// Every list there is.
pub static LISTS: &[ListSpec] = &[
    ListSpec::of_pages::<conversations::List>(),
    ListSpec::of_pages::<conversations::ListV2>(),
    ListSpec::of::<conversations::ListV1>(),
    ListSpec::of::<agents::audio_cache::List>(),
    ListSpec::of::<agents::deployments::List>(),
    ListSpec::of::<agents::topics::List>(),
    ListSpec::of::<data::List>(),
];

impl ListSpec {
    const fn of<O: Listed>() -> Self {
        Self { operation: O::SPEC, member: O::LIST, cursor: None }
    }

    const fn of_pages<O: Listed + Paged>() -> Self {
        Self { cursor: Some(O::CURSOR), ..Self::of::<O>() }
    }
}

impl OperationSpec {
    /// How its answer is a list; nothing where it is none.
    pub fn list(&self) -> Option<&'static ListSpec> {
        LISTS.iter().find(|list| list.operation.id == self.id)
    }

    /// Whether its answer is sound that can be asked for in parts.
    pub fn is_recording(&self) -> bool {
        self.sends.is_none() && self.answers.is_some_and(|kind| kind.starts_with("audio/"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Json, all, query};

    fn agrees<O>()
    where
        O: Listed + Paged<Query = conversations::ListQuery, Response = Json<conversations::Page>>,
    {
        let cursor = O::SPEC.list().unwrap().cursor.unwrap();
        let page = |value: &str| -> Json<conversations::Page> {
            let text = format!(r#"{{"conversations":[],"{}":{value}}}"#, cursor.member);
            Json(serde_json::from_str(&text).unwrap())
        };
        assert_eq!(O::next_cursor(&page("\"c7\"")), Some("c7"));
        assert_eq!([O::next_cursor(&page("null")), O::next_cursor(&page("\"\""))], [None, None]);
        let mut asked = conversations::ListQuery { offset: Some(3), ..Default::default() };
        O::resume(&mut asked, "c7");
        assert_eq!(query::to_pairs(&asked), [(cursor.parameter, "c7".to_owned())]);
        assert_eq!(cursor.excludes, ["offset"]);
    }

    #[test]
    fn cursors_as_data_say_what_the_types_do() {
        agrees::<conversations::List>();
        agrees::<conversations::ListV2>();
        assert_eq!(LISTS.iter().filter(|list| list.cursor.is_some()).count(), 2);
    }

    #[test]
    fn lists_and_recordings_are_read_and_nothing_else() {
        for list in LISTS {
            let spec = list.operation;
            assert!(spec.sends.is_none() && spec.list() == Some(list), "{}", spec.id);
            assert_eq!(spec.answers, Some("application/json"), "{}", spec.id);
        }
        let recordings: Vec<_> =
            all().filter(|spec| spec.is_recording()).map(|spec| spec.id).collect();
        assert_eq!(recordings, ["agents.audio_cache.download", "conversations.audio"]);
    }
}
