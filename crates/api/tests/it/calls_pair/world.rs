//! Both halves, the relay, the link, the caller, the agent and fate.

use super::{
    link::{Faults, percent},
    peers::Peers,
};
use fastrand::Rng;
use perch_api::{
    calls::{
        message::{Body, Candidate, ErrorCode, ErrorReport, Frame, OfferFields, Sdp, WireText},
        relay::Relay,
        server::{self, CallId, ConnectionId, Gateway},
        session::{
            CallSession, Config, DialFailure, Event, Input, MediaAction, MediaState, Output,
            PeerId, Phase, Refusal,
        },
    },
    model::{Millis, Secret},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::AddAssign,
};

const TOKEN: &str = "web-calling-4f9a17";
/// When the link becomes good, when the caller hangs up for good, and when the run is over.
const HEALED: u64 = 60_000;
const LAST: u64 = 90_000;
const DONE: u64 = 150_000;

/// What happened, summed over the seeds.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) calls: u64,
    pub(super) talked: u64,
    pub(super) kills: u64,
    pub(super) dropped: u64,
    pub(super) doubled: u64,
    /// Candidates that came before the answer.
    pub(super) early: u64,
    /// Attempts with a new peer connection.
    pub(super) again: u64,
    /// Frames out of which the token was taken.
    pub(super) scrubbed: u64,
    /// Runs in which all candidates were seen to arrive.
    pub(super) complete: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.calls += other.calls;
        self.talked += other.talked;
        self.kills += other.kills;
        self.dropped += other.dropped;
        self.doubled += other.doubled;
        self.early += other.early;
        self.again += other.again;
        self.scrubbed += other.scrubbed;
        self.complete += other.complete;
    }
}

#[derive(Debug)]
enum Arrival {
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
    seed: u64,
    loud: bool,
    rng: Rng,
    now: u64,
    faults: Faults,
    drops: bool,
    client: CallSession,
    gateway: Gateway,
    relays: Vec<Relay>,
    peers: Peers,
    way: BTreeMap<(u64, u64), Arrival>,
    count: u64,
    /// The client's current socket, and whether it is open.
    socket: Option<(u64, bool)>,
    sockets: u64,
    /// Which call's relay a socket goes through.
    through: BTreeMap<u64, usize>,
    latest: BTreeMap<(u64, bool), u64>,
    /// Candidates written to the current socket.
    written: BTreeSet<String>,
    live: BTreeMap<CallId, String>,
    /// Whose peer connection a call's media go to, and to whose they go no more.
    callers: BTreeMap<CallId, PeerId>,
    gone: BTreeSet<PeerId>,
    /// The candidates the gateway has got, by call id of the caller.
    named: BTreeMap<String, BTreeSet<String>>,
    sid: String,
    /// The call has no peer connection yet.
    is_new: bool,
    ended: u64,
    tally: Tally,
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

    /// The client notices at once; the gateway later, and after frames that were under way.
    fn kill(&mut self) {
        let Some((conn, _)) = self.socket.take() else { return };
        self.tally.kills += 1;
        if self.rng.bool() {
            self.way
                .retain(|_, arrival| !matches!(arrival, Arrival::Up { conn: c, .. } if *c == conn));
        }
        let code = *self.rng.choice(&[1001, 1005, 1006, 1011, 1013]).unwrap();
        self.client.handle(Millis(self.now), Input::Closed { code });
        let later = self.now + self.rng.u64(1_600..4_000);
        self.put(later, Arrival::ClosedUp { conn, code: 1006 });
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

    fn media(&mut self, action: &MediaAction) {
        self.peers.act(action);
        match action {
            MediaAction::CreateOffer { peer } => self.negotiate(*peer),
            MediaAction::SetAnswer { peer, .. } if percent(&mut self.rng, 90) => {
                let mut at = self.now + self.rng.u64(20..1_500);
                let state = |state| Arrival::Caller(Input::Media { peer: *peer, state });
                self.put(at, state(MediaState::Connected));
                if percent(&mut self.rng, 30) {
                    at += self.rng.u64(100..20_000);
                    self.put(at, state(MediaState::Disconnected));
                    at += self.rng.u64(100..8_000);
                    self.put(at, state(MediaState::Connected));
                }
                if percent(&mut self.rng, 10) {
                    at += self.rng.u64(100..20_000);
                    self.put(at, state(MediaState::Failed));
                }
            }
            MediaAction::Close { peer } => {
                // Whatever comes of it later must be ignored; here it is the last word too late.
                let late = Input::Media { peer: *peer, state: MediaState::Failed };
                self.put(self.now + 10, Arrival::Caller(late));
            }
            _ => {}
        }
    }

    /// The offer of a new peer connection, and its candidates, some of them after the answer.
    fn negotiate(&mut self, peer: PeerId) {
        if !std::mem::take(&mut self.is_new) {
            self.tally.again += 1;
        }
        let at = self.now + self.rng.u64(1..400);
        let sdp = self.peers.offer(peer);
        self.put(at, Arrival::Caller(Input::OfferReady { peer, sdp }));
        for n in 0..self.rng.u32(0..6) {
            let at = at + self.rng.u64(1..4_000);
            let candidate = Candidate::new(format!("local {n} of {}", peer.0));
            self.put(at, Arrival::Caller(Input::LocalCandidate { peer, candidate }));
        }
    }

    fn react(&mut self, event: server::Event) {
        match event {
            server::Event::Offer { call, offer, .. } => {
                assert!(offer.fields.auth_token.is_some_and(|token| token.ct_eq(TOKEN)));
                let sid = offer.fields.call_sid.unwrap();
                let two = self.live.values().any(|live| *live == sid);
                assert!(!two, "seed {}: two live calls of {sid}", self.seed);
                self.live.insert(call, sid);
                self.callers.extend(self.peers.of(&offer.sdp).map(|peer| (call, peer)));
                self.answer(call, &offer.sdp);
            }
            server::Event::Candidate { call, candidate } => {
                let sid = self.live[&call].clone();
                self.named.entry(sid).or_default().insert(candidate.candidate);
            }
            server::Event::Ended { call, .. } => {
                let was_live = self.live.remove(&call).is_some();
                assert!(was_live, "seed {}: {call:?} ended twice", self.seed);
                // The gateway's media go with the call; the caller may have no other sign of it.
                if let Some(peer) = self.callers.remove(&call) {
                    self.gone.insert(peer);
                    let media = Input::Media { peer, state: MediaState::Disconnected };
                    let at = self.now + self.rng.u64(100..3_000);
                    self.put(at, Arrival::Caller(media));
                }
            }
        }
    }

    fn answer(&mut self, call: CallId, offer: &Sdp) {
        let at = self.now + self.rng.u64(5..1_500);
        for n in 0..self.rng.u32(0..5) {
            let at = at - 4 + self.rng.u64(0..2_000);
            let candidate = Candidate::new(format!("remote {n} of {}", call.0));
            self.put(at, Arrival::Agent(server::Input::Candidate { call, candidate }));
        }
        let fail = |code: &str| {
            let message = format!("no good: {TOKEN}");
            let report = ErrorReport { code: ErrorCode::parse(code), message };
            Arrival::Agent(server::Input::Fail { call, report })
        };
        match self.rng.u32(0..100) {
            0..15 => self.put(at, fail("AGENT_FAILURE")),
            15..18 => self.put(at, fail("UNAUTHORIZED")),
            18..21 => {} // nobody answers
            fate => {
                let sdp = Peers::answer(offer);
                self.put(at, Arrival::Agent(server::Input::Accept { call, sdp }));
                let later = at + self.rng.u64(100..40_000);
                match fate {
                    21..35 => self.put(later, Arrival::Agent(server::Input::HangUp { call })),
                    35..40 => self.put(later, fail("MEDIA_BRIDGE_FAILURE")),
                    _ => {}
                }
            }
        }
    }

    fn dial(&mut self) {
        self.sockets += 1;
        let conn = self.sockets;
        self.socket = Some((conn, false));
        self.written.clear();
        self.through.insert(conn, self.relays.len() - 1);
        if percent(&mut self.rng, self.faults.dial_hangs) {
        } else if percent(&mut self.rng, self.faults.dial_fails) {
            self.travel(conn, false, Arrival::DialFailed { conn });
        } else {
            self.travel(conn, true, Arrival::Dialled { conn });
        }
    }

    fn write(&mut self, text: WireText) {
        let Some((conn, true)) = self.socket else {
            panic!("seed {}: written without a socket", self.seed)
        };
        if let Body::Candidate(candidate) = Frame::parse(text.as_str()).unwrap().body {
            self.written.insert(candidate.candidate);
        }
        self.frame(conn, true, text);
    }

    /// One frame over the link.
    fn frame(&mut self, conn: u64, up: bool, text: WireText) {
        if percent(&mut self.rng, self.faults.drop) {
            self.tally.dropped += 1;
            return;
        }
        let frame = |text| {
            if up { Arrival::Up { conn, text } } else { Arrival::Down { conn, text } }
        };
        if percent(&mut self.rng, self.faults.double) {
            self.tally.doubled += 1;
            self.travel(conn, up, frame(text.clone()));
        }
        self.travel(conn, up, frame(text));
    }

    fn travel(&mut self, conn: u64, up: bool, arrival: Arrival) {
        let mut at = self.now + self.rng.u64(self.faults.delay.0..=self.faults.delay.1);
        let latest = self.latest.entry((conn, up)).or_default();
        // Opening and closing keep their order in any case.
        let frame = matches!(arrival, Arrival::Up { .. } | Arrival::Down { .. });
        at = at.max(*latest + u64::from(!frame));
        if !(frame && self.faults.reorder) {
            *latest = at;
        }
        self.put(at, arrival);
    }

    fn put(&mut self, at: u64, arrival: Arrival) {
        self.count += 1;
        self.way.insert((at, self.count), arrival);
    }
}
