//! The bridge's half of its calls: what a simulator runs.
//!
//! It names calls, gives each a token, checks the order of requests, and repeats answers that got lost.
//! Whether a site may call, what descriptions say and when the agent's track moves is up to the driver,
//! which reacts to [`Event`]s.
//!
//! The platform documents none of this. What clients rely on is kept; decided here, beyond that: an
//! offer or a pull that is repeated word for word is answered as before, another one is refused with
//! 409; a call whose events socket closes is over; a call nobody begins to talk on ends after a while.

mod body;
mod io;
mod routes;
mod sockets;

pub use self::io::{Asked, CallEnd, CallId, Config, Credential, Event, Input, Output, SocketId};

use self::routes::Stage;
use crate::{
    calls::{message::WireText, queue::Outputs},
    messaging::dice::Dice,
    model::{Millis, Secret},
};
use std::collections::BTreeMap;

/// All calls of one bridge.
///
/// After every [`handle`](Self::handle), drain [`poll`](Self::poll), then arm one timer for
/// [`deadline`](Self::deadline). It has no `Debug`: it holds the calls' tokens.
pub struct Bridge {
    config: Config,
    now: Millis,
    dice: Dice,
    out: Outputs<Output>,
    calls: BTreeMap<CallId, Call>,
    sockets: BTreeMap<SocketId, Socket>,
    /// Counts calls.
    count: u64,
}

struct Call {
    /// As callers know it.
    name: String,
    token: Secret,
    stage: Stage,
    /// The events socket, once it has shown the token.
    socket: Option<SocketId>,
    /// When the driver must have answered the request under way.
    answer_by: Option<Millis>,
    /// When talking must have begun; nothing once it has.
    begin_by: Option<Millis>,
    end_by: Millis,
}

/// An events socket.
#[derive(Debug)]
struct Socket {
    call: CallId,
    /// When it must have shown the token; nothing once it has.
    auth_by: Option<Millis>,
}

impl Bridge {
    /// A bridge without calls. `entropy` decides ids and tokens: who may not know them must not know it.
    pub fn new(config: Config, entropy: u64) -> Self {
        Self {
            config,
            now: Millis(0),
            dice: Dice::new(entropy),
            out: Outputs::default(),
            calls: BTreeMap::new(),
            sockets: BTreeMap::new(),
            count: 0,
        }
    }

    /// Takes note of something that happened at `now`; time never runs backwards.
    pub fn handle(&mut self, now: Millis, input: Input<'_>) {
        self.now = self.now.max(now);
        self.run_timers();
        match input {
            Input::Request { request, asked } => self.request(request, asked),
            Input::Described { call, sdp } => self.described(call, sdp),
            Input::Failed { call } => self.end(call, CallEnd::Failed),
            Input::EventsOpened { socket, path } => self.events_opened(socket, path),
            Input::EventsFrame { socket, text } => self.events_frame(socket, text),
            Input::EventsClosed { socket } => self.events_closed(socket),
            Input::Tell { call, event } => self.tell(call, &event),
            Input::HangUp { call } => self.end(call, CallEnd::Agent),
            Input::Tick => {}
        }
    }

    /// The next thing to do or to know, oldest first.
    pub fn poll(&mut self) -> Option<Output> {
        self.out.poll()
    }

    /// When to hand in [`Input::Tick`]; `None` without calls and sockets.
    pub fn deadline(&self) -> Option<Millis> {
        let calls = self.calls.values();
        let ends = calls.flat_map(|call| [call.answer_by, call.begin_by, Some(call.end_by)]);
        let sockets = self.sockets.values().map(|socket| socket.auth_by);
        ends.chain(sockets).flatten().min()
    }

    /// The calls that are not over.
    pub fn calls(&self) -> impl Iterator<Item = CallId> {
        self.calls.keys().copied()
    }

    fn run_timers(&mut self) {
        let now = self.now;
        let is_due = |at: Option<Millis>| at.is_some_and(|at| now >= at);
        let silent = self.sockets.iter().filter(|(_, socket)| is_due(socket.auth_by));
        for socket in silent.map(|(id, _)| *id).collect::<Vec<_>>() {
            self.hang_up(socket, 1008);
        }
        let due = self.calls.iter().filter_map(|(id, call)| {
            let end = if is_due(call.answer_by) {
                CallEnd::Unanswered
            } else if is_due(call.begin_by) {
                CallEnd::Unused
            } else if now >= call.end_by {
                CallEnd::TooLong
            } else {
                return None;
            };
            Some((*id, end))
        });
        for (call, end) in due.collect::<Vec<_>>() {
            self.end(call, end);
        }
    }

    /// Ends a call; every call comes through here once.
    fn end(&mut self, id: CallId, end: CallEnd) {
        let Some(call) = self.calls.remove(&id) else { return };
        if let Some(request) = call.stage.under_way() {
            let status = if end == CallEnd::Unanswered { 504 } else { 502 };
            self.respond(request, status, None);
        }
        let own: Vec<_> = self
            .sockets
            .iter()
            .filter(|(_, socket)| socket.call == id)
            .map(|(socket, _)| *socket)
            .collect();
        for socket in own {
            self.hang_up(socket, 1000);
        }
        self.out.order(Output::Event(Event::Ended { call: id, end }));
    }

    fn respond(&mut self, request: u64, status: u16, body: Option<WireText>) {
        self.out.order(Output::Respond { request, status, body });
    }

    fn hang_up(&mut self, socket: SocketId, code: u16) {
        if self.sockets.remove(&socket).is_some() {
            self.out.order(Output::Close { socket, code });
        }
    }
}
