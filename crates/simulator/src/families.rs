//! The handlers of each API family, put together from the operation tables.

pub(crate) mod chat;
mod conversations;
mod messaging;

use crate::router::Router;

/// Every operation with its handler.
pub(crate) fn router() -> Router {
    let router = Router::default();
    let router = conversations::routes(router);
    let router = chat::routes(router);
    messaging::routes(router)
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_operation_is_missing() {
        assert_eq!(super::router().missing(), Vec::<&str>::new());
    }
}
