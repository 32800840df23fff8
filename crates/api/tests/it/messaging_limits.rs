//! What a client session refuses, and what it keeps for the next page.

use perch_api::{
    messaging::{
        client::{
            ClientSession, Config, Connection, DialFailure, Event, Input, Output, PendingMessage,
            Refusal,
        },
        frame::{ClientFrame, MAX_FRAME_BYTES},
        transcript::{Author, Delivery},
    },
    model::Millis,
};

fn outputs(client: &mut ClientSession) -> Vec<Output> {
    std::iter::from_fn(|| client.poll()).collect()
}

fn refusals(client: &mut ClientSession) -> Vec<Refusal> {
    let refused = |output| match output {
        Output::Event(Event::Refused(refusal)) => Some(refusal),
        _ => None,
    };
    outputs(client).into_iter().filter_map(refused).collect()
}

fn open(client: &mut ClientSession, limit: u64) {
    client.handle(Millis(0), Input::Connect);
    client.handle(Millis(0), Input::Opened);
    let start = format!(
        r#"{{"type":"EVENT_TYPE_EVENT_BATCH","payload":{{"events":[{{"id":"e1","sequence":1,
        "type":"EVENT_TYPE_SESSION_START","payload":{{"capabilities":{{
        "max_message_size_bytes":{limit}}}}}}}]}}}}"#
    );
    client.handle(Millis(0), Input::Frame(&start));
}

fn send(client: &mut ClientSession, text: &str) {
    client.handle(Millis(1), Input::Send { text: text.to_owned() });
}

#[test]
fn the_size_limit_is_that_of_the_frame_and_never_above_the_documented_one() {
    for (announced, limit) in [(500, 500), (1_048_576, MAX_FRAME_BYTES)] {
        let mut client = ClientSession::new(Config::default(), 1);
        open(&mut client, announced);
        outputs(&mut client);
        let shell = ClientFrame::message("", "00000000-0000-4000-8000-000000000000").encode().len();
        let fits = "x".repeat(limit - shell);
        send(&mut client, &format!("{fits}x"));
        assert_eq!(refusals(&mut client), [Refusal::TooLong { limit }]);
        assert!(client.transcript().is_empty() && client.outbox().is_empty());
        // A quotation mark is two bytes in the frame.
        send(&mut client, &format!("\"{}", &fits[1..]));
        assert_eq!(refusals(&mut client), [Refusal::TooLong { limit }]);
        send(&mut client, &fits);
        let written: Vec<_> = outputs(&mut client)
            .into_iter()
            .filter_map(|output| match output {
                Output::Write(frame) => Some(frame.len()),
                _ => None,
            })
            .collect();
        assert_eq!(written, [limit]);
    }
}

#[test]
fn an_answer_cannot_ask_to_wait_for_ever() {
    let mut client = ClientSession::new(Config::default(), 1);
    client.handle(Millis(0), Input::Connect);
    let busy = DialFailure::Busy { retry_after_ms: Some(u64::MAX) };
    client.handle(Millis(10), Input::DialFailed(busy));
    assert_eq!(client.deadline(), Some(Millis(300_010)));
}

#[test]
fn nothing_is_no_message() {
    let mut client = ClientSession::new(Config::default(), 1);
    send(&mut client, " \n\t");
    assert_eq!(refusals(&mut client), [Refusal::Empty]);
    assert_eq!(client.deadline(), None, "not worth a connection");
}

#[test]
fn sixty_four_messages_may_wait() {
    let mut client = ClientSession::new(Config::default(), 1);
    for n in 0..65 {
        send(&mut client, &format!("message {n}"));
    }
    assert_eq!(refusals(&mut client), [Refusal::Backlog { limit: 64 }]);
    assert_eq!((client.outbox().len(), client.transcript().len()), (64, 64));
    assert_eq!(client.status().connection, Connection::Connecting, "sending connects");
}

#[test]
fn what_was_given_up_makes_room_and_can_still_be_sent_again() {
    let mut client = ClientSession::new(Config { backlog: 2, ..Config::default() }, 1);
    open(&mut client, 131_072);
    send(&mut client, "one");
    send(&mut client, "two");
    let id = client.outbox()[0].id.clone();
    client.handle(Millis(10_001), Input::Tick);
    assert!(client.outbox().iter().all(|message| message.delivery == Delivery::Uncertain));
    client.handle(Millis(10_002), Input::Send { text: "three".to_owned() });
    let texts: Vec<_> = client.outbox().into_iter().map(|message| message.text).collect();
    assert_eq!(texts, ["two", "three"]);
    client.handle(Millis(10_003), Input::Retry { id: &id });
    let texts: Vec<_> = client.outbox().into_iter().map(|message| message.text).collect();
    assert_eq!(texts, ["three", "one"]);
    assert_eq!(refusals(&mut client), []);
    assert_eq!(client.transcript().len(), 3);
}

#[test]
fn an_outbox_survives_a_reload_with_its_ids() {
    let mut client = ClientSession::new(Config::default(), 1);
    send(&mut client, "typed offline");
    let outbox = client.outbox();
    assert_eq!(
        outbox,
        [PendingMessage {
            id: outbox[0].id.clone(),
            text: "typed offline".to_owned(),
            written: false,
            delivery: Delivery::Sending,
            at_ms: 1,
        }]
    );
    let stored = serde_json::to_string(&outbox).unwrap();
    let read: Vec<PendingMessage> = serde_json::from_str(&stored).unwrap();
    let mut next = ClientSession::new(Config::default(), 2);
    next.restore(read.clone());
    next.restore(read);
    assert_eq!(next.outbox(), outbox, "restored once");
    let shown: Vec<_> = next
        .transcript()
        .iter()
        .map(|entry| (entry.author, entry.delivery, entry.client_event_id.clone()))
        .collect();
    assert_eq!(shown, [(Author::Visitor, Delivery::Sending, Some(outbox[0].id.clone()))]);
    open(&mut next, 131_072);
    let frame = ClientFrame::message("typed offline", &outbox[0].id).encode();
    assert!(outputs(&mut next).contains(&Output::Write(frame)));
}
