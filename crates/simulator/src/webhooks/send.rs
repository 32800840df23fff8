//! Sending what is due, for as long as the simulator runs.

use std::sync::Arc;

use perch_api::webhook::Answer;
use reqwest::Client;
use reqwest::redirect::Policy;
use tokio::task::JoinSet;

use super::request::Request;
use crate::clock::Clock;
use crate::platform::Platform;
use crate::sync::lock;

/// Sends every delivery when it is due, and hands in what it came to.
pub(crate) async fn send(platform: Arc<Platform>) {
    let client = Client::builder().redirect(Policy::none()).no_proxy().build();
    let mut requests = JoinSet::new();
    loop {
        let deadline_ms = loop {
            let now_ms = platform.clock.now_ms();
            let by_machine = platform.webhooks.stamps_by_machine();
            let stamp_ms = if by_machine { Clock::machine_ms() } else { now_ms };
            let (next, deadline_ms) = {
                let mut inner = lock(&platform.webhooks.inner);
                let super::Inner { endpoints, queue } = &mut *inner;
                (queue.poll(endpoints, now_ms, stamp_ms), queue.deadline())
            };
            let Some(request) = next else { break deadline_ms };
            let client = client.as_ref().ok().cloned();
            requests.spawn(async move { (request.ticket, post(client, request).await) });
        };
        let due = async {
            match deadline_ms {
                Some(deadline_ms) => platform.clock.sleep_until(deadline_ms).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = due => {}
            () = platform.webhooks.changed.notified() => {}
            Some(Ok((ticket, answer))) = requests.join_next() => {
                let now_ms = platform.clock.now_ms();
                platform.webhooks.change(|super::Inner { endpoints, queue }| {
                    queue.answered(ticket, answer, endpoints, now_ms);
                });
            }
        }
    }
}

async fn post(client: Option<Client>, request: Request) -> Answer {
    // A client without a single setting of the system's cannot fail to be made; nobody is reached if so.
    let Some(client) = client else { return Answer::Unreachable };
    let Request { url, headers, message, timeout, .. } = request;
    let sent = client.post(url).headers(headers).body(message.body.clone()).timeout(timeout).send();
    match sent.await {
        // The body is left unread, however long it is: dropping the answer closes the connection.
        Ok(answer) => Answer::Status(answer.status().as_u16()),
        Err(error) if error.is_timeout() => Answer::TimedOut,
        Err(_) => Answer::Unreachable,
    }
}
