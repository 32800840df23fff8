//! A messaging session on scripted sockets.

use perch_api::messaging::client::{ClientSession, Config, DialFailure, Event};
use perch_client::driver::{Command, Dialler, Finish, drive, handle};
use perch_client::{BoxFuture, Incoming, Socket, Sockets as _};
use std::sync::Arc;

use crate::scripted::Scripted;

struct Direct(Arc<Scripted>);

impl Dialler for Direct {
    fn dial(&self, cursor: Option<u64>) -> BoxFuture<'_, Result<Socket, DialFailure>> {
        let url = cursor.map_or_else(|| "start".to_owned(), |cursor| format!("from {cursor}"));
        let socket = self.0.connect(url);
        Box::pin(async { socket.await.map_err(|_| DialFailure::Unreachable) })
    }
}

fn frame(sequence: u64, kind: &str, payload: &str) -> Incoming {
    Incoming::Text(format!(
        r#"{{"id":"e{sequence}","sequence":{sequence},"timestamp":"2026-09-01T10:00:01Z","type":"EVENT_TYPE_{kind}","payload":{payload}}}"#
    ))
}

fn batch(frames: &[Incoming]) -> Incoming {
    let events: Vec<_> = frames
        .iter()
        .map(|frame| match frame {
            Incoming::Text(text) => text.as_str(),
            Incoming::Closed { .. } => panic!("a batch holds frames"),
        })
        .collect();
    Incoming::Text(format!(
        r#"{{"type":"EVENT_TYPE_EVENT_BATCH","payload":{{"events":[{}]}}}}"#,
        events.join(",")
    ))
}

#[tokio::test]
async fn a_broken_socket_is_dialled_again_from_the_cursor() {
    let platform = Scripted::new();
    platform.socket(vec![
        batch(&[
            frame(
                1,
                "SESSION_START",
                r#"{"capabilities":{"streaming":true,"heartbeat_interval_seconds":0}}"#,
            ),
            frame(2, "POLY_AGENT_JOINED", r#"{"agent_name":"Juno"}"#),
        ]),
        frame(3, "POLY_AGENT_MESSAGE", r#"{"message_id":"m1","text":"Hello"}"#),
        Incoming::Closed { code: 1006 },
    ]);
    platform.socket(vec![
        batch(&[frame(3, "POLY_AGENT_MESSAGE", r#"{"message_id":"m1","text":"Hello"}"#)]),
        frame(4, "SESSION_END", r#"{"reason":"REASON_NATURAL_END"}"#),
    ]);
    let dialler = Direct(platform.clone());
    let mut session = ClientSession::new(Config::default(), 7);
    let (_handle, commands) = handle();
    let mut ended = 0;
    let finish = drive(&mut session, &*platform, &dialler, commands, |_, event| {
        ended += u32::from(matches!(event, Event::Ended(_)));
    })
    .await;
    assert_eq!((finish, ended), (Finish::Ended, 1));
    assert_eq!(*platform.dialled.lock().unwrap(), ["start", "from 3"]);
    let texts: Vec<_> = session.transcript().iter().map(|entry| entry.text.as_str()).collect();
    assert_eq!(texts, ["Hello"]);
}

#[tokio::test]
async fn dropping_the_handle_hangs_up_and_keeps_the_outbox() {
    let platform = Scripted::new();
    platform.socket(Vec::new());
    let dialler = Direct(platform.clone());
    let mut session = ClientSession::new(Config::default(), 7);
    let (handle, commands) = handle();
    assert!(handle.command(Command::Send("still here".to_owned())));
    drop(handle);
    let finish = drive(&mut session, &*platform, &dialler, commands, |_, _| {}).await;
    assert_eq!(finish, Finish::Dropped);
    assert_eq!(session.outbox().len(), 1);
}
