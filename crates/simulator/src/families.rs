//! The handlers of each API family, put together from the operation tables.

mod agents;
pub(crate) mod chat;
mod conversations;
mod messaging;

use crate::router::Router;

/// Every operation with its handler.
pub(crate) fn router() -> Router {
    let router = Router::default();
    let router = agents::routes(router);
    let router = conversations::routes(router);
    let router = chat::routes(router);
    messaging::routes(router)
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_visitors_and_operators_use_is_served() {
        let missing = super::router().missing();
        for id in [
            "agents.list",
            "agents.branches.merge",
            "agents.deployments.promote",
            "chat.create",
            "chat.respond",
            "chat.close",
            "conversations.v3.list",
            "conversations.get",
            "messaging.access_token",
            "messaging.sessions.create",
        ] {
            assert!(!missing.contains(&id), "{id}");
        }
    }
}
