//! Which delivery is attempted when: a state machine without sockets and without a clock.
//!
//! Inputs are deliveries ([`Queue::push`]), answers of receivers ([`Queue::answered`]) and endpoints
//! that go ([`Queue::forget`]); the output is the next request to send ([`Queue::poll`]), and when
//! there will be one ([`Queue::deadline`]). Endpoints are looked at when an attempt is due, never
//! before: a change of address, headers, time-out or secret holds from the next attempt on.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use perch_api::model::WebhookEndpointId;
use perch_api::webhook::{ATTEMPT_DELAYS_S, Answer, Fate, fate};

use super::delivery::{Attempt, Delivery, Message, Reason, Standing};
use super::endpoints::Endpoints;
use super::request::{Request, Ticket, request};

/// Most deliveries that wait or are on their way.
pub(crate) const MOST_PENDING: usize = 1_000;
/// Most of those that are over and still told of.
pub(crate) const MOST_KEPT: usize = 1_000;
/// Most bytes of bodies among the pending, and again among the kept.
const MOST_BYTES: usize = 16 << 20;
/// Most requests to one endpoint at once, so that a slow receiver holds up no other.
pub(crate) const AT_ONCE: usize = 4;

/// Deliveries that wait, are on their way, or are over.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    pending: BTreeMap<u64, Delivery>,
    kept: VecDeque<Delivery>,
    due: BTreeSet<(i64, u64)>,
    /// Requests on their way, by endpoint.
    sending: BTreeMap<WebhookEndpointId, usize>,
    pending_bytes: usize,
    kept_bytes: usize,
    last: u64,
    age: u64,
}

impl Queue {
    /// What a snapshot holds: the number of the last delivery, and all that are known, oldest first.
    pub(crate) fn save(&self) -> (u64, Vec<Delivery>) {
        let mut all: Vec<_> = self.iter().cloned().collect();
        all.reverse();
        (self.last, all)
    }

    /// Puts saved deliveries in the place of all. What was on its way is sent again.
    pub(crate) fn restore(&mut self, last: u64, deliveries: Vec<Delivery>) {
        *self = Self { last, age: self.age + 1, ..Self::default() };
        for mut delivery in deliveries {
            self.last = self.last.max(delivery.number);
            if delivery.standing == Standing::Sending {
                let cut_off = delivery.attempts.pop();
                let due_ms = cut_off.map_or(delivery.created_ms, |attempt| attempt.sent_ms);
                delivery.standing = Standing::Waiting { due_ms };
            }
            self.take(delivery);
        }
    }

    /// Takes a delivery in, to be attempted at once; gives its number.
    pub(crate) fn push(
        &mut self,
        endpoint: &WebhookEndpointId,
        message: Arc<Message>,
        now_ms: i64,
    ) -> u64 {
        self.last += 1;
        self.take(Delivery {
            number: self.last,
            endpoint: endpoint.clone(),
            message,
            created_ms: now_ms,
            attempts: Vec::new(),
            standing: Standing::Waiting { due_ms: now_ms },
        });
        self.last
    }

    /// The next request to send, if one is due; it is stamped with `stamp_ms`.
    pub(crate) fn poll(
        &mut self,
        endpoints: &Endpoints,
        now_ms: i64,
        stamp_ms: i64,
    ) -> Option<Request> {
        loop {
            let (due_ms, number) = self.next().filter(|(due_ms, _)| *due_ms <= now_ms)?;
            self.due.remove(&(due_ms, number));
            let delivery = self.pending.get_mut(&number)?;
            let endpoint = match endpoints.get(&delivery.endpoint) {
                None => Err(Reason::EndpointDeleted),
                Some(endpoint) if !endpoint.enabled => Err(Reason::EndpointDisabled),
                Some(endpoint) => Ok(endpoint),
            };
            match endpoint {
                Ok(endpoint) => {
                    let attempt = Attempt { sent_ms: now_ms, ended_ms: None, outcome: None };
                    delivery.attempts.push(attempt);
                    delivery.standing = Standing::Sending;
                    *self.sending.entry(endpoint.id.clone()).or_default() += 1;
                    let ticket = Ticket { number, age: self.age };
                    return Some(request(ticket, endpoint, &delivery.message, stamp_ms));
                }
                Err(reason) => self.end(number, Standing::Dropped { reason }),
            }
        }
    }

    /// When [`poll`](Self::poll) has something next, if nothing else happens.
    pub(crate) fn deadline(&self) -> Option<i64> {
        self.next().map(|(due_ms, _)| due_ms)
    }

    /// What the request of a delivery came to.
    pub(crate) fn answered(
        &mut self,
        Ticket { number, age }: Ticket,
        answer: Answer,
        endpoints: &Endpoints,
        now_ms: i64,
    ) {
        if age != self.age {
            return;
        }
        let Some(delivery) = self.pending.get_mut(&number) else { return };
        if delivery.standing != Standing::Sending {
            return;
        }
        if let Some(attempt) = delivery.attempts.last_mut() {
            attempt.ended_ms = Some(now_ms);
            attempt.outcome = Some(answer.into());
        }
        if let Some(sending) = self.sending.get_mut(&delivery.endpoint) {
            *sending -= 1;
            if *sending == 0 {
                self.sending.remove(&delivery.endpoint);
            }
        }
        let attempts = delivery.attempts.len();
        let delay_s = ATTEMPT_DELAYS_S.get(attempts).copied();
        match (fate(answer, u32::try_from(attempts).unwrap_or(u32::MAX)), delay_s) {
            (Fate::Delivered, _) => self.end(number, Standing::Delivered),
            (Fate::Retried, Some(delay_s)) if endpoints.get(&delivery.endpoint).is_some() => {
                let due_ms = now_ms.saturating_add(i64::from(delay_s) * 1_000);
                delivery.standing = Standing::Waiting { due_ms };
                self.due.insert((due_ms, number));
            }
            (Fate::Retried, Some(_)) => {
                self.end(number, Standing::Dropped { reason: Reason::EndpointDeleted });
            }
            _ => self.end(number, Standing::Failed),
        }
    }

    /// Gives up what waits for an endpoint that is no more.
    pub(crate) fn forget(&mut self, endpoint: &WebhookEndpointId) {
        let waiting = |delivery: &&Delivery| {
            delivery.endpoint == *endpoint && matches!(delivery.standing, Standing::Waiting { .. })
        };
        let numbers: Vec<_> =
            self.pending.values().filter(waiting).map(|delivery| delivery.number).collect();
        for number in numbers {
            self.end(number, Standing::Dropped { reason: Reason::EndpointDeleted });
        }
    }

    /// Every delivery that is known, newest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Delivery> {
        let mut all: Vec<_> = self.pending.values().chain(&self.kept).collect();
        all.sort_unstable_by_key(|delivery| std::cmp::Reverse(delivery.number));
        all.into_iter()
    }

    /// The delivery with this number, while it is known.
    pub(crate) fn get(&self, number: u64) -> Option<&Delivery> {
        let kept = || self.kept.iter().find(|delivery| delivery.number == number);
        self.pending.get(&number).or_else(kept)
    }

    /// What is due first, of endpoints that may be sent to.
    fn next(&self) -> Option<(i64, u64)> {
        let free = |number: &u64| {
            let endpoint = self.pending.get(number).map(|delivery| &delivery.endpoint);
            endpoint.and_then(|id| self.sending.get(id)).is_none_or(|sending| *sending < AT_ONCE)
        };
        self.due.iter().find(|(_, number)| free(number)).copied()
    }

    /// Takes in a delivery that waits or is over, as far as there is room.
    fn take(&mut self, mut delivery: Delivery) {
        let (number, bytes) = (delivery.number, delivery.message.body.len());
        let Standing::Waiting { due_ms } = delivery.standing else { return self.keep(delivery) };
        let full = self.pending.len() >= MOST_PENDING || self.pending_bytes + bytes > MOST_BYTES;
        if full || self.pending.contains_key(&number) {
            delivery.standing = Standing::Dropped { reason: Reason::QueueFull };
            return self.keep(delivery);
        }
        self.pending_bytes += bytes;
        self.due.insert((due_ms, number));
        self.pending.insert(number, delivery);
    }

    fn end(&mut self, number: u64, standing: Standing) {
        let Some(mut delivery) = self.pending.remove(&number) else { return };
        if let Standing::Waiting { due_ms } = delivery.standing {
            self.due.remove(&(due_ms, number));
        }
        self.pending_bytes -= delivery.message.body.len();
        delivery.standing = standing;
        self.keep(delivery);
    }

    fn keep(&mut self, delivery: Delivery) {
        self.kept_bytes += delivery.message.body.len();
        self.kept.push_back(delivery);
        while self.kept.len() > MOST_KEPT || self.kept_bytes > MOST_BYTES {
            let Some(oldest) = self.kept.pop_front() else { break };
            self.kept_bytes -= oldest.message.body.len();
        }
    }
}

#[cfg(test)]
mod tests;
