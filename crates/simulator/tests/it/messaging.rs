//! Messaging: the story, as a browser lives it.

use serde_json::json;

use crate::harness::{Session, Sim, Socket, text_of};

async fn joined(session: &Session) -> Socket {
    let mut socket = session.connect().await;
    let start = socket.until("SESSION_START").await;
    assert_eq!(start["sequence"], 1);
    socket.send("REQUEST_POLY_AGENT_JOIN", json!({})).await;
    let agent = socket.until("POLY_AGENT_JOINED").await;
    assert_eq!(agent["payload"]["agent_name"], "Juno");
    socket
}

#[tokio::test]
async fn the_story_streams_and_is_found_afterwards() {
    let sim = Sim::start(50).await;
    let session = sim.session(true).await;
    let mut socket = joined(&session).await;
    let greeting = socket.answer().await;
    assert!((6..=12).contains(&greeting.len()), "{} chunks", greeting.len());
    assert!(text_of(&greeting).starts_with("Hi, I'm Juno"));
    assert!(
        greeting.last().unwrap()["payload"]["response_suggestions"][0]["message_text"].is_string()
    );

    socket
        .send_text(r#"{"type":"EVENT_TYPE_USER_MESSAGE","payload":{"text":"Recommend a jacket"},"metadata":{"custom":{"client_event_id":"c-1"}}}"#)
        .await;
    let echo = socket.until("USER_MESSAGE").await;
    assert_eq!(echo["metadata"]["custom"]["client_event_id"], "c-1");
    assert!(echo["payload"]["message_id"].is_string());
    socket.until("POLY_AGENT_THINKING").await;
    let cards = socket.answer().await.pop().unwrap();
    let card = &cards["payload"]["attachments"][0];
    assert!(card["content_url"].as_str().unwrap().starts_with("https://shop.fernhill.example/"));
    let picture = card["preview_image_url"].as_str().unwrap();
    let picture = sim.send("GET", picture, &[], None).await;
    assert_eq!(
        (picture.status, &picture.headers["content-type"]),
        (200, &"image/svg+xml".parse().unwrap())
    );

    socket.say("where is my order").await;
    socket.answer().await;
    socket.say("FH-10423").await;
    assert!(text_of(&socket.answer().await).contains("FH-10423"));

    socket.say("¿habla español?").await;
    let changed = socket.until("LANGUAGE_CHANGED").await;
    assert_eq!(changed["payload"]["language_code"], "es-ES");
    assert!(text_of(&socket.answer().await).contains("español"));

    socket.say("quiero hablar con una persona").await;
    socket.until("POLY_AGENT_TRIGGERED_HANDOFF").await;
    socket.until("POLY_AGENT_LEFT").await;
    socket.until("HANDOFF_ACCEPTED").await;
    for position in [2, 1] {
        let queue = socket.until("HANDOFF_QUEUE_STATUS").await;
        assert_eq!(queue["payload"]["position_in_queue"], position);
    }
    let person = socket.until("LIVE_AGENT_JOINED").await;
    assert_eq!(person["payload"]["agent"]["name"], "Imre");
    socket.until("LIVE_AGENT_TYPING").await;
    assert!(
        socket.until("LIVE_AGENT_MESSAGE").await["payload"]["text"]
            .as_str()
            .unwrap()
            .contains("Imre")
    );
    socket.say("¿cuánto cuesta el envío exprés?").await;
    assert!(socket.until("LIVE_AGENT_MESSAGE").await["payload"]["text"].is_string());
    socket.say("eso es todo").await;
    socket.until("LIVE_AGENT_LEFT").await;
    let end = socket.until("SESSION_END").await;
    assert_eq!(end["payload"]["reason"], "REASON_NATURAL_END");

    let row = sim.rows("limit=1&include_latency=true").await.remove(0);
    assert_eq!(row["id"], session.id.as_str());
    assert_eq!((&row["channel"], &row["in_progress"]), (&json!("WEBCHAT"), &json!(false)));
    assert_eq!((&row["handoff"], &row["environment"]), (&json!(true), &json!("live")));
    assert!(row["turns"][1]["latency"].as_f64().unwrap() > 0.3);
    let detail = sim.detail(&session.id).await.body;
    assert_eq!(detail["language"], "es-ES");
    assert_eq!(detail["turns"][1]["user_input"], "Recommend a jacket");
    assert!(detail["polyaiDuration"].as_u64().unwrap() < detail["totalDuration"].as_u64().unwrap());
}

#[tokio::test]
async fn without_streaming_messages_come_whole_and_chats_are_listed_while_they_run() {
    let sim = Sim::start(50).await;
    let session = sim.session(false).await;
    let mut socket = joined(&session).await;
    let greeting = socket.until("POLY_AGENT_MESSAGE").await;
    assert!(greeting["payload"]["text"].as_str().unwrap().contains("Juno"));
    socket.say("tell me about quantum chromodynamics").await;
    let lost = socket.until("POLY_AGENT_MESSAGE").await;
    assert!(!lost["payload"]["response_suggestions"].as_array().unwrap().is_empty());
    let row = &sim.rows("limit=1&in_progress=true").await[0];
    assert_eq!((&row["id"], &row["num_ood"]), (&json!(session.id), &json!(1)));

    socket.say("bye").await;
    assert_eq!(socket.until("SESSION_END").await["payload"]["reason"], "REASON_NATURAL_END");
    assert!(!socket.kinds().contains(&"POLY_AGENT_MESSAGE_CHUNK"));
    assert_eq!(sim.detail(&session.id).await.body["inProgress"], false);
    assert_eq!(socket.closed().await, Some(1000));
}

#[tokio::test]
async fn the_visitor_may_end_and_events_out_of_place_are_refused() {
    let sim = Sim::start(20).await;
    let session = sim.session(true).await;
    let mut socket = joined(&session).await;
    socket.send_text("{nonsense").await;
    let error = socket.until("SYSTEM_MESSAGE").await;
    assert_eq!(error["payload"]["message"], "Unknown event type or invalid message format");
    socket.send("SESSION_END", json!({})).await;
    let error = socket.until("SYSTEM_MESSAGE").await;
    assert_eq!(error["payload"]["message"], "Event type not allowed: EVENT_TYPE_SESSION_END");
    socket.send("HEARTBEAT", json!({})).await;
    socket.until("HEARTBEAT").await;
    socket.send("USER_END_SESSION", json!({})).await;
    assert_eq!(socket.until("SESSION_END").await["payload"]["reason"], "REASON_USER_END");
}

#[tokio::test]
async fn oversized_and_binary_frames_close_the_socket() {
    let sim = Sim::start(20).await;
    let session = sim.session(true).await;
    let mut socket = joined(&session).await;
    socket.say(&"x".repeat(140_000)).await;
    assert_eq!(socket.closed().await, Some(1009));
    let mut socket = session.connect().await;
    socket.send_binary(&[0, 159]).await;
    assert_eq!(socket.closed().await, Some(1003));
    let mut socket = session.connect().await;
    socket.until("SESSION_START").await;
}

#[tokio::test]
async fn a_flood_is_told_to_slow_down() {
    let sim = Sim::start(20).await;
    let session = sim.session(true).await;
    let mut socket = joined(&session).await;
    for _ in 0..100 {
        socket.say("returns").await;
    }
    let told = socket.until("SYSTEM_MESSAGE").await;
    let text = "Our system is experiencing high load. Please try again in a moment.";
    assert_eq!(told["payload"]["message"], text);
}

#[tokio::test]
async fn a_reconnect_resumes_at_its_cursor() {
    let sim = Sim::start(20).await;
    let session = sim.session(true).await;
    let mut socket = joined(&session).await;
    socket.answer().await;
    let cursor = socket.last_sequence();
    drop(socket);
    let mut other = session.connect().await;
    other.say("returns").await;
    other.answer().await;

    let mut resumed = session.resume(cursor).await;
    let chunk = resumed.answer().await;
    assert!(text_of(&chunk).contains("60 days"));
    assert_eq!(*resumed.sequences().first().unwrap(), cursor + 1);
    assert!(!resumed.kinds().contains(&"SESSION_START"));
    let mut full = session
        .dial(&format!("session_id={}&auth_token={}&cursor=seq:x", session.id, session.token))
        .await
        .unwrap();
    full.until("SESSION_START").await;
}

#[tokio::test]
async fn handshakes_are_refused_as_documented() {
    let sim = Sim::start(20).await;
    let (session, other) = (sim.session(true).await, sim.session(true).await);
    let (id, token) = (&session.id, &session.token);
    for (query, status) in [
        (String::new(), 400),
        (format!("session_id={id}"), 400),
        (format!("access_token={token}"), 400),
        (format!("session_id={id}&access_token=x"), 401),
        (format!("session_id={id}&access_token={}", other.token), 401),
        (format!("session_id=00000000-0000-4000-8000-000000000000&access_token={token}"), 404),
    ] {
        assert_eq!(session.dial(&query).await.err(), Some(status), "{query}");
    }
    let plain = format!("{}/ws?session_id={id}&access_token={token}", sim.running.messaging());
    let answer = sim.send("GET", &plain, &[], None).await;
    assert_eq!(
        (answer.status, answer.body),
        (400, json!({ "message": "invalid connection parameters" }))
    );

    let mut sockets = Vec::new();
    for _ in 0..10 {
        sockets.push(session.connect().await);
    }
    assert_eq!(
        session.dial(&format!("session_id={id}&access_token={token}")).await.err(),
        Some(429)
    );
}

#[tokio::test]
async fn ten_silent_minutes_end_the_session() {
    let sim = Sim::start(20).await;
    let session = sim.session(false).await;
    let mut socket = joined(&session).await;
    socket.until("POLY_AGENT_MESSAGE").await;
    sim.control("POST", "/control/clock", Some(json!({ "advance_ms": 601_000 }))).await;
    assert_eq!(socket.until("SESSION_END").await["payload"]["reason"], "REASON_USER_ABANDONED");
    assert_eq!(sim.rows("limit=1").await[0]["in_progress"], false);
    // Ten more minutes, and nobody knows it any more.
    sim.control("POST", "/control/clock", Some(json!({ "advance_ms": 601_000 }))).await;
    let query = format!("session_id={}&access_token={}", session.id, session.token);
    let mut status = None;
    for _ in 0..100 {
        match session.dial(&query).await {
            Err(found) => {
                status = Some(found);
                break;
            }
            Ok(_) => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
        }
    }
    assert_eq!(status, Some(404));
}
