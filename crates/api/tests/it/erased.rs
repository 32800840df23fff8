//! Every operation with its types behind function pointers, so that tests can walk the table.

use perch_api::operation::{self, DecodeError, Operation, OperationSpec, Payload, Visitor, query};

type Pairs = Vec<(&'static str, String)>;
type Read<T> = fn(&[(String, String)]) -> Result<T, query::QueryError>;

/// One operation.
pub(crate) struct Erased {
    pub(crate) spec: &'static OperationSpec,
    /// Reads placeholders into the path type and writes them back.
    pub(crate) path: Read<Pairs>,
    /// Reads parameters into the query type and writes them back.
    pub(crate) query: Read<Pairs>,
    /// Reads a request body of a content type and writes it back.
    pub(crate) request: fn(&str, &[u8]) -> Result<Vec<u8>, DecodeError>,
    /// Reads an answer and writes it back.
    pub(crate) response: fn(&[u8]) -> Result<Vec<u8>, DecodeError>,
}

/// Every operation, in the order of the tables.
pub(crate) fn all() -> Vec<Erased> {
    struct Collect(Vec<Erased>);
    impl Visitor for Collect {
        fn visit<O: Operation>(&mut self) {
            self.0.push(Erased {
                spec: O::SPEC,
                path: |pairs| query::from_pairs::<O::Path>(pairs).map(|it| query::to_pairs(&it)),
                query: |pairs| query::from_pairs::<O::Query>(pairs).map(|it| query::to_pairs(&it)),
                request: |kind, bytes| O::Request::decode_as(kind, bytes).map(|body| body.encode()),
                response: |bytes| O::Response::decode(bytes).map(|body| body.encode()),
            });
        }
    }
    let mut collect = Collect(Vec::new());
    operation::visit(&mut collect);
    collect.0
}

#[test]
fn the_visitor_sees_every_row_once() {
    let seen: Vec<_> = all().iter().map(|one| one.spec.id).collect();
    let rows: Vec<_> = operation::all().map(|spec| spec.id).collect();
    assert_eq!(seen, rows);
}
