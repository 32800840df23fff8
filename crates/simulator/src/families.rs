//! The handlers of each API family, put together from the operation tables.

mod agents;
mod alerts;
pub(crate) mod chat;
mod concurrency;
mod conversations;
pub(crate) mod data;
pub(crate) mod debug_chat;
mod dni;
mod external_events;
mod handoff;
mod messaging;
pub(crate) mod outbound;
mod sms;
mod webhooks;
mod webrtc;

pub(crate) use self::alerts::shown as rule_shown;
use crate::router::Router;

/// Every operation with its handler.
pub(crate) fn router() -> Router {
    let router = Router::default();
    let router = agents::routes(router);
    let router = concurrency::routes(conversations::routes(router));
    let router = handoff::routes(data::routes(router));
    let router = debug_chat::routes(chat::routes(router));
    let router = webhooks::routes(alerts::routes(router));
    let router = dni::routes(external_events::routes(router));
    webrtc::routes(sms::routes(outbound::routes(messaging::routes(router))))
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_operation_is_served() {
        assert_eq!(super::router().missing(), Vec::<&str>::new());
    }
}
