//! A messaging session by the native driver: tokens, sockets, faults.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use perch_api::families::conversations::Get;
use perch_api::families::messaging::{AccessToken, CreateSession, CreateSessionBody};
use perch_api::messaging::client::{ClientSession, Config, DialFailure, EndReason, Event, Handoff};
use perch_api::messaging::transcript::{Author, Delivery, Entry};
use perch_api::model::Secret;
use perch_api::operation::{Empty, Json, Nothing, query};
use perch_client::driver::{Command, Dialler, Finish, Handle, drive, handle};
use perch_client::{BoxFuture, NativePlatform, Platform as _, Socket, SocketError, Sockets as _};
use tokio::sync::watch;

use crate::world::{World, detail_path};

struct Direct {
    platform: Arc<NativePlatform>,
    messaging: String,
    session: String,
    token: Secret,
}

impl Dialler for Direct {
    fn dial(&self, cursor: Option<u64>) -> BoxFuture<'_, Result<Socket, DialFailure>> {
        let cursor = cursor.unwrap_or_default().to_string();
        let query = query::write([
            ("session_id", self.session.as_str()),
            ("access_token", self.token.expose()),
            ("cursor", cursor.as_str()),
        ]);
        let url = format!("{}/ws?{query}", self.messaging.replacen("http", "ws", 1));
        Box::pin(async move {
            self.platform.connect(url).await.map_err(|error| match error {
                SocketError::Refused(401 | 404) => DialFailure::SessionLost,
                _ => DialFailure::Unreachable,
            })
        })
    }
}

/// What a chat window would show, after each change.
#[derive(Clone, Default)]
struct View {
    entries: Vec<Entry>,
    handoff: Handoff,
    language: Option<String>,
}

impl View {
    fn said(&self, author: Author, part: &str) -> bool {
        let part = part.to_lowercase();
        self.entries.iter().any(|entry| {
            entry.author == author && !entry.streaming && entry.text.to_lowercase().contains(&part)
        })
    }
}

struct Chat {
    session: String,
    handle: Handle,
    view: watch::Receiver<View>,
    running: tokio::task::JoinHandle<Finish>,
    events: Arc<Mutex<Vec<Event>>>,
}

impl Chat {
    async fn open(world: &World) -> Self {
        let token = world
            .client()
            .send(AccessToken, &Nothing {}, &Nothing {}, &Json(Nothing {}))
            .await
            .unwrap()
            .access_token;
        let body = CreateSessionBody { streaming_enabled: true, ..CreateSessionBody::default() };
        let created = world
            .client_with(Some(token.clone()))
            .send(CreateSession, &Nothing {}, &Nothing {}, &Json(body))
            .await
            .unwrap();
        let session = created.0.session_id.0.unwrap().as_str().to_owned();
        let dialler = Direct {
            platform: world.platform.clone(),
            messaging: world.running.addresses().messaging.clone(),
            session: session.clone(),
            token,
        };
        let (handle, commands) = handle();
        let (show, view) = watch::channel(View::default());
        let events = Arc::new(Mutex::new(Vec::new()));
        let (platform, kept) = (world.platform.clone(), Arc::clone(&events));
        let running = tokio::spawn(async move {
            let mut session = ClientSession::new(Config::default(), platform.random());
            drive(&mut session, &*platform, &dialler, commands, |session, event| {
                kept.lock().unwrap().push(event);
                let _ = show.send(View {
                    entries: session.transcript().iter().cloned().collect(),
                    handoff: session.status().handoff.clone(),
                    language: session.status().language.clone(),
                });
            })
            .await
        });
        Self { session, handle, view, running, events }
    }

    fn say(&self, text: &str) {
        assert!(self.handle.command(Command::Send(text.to_owned())));
    }

    async fn until(&mut self, what: &str, condition: impl Fn(&View) -> bool) -> View {
        let wait = self.view.wait_for(|view| condition(view));
        if let Ok(Ok(view)) = tokio::time::timeout(Duration::from_secs(20), wait).await {
            return view.clone();
        }
        let view = self.view.borrow();
        let said: Vec<_> =
            view.entries.iter().map(|e| (e.author, e.text.as_str(), e.delivery)).collect();
        panic!("waited for {what}; the window shows {said:#?}");
    }

    async fn greeted(world: &World) -> Self {
        let mut chat = Self::open(world).await;
        chat.until("a greeting", |view| view.said(Author::Agent, "")).await;
        chat
    }
}

/// Whether the agent has finished so many messages, the greeting included.
fn answered(view: &View, messages: usize) -> bool {
    let whole = |entry: &&Entry| entry.author == Author::Agent && !entry.streaming;
    view.entries.iter().filter(whole).count() >= messages
}

fn times(view: &View, author: Author, text: &str) -> usize {
    view.entries.iter().filter(|entry| entry.author == author && entry.text == text).count()
}

#[tokio::test]
async fn a_whole_conversation_is_held_and_recorded() {
    let world = World::start(20).await;
    let mut chat = Chat::greeted(&world).await;

    chat.say("What is your return policy?");
    let view = chat.until("an answer on returns", |view| view.said(Author::Agent, "return")).await;
    assert!(view.entries.iter().any(|entry| !entry.suggestions.is_empty()));
    chat.say("Can you recommend a jacket?");
    chat.until("a card", |view| view.entries.iter().any(|entry| !entry.attachments.is_empty()))
        .await;
    chat.say("Where is my order?");
    chat.until("a question back", |view| view.said(Author::Agent, "order number")).await;
    chat.say("FH-10423");
    chat.until("the order", |view| view.said(Author::Agent, "FH-10423")).await;
    chat.say("en français s'il vous plaît");
    chat.until("French", |view| {
        view.language.as_deref().is_some_and(|code| code.starts_with("fr"))
    })
    .await;
    chat.say("au revoir, c'est tout");

    let finish =
        tokio::time::timeout(Duration::from_secs(20), &mut chat.running).await.unwrap().unwrap();
    assert_eq!(finish, Finish::Ended);
    let ends = chat
        .events
        .lock()
        .unwrap()
        .iter()
        .filter(|e| **e == Event::Ended(EndReason::Natural))
        .count();
    assert_eq!(ends, 1);
    let view = chat.view.borrow().clone();
    assert!(view.entries.iter().all(|entry| entry.delivery == Delivery::Sent));

    let record =
        world.client().send(Get, &detail_path(&chat.session), &Nothing {}, &Empty).await.unwrap().0;
    assert_eq!(record.in_progress.0, Some(false));
    let turns = record.turns.0.unwrap();
    assert!(
        turns.iter().any(|turn| turn.user_input.as_ref().is_some_and(|said| said == "FH-10423"))
    );
    assert!(turns.iter().any(|turn| {
        turn.latency
            .as_ref()
            .and_then(perch_api::families::conversations::Latency::seconds)
            .is_some()
    }));
}

#[tokio::test]
async fn an_answer_cut_by_a_dropped_socket_arrives_whole_and_once() {
    let world = World::start(20).await;
    let mut chat = Chat::greeted(&world).await;
    world.control("PUT", "/control/faults", r#"{"drop_mid_chunk":1}"#).await;
    chat.say("What is your return policy?");
    let view = chat.until("the whole answer", |view| answered(view, 2)).await;
    assert_eq!(times(&view, Author::Visitor, "What is your return policy?"), 1);
    let answers: Vec<_> =
        view.entries.iter().filter(|entry| entry.author == Author::Agent).collect();
    assert_eq!(answers.len(), 2, "greeting and one answer: {answers:#?}");
    let dials =
        chat.events.lock().unwrap().iter().filter(|e| matches!(e, Event::Connection(_))).count();
    assert!(dials > 2, "the socket was dropped");
}

#[tokio::test]
async fn doubled_and_reordered_events_are_shown_once_and_in_order() {
    let world = World::start(20).await;
    world
        .control("PUT", "/control/faults", r#"{"duplicate_events":true,"reorder_events":true}"#)
        .await;
    let mut chat = Chat::greeted(&world).await;
    for question in ["What is your return policy?", "When are you open?", "Do you repair boots?"] {
        let before =
            chat.view.borrow().entries.iter().filter(|e| e.author == Author::Agent).count();
        chat.say(question);
        chat.until(question, |view| {
            answered(view, before + 1) && times(view, Author::Visitor, question) == 1
        })
        .await;
    }
    let view = chat.view.borrow().clone();
    let authors: Vec<_> = view.entries.iter().map(|entry| entry.author).collect();
    let (visitor, agent) = (Author::Visitor, Author::Agent);
    assert_eq!(authors, [agent, visitor, agent, visitor, agent, visitor, agent]);
}

#[tokio::test]
async fn a_person_takes_over_after_the_queue() {
    let world = World::start(20).await;
    let mut chat = Chat::greeted(&world).await;
    chat.say("I want to talk to a person");
    chat.until("a queue", |view| matches!(view.handoff, Handoff::Queued(_))).await;
    chat.until("a person", |view| view.handoff == Handoff::Live).await;
    chat.say("My parcel is late");
    chat.until("the person's answer", |view| view.said(Author::LiveAgent, "")).await;
    chat.handle.command(Command::End);
    let finish =
        tokio::time::timeout(Duration::from_secs(20), &mut chat.running).await.unwrap().unwrap();
    assert_eq!(finish, Finish::Ended);
}
