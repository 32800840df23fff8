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
    /// Groups of operations that nobody answers yet.
    const MISSING: &[&str] = &[];

    #[test]
    fn groups_are_served_whole_or_not_at_all() {
        let missing = super::router().missing();
        for group in MISSING {
            let all = perch_api::operation::all().filter(|spec| spec.id.starts_with(group));
            let unserved = missing.iter().filter(|id| id.starts_with(group));
            let (all, unserved) = (all.count(), unserved.count());
            assert!(all > 0 && all == unserved, "{group} is served: take it off the list");
        }
        let other = missing.iter().find(|id| !MISSING.iter().any(|group| id.starts_with(group)));
        assert_eq!(other, None, "of its group, this one alone is not served");
    }
}
