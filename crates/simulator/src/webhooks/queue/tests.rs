//! The schedule in virtual time, against receivers that fail, change and vanish.

use perch_api::families::webhooks::{CreateEndpoint, UpdateEndpoint};
use perch_api::model::Secret;
use perch_api::webhook::{ATTEMPT_OFFSETS_S, SigningSecrets, VerifyError, verify};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::webhooks::delivery::Outcome;

const START: i64 = 1_795_443_600_000;

fn id(number: usize) -> WebhookEndpointId {
    WebhookEndpointId::parse(&format!("whe_{number}")).unwrap()
}

fn secret(text: &str) -> Secret {
    Secret::new(format!("whsec_{text}"))
}

fn endpoints(count: usize) -> Endpoints {
    let mut endpoints = Endpoints::default();
    for number in 0..count {
        let body: CreateEndpoint = serde_json::from_value(json!({
            "name": "Pager", "url": "https://shop.example/hooks", "event_types": ["alerts.triggered"],
        }))
        .unwrap();
        endpoints.create(id(number), &body, secret("a"), START).unwrap();
    }
    endpoints
}

fn message(bytes: usize) -> Arc<Message> {
    let body = "x".repeat(bytes);
    let (event_id, event_type) = ("e-1".to_owned(), "alerts.triggered".to_owned());
    Arc::new(Message { event_id, event_type, body })
}

fn ticket(number: u64) -> Ticket {
    Ticket { number, age: 0 }
}

/// Whether a receiver with this secret takes the request at `now_ms`.
fn verified(request: &Request, text: &str, now_ms: i64) -> Result<(), VerifyError> {
    let secrets = SigningSecrets::single(secret(text)).unwrap();
    let headers: Vec<_> =
        request.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
    let headers = headers.iter().map(|(name, value)| (*name, *value));
    let delivery = perch_api::webhook::Delivery::new(headers, request.message.body.as_bytes());
    verify(&delivery, &secrets, now_ms / 1_000).map(|verified| {
        assert_eq!(verified.event_id(), Some("e-1"));
    })
}

/// Lets a delivery fail until nothing more is due; gives the moments, in seconds from the start.
fn run(queue: &mut Queue, endpoints: &Endpoints, answer: Answer) -> Vec<i64> {
    let mut moments = Vec::new();
    while let Some(now_ms) = queue.deadline() {
        let request = queue.poll(endpoints, now_ms, now_ms).unwrap();
        assert!(queue.poll(endpoints, now_ms, now_ms).is_none(), "one at a time");
        assert_eq!(verified(&request, "a", now_ms), Ok(()), "stamped and signed anew");
        moments.push((now_ms - START) / 1_000);
        queue.answered(request.ticket, answer, endpoints, now_ms);
    }
    moments
}

#[test]
fn failing_deliveries_are_tried_at_the_documented_moments() {
    let endpoints = endpoints(1);
    let documented: Vec<i64> = ATTEMPT_OFFSETS_S.map(i64::from).to_vec();
    for (answer, expected, standing) in [
        (Answer::Status(500), &documented[..], Standing::Failed),
        (Answer::Status(408), &documented[..], Standing::Failed),
        (Answer::Status(429), &documented[..], Standing::Failed),
        (Answer::TimedOut, &documented[..], Standing::Failed),
        (Answer::Unreachable, &documented[..], Standing::Failed),
        (Answer::Status(404), &[0], Standing::Failed),
        (Answer::Status(302), &[0], Standing::Failed),
        (Answer::Status(204), &[0], Standing::Delivered),
    ] {
        let mut queue = Queue::default();
        let number = queue.push(&id(0), message(10), START);
        assert_eq!(run(&mut queue, &endpoints, answer), expected, "{answer:?}");
        let delivery = queue.get(number).unwrap();
        assert_eq!((delivery.standing, delivery.attempts.len()), (standing, expected.len()));
        assert!(delivery.attempts.iter().all(|one| one.outcome == Some(Outcome::from(answer))));
    }
}

#[test]
fn a_rotated_secret_signs_from_the_next_attempt_on() {
    let mut endpoints = endpoints(1);
    let mut queue = Queue::default();
    queue.push(&id(0), message(10), START);
    let first = queue.poll(&endpoints, START, START).unwrap();
    endpoints.rotate(&id(0), secret("b"), START).unwrap();
    queue.answered(first.ticket, Answer::Status(503), &endpoints, START);
    let at = queue.deadline().unwrap();
    let second = queue.poll(&endpoints, at, at).unwrap();
    assert_eq!(verified(&first, "a", START), Ok(()));
    assert_eq!(verified(&second, "a", at), Err(VerifyError::Mismatch));
    assert_eq!(verified(&second, "b", at), Ok(()));
    assert_eq!(first.message, second.message, "the event stays the same");
}

#[test]
fn a_changed_address_holds_from_the_next_attempt_on() {
    let mut endpoints = endpoints(1);
    let mut queue = Queue::default();
    queue.push(&id(0), message(10), START);
    let first = queue.poll(&endpoints, START, START).unwrap();
    queue.answered(first.ticket, Answer::TimedOut, &endpoints, START + 5_000);
    let (url, timeout_ms) = (Some("https://other.example/".to_owned()), Some(1_000));
    let change = UpdateEndpoint { url, timeout_ms, ..UpdateEndpoint::default() };
    endpoints.update(&id(0), &change, START).unwrap();
    let at = queue.deadline().unwrap();
    assert_eq!(at, START + 65_000, "a minute after the attempt before ended");
    let second = queue.poll(&endpoints, at, at).unwrap();
    assert_eq!((second.url.as_str(), second.timeout.as_secs()), ("https://other.example/", 1));
}

#[test]
fn a_deleted_endpoint_gets_nothing_more() {
    let mut endpoints = endpoints(2);
    let mut queue = Queue::default();
    let waiting = queue.push(&id(0), message(10), START);
    let other = queue.push(&id(1), message(10), START);
    let request = queue.poll(&endpoints, START, START).unwrap();
    queue.answered(request.ticket, Answer::Status(500), &endpoints, START);
    let sending = queue.push(&id(0), message(10), START);
    while queue.poll(&endpoints, START, START).is_some() {}
    endpoints.delete(&id(0)).unwrap();
    queue.forget(&id(0));
    let gone = Standing::Dropped { reason: Reason::EndpointDeleted };
    assert_eq!(queue.get(waiting).unwrap().standing, gone);
    assert_eq!(queue.get(sending).unwrap().standing, Standing::Sending);
    queue.answered(ticket(sending), Answer::Status(500), &endpoints, START);
    assert_eq!(queue.get(sending).unwrap().standing, gone);
    queue.answered(ticket(other), Answer::Status(200), &endpoints, START);
    assert_eq!(queue.get(other).unwrap().standing, Standing::Delivered);
    assert_eq!(queue.deadline(), None);
}

#[test]
fn an_endpoint_that_is_off_when_an_attempt_is_due_loses_it() {
    let mut endpoints = endpoints(1);
    let mut queue = Queue::default();
    let (first, second) = (queue.push(&id(0), message(1), START), START + 60_000);
    let request = queue.poll(&endpoints, START, START).unwrap();
    queue.answered(request.ticket, Answer::Status(500), &endpoints, START);
    let switch = |enabled| UpdateEndpoint { enabled: Some(enabled), ..UpdateEndpoint::default() };
    endpoints.update(&id(0), &switch(false), START).unwrap();
    endpoints.update(&id(0), &switch(true), START).unwrap();
    let request = queue.poll(&endpoints, second, second).unwrap();
    queue.answered(request.ticket, Answer::Status(500), &endpoints, second);
    endpoints.update(&id(0), &switch(false), START).unwrap();
    assert!(queue.poll(&endpoints, second + 300_000, second + 300_000).is_none());
    let off = Standing::Dropped { reason: Reason::EndpointDisabled };
    assert_eq!(queue.get(first).unwrap().standing, off);
    assert_eq!(queue.get(first).unwrap().attempts.len(), 2);
}

#[test]
fn a_slow_receiver_holds_up_no_other() {
    let endpoints = endpoints(2);
    let mut queue = Queue::default();
    for _ in 0..AT_ONCE + 3 {
        queue.push(&id(0), message(1), START);
    }
    let other = queue.push(&id(1), message(1), START);
    let sent: Vec<_> = std::iter::from_fn(|| queue.poll(&endpoints, START, START)).collect();
    assert_eq!(sent.len(), AT_ONCE + 1);
    assert_eq!(sent.last().unwrap().ticket.number, other);
    assert_eq!(queue.deadline(), None, "until one of them answers");
    queue.answered(sent[0].ticket, Answer::Status(200), &endpoints, START);
    assert_eq!(queue.deadline(), Some(START));
}

#[test]
fn what_is_too_much_is_not_taken_and_what_is_over_is_forgotten() {
    let endpoints = endpoints(1);
    let full = Standing::Dropped { reason: Reason::QueueFull };
    let mut queue = Queue::default();
    let numbers: Vec<_> =
        (0..=MOST_PENDING).map(|_| queue.push(&id(0), message(1), START)).collect();
    assert_eq!(queue.get(numbers[MOST_PENDING]).unwrap().standing, full);
    assert_ne!(queue.get(numbers[MOST_PENDING - 1]).unwrap().standing, full);
    for _ in 0..2 * MOST_KEPT {
        queue.push(&id(0), message(1), START);
    }
    assert_eq!(queue.iter().count(), MOST_PENDING + MOST_KEPT);

    let mut queue = Queue::default();
    let large = message(MOST_BYTES / 2 + 1);
    let first = queue.push(&id(0), Arc::clone(&large), START);
    let second = queue.push(&id(0), Arc::clone(&large), START);
    assert_eq!(queue.get(second).unwrap().standing, full);
    run(&mut queue, &endpoints, Answer::Status(400));
    assert_eq!(queue.get(first).unwrap().standing, Standing::Failed);
    assert!(queue.get(second).is_none(), "two large bodies are not kept");
}

#[test]
fn a_restored_queue_goes_on_and_answers_from_before_come_to_nothing() {
    let endpoints = endpoints(1);
    let mut queue = Queue::default();
    for _ in 0..3 {
        queue.push(&id(0), message(3), START);
    }
    let sent: Vec<_> = std::iter::from_fn(|| queue.poll(&endpoints, START, START)).collect();
    queue.answered(sent[0].ticket, Answer::Status(200), &endpoints, START);
    queue.answered(sent[1].ticket, Answer::Status(500), &endpoints, START);
    let (last, saved) = queue.save();
    let mut restored = Queue::default();
    restored.restore(last, saved.clone());
    let standing = |number| restored.get(number).unwrap().standing;
    assert_eq!(standing(1), Standing::Delivered);
    assert_eq!(standing(2), Standing::Waiting { due_ms: START + 60_000 });
    assert_eq!(standing(3), Standing::Waiting { due_ms: START });
    let again = restored.poll(&endpoints, START, START).unwrap();
    assert_eq!(again.ticket.number, 3);
    restored.answered(sent[2].ticket, Answer::Status(200), &endpoints, START);
    assert_eq!(restored.get(3).unwrap().standing, Standing::Sending, "that was another's answer");
    assert_eq!(restored.push(&id(0), message(3), START), 4);
    // Numbers that occur twice cannot confuse it.
    restored.restore(0, [saved.clone(), saved].concat());
    assert_eq!(run(&mut restored, &endpoints, Answer::Status(200)), [0, 60]);
}

/// What may happen to a queue.
#[derive(Debug, Clone)]
enum Step {
    Push(usize),
    Pass(i64),
    Answer(usize, Answer),
    Delete(usize),
    Switch(usize, bool),
}

fn step() -> impl Strategy<Value = Step> {
    let answer = prop_oneof![
        (100_u16..600).prop_map(Answer::Status),
        Just(Answer::TimedOut),
        Just(Answer::Unreachable),
    ];
    prop_oneof![
        (0_usize..3).prop_map(Step::Push),
        (0_i64..5_000_000).prop_map(Step::Pass),
        (0_usize..20, answer).prop_map(|(at, answer)| Step::Answer(at, answer)),
        (0_usize..3).prop_map(Step::Delete),
        (0_usize..3, any::<bool>()).prop_map(|(at, on)| Step::Switch(at, on)),
    ]
}

proptest! {
    #[test]
    fn nothing_is_lost_doubled_or_early(steps in prop::collection::vec(step(), 0..80)) {
        let mut endpoints = endpoints(3);
        let (mut queue, mut now_ms) = (Queue::default(), START);
        let (mut pushed, mut on_the_way): (Vec<u64>, Vec<u64>) = (Vec::new(), Vec::new());
        for step in steps {
            match step {
                Step::Push(at) => pushed.push(queue.push(&id(at), message(3), now_ms)),
                Step::Pass(ms) => now_ms += ms,
                Step::Answer(at, answer) if at < on_the_way.len() => {
                    queue.answered(ticket(on_the_way.remove(at)), answer, &endpoints, now_ms);
                }
                Step::Answer(_, answer) => queue.answered(ticket(u64::MAX), answer, &endpoints, now_ms),
                Step::Delete(at) => {
                    let _ = endpoints.delete(&id(at));
                    queue.forget(&id(at));
                }
                Step::Switch(at, on) => {
                    let change = UpdateEndpoint { enabled: Some(on), ..UpdateEndpoint::default() };
                    let _ = endpoints.update(&id(at), &change, now_ms);
                }
            }
            while let Some(request) = queue.poll(&endpoints, now_ms, now_ms) {
                prop_assert!(!on_the_way.contains(&request.ticket.number), "sent twice at once");
                on_the_way.push(request.ticket.number);
            }
            prop_assert!(queue.deadline().is_none_or(|due_ms| due_ms > now_ms));
            for number in 0..3 {
                let own = |one: &&u64| queue.get(**one).unwrap().endpoint == id(number);
                prop_assert!(on_the_way.iter().filter(own).count() <= AT_ONCE);
            }
        }
        prop_assert_eq!(queue.iter().count(), pushed.len(), "every delivery is accounted for");
        for delivery in queue.iter() {
            prop_assert!(delivery.attempts.len() <= ATTEMPT_DELAYS_S.len());
            let sending = delivery.standing == Standing::Sending;
            prop_assert_eq!(sending, on_the_way.contains(&delivery.number));
            for (pair, delay_s) in delivery.attempts.windows(2).zip(&ATTEMPT_DELAYS_S[1..]) {
                let waited_ms = pair[1].sent_ms - pair[0].ended_ms.unwrap();
                prop_assert!(waited_ms >= i64::from(*delay_s) * 1_000, "too early");
            }
        }
    }
}
