//! Messaging sessions: one task each, around the protocol core of `perch_api`.
//!
//! The core ([`ServerSession`]) numbers, journals, replays and echoes. [`stage`] plays the agent's
//! part as a schedule of steps. This module owns the queue of commands and the one timer.

mod delivery;
mod rules;
mod stage;

use std::sync::Arc;

use perch_api::messaging::server::{Config, ConnectionId, Event, Input, Output, ServerSession};
use perch_api::model::{Millis, Secret};
use tokio::sync::{mpsc, oneshot};

use self::delivery::Delivery;
pub(crate) use self::rules::{RuleBoard, Rules};
pub(crate) use self::stage::Action;
use self::stage::Stage;
use crate::desk::View;
use crate::outcome::Ending;
use crate::platform::Platform;
use crate::sync::lock;

/// Sessions kept at most; beyond that none can be created.
const SESSIONS: usize = 10_000;
/// An ended session is remembered this long, so that a late reconnect learns of the end.
const REMEMBERED_MS: i64 = 600_000;
/// Commands that may wait for a session; sockets that want to say more wait themselves.
const COMMANDS: usize = 256;
/// Frames that may wait for a slow socket before it is dropped.
pub(crate) const SOCKET_QUEUE: usize = 4_096;

/// How others reach a session.
#[derive(Clone)]
pub(crate) struct SessionHandle {
    token: Secret,
    commands: mpsc::Sender<Command>,
}

/// What happens to a session from outside.
#[derive(Debug)]
pub(crate) enum Command {
    /// A socket wants in; the answer is false when there are too many.
    Connect {
        /// Its number.
        conn: ConnectionId,
        /// Where its memory ends.
        cursor: Option<String>,
        /// Where its frames go.
        out: mpsc::Sender<ToSocket>,
        /// Whether it may stay.
        accepted: oneshot::Sender<bool>,
    },
    /// A text frame came.
    Frame {
        /// From which socket.
        conn: ConnectionId,
        /// The frame.
        text: String,
    },
    /// A socket is gone.
    Closed {
        /// Which one.
        conn: ConnectionId,
    },
    /// Somebody at the desk does something.
    Desk {
        /// What.
        action: Action,
        /// The transcript then, or why not.
        answer: oneshot::Sender<Result<View, &'static str>>,
    },
    /// Drop every socket without a word.
    DropSockets,
}

/// What a socket is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ToSocket {
    /// Send a text frame.
    Text(String),
    /// Close with a code.
    Close(u16),
    /// Vanish.
    Drop,
}

impl SessionHandle {
    /// Whether this token created the session.
    pub(crate) fn belongs_to(&self, token: &str) -> bool {
        self.token.ct_eq(token)
    }

    /// Hands a command over, as soon as there is room; a session that is gone takes none.
    pub(crate) async fn send(&self, command: Command) -> bool {
        self.commands.send(command).await.is_ok()
    }

    /// The same without waiting: false also when there is no room.
    pub(crate) fn try_send(&self, command: Command) -> bool {
        self.commands.try_send(command).is_ok()
    }
}

/// Creates session `id` for `token`; nothing when there are too many.
pub(crate) fn create(
    platform: &Arc<Platform>,
    id: &str,
    token: &str,
    streaming: bool,
) -> Option<()> {
    let (commands, receiver) = mpsc::channel(COMMANDS);
    let mut sessions = lock(&platform.sessions);
    if sessions.len() >= SESSIONS {
        return None;
    }
    let token = Secret::new(token.to_owned());
    sessions.insert(id.to_owned(), SessionHandle { token, commands });
    drop(sessions);

    let now = Millis(platform.clock.now_ms().unsigned_abs());
    let rules = platform.messaging.current();
    let config = Config {
        streaming,
        idle_warning_ms: rules.idle_warning_ms.map(u64::from),
        deduplicate: rules.deduplicate,
        replay_whole: rules.replay_whole,
        ..Config::default()
    };
    let actor = Actor {
        core: ServerSession::new(config, platform.random(), now),
        stage: Stage::new(Arc::clone(platform), id.to_owned(), streaming),
        delivery: Delivery::default(),
        gone_at_ms: None,
    };
    tokio::spawn(actor.run(Arc::clone(platform), id.to_owned(), receiver));
    Some(())
}

struct Actor {
    core: ServerSession,
    stage: Stage,
    delivery: Delivery,
    /// When an ended session is forgotten.
    gone_at_ms: Option<i64>,
}

impl Actor {
    async fn run(
        mut self,
        platform: Arc<Platform>,
        id: String,
        mut commands: mpsc::Receiver<Command>,
    ) {
        loop {
            let wake_at_ms = self.wake_at_ms().unwrap_or(i64::MAX);
            tokio::select! {
                biased;
                command = commands.recv() => match command {
                    Some(command) => self.command(command, platform.clock.now_ms()),
                    None => return,
                },
                () = platform.clock.sleep_until(wake_at_ms) => {}
            }
            let now_ms = platform.clock.now_ms();
            let faults = platform.faults.current();
            self.delivery.configure(faults.duplicate_events, faults.reorder_events);
            self.advance(now_ms);
            if self.gone_at_ms.is_some_and(|at| now_ms >= at) {
                lock(&platform.sessions).remove(&id);
                self.delivery.drop_all();
                return;
            }
        }
    }

    fn wake_at_ms(&self) -> Option<i64> {
        let core = self.core.deadline().map(|at| at.0.cast_signed());
        [core, self.stage.next_at_ms(), self.delivery.deadline_ms(), self.gone_at_ms]
            .into_iter()
            .flatten()
            .min()
    }

    fn command(&mut self, command: Command, now_ms: i64) {
        let now = Millis(now_ms.unsigned_abs());
        match command {
            Command::Connect { conn, cursor, out, accepted } => {
                // The socket must be known before the replay is written to it.
                self.delivery.add(conn, out);
                let fits = self.core.connect(now, conn, cursor.as_deref()).is_ok();
                if !fits {
                    self.delivery.remove(conn);
                }
                if accepted.send(fits).is_err() && fits {
                    self.core.handle(now, Input::Closed { conn });
                    self.delivery.remove(conn);
                }
            }
            Command::Frame { conn, text } => {
                self.core.handle(now, Input::Frame { conn, text: &text });
            }
            Command::Closed { conn } => {
                self.core.handle(now, Input::Closed { conn });
                self.delivery.remove(conn);
            }
            Command::Desk { action, answer } => {
                let done = self.stage.act(action, &mut self.core, now_ms);
                // Who asked may have gone.
                let _ = answer.send(done);
            }
            Command::DropSockets => self.drop_sockets(now),
        }
    }

    /// Does everything that is due, and passes on what follows from it.
    fn advance(&mut self, now_ms: i64) {
        let now = Millis(now_ms.unsigned_abs());
        self.drain(now_ms);
        while let Some(step) = self.stage.due(now_ms) {
            if self.stage.perform(step, &mut self.core, now_ms) == stage::Effect::DropSockets {
                self.drain(now_ms);
                self.drop_sockets(now);
            }
            self.drain(now_ms);
        }
        if self.core.deadline().is_some_and(|at| at <= now) {
            self.core.handle(now, Input::Tick);
            self.drain(now_ms);
        }
        self.delivery.flush(now_ms);
        if self.core.is_ended() && self.gone_at_ms.is_none() {
            self.stage.conclude(Ending::Abandoned, now_ms);
            self.gone_at_ms = Some(now_ms + REMEMBERED_MS);
        }
    }

    fn drain(&mut self, now_ms: i64) {
        while let Some(output) = self.core.poll() {
            match output {
                Output::Write { conn, text } => {
                    if !self.delivery.write(conn, text, now_ms) {
                        self.core.handle(Millis(now_ms.unsigned_abs()), Input::Closed { conn });
                    }
                }
                Output::Close { conn, code } => self.delivery.close(conn, code),
                Output::Event(Event::Join) => self.stage.join(now_ms),
                Output::Event(Event::UserMessage { text, custom, .. }) => {
                    self.stage.hear(&text, custom, &mut self.core, now_ms);
                }
                Output::Event(Event::UserTyping(state)) => self.stage.visitor_types(state, now_ms),
                Output::Event(Event::End) => self.stage.conclude(Ending::Closed, now_ms),
                // A call leaves its own record.
                Output::Event(Event::LinkToCall { .. }) => {}
            }
        }
    }

    fn drop_sockets(&mut self, now: Millis) {
        for conn in self.core.connections().to_vec() {
            self.core.handle(now, Input::Closed { conn });
        }
        self.delivery.drop_all();
    }
}
