//! The client half of the protocol, over real sockets, while the platform misbehaves: what the
//! visitor reads is what the operator finds on record.

use std::time::{Duration, Instant};

use futures_util::{SinkExt as _, StreamExt as _};
use perch_api::messaging::client::{ClientSession, Config, Connection, DialFailure, Input, Output};
use perch_api::messaging::transcript::{Author, Delivery};
use perch_api::model::Millis;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use crate::harness::{Session, Sim, Stream};

/// The forty lines every driver has: one socket, one timer.
struct Driver {
    session: Session,
    client: ClientSession,
    start: Instant,
    stream: Option<Stream>,
    dials: usize,
}

impl Driver {
    fn new(session: Session) -> Self {
        let client = ClientSession::new(Config::default(), 5);
        Self { session, client, start: Instant::now(), stream: None, dials: 0 }
    }

    async fn input(&mut self, input: Input<'_>) {
        self.client.handle(self.now(), input);
        while let Some(output) = self.client.poll() {
            match output {
                Output::Dial { cursor } => {
                    self.dials += 1;
                    let dialled = self.session.open(cursor).await;
                    let opened = dialled.is_ok();
                    self.stream = dialled.ok();
                    let input = if opened {
                        Input::Opened
                    } else {
                        Input::DialFailed(DialFailure::Unreachable)
                    };
                    self.client.handle(self.now(), input);
                }
                Output::Write(text) => {
                    if let Some(stream) = &mut self.stream {
                        // A socket that is gone shows when it is read.
                        let _ = stream.send(Message::text(text)).await;
                    }
                }
                Output::Hangup { .. } => self.stream = None,
                Output::Event(_) => {}
            }
        }
    }

    /// Runs until `done`, at most half a minute.
    async fn until(&mut self, done: impl Fn(&ClientSession) -> bool) {
        let end = Instant::now() + Duration::from_secs(30);
        while !done(&self.client) {
            assert!(Instant::now() < end, "{:#?}", self.client.transcript());
            let now = self.now();
            let wait = self.client.deadline().map_or(1_000, |at| at.since(now));
            let sleep = tokio::time::sleep(Duration::from_millis(wait.min(1_000)));
            let frame = async {
                match &mut self.stream {
                    Some(stream) => stream.next().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = sleep => self.input(Input::Tick).await,
                frame = frame => match frame {
                    Some(Ok(Message::Text(text))) => self.input(Input::Frame(&text)).await,
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => {
                        self.stream = None;
                        self.input(Input::Closed { code: 1006 }).await;
                    }
                }
            }
        }
    }

    fn now(&self) -> Millis {
        Millis(u64::try_from(self.start.elapsed().as_millis()).unwrap() + 1)
    }
}

/// Whole messages of the agent.
fn answers(client: &ClientSession) -> Vec<String> {
    let agent = |author: &Author| !matches!(author, Author::Visitor | Author::System);
    client
        .transcript()
        .iter()
        .filter(|entry| agent(&entry.author) && !entry.streaming)
        .map(|entry| entry.text.clone())
        .collect()
}

#[tokio::test]
async fn what_the_visitor_reads_is_what_is_on_record() {
    let sim = Sim::start(20).await;
    sim.faults(json!({
        "duplicate_events": true,
        "reorder_events": true,
        "drop_mid_chunk": 3,
        "latency_ms": [1, 40],
    }))
    .await;
    let driver = hold(&sim).await;
    assert!(driver.dials >= 4, "three answers were cut: {} dials", driver.dials);
}

#[tokio::test]
async fn broken_frames_and_sockets_cost_nothing_but_time() {
    let sim = Sim::start(20).await;
    for rule in [
        json!({ "on": "messaging.ws", "fault": { "malformed": {} }, "every": 5 }),
        json!({ "on": "messaging.ws", "fault": { "drop": {} }, "every": 17, "times": 4 }),
        json!({ "on": "messaging.ws", "fault": { "error": { "status": 503 } }, "every": 3 }),
    ] {
        let added = sim.control("POST", "/control/faults/rules", Some(rule)).await;
        assert_eq!(added.status, 201, "{}", added.body);
    }
    let driver = hold(&sim).await;
    assert!(driver.dials >= 5, "four sockets broke: {} dials", driver.dials);
    let rules = sim.control("GET", "/control/faults", None).await.body["rules"].clone();
    assert!(rules[0]["hits"].as_u64().unwrap() > 5, "{rules}");
}

#[tokio::test]
async fn a_message_into_silence_is_uncertain_and_goes_through_once_the_line_is_cut() {
    let sim = Sim::start(20).await;
    let mut driver = Driver::new(sim.session(true).await);
    driver.input(Input::Connect).await;
    driver.until(|client| answers(client).len() == 1).await;
    let rule = json!({ "on": "messaging.ws", "fault": { "half_open": {} }, "times": 1 });
    sim.control("POST", "/control/faults/rules", Some(rule)).await;
    driver.input(Input::Send { text: "what is your return policy?".to_owned() }).await;
    let delivery = |client: &ClientSession| client.transcript().iter().last().unwrap().delivery;
    driver.until(|client| delivery(client) == Delivery::Uncertain).await;
    assert_eq!(
        driver.dials, 1,
        "a minute of silence tells that a line is dead, the time of an echo does not"
    );

    sim.control("DELETE", "/control/faults", None).await;
    driver
        .until(|client| {
            client.transcript().iter().all(|entry| entry.delivery != Delivery::Uncertain)
        })
        .await;
    driver.until(|client| answers(client).len() == 2).await;
    assert_eq!(driver.dials, 2);
}

/// Holds a conversation and compares what the visitor reads with what is on record.
async fn hold(sim: &Sim) -> Driver {
    let mut driver = Driver::new(sim.session(true).await);
    driver.input(Input::Connect).await;
    driver.until(|client| answers(client).len() == 1).await;
    let said =
        ["what is your return policy?", "recommend a jacket", "where is my order", "FH-10423"];
    for (number, text) in said.iter().enumerate() {
        driver.input(Input::Send { text: (*text).to_owned() }).await;
        driver.until(|client| answers(client).len() == number + 2).await;
    }
    assert_eq!(driver.client.status().connection, Connection::Open);

    let detail = sim.detail(&driver.session.id).await.body;
    let turns = detail["turns"].as_array().unwrap();
    let recorded = |side: &str| -> Vec<String> {
        turns.iter().map(|turn| turn[side].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(answers(&driver.client), recorded("agent_response"));
    assert_eq!(recorded("user_input")[1..], said);
    let visitor: Vec<_> = driver
        .client
        .transcript()
        .iter()
        .filter(|entry| matches!(entry.author, Author::Visitor))
        .map(|entry| (entry.text.as_str(), entry.delivery))
        .collect();
    assert_eq!(visitor, said.map(|text| (text, Delivery::Sent)));
    driver
}
