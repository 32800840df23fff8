//! Both halves of the bridge's calls against each other, in virtual time, over a link that loses and
//! doubles requests, cuts sockets and delays everything.

use fastrand::Rng;
use perch_api::{
    calls::{
        bridge::{
            Auth, BridgeEvent, BridgeSession, Config, Event, Input, MediaAction, Output, SdpOffer,
            server::{self, Asked, Bridge, CallId, Credential, SocketId},
        },
        message::{Sdp, WireText},
        session::{MediaState, PeerId, Phase},
    },
    model::Millis,
};
use std::collections::{BTreeMap, BTreeSet};

/// When the link becomes good, when the caller hangs up for good, and when the run is over.
const HEALED: u64 = 60_000;
const LAST: u64 = 90_000;
const DONE: u64 = 400_000;

enum Arrival {
    Call,
    Client(Input<'static>),
    /// To the caller's half, about a request.
    Answered {
        request: u32,
        status: u16,
        body: String,
    },
    Agent(server::Input<'static>),
    Asked {
        number: u64,
        request: perch_api::calls::bridge::Request,
    },
    /// An events socket at the bridge, and at the caller.
    Opening {
        socket: u64,
        path: String,
    },
    Opened {
        socket: u64,
    },
    Up {
        socket: u64,
        text: WireText,
    },
    Down {
        socket: u64,
        text: WireText,
    },
    ClosedUp {
        socket: u64,
    },
    ClosedDown {
        socket: u64,
    },
}

/// Chances in percent, and the longest delay.
struct Faults {
    lost: u32,
    doubled: u32,
    cut: u32,
    refuses: u32,
    delay: u64,
}

#[derive(Default)]
struct Tally {
    calls: u64,
    ended: u64,
    talked: u64,
    steady: u64,
    lost: u64,
    doubled: u64,
    repulled: u64,
}

struct World {
    seed: u64,
    rng: Rng,
    now: u64,
    faults: Faults,
    client: BridgeSession,
    bridge: Bridge,
    way: BTreeMap<(u64, u64), Arrival>,
    count: u64,
    /// Which request of the caller a number of the bridge stands for.
    numbers: BTreeMap<u64, u32>,
    unanswered: BTreeSet<u64>,
    /// What the bridge calls its calls, and which of them have begun to talk.
    names: BTreeMap<CallId, String>,
    talking: BTreeSet<String>,
    over: BTreeSet<CallId>,
    tracks: BTreeMap<CallId, u64>,
    socket: Option<u64>,
    tally: Tally,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let rough = rng.bool();
        let mut chance = |most: u32| if rough { rng.u32(0..most) } else { 0 };
        let (lost, doubled, cut, refuses) = (chance(8), chance(20), chance(10), chance(10));
        let faults = Faults { lost, doubled, cut, refuses, delay: rng.u64(1..400) };
        let entropy = rng.u64(..);
        let mut world = Self {
            seed,
            now: 0,
            faults,
            client: BridgeSession::new(Config::default()),
            bridge: Bridge::new(server::Config::default(), entropy),
            way: BTreeMap::new(),
            count: 0,
            numbers: BTreeMap::new(),
            unanswered: BTreeSet::new(),
            names: BTreeMap::new(),
            talking: BTreeSet::new(),
            over: BTreeSet::new(),
            tracks: BTreeMap::new(),
            socket: None,
            tally: Tally::default(),
            rng,
        };
        for _ in 0..world.rng.u32(1..6) {
            let at = world.rng.u64(0..HEALED);
            world.put(at, Arrival::Call);
        }
        for _ in 0..world.rng.u32(0..3) {
            let at = world.rng.u64(0..HEALED);
            let input = if world.rng.bool() { Input::HangUp } else { Input::Mute(true) };
            world.put(at, Arrival::Client(input));
        }
        world.put(HEALED + 5_000, Arrival::Call);
        world.put(LAST, Arrival::Client(Input::HangUp));
        world
    }

    fn run(mut self) -> Tally {
        let seed = self.seed;
        loop {
            let arrival = self.way.first_key_value().map(|((at, _), _)| *at);
            let timers = [self.client.deadline(), self.bridge.deadline()];
            let next = timers.into_iter().flatten().map(|at| at.0).chain(arrival).min();
            let Some(at) = next.filter(|at| *at <= DONE) else { break };
            assert!(at >= self.now, "seed {seed}: a deadline lies in the past");
            self.now = at;
            if at >= HEALED {
                self.faults = Faults { lost: 0, doubled: 0, cut: 0, refuses: 0, ..self.faults };
            }
            if at == LAST && self.client.status().phase == Phase::Talking {
                self.tally.steady += 1;
            }
            if arrival == Some(at) {
                let (_, arrival) = self.way.pop_first().unwrap();
                self.arrive(arrival);
            } else {
                self.client.handle(Millis(at), Input::Tick);
                self.bridge.handle(Millis(at), server::Input::Tick);
                for next in [self.client.deadline(), self.bridge.deadline()].into_iter().flatten() {
                    assert!(next > Millis(at), "seed {seed}: a timer runs without end");
                }
            }
            self.drain();
        }
        assert_eq!(self.tally.ended, self.tally.calls, "seed {seed}: every call ends once");
        assert_eq!(self.bridge.calls().count(), 0, "seed {seed}: the bridge is left with a call");
        assert_eq!(self.bridge.deadline(), None, "seed {seed}");
        assert_eq!(self.over.len(), self.names.len(), "seed {seed}: every call made is over");
        assert!(self.unanswered.is_empty(), "seed {seed}: {:?}", self.unanswered);
        self.tally
    }

    fn percent(&mut self, chance: u32) -> bool {
        self.rng.u32(0..100) < chance
    }

    fn put(&mut self, at: u64, arrival: Arrival) {
        self.count += 1;
        self.way.insert((at, self.count), arrival);
    }

    fn later(&mut self, arrival: Arrival) {
        let at = self.now + self.rng.u64(1..=self.faults.delay);
        self.put(at, arrival);
    }

    fn arrive(&mut self, arrival: Arrival) {
        let now = Millis(self.now);
        let is_current = |socket| self.socket == Some(socket);
        match arrival {
            Arrival::Call => {
                let is_free = matches!(self.client.status().phase, Phase::Idle | Phase::Ended);
                self.tally.calls += u64::from(is_free);
                self.client.handle(now, Input::Call);
            }
            Arrival::Client(input) => self.client.handle(now, input),
            Arrival::Answered { request, status: 0, .. } => {
                self.client.handle(now, Input::RequestFailed { request });
            }
            Arrival::Answered { request, status, body } => {
                self.client.handle(now, Input::Response { request, status, body: &body });
            }
            Arrival::Agent(input) => self.bridge.handle(now, input),
            Arrival::Asked { number, request } => {
                let credential = match &request.auth {
                    Auth::WebCalling => Credential::WebCalling,
                    Auth::CallToken(token) => Credential::CallToken(token.expose()),
                };
                let body = request.body.as_ref().map_or("", WireText::as_str);
                let (method, path) = (Some(request.method), request.path.as_str());
                let asked = Asked { method, path, credential, body };
                self.unanswered.insert(number);
                self.bridge.handle(now, server::Input::Request { request: number, asked });
            }
            Arrival::Opening { socket, path } => {
                let id = SocketId(socket);
                self.bridge.handle(now, server::Input::EventsOpened { socket: id, path: &path });
                self.later(Arrival::Opened { socket });
            }
            Arrival::Opened { socket } if is_current(socket) => {
                self.client.handle(now, Input::EventsOpened);
            }
            Arrival::Up { socket, text } => {
                let socket = SocketId(socket);
                let frame = server::Input::EventsFrame { socket, text: text.as_str() };
                self.bridge.handle(now, frame);
            }
            Arrival::Down { socket, text } if is_current(socket) => {
                self.client.handle(now, Input::EventsFrame(text.as_str()));
            }
            Arrival::ClosedUp { socket } => {
                let socket = SocketId(socket);
                self.bridge.handle(now, server::Input::EventsClosed { socket });
            }
            Arrival::ClosedDown { socket } if is_current(socket) => {
                self.socket = None;
                self.client.handle(now, Input::EventsClosed);
            }
            _ => {} // of a socket that the caller has forgotten
        }
    }

    fn drain(&mut self) {
        while let Some(output) = self.client.poll() {
            match output {
                Output::Request { id, request } => self.ask(id, request),
                Output::Link { .. } => {
                    let linked = !self.percent(self.faults.refuses);
                    let input = if linked { Input::Linked } else { Input::LinkFailed };
                    self.later(Arrival::Client(input));
                }
                Output::DialEvents { path } => {
                    self.count += 1;
                    let socket = self.count;
                    self.socket = Some(socket);
                    if self.percent(self.faults.lost) {
                        self.later(Arrival::ClosedDown { socket });
                    } else {
                        self.later(Arrival::Opening { socket, path });
                    }
                }
                Output::WriteEvents(text) => {
                    let socket = self.socket.unwrap();
                    self.later(Arrival::Up { socket, text });
                    if self.percent(self.faults.cut) {
                        let at = self.now + self.rng.u64(500..20_000);
                        self.put(at, Arrival::ClosedUp { socket });
                        self.put(at + 1, Arrival::ClosedDown { socket });
                    }
                }
                Output::HangupEvents => {
                    // Behind what was written before it.
                    if let Some(socket) = self.socket.take() {
                        self.put(
                            self.now + 2 * self.faults.delay + 2,
                            Arrival::ClosedUp { socket },
                        );
                    }
                }
                Output::Media(action) => self.media(action),
                Output::Event(Event::Ended(_)) => self.tally.ended += 1,
                Output::Event(Event::Phase(Phase::Talking)) => self.tally.talked += 1,
                Output::Event(_) => {}
            }
        }
        while let Some(output) = self.bridge.poll() {
            match output {
                server::Output::Respond { request, status, body } => {
                    assert!(self.unanswered.remove(&request), "seed {}: twice", self.seed);
                    let lost = self.percent(self.faults.lost);
                    if let Some(request) = self.numbers.get(&request).copied() {
                        let body = body.map_or_else(String::new, WireText::into_string);
                        let status = if lost { 0 } else { status };
                        self.later(Arrival::Answered { request, status, body });
                    }
                }
                server::Output::Write { socket, text } => {
                    self.later(Arrival::Down { socket: socket.0, text });
                }
                server::Output::Close { socket, .. } => {
                    let at = self.now + self.faults.delay + 1;
                    self.put(at, Arrival::ClosedDown { socket: socket.0 });
                }
                server::Output::Event(event) => self.agent(event),
            }
        }
    }

    fn ask(&mut self, id: u32, request: perch_api::calls::bridge::Request) {
        if let Auth::CallToken(token) = &request.auth {
            assert!(!request.path.contains(token.expose()), "seed {}", self.seed);
        }
        if self.percent(self.faults.lost) {
            self.tally.lost += 1;
            return self.later(Arrival::Answered { request: id, status: 0, body: String::new() });
        }
        if self.percent(self.faults.doubled) {
            // A copy that something on the way made: nobody waits for its answer.
            self.tally.doubled += 1;
            self.count += 1;
            let number = self.count;
            self.later(Arrival::Asked { number, request: request.clone() });
        }
        self.count += 1;
        let number = self.count;
        self.numbers.insert(number, id);
        self.later(Arrival::Asked { number, request });
    }

    fn media(&mut self, action: MediaAction) {
        match action {
            MediaAction::CreateOffer { peer, .. } => {
                self.put(self.now + 1, Arrival::Client(Input::OfferCreated { peer }));
                for at in 0..self.rng.u64(0..4) {
                    let found = Input::CandidateFound { peer, last: false };
                    self.put(self.now + 10 + at * 90, Arrival::Client(found));
                }
            }
            MediaAction::ReadOffer { peer } => {
                let offer = SdpOffer { sdp: Sdp::new(format!("offer {}", peer.0)), mid: None };
                self.put(self.now + 1, Arrival::Client(Input::OfferReady { peer, offer }));
            }
            MediaAction::SetAnswer { peer, sdp } => {
                assert_eq!(sdp.as_str(), format!("answer to offer {}", peer.0));
                let failed = self.percent(self.faults.refuses);
                let state = if failed { MediaState::Failed } else { MediaState::Connected };
                self.later(Arrival::Client(Input::Media { peer, state }));
            }
            MediaAction::AnswerPull { peer, sdp } => {
                assert!(sdp.as_str().starts_with("track "), "seed {}", self.seed);
                let sdp = Sdp::new(format!("answer to {}", sdp.as_str()));
                self.put(self.now + 1, Arrival::Client(Input::AnswerReady { peer, sdp }));
            }
            MediaAction::Silence { .. } | MediaAction::Mute { .. } => {}
            MediaAction::Close { peer } => assert_ne!(peer, PeerId(0)),
        }
    }

    fn agent(&mut self, event: server::Event) {
        match event {
            server::Event::Made { call, name, .. } => {
                assert!(self.names.insert(call, name).is_none(), "seed {}", self.seed);
            }
            server::Event::Offer { call, offer } => {
                let sdp = Sdp::new(format!("answer to {}", offer.sdp.as_str()));
                if self.percent(self.faults.refuses) {
                    self.later(Arrival::Agent(server::Input::Failed { call }));
                } else if !self.percent(self.faults.lost) {
                    self.later(Arrival::Agent(server::Input::Described { call, sdp }));
                }
            }
            server::Event::Pull { call } => {
                let track = self.tracks.entry(call).or_default();
                *track += 1;
                let sdp = Sdp::new(format!("track {track}"));
                self.later(Arrival::Agent(server::Input::Described { call, sdp }));
            }
            server::Event::Renegotiated { call, sdp } => {
                let track = self.tracks.get(&call).copied().unwrap_or_default();
                assert_eq!(sdp.as_str(), format!("answer to track {track}"), "seed {}", self.seed);
                self.tally.repulled += u64::from(track > 1);
            }
            server::Event::Talking { call } => {
                self.talking.insert(self.names[&call].clone());
                let words = ["barge-in-start".to_owned(), "confetti".to_owned()];
                let events = [
                    BridgeEvent::Repull,
                    BridgeEvent::BargeIn(words[0].clone()),
                    BridgeEvent::Unmute,
                    BridgeEvent::Unknown(words[1].clone()),
                ];
                for event in events {
                    let at = self.now + self.rng.u64(1..3_000);
                    self.put(at, Arrival::Agent(server::Input::Tell { call, event }));
                }
                if self.percent(self.faults.refuses) {
                    let at = self.now + self.rng.u64(1..9_000);
                    self.put(at, Arrival::Agent(server::Input::HangUp { call }));
                }
            }
            server::Event::Ended { call, .. } => {
                assert!(self.over.insert(call), "seed {}: {call:?} ends twice", self.seed);
            }
        }
    }
}

#[test]
fn both_halves_come_to_an_end_over_any_link() {
    let mut all = Tally::default();
    for seed in 0..600 {
        let tally = World::new(seed).run();
        all.calls += tally.calls;
        all.talked += tally.talked;
        all.steady += tally.steady;
        all.lost += tally.lost;
        all.doubled += tally.doubled;
        all.repulled += tally.repulled;
    }
    // The link is as bad as it is meant to be, and calls come about all the same.
    assert!(all.calls > 900 && all.talked > 700, "{} calls, {} talked", all.calls, all.talked);
    assert!(all.lost > 50 && all.doubled > 200, "{} lost, {} doubled", all.lost, all.doubled);
    assert!(all.steady > 500 && all.repulled > 300, "{} {}", all.steady, all.repulled);
}
