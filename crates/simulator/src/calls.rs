//! Calls from browsers: the gateway of `perch_api` behind sockets, and what answers in it.
//!
//! Everything of a call happens but its sound: offers are answered with a lawful description, and
//! addresses are exchanged, but nobody listens at the address that is named, so no media flows and
//! the transcript holds the agent's greeting alone.

mod answer;
mod casting;
mod socket;
pub(crate) mod turn;

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, Weak};

use perch_api::calls::message::Candidate;
use perch_api::calls::server::{
    CallEnd, CallId, Config, ConnectionId, Event, Gateway, Input, Output,
};
use perch_api::model::Millis;
use tokio::sync::{mpsc, oneshot};

pub(crate) use self::socket::upgrade;
use crate::accounts::Accounts;
use crate::outcome::Ending;
use crate::platform::Platform;
use crate::session::ToSocket;

/// Commands that may wait; sockets that want to say more wait themselves.
const COMMANDS: usize = 1_024;
/// Frames that may wait for a slow socket before it is dropped.
const SOCKET_QUEUE: usize = 512;
/// An address out of the range for documentation: nothing that is sent there arrives.
const NOWHERE: &str = "candidate:1 1 udp 2130706431 192.0.2.10 9 typ host generation 0";

/// The gateway; it runs from the first socket on.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    commands: OnceLock<mpsc::Sender<Command>>,
    active: Arc<AtomicUsize>,
}

/// What happens to the gateway from outside.
#[derive(Debug)]
enum Command {
    /// A socket wants in; the answer is false when there are too many.
    Connect { conn: ConnectionId, out: mpsc::Sender<ToSocket>, accepted: oneshot::Sender<bool> },
    /// A text frame came.
    Frame { conn: ConnectionId, text: String },
    /// A socket is gone.
    Closed { conn: ConnectionId, code: u16 },
    /// The agent hangs up on everybody.
    HangUp,
    /// Drop every socket without a word.
    DropSockets,
}

impl Calls {
    /// Calls that are not over.
    pub(crate) fn active(&self) -> usize {
        self.active.load(Ordering::Relaxed)
    }

    /// The agent hangs up on everybody; gives how many there were.
    pub(crate) async fn hang_up(&self) -> usize {
        self.tell(Command::HangUp).await
    }

    /// Drops every socket without a word; calls outlive that for a while.
    pub(crate) async fn drop_sockets(&self) -> usize {
        self.tell(Command::DropSockets).await
    }

    async fn tell(&self, command: Command) -> usize {
        let active = self.active();
        let Some(commands) = self.commands.get() else { return 0 };
        if commands.send(command).await.is_ok() { active } else { 0 }
    }

    /// The gateway's ear.
    fn commands(&self, accounts: &Arc<Accounts>) -> mpsc::Sender<Command> {
        let start = || {
            let (commands, receiver) = mpsc::channel(COMMANDS);
            let driver = Driver {
                gateway: Gateway::new(Config::default(), accounts.first().random()),
                accounts: Arc::downgrade(accounts),
                sockets: HashMap::new(),
                calls: HashMap::new(),
                active: Arc::clone(&self.active),
            };
            tokio::spawn(driver.run(receiver));
            commands
        };
        self.commands.get_or_init(start).clone()
    }
}

struct Driver {
    gateway: Gateway,
    /// Not held: the accounts hold the gateway.
    accounts: Weak<Accounts>,
    sockets: HashMap<ConnectionId, mpsc::Sender<ToSocket>>,
    /// Answered calls with their records.
    calls: HashMap<CallId, (Arc<Platform>, String)>,
    active: Arc<AtomicUsize>,
}

impl Driver {
    async fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        loop {
            let Some(clock) = self.accounts.upgrade().map(|one| Arc::clone(&one.first().clock))
            else {
                return;
            };
            let wake_ms = self.gateway.deadline().map_or(i64::MAX, |at| at.0.cast_signed());
            let command = tokio::select! {
                biased;
                command = commands.recv() => match command {
                    Some(command) => Some(command),
                    None => return,
                },
                () = clock.sleep_until(wake_ms) => None,
            };
            let now_ms = clock.now_ms();
            match command {
                Some(command) => self.command(command, now_ms),
                None => self.gateway.handle(millis(now_ms), Input::Tick),
            }
            self.drain(now_ms);
            self.active.store(self.gateway.calls().count(), Ordering::Relaxed);
        }
    }

    fn command(&mut self, command: Command, now_ms: i64) {
        let now = millis(now_ms);
        match command {
            Command::Connect { conn, out, accepted } => {
                let fits = self.gateway.connect(now, conn).is_ok();
                if fits {
                    self.sockets.insert(conn, out);
                }
                if accepted.send(fits).is_err() && fits {
                    self.closed(conn, 1006, now);
                }
            }
            Command::Frame { conn, text } => {
                self.gateway.handle(now, Input::Frame { conn, text: &text });
            }
            Command::Closed { conn, code } => self.closed(conn, code, now),
            Command::HangUp => {
                for call in self.gateway.calls().collect::<Vec<_>>() {
                    self.gateway.handle(now, Input::HangUp { call });
                }
            }
            Command::DropSockets => {
                for (conn, out) in std::mem::take(&mut self.sockets) {
                    // Its queue is full or it is gone: both end it.
                    let _ = out.try_send(ToSocket::Drop);
                    self.gateway.handle(now, Input::Closed { conn, code: 1006 });
                }
            }
        }
    }

    fn closed(&mut self, conn: ConnectionId, code: u16, now: Millis) {
        self.sockets.remove(&conn);
        self.gateway.handle(now, Input::Closed { conn, code });
    }

    fn drain(&mut self, now_ms: i64) {
        while let Some(output) = self.gateway.poll() {
            match output {
                Output::Write { conn, text } => {
                    let frame = ToSocket::Text(text.into_string());
                    let sent = self.sockets.get(&conn).map(|out| out.try_send(frame));
                    if sent.is_some_and(|sent| sent.is_err()) {
                        self.closed(conn, 1006, millis(now_ms));
                    }
                }
                Output::Close { conn, code } => {
                    if let Some(out) = self.sockets.remove(&conn) {
                        // A full queue ends the socket as well: its sender is gone now.
                        let _ = out.try_send(ToSocket::Close(code));
                    }
                }
                Output::Event(Event::Offer { call, offer, .. }) => {
                    self.offered(call, &offer, now_ms);
                }
                Output::Event(Event::Candidate { .. }) => {}
                Output::Event(Event::Ended { call, end }) => {
                    if let Some((platform, id)) = self.calls.remove(&call) {
                        platform.live.ended(&id, ending(end), now_ms);
                    }
                }
            }
        }
    }

    fn offered(&mut self, call: CallId, offer: &perch_api::calls::message::Offer, now_ms: i64) {
        let Some(accounts) = self.accounts.upgrade() else { return };
        let now = millis(now_ms);
        let entropy = accounts.first().random();
        let taken = casting::cast(&accounts, &offer.fields)
            .and_then(|cast| Ok((cast, answer::answer(&offer.sdp, entropy)?)));
        match taken {
            Err(report) => self.gateway.handle(now, Input::Fail { call, report }),
            Ok((cast, answer::Answer { sdp, mid, at })) => {
                let platform = Arc::clone(&cast.platform);
                let begin = || (platform, cast.begin(&offer.fields, now_ms));
                self.calls.entry(call).or_insert_with(begin);
                self.gateway.handle(now, Input::Accept { call, sdp });
                for line in [NOWHERE, ""] {
                    let candidate = Candidate {
                        sdp_mid: mid.clone(),
                        sdp_m_line_index: Some(at),
                        ..Candidate::new(line)
                    };
                    self.gateway.handle(now, Input::Candidate { call, candidate });
                }
            }
        }
    }
}

fn millis(now_ms: i64) -> Millis {
    Millis(now_ms.unsigned_abs())
}

const fn ending(end: CallEnd) -> Ending {
    match end {
        CallEnd::Agent | CallEnd::TooLong => Ending::Natural,
        CallEnd::Caller | CallEnd::Replaced => Ending::Closed,
        CallEnd::Failed | CallEnd::Unanswered | CallEnd::Lost => Ending::Abandoned,
    }
}
