//! Gives a messaging session a socket, a timer and a way in.
//!
//! The session decides everything; this loop only carries out. It is the same natively and in a
//! browser, and holds at most one socket, one dial and one timer.

use std::{future::poll_fn, task::Poll, time::Duration};

use futures_channel::mpsc;
use futures_util::StreamExt as _;
use perch_api::messaging::client::{ClientSession, DialFailure, Event, Input, Output};
use perch_api::model::Millis;

use crate::platform::{BoxFuture, Platform};
use crate::socket::{Incoming, Socket};

/// Opens the socket of a session; what stands before it (tokens, tickets) is its own business.
pub trait Dialler: Send + Sync {
    /// Opens a socket that replays what is newer than `cursor`.
    fn dial(&self, cursor: Option<u64>) -> BoxFuture<'_, Result<Socket, DialFailure>>;
}

/// What a person or a page wants of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command {
    /// Connect, or try again after a failure.
    Connect,
    /// Say something.
    Send(String),
    /// Send an undelivered message again, by its `client_event_id`.
    Retry(String),
    /// A key was pressed (`true`) or the input cleared (`false`).
    Typing(bool),
    /// Ask the agent to join again.
    RequestAgent,
    /// End the conversation.
    End,
    /// The network is back.
    Online,
    /// The network is gone.
    Offline,
}

impl Command {
    fn input(&self) -> Input<'_> {
        match self {
            Self::Connect => Input::Connect,
            Self::Send(text) => Input::Send { text: text.clone() },
            Self::Retry(id) => Input::Retry { id },
            Self::Typing(on) => Input::Typing(*on),
            Self::RequestAgent => Input::RequestAgent,
            Self::End => Input::End,
            Self::Online => Input::Online,
            Self::Offline => Input::Offline,
        }
    }
}

/// The way into a running session. Dropping every handle closes the socket without ending the session.
#[derive(Debug, Clone)]
pub struct Handle(mpsc::UnboundedSender<Command>);

impl Handle {
    /// Hands a command in; false when the session no longer runs.
    pub fn command(&self, command: Command) -> bool {
        self.0.unbounded_send(command).is_ok()
    }
}

/// The other end of a [`Handle`], for [`drive`].
#[derive(Debug)]
pub struct Commands(mpsc::UnboundedReceiver<Command>);

/// A way into a session that is about to run.
pub fn handle() -> (Handle, Commands) {
    let (sender, receiver) = mpsc::unbounded();
    (Handle(sender), Commands(receiver))
}

/// Why [`drive`] came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// The conversation is over.
    Ended,
    /// The session or its token is gone: make a new one and give it this one's outbox.
    Lost,
    /// Every handle was dropped.
    Dropped,
}

/// Runs a session until it is over, lost or left alone; it connects at once.
///
/// `observe` is called after every change, with the session as it then is.
pub async fn drive(
    session: &mut ClientSession,
    platform: &dyn Platform,
    dialler: &dyn Dialler,
    mut commands: Commands,
    mut observe: impl FnMut(&ClientSession, Event),
) -> Finish {
    let mut line = Line { platform, dialler, socket: None, dialling: None, timer: None };
    session.handle(platform.now(), Input::Connect);
    loop {
        if let Some(finish) = line.carry_out(session, &mut observe) {
            return finish;
        }
        line.arm(session.deadline());
        match line.wait(&mut commands).await {
            Woken::Command(None) => {
                line.hang_up(1000);
                return Finish::Dropped;
            }
            Woken::Command(Some(command)) => session.handle(platform.now(), command.input()),
            Woken::Dialled(Ok(socket)) => {
                line.socket = Some(socket);
                session.handle(platform.now(), Input::Opened);
            }
            Woken::Dialled(Err(failure)) => {
                session.handle(platform.now(), Input::DialFailed(failure));
            }
            Woken::Incoming(Incoming::Text(text)) => {
                session.handle(platform.now(), Input::Frame(&text));
            }
            Woken::Incoming(Incoming::Closed { code }) => {
                line.socket = None;
                session.handle(platform.now(), Input::Closed { code });
            }
            Woken::Timer => session.handle(platform.now(), Input::Tick),
        }
    }
}

/// What is open on behalf of the session.
struct Line<'a> {
    platform: &'a dyn Platform,
    dialler: &'a dyn Dialler,
    socket: Option<Socket>,
    dialling: Option<BoxFuture<'a, Result<Socket, DialFailure>>>,
    timer: Option<(Millis, BoxFuture<'a, ()>)>,
}

enum Woken {
    Command(Option<Command>),
    Dialled(Result<Socket, DialFailure>),
    Incoming(Incoming),
    Timer,
}

impl Line<'_> {
    fn carry_out(
        &mut self,
        session: &mut ClientSession,
        observe: &mut impl FnMut(&ClientSession, Event),
    ) -> Option<Finish> {
        let mut finish = None;
        while let Some(output) = session.poll() {
            match output {
                Output::Dial { cursor } => {
                    // An older socket or dial is forgotten, as the session has forgotten it.
                    self.hang_up(1000);
                    self.dialling = Some(self.dialler.dial(cursor));
                }
                Output::Write(text) => {
                    // A failure shows as a close a moment later; the session resends by its own rules.
                    let _ = self.socket.as_mut().map(|socket| socket.send(text));
                }
                Output::Hangup { code } => self.hang_up(code),
                Output::Event(event) => {
                    match event {
                        Event::Ended(_) => finish = finish.or(Some(Finish::Ended)),
                        Event::SessionLost => finish = Some(Finish::Lost),
                        _ => {}
                    }
                    observe(session, event);
                }
            }
        }
        if finish.is_some() {
            self.hang_up(1000);
        }
        finish
    }

    fn hang_up(&mut self, code: u16) {
        self.dialling = None;
        if let Some(socket) = self.socket.take() {
            socket.close(code);
        }
    }

    fn arm(&mut self, deadline: Option<Millis>) {
        if self.timer.as_ref().map(|(at, _)| *at) == deadline {
            return;
        }
        self.timer = deadline.map(|at| {
            let pause = Duration::from_millis(at.since(self.platform.now()));
            (at, self.platform.sleep(pause))
        });
    }

    async fn wait(&mut self, commands: &mut Commands) -> Woken {
        poll_fn(|cx| {
            if let Poll::Ready(command) = commands.0.poll_next_unpin(cx) {
                return Poll::Ready(Woken::Command(command));
            }
            if let Some(dialling) = &mut self.dialling
                && let Poll::Ready(result) = dialling.as_mut().poll(cx)
            {
                self.dialling = None;
                return Poll::Ready(Woken::Dialled(result));
            }
            if let Some(socket) = &mut self.socket
                && let Poll::Ready(incoming) = socket.poll_incoming(cx)
            {
                return Poll::Ready(Woken::Incoming(incoming));
            }
            if let Some((_, timer)) = &mut self.timer
                && timer.as_mut().poll(cx).is_ready()
            {
                self.timer = None;
                return Poll::Ready(Woken::Timer);
            }
            Poll::Pending
        })
        .await
    }
}
