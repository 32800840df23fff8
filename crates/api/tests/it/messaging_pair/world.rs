//! Virtual time, the two halves, and everything under way between them.

use super::{
    agent::{Act, Agent},
    check,
    link::{Faults, percent},
};
use fastrand::Rng;
use perch_api::{
    messaging::{
        client::{self, ClientSession, DialFailure},
        frame::{ServerEvent, ServerFrame},
        server::{self, ConnectionId, ServerSession},
    },
    model::Millis,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::AddAssign,
};

/// When the link becomes good, and when the run is over.
const HEALED: u64 = 40_000;
const LAST_KILL: u64 = HEALED + 60_000;
const DONE: u64 = LAST_KILL + 60_000;

/// What happened, summed over the seeds.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) kills: u64,
    pub(crate) dropped: u64,
    pub(crate) doubled: u64,
    pub(crate) resent: u64,
    pub(crate) undelivered: u64,
    pub(crate) sent: u64,
    pub(crate) streams: u64,
    /// Runs whose end the client did not see.
    pub(crate) blind: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.kills += other.kills;
        self.dropped += other.dropped;
        self.doubled += other.doubled;
        self.resent += other.resent;
        self.undelivered += other.undelivered;
        self.sent += other.sent;
        self.streams += other.streams;
        self.blind += other.blind;
    }
}

#[derive(Debug)]
enum Arrival {
    Dialled { conn: u64, cursor: Option<u64> },
    Opened { conn: u64 },
    DialFailed { conn: u64 },
    Down { conn: u64, text: String },
    Up { conn: u64, text: String },
    ClosedDown { conn: u64, code: u16 },
    ClosedUp { conn: u64 },
    Visitor(client::Input<'static>),
    Agent(Act),
    Kill,
    Heal,
}

pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) client: ClientSession,
    pub(crate) server: ServerSession,
    pub(crate) agent: Agent,
    /// What was typed, in order.
    pub(crate) typed: Vec<String>,
    pub(crate) tally: Tally,
    loud: bool,
    rng: Rng,
    now: u64,
    faults: Faults,
    way: BTreeMap<(u64, u64), Arrival>,
    count: u64,
    /// The client's current socket, and the latest arrival times on ordered links.
    socket: Option<u64>,
    sockets: u64,
    latest: BTreeMap<(u64, bool), u64>,
    written: BTreeSet<String>,
    agent_free: u64,
    /// Histories come with other ids than the events had at first.
    new_ids: bool,
    /// The journal's numbers that reached the client.
    pub(crate) reached: BTreeSet<u64>,
    /// The messages that reached it whole, in a history.
    pub(crate) wholes: BTreeSet<String>,
}

impl World {
    pub(crate) fn new(seed: u64, loud: bool) -> Self {
        let mut rng = Rng::with_seed(seed);
        let mut faults = Faults::new(&mut rng);
        // The platform as documented keeps doubles; then the link must not make any on the way up,
        // or no client could be right.
        let deduplicate = rng.bool();
        if !deduplicate {
            faults.double_up = 0;
        }
        // With several batches, a lost one cannot be told from one that was never sent.
        let batch_events = if faults.drop_down > 0 { 1_000 } else { rng.usize(1..8) };
        let config = server::Config {
            streaming: true,
            heartbeat_interval_seconds: *rng.choice(&[0, 2, 30]).unwrap(),
            max_reconnect_attempts: *rng.choice(&[0, 5]).unwrap(),
            deduplicate,
            batch_events,
            replay_whole: rng.bool(),
            ..server::Config::default()
        };
        let mut world = Self {
            seed,
            client: ClientSession::new(client::Config::default(), rng.u64(..)),
            server: ServerSession::new(config, rng.u64(..), Millis(0)),
            agent: Agent::default(),
            typed: Vec::new(),
            tally: Tally::default(),
            loud,
            now: 0,
            faults,
            way: BTreeMap::new(),
            count: 0,
            socket: None,
            sockets: 0,
            latest: BTreeMap::new(),
            written: BTreeSet::new(),
            agent_free: 0,
            new_ids: rng.u8(0..4) == 0,
            reached: BTreeSet::new(),
            wholes: BTreeSet::new(),
            rng,
        };
        world.plan();
        world
    }

    pub(crate) fn run(mut self) -> Tally {
        if self.loud {
            println!("{:?}", self.faults);
        }
        loop {
            let arrival = self.way.first_key_value().map(|((at, _), _)| *at);
            let timers = [self.client.deadline(), self.server.deadline()];
            let next = timers.into_iter().flatten().map(|at| at.0).chain(arrival).min();
            let Some(at) = next.filter(|at| *at <= DONE) else { break };
            assert!(at >= self.now, "seed {}: a deadline lies in the past", self.seed);
            self.now = at;
            if arrival == Some(at) {
                let (_, arrival) = self.way.pop_first().unwrap();
                self.arrive(arrival);
            } else {
                self.client.handle(Millis(at), client::Input::Tick);
                self.server.handle(Millis(at), server::Input::Tick);
                let again = self.client.deadline().is_some_and(|next| next <= Millis(at));
                assert!(!again, "seed {}: a timer runs without end", self.seed);
            }
            self.drain();
        }
        self.tally.streams = self.agent.streams;
        check::all(&mut self);
        self.tally
    }

    /// Everything the visitor and fate will do.
    fn plan(&mut self) {
        self.put(0, Arrival::Visitor(client::Input::Connect));
        for n in 0..self.rng.u32(2..8) {
            let at = self.rng.u64(0..HEALED - 5_000);
            let text = format!("u{n} from {}", self.seed);
            self.put(at, Arrival::Visitor(client::Input::Send { text }));
        }
        if percent(&mut self.rng, 30) {
            let at = self.rng.u64(0..HEALED - 5_000);
            self.put(at, Arrival::Visitor(client::Input::Offline));
            let back = at + self.rng.u64(100..9_000);
            self.put(back, Arrival::Visitor(client::Input::Online));
        }
        if percent(&mut self.rng, 15) {
            let at = self.rng.u64(HEALED / 2..HEALED + 20_000);
            self.put(at, Arrival::Visitor(client::Input::End));
        } else if percent(&mut self.rng, 20) {
            for (after, act) in self.agent.leave() {
                self.put(HEALED - 4_000 + after, Arrival::Agent(act));
            }
        }
        let mut at = 0;
        while at < HEALED {
            at += self.rng.u64(1..2 * self.faults.kill_every);
            if at < HEALED {
                self.put(at, Arrival::Kill);
            }
        }
        self.put(HEALED, Arrival::Heal);
        // The visitor tries again, in case all attempts failed meanwhile.
        self.put(HEALED + 30_000, Arrival::Visitor(client::Input::Connect));
        if self.rng.bool() {
            self.put(LAST_KILL, Arrival::Kill);
        } else {
            // No fresh history then: this shows the client whether something is missing.
            self.put(LAST_KILL, Arrival::Agent(Act::System("one last notice".to_owned())));
        }
    }

    fn arrive(&mut self, arrival: Arrival) {
        if self.loud {
            println!("{:>6} {arrival:?}", self.now);
        }
        let now = Millis(self.now);
        match arrival {
            Arrival::Dialled { conn, cursor } => {
                let cursor = cursor.map(|cursor| cursor.to_string());
                let id = ConnectionId(conn);
                match self.server.connect(now, id, cursor.as_deref()) {
                    Ok(()) => self.travel(conn, false, Arrival::Opened { conn }),
                    Err(_) => self.travel(conn, false, Arrival::DialFailed { conn }),
                }
            }
            Arrival::Opened { conn } if self.socket == Some(conn) => {
                self.client.handle(now, client::Input::Opened);
            }
            Arrival::DialFailed { conn } if self.socket == Some(conn) => {
                self.socket = None;
                self.client.handle(now, client::Input::DialFailed(DialFailure::Unreachable));
            }
            Arrival::Down { conn, text } if self.socket == Some(conn) => {
                self.note(&text);
                self.client.handle(now, client::Input::Frame(&text));
            }
            Arrival::Up { conn, text } => {
                let conn = ConnectionId(conn);
                self.server.handle(now, server::Input::Frame { conn, text: &text });
            }
            Arrival::ClosedDown { conn, code } if self.socket == Some(conn) => {
                self.socket = None;
                self.client.handle(now, client::Input::Closed { code });
            }
            Arrival::ClosedUp { conn } => {
                self.server.handle(now, server::Input::Closed { conn: ConnectionId(conn) });
            }
            Arrival::Visitor(input) => {
                if let client::Input::Send { text } = &input {
                    self.typed.push(text.clone());
                }
                self.client.handle(now, input);
            }
            Arrival::Agent(act) => Agent::act(act, &mut self.server, now),
            Arrival::Kill => self.kill(),
            Arrival::Heal => {
                self.faults = Faults::none();
                self.client.handle(now, client::Input::Connect);
            }
            _ => {} // for a socket the client has forgotten
        }
    }

    /// What the client could know now.
    fn note(&mut self, text: &str) {
        let frame = ServerFrame::parse(text).unwrap();
        let frames = match frame.event {
            ServerEvent::Batch { events, .. } => events,
            _ => vec![frame],
        };
        for frame in frames {
            self.reached.extend(frame.sequence);
            if let ServerEvent::PolyAgentMessage(message) = frame.event {
                self.wholes.extend(message.message_id);
            }
        }
    }

    /// The client notices at once; the server later, and after frames that were under way.
    fn kill(&mut self) {
        let Some(conn) = self.socket.take() else { return };
        self.tally.kills += 1;
        if self.rng.bool() {
            self.way
                .retain(|_, arrival| !matches!(arrival, Arrival::Up { conn: c, .. } if *c == conn));
        }
        let code = *self.rng.choice(&[1001, 1005, 1006, 1011, 1013]).unwrap();
        self.client.handle(Millis(self.now), client::Input::Closed { code });
        let later = self.now + self.rng.u64(1_600..4_000);
        self.put(later, Arrival::ClosedUp { conn });
    }

    fn drain(&mut self) {
        while let Some(output) = self.client.poll() {
            if self.loud {
                println!("{:>6}     client {output:?}", self.now);
            }
            match output {
                client::Output::Dial { cursor } => self.dial(cursor),
                client::Output::Write(text) => self.send(text, true),
                client::Output::Hangup { .. } => {
                    if let Some(conn) = self.socket.take() {
                        self.put(self.now + self.faults.delay.1 + 1, Arrival::ClosedUp { conn });
                    }
                }
                client::Output::Event(client::Event::Refused(refusal)) => {
                    assert_eq!(refusal, client::Refusal::Over, "seed {}", self.seed);
                    self.typed.pop();
                }
                client::Output::Event(_) => {}
            }
        }
        while let Some(output) = self.server.poll() {
            match output {
                server::Output::Write { conn, text } => self.down(conn.0, text),
                server::Output::Close { conn, code } => {
                    self.travel(conn.0, false, Arrival::ClosedDown { conn: conn.0, code });
                }
                server::Output::Event(event) => {
                    if self.loud {
                        println!("{:>6}     server {event:?}", self.now);
                    }
                    let acts = self.agent.react(&event, &mut self.server, &mut self.rng);
                    // One thing after the other: it never talks over itself.
                    let begin = self.now.max(self.agent_free);
                    for (after, act) in acts {
                        self.agent_free = begin + after;
                        self.put(begin + after, Arrival::Agent(act));
                    }
                }
            }
        }
    }

    fn dial(&mut self, cursor: Option<u64>) {
        self.sockets += 1;
        let conn = self.sockets;
        self.socket = Some(conn);
        if percent(&mut self.rng, self.faults.dial_hangs) {
        } else if percent(&mut self.rng, self.faults.dial_fails) {
            self.travel(conn, false, Arrival::DialFailed { conn });
        } else {
            self.travel(conn, true, Arrival::Dialled { conn, cursor });
        }
    }

    fn send(&mut self, text: String, up: bool) {
        let Some(conn) = self.socket else { return };
        if text.contains("USER_MESSAGE") && !self.written.insert(text.clone()) {
            self.tally.resent += 1;
        }
        self.through(conn, up, text);
    }

    fn down(&mut self, conn: u64, mut text: String) {
        if self.new_ids && text.contains("EVENT_TYPE_EVENT_BATCH") {
            let mut frame = ServerFrame::parse(&text).unwrap();
            if let ServerEvent::Batch { events, .. } = &mut frame.event {
                for event in events {
                    event.id = Some(self.rng.u64(..).to_string());
                }
            }
            text = frame.encode();
        }
        self.through(conn, false, text);
    }

    /// One frame over the link.
    fn through(&mut self, conn: u64, up: bool, text: String) {
        let (drop, double) = if up {
            (self.faults.drop_up, self.faults.double_up)
        } else {
            (self.faults.drop_down, self.faults.double_down)
        };
        if percent(&mut self.rng, drop) {
            self.tally.dropped += 1;
            return;
        }
        let frame = |text| {
            if up { Arrival::Up { conn, text } } else { Arrival::Down { conn, text } }
        };
        if percent(&mut self.rng, double) {
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
        if !(frame && self.faults.reorder) {
            at = at.max(*latest);
        }
        if matches!(arrival, Arrival::Opened { .. }) || !self.faults.reorder {
            *latest = at.max(*latest);
        }
        if frame {
            at = at.max(*latest);
        }
        self.put(at, arrival);
    }

    fn put(&mut self, at: u64, arrival: Arrival) {
        self.count += 1;
        self.way.insert((at, self.count), arrival);
    }
}
