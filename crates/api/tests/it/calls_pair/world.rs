//! Both halves, the relay, the link, the caller, the agent and fate.

use super::{link::Faults, peers::Peers, tally::Tally};
use fastrand::Rng;
use perch_api::{
    calls::{
        message::{Body, Frame, OfferFields, WireText},
        relay::Relay,
        server::{self, CallId, ConnectionId, Gateway},
        session::{
            CallSession, Config, DialFailure, Event, Input, MediaState, Output, PeerId, Phase,
            Refusal,
        },
    },
    model::{Millis, Secret},
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) const TOKEN: &str = "web-calling-4f9a17";
/// When the link becomes good, when the caller hangs up for good, and when the run is over.
const HEALED: u64 = 60_000;
const LAST: u64 = 90_000;
const DONE: u64 = 150_000;

#[derive(Debug)]
pub(super) enum Arrival {
    Dialled { conn: u64 },
    Opened { conn: u64 },
    DialFailed { conn: u64 },
    Down { conn: u64, text: WireText },
    Up { conn: u64, text: WireText },
    ClosedDown { conn: u64, code: u16 },
    ClosedUp { conn: u64, code: u16 },
    Call,
    Caller(Input<'static>),
    Agent(server::Input<'static>),
    Kill,
    Heal,
    Last,
}

pub(super) struct World {
    pub(super) seed: u64,
    pub(super) loud: bool,
    pub(super) rng: Rng,
    pub(super) now: u64,
    pub(super) faults: Faults,
    pub(super) drops: bool,
    pub(super) client: CallSession,
    pub(super) gateway: Gateway,
    pub(super) relays: Vec<Relay>,
    pub(super) peers: Peers,
    pub(super) way: BTreeMap<(u64, u64), Arrival>,
    pub(super) count: u64,
    /// The client's current socket, and whether it is open.
    pub(super) socket: Option<(u64, bool)>,
    pub(super) sockets: u64,
    /// Which call's relay a socket goes through.
    pub(super) through: BTreeMap<u64, usize>,
    pub(super) latest: BTreeMap<(u64, bool), u64>,
    /// Candidates written to the current socket.
    pub(super) written: BTreeSet<String>,
    pub(super) live: BTreeMap<CallId, String>,
    /// Whose peer connection a call's media go to, and to whose they go no more.
    pub(super) callers: BTreeMap<CallId, PeerId>,
    pub(super) gone: BTreeSet<PeerId>,
    /// The candidates the gateway has got, by call id of the caller.
    pub(super) named: BTreeMap<String, BTreeSet<String>>,
    pub(super) sid: String,
    /// The call has no peer connection yet.
    pub(super) is_new: bool,
    pub(super) ended: u64,
    pub(super) tally: Tally,
}

impl World {
    pub(super) fn new(seed: u64, loud: bool) -> Self {
        let mut rng = Rng::with_seed(seed);
        let faults = Faults::new(&mut rng);
        let mut world = Self {
            seed,
            loud,
            now: 0,
            drops: faults.drop > 0,
            faults,
            client: CallSession::new(Config::default()),
            gateway: Gateway::new(server::Config::default(), rng.u64(..)),
            relays: Vec::new(),
            peers: Peers::new(seed),
            way: BTreeMap::new(),
            count: 0,
            socket: None,
            sockets: 0,
            through: BTreeMap::new(),
            latest: BTreeMap::new(),
            written: BTreeSet::new(),
            live: BTreeMap::new(),
            callers: BTreeMap::new(),
            gone: BTreeSet::new(),
            named: BTreeMap::new(),
            sid: String::new(),
            is_new: false,
            ended: 0,
            tally: Tally::default(),
            rng,
        };
        world.plan();
        world
    }

    pub(super) fn run(mut self) -> Tally {
        if self.loud {
            println!("{:?}", self.faults);
        }
        loop {
            let arrival = self.way.first_key_value().map(|((at, _), _)| *at);
            let timers = [self.client.deadline(), self.gateway.deadline()];
            let next = timers.into_iter().flatten().map(|at| at.0).chain(arrival).min();
            let Some(at) = next.filter(|at| *at <= DONE) else { break };
            assert!(at >= self.now, "seed {}: a deadline lies in the past", self.seed);
            self.now = at;
            if arrival == Some(at) {
                let (_, arrival) = self.way.pop_first().unwrap();
                self.arrive(arrival);
            } else {
                self.client.handle(Millis(at), Input::Tick);
                self.gateway.handle(Millis(at), server::Input::Tick);
                let again = self.client.deadline().is_some_and(|next| next <= Millis(at));
                assert!(!again, "seed {}: a timer runs without end", self.seed);
            }
            self.drain();
            self.peers.check(&self.written, self.socket.is_some_and(|(_, open)| open));
        }
        let seed = self.seed;
        assert_eq!(self.ended, self.tally.calls, "seed {seed}: every call ends once");
        assert_eq!(self.client.status().phase, Phase::Ended, "seed {seed}");
        assert_eq!(self.peers.current, None, "seed {seed}: a peer connection is left");
        assert!(self.live.is_empty(), "seed {seed}: the gateway is left with {:?}", self.live);
        assert_eq!(self.gateway.calls().count(), 0, "seed {seed}");
        self.tally
    }

    /// Everything the caller and fate will do.
    fn plan(&mut self) {
        self.put(0, Arrival::Call);
        for _ in 0..self.rng.u32(1..5) {
            let at = self.rng.u64(1..HEALED + 10_000);
            self.put(at, Arrival::Call);
        }
        for _ in 0..self.rng.u32(0..3) {
            let at = self.rng.u64(1..HEALED);
            let input = if self.rng.bool() { Input::HangUp } else { Input::Mute(self.rng.bool()) };
            self.put(at, Arrival::Caller(input));
        }
        let mut at = 0;
        while at < HEALED {
            at += self.rng.u64(1..self.faults.kill_every * 2);
            if at < HEALED {
                self.put(at, Arrival::Kill);
            }
        }
        self.put(HEALED, Arrival::Heal);
        self.put(LAST, Arrival::Last);
    }

    fn arrive(&mut self, arrival: Arrival) {
        if self.loud {
            println!("{:>6} {arrival:?}", self.now);
        }
        let now = Millis(self.now);
        let is_current = |conn: u64| self.socket.is_some_and(|(socket, _)| socket == conn);
        match arrival {
            Arrival::Dialled { conn } => {
                self.gateway.connect(now, ConnectionId(conn)).unwrap();
                self.travel(conn, false, Arrival::Opened { conn });
            }
            Arrival::Opened { conn } if is_current(conn) => {
                self.socket = Some((conn, true));
                self.client.handle(now, Input::Opened);
            }
            Arrival::DialFailed { conn } if is_current(conn) => {
                self.socket = None;
                self.client.handle(now, Input::DialFailed(DialFailure::Unreachable));
            }
            Arrival::Down { conn, text } if is_current(conn) => {
                if let Ok(Frame { body: Body::Candidate(candidate), .. }) =
                    Frame::parse(text.as_str())
                {
                    self.peers.reached(&candidate);
                    let early = self.client.status().session.is_none();
                    self.tally.early += u64::from(early);
                }
                self.client.handle(now, Input::Frame(text.as_str()));
            }
            Arrival::Up { conn, text } => {
                let relay = &mut self.relays[self.through[&conn]];
                if let Ok(text) = relay.from_visitor(text.as_str()) {
                    let (conn, text) = (ConnectionId(conn), text.as_str());
                    self.gateway.handle(now, server::Input::Frame { conn, text });
                }
            }
            Arrival::ClosedDown { conn, code } if is_current(conn) => {
                self.socket = None;
                self.client.handle(now, Input::Closed { code });
            }
            Arrival::ClosedUp { conn, code } => {
                self.gateway.handle(now, server::Input::Closed { conn: ConnectionId(conn), code });
            }
            Arrival::Call => self.call(),
            Arrival::Caller(input) => {
                match &input {
                    Input::LocalCandidate { peer, candidate } => {
                        self.peers.handed(*peer, candidate);
                    }
                    Input::Media { peer, state: MediaState::Connected }
                        if self.gone.contains(peer) =>
                    {
                        return;
                    }
                    _ => {}
                }
                self.client.handle(now, input);
            }
            Arrival::Agent(input) => self.gateway.handle(now, input),
            Arrival::Kill => self.kill(),
            Arrival::Heal => self.faults = Faults::none(),
            Arrival::Last => self.last(),
            _ => {} // for a socket the client has forgotten
        }
    }

    fn call(&mut self) {
        let sid = format!("web-{}-{}", self.seed, self.count);
        let is_free = matches!(self.client.status().phase, Phase::Idle | Phase::Ended);
        if is_free {
            self.tally.calls += 1;
            self.is_new = true;
            self.relays.push(Relay::new(Secret::new(TOKEN.to_owned()), OfferFields::default()));
            self.sid.clone_from(&sid);
        }
        self.client.handle(Millis(self.now), Input::Call { call_sid: &sid });
    }

    /// The link has been good for long: what was to arrive has arrived. Then the caller hangs up.
    fn last(&mut self) {
        let steady =
            self.client.status().phase == Phase::Talking && self.client.deadline().is_none();
        if let (true, false, Some(handed)) = (steady, self.drops, self.peers.handed_by_current()) {
            let named = self.named.get(&self.sid).cloned().unwrap_or_default();
            assert!(handed.is_subset(&named), "seed {}: candidates did not arrive", self.seed);
            self.tally.complete += 1;
        }
        self.client.handle(Millis(self.now), Input::HangUp);
    }

    fn drain(&mut self) {
        while let Some(output) = self.client.poll() {
            if self.loud {
                println!("{:>6}     client {output:?}", self.now);
            }
            match output {
                Output::Dial => self.dial(),
                Output::Write(text) => self.write(text),
                Output::Hangup { code } => {
                    self.written.clear();
                    if let Some((conn, _)) = self.socket.take() {
                        let at = self.now + self.faults.delay.1 + 1;
                        self.put(at, Arrival::ClosedUp { conn, code });
                    }
                }
                Output::Media(action) => self.media(&action),
                Output::Event(Event::Ended(_)) => {
                    self.ended += 1;
                    self.tally.talked += u64::from(self.client.status().talking_since.is_some());
                }
                Output::Event(Event::Refused(refusal)) => assert_eq!(refusal, Refusal::Busy),
                Output::Event(_) => {}
            }
        }
        while let Some(output) = self.gateway.poll() {
            if self.loud {
                println!("{:>6}     gateway {output:?}", self.now);
            }
            match output {
                server::Output::Write { conn, text } => {
                    let relay = &mut self.relays[self.through[&conn.0]];
                    if let Ok(clean) = relay.from_gateway(text.as_str()) {
                        self.tally.scrubbed += u64::from(text.as_str().contains(TOKEN));
                        let leaks = clean.as_str().contains(TOKEN);
                        assert!(!leaks, "seed {}: the token went out", self.seed);
                        self.frame(conn.0, false, clean);
                    }
                }
                server::Output::Close { conn, code } => {
                    self.travel(conn.0, false, Arrival::ClosedDown { conn: conn.0, code });
                }
                server::Output::Event(event) => self.react(event),
            }
        }
    }
}
