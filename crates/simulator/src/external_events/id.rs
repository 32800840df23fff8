//! Where an event's id is: the sender of a result chooses a header, the query or the body.

use axum::http::HeaderMap;
use perch_api::families::external_events::EventBody;
use perch_api::operation::query;
use roxmltree::{Document, Node};
use serde_json::Value;

/// Which part of the request holds the id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// A header.
    Headers,
    /// The query.
    Query,
    /// The body.
    Payload,
}

/// The parts of a request that may hold it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    /// The headers.
    pub(crate) headers: &'a HeaderMap,
    /// The query without the question mark.
    pub(crate) query: &'a str,
    /// The body.
    pub(crate) body: &'a EventBody,
}

impl Request<'_> {
    /// The text at a place: a name there, or in a body a dotted path.
    pub(crate) fn text_at(&self, place: Place, path: &str) -> Option<String> {
        let found = match place {
            Place::Headers => self.headers.get(path)?.to_str().ok().map(str::to_owned),
            Place::Query => pair(&query::read(self.query)?, path),
            Place::Payload => match self.body {
                EventBody::Json(value) => in_json(value, path),
                EventBody::Form(pairs) => pair(pairs, path),
                EventBody::Xml(text) => in_xml(text, path),
                // What the documentation shows as text is a form without its type.
                EventBody::Text(text) => pair(&query::read(text.trim())?, path),
            },
        };
        found.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }
}

fn pair(pairs: &[(String, String)], name: &str) -> Option<String> {
    pairs.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone())
}

fn in_json(value: &Value, path: &str) -> Option<String> {
    let found = path.split('.').try_fold(value, |value, name| value.get(name));
    // A field may have dots in its own name.
    let found = found.or_else(|| value.get(path))?;
    match found {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The path may begin with the root's name or below it: the documentation shows neither.
fn in_xml(text: &str, path: &str) -> Option<String> {
    let document = Document::parse(text).ok()?;
    let root = document.root_element();
    let below = |from: Node<'_, '_>| {
        let mut names = path.split('.');
        let node = names.try_fold(from, |node, name| {
            node.children().find(|child| child.is_element() && child.tag_name().name() == name)
        })?;
        let texts = node.descendants().filter(Node::is_text).filter_map(|node| node.text());
        Some(texts.collect::<String>())
    };
    below(root).or_else(|| below(document.root()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(body: &EventBody, path: &str) -> Option<String> {
        let headers = HeaderMap::new();
        Request { headers: &headers, query: "", body }.text_at(Place::Payload, path)
    }

    #[test]
    fn a_body_of_any_type_is_searched() {
        let json = EventBody::Json(
            json!({ "cid": "e1", "order": { "cid": " e2 ", "n": 7, "list": [] }, "a.b": "e3" }),
        );
        for (path, id) in [
            ("cid", Some("e1")),
            ("order.cid", Some("e2")),
            ("order.n", Some("7")),
            ("a.b", Some("e3")),
            ("order", None),
            ("order.list", None),
            ("order.cid.x", None),
            ("", None),
        ] {
            assert_eq!(found(&json, path).as_deref(), id, "{path}");
        }
        assert_eq!(found(&EventBody::Json(json!(["e1"])), "0"), None);
        let pairs = vec![("a".to_owned(), "x".to_owned()), ("cid".to_owned(), "e1".to_owned())];
        assert_eq!(found(&EventBody::Form(pairs), "cid").as_deref(), Some("e1"));
        let text = EventBody::Text("cid=e%31&status=succeeded\n".to_owned());
        assert_eq!(found(&text, "cid").as_deref(), Some("e1"));
        assert_eq!(found(&EventBody::Text("e1".to_owned()), "cid"), None);
    }

    #[test]
    fn xml_is_read_with_care() {
        let xml = |text: &str| EventBody::Xml(text.to_owned());
        let order =
            xml("<?xml version='1.0'?><root><order n='1'><cid>e<![CDATA[1]]></cid></order></root>");
        for path in ["order.cid", "root.order.cid"] {
            assert_eq!(found(&order, path).as_deref(), Some("e1"), "{path}");
        }
        assert_eq!(found(&order, "cid"), None);
        assert_eq!(found(&xml("<cid>e1</cid>"), "cid").as_deref(), Some("e1"));
        assert_eq!(found(&xml("<a><cid/></a>"), "cid"), None, "an empty one");
        assert_eq!(found(&xml("<a><cid>e1</a>"), "cid"), None, "broken");
        // Entities of the sender's own could grow without end: none is read.
        let bomb = "<!DOCTYPE a [<!ENTITY b 'e1'>]><a><cid>&b;</cid></a>";
        assert_eq!(found(&xml(bomb), "cid"), None);
        let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
        assert_eq!(found(&xml(&deep), "cid"), None);
    }

    #[test]
    fn headers_and_query_are_searched_by_name() {
        let headers = HeaderMap::from_iter([(
            axum::http::HeaderName::from_static("x-cid"),
            axum::http::HeaderValue::from_static("e1"),
        )]);
        let body = EventBody::Text("x".to_owned());
        let request = Request { headers: &headers, query: "a=1&cid=e%32", body: &body };
        assert_eq!(request.text_at(Place::Headers, "X-Cid").as_deref(), Some("e1"));
        assert_eq!(request.text_at(Place::Headers, "cid"), None);
        assert_eq!(request.text_at(Place::Headers, "no name"), None);
        assert_eq!(request.text_at(Place::Query, "cid").as_deref(), Some("e2"));
        assert_eq!(Request { query: "cid=%", ..request }.text_at(Place::Query, "cid"), None);
    }
}
