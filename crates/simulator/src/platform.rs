//! Everything of one account: its world, live chats, keys and tokens; and what all accounts share:
//! clock, fault switches, the list of requests.

use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use crate::account::{Account, FIRST};
use crate::alerts::Alerts;
use crate::calls::Calls;
use crate::catalog::Catalog;
use crate::clock::Clock;
use crate::desk::Desk;
use crate::disclosure::Settings;
use crate::dni::Pool;
use crate::external_events::ExternalEvents;
use crate::families::chat::Chats;
use crate::families::data::Notes;
use crate::families::debug_chat::Trials;
use crate::faults::FaultBoard;
use crate::keys::Keys;
use crate::live::Live;
use crate::outbound::Outbound;
use crate::requests::RequestLog;
use crate::samples::Samples;
use crate::session::{Command, RuleBoard, SessionHandle};
use crate::sms::Texting;
use crate::snapshot::Store;
use crate::studio::{Agents, Stage};
use crate::sync::lock;
use crate::tokens::Tokens;
use crate::traffic::Traffic;
use crate::webhooks::Webhooks;
use crate::world::{World, casting::uuid};

/// The simulated platform.
pub(crate) struct Platform {
    /// Whose it is.
    pub(crate) account: &'static Account,
    /// The time.
    pub(crate) clock: Arc<Clock>,
    world: Mutex<Arc<World>>,
    /// What has come since.
    pub(crate) traffic: Traffic,
    /// What lists give out.
    pub(crate) settings: Settings,
    /// The present.
    pub(crate) live: Live,
    /// Agents, as Studio's builders know them.
    pub(crate) agents: Mutex<Agents>,
    /// Addresses of voice samples.
    pub(crate) samples: Samples,
    /// What other systems sent.
    pub(crate) external_events: Mutex<ExternalEvents>,
    /// Numbers lent to visitors.
    pub(crate) numbers: Mutex<Pool>,
    /// Reviewers' notes.
    pub(crate) notes: Notes,
    /// Calls the agent places.
    pub(crate) outbound: Outbound,
    /// Text messages.
    pub(crate) texting: Texting,
    /// Trial conversations.
    pub(crate) trials: Trials,
    /// Open chats of the Chat family.
    pub(crate) chats: Chats,
    /// What this account is reached with.
    pub(crate) keys: Keys,
    /// Minted access tokens.
    pub(crate) tokens: Tokens,
    /// Messaging sessions by id.
    pub(crate) sessions: Mutex<HashMap<String, SessionHandle>>,
    /// Calls from browsers, of all accounts.
    pub(crate) calls: Arc<Calls>,
    /// Alert rules.
    pub(crate) alerts: Alerts,
    /// Webhook endpoints and deliveries.
    pub(crate) webhooks: Webhooks,
    /// How messaging behaves.
    pub(crate) messaging: RuleBoard,
    /// Where live agents sit.
    pub(crate) desk: Desk,
    /// Fault switches.
    pub(crate) faults: Arc<FaultBoard>,
    /// Answered requests.
    pub(crate) requests: Arc<RequestLog>,
    /// Address of the control listener, for preview images.
    pub(crate) media: String,
    /// Number of the next socket.
    pub(crate) next_connection: AtomicU64,
    /// What the world grew from.
    pub(crate) seed: u64,
    dice: Mutex<fastrand::Rng>,
}

/// What all accounts share.
struct Machines {
    seed: u64,
    calls: Arc<Calls>,
    clock: Arc<Clock>,
    faults: Arc<FaultBoard>,
    requests: Arc<RequestLog>,
    media: String,
}

impl Platform {
    /// A platform whose past ends now.
    pub(crate) fn new(
        clock: Clock,
        seed: u64,
        conversations: usize,
        keys: Keys,
        media: String,
    ) -> Self {
        // Not the present: a world told to end at a moment must end there however slow the machine.
        let now_ms = clock.started_ms();
        // Ids made now must differ from run to run, or a client would take a new session for an old one.
        let dice = fastrand::Rng::with_seed(crate::world::mix(seed, now_ms.unsigned_abs()));
        let machines = Machines {
            seed,
            calls: Arc::default(),
            clock: Arc::new(clock),
            faults: Arc::new(FaultBoard::seeded(seed)),
            requests: Arc::default(),
            media,
        };
        let world = World::new(seed, now_ms, conversations);
        Self::assemble(machines, &FIRST, world, Agents::seeded(now_ms), keys, dice)
    }

    /// Another account on the same machines, without a past.
    pub(crate) fn neighbour(&self, account: &'static Account) -> Self {
        let machines = Machines {
            seed: self.seed,
            calls: Arc::clone(&self.calls),
            clock: Arc::clone(&self.clock),
            faults: Arc::clone(&self.faults),
            requests: Arc::clone(&self.requests),
            media: self.media.clone(),
        };
        let now_ms = self.clock.started_ms();
        let (world, agents) = (World::new(0, now_ms, 0), Agents::bare(account, now_ms));
        let dice = fastrand::Rng::with_seed(self.random());
        Self::assemble(machines, account, world, agents, Keys::of(account), dice)
    }

    /// Whatever an account holds is its own; a field added here can leak to no other.
    fn assemble(
        machines: Machines,
        account: &'static Account,
        world: World,
        agents: Agents,
        keys: Keys,
        mut dice: fastrand::Rng,
    ) -> Self {
        let Machines { seed, calls, clock, faults, requests, media } = machines;
        Self {
            account,
            traffic: Traffic::new(world.origin().0),
            world: Mutex::new(Arc::new(world)),
            settings: Settings::default(),
            live: Live::default(),
            agents: Mutex::new(agents),
            samples: Samples::new(std::array::from_fn(|_| dice.u8(..))),
            external_events: Mutex::default(),
            numbers: Mutex::new(Pool::of(account)),
            notes: Notes::default(),
            outbound: Outbound::new(seed),
            texting: Texting::default(),
            trials: Trials::default(),
            chats: Chats::default(),
            keys,
            tokens: Tokens::new(),
            sessions: Mutex::default(),
            calls,
            alerts: Alerts::default(),
            webhooks: Webhooks::default(),
            messaging: RuleBoard::default(),
            desk: Desk::default(),
            faults,
            requests,
            media,
            next_connection: AtomicU64::new(1),
            dice: Mutex::new(dice),
            seed,
            clock,
        }
    }

    /// The past.
    pub(crate) fn world(&self) -> Arc<World> {
        Arc::clone(&lock(&self.world))
    }

    /// Puts another past in place.
    pub(crate) fn set_world(&self, world: Arc<World>) {
        *lock(&self.world) = world;
    }

    /// Everything a snapshot holds of it, by name. A new store belongs here as well.
    pub(crate) const fn stores(&self) -> [(&'static str, &dyn Store); 14] {
        [
            ("traffic", self.traffic.store()),
            ("settings", self.settings.store()),
            ("live", self.live.store()),
            ("agents", &self.agents),
            ("external_events", &self.external_events),
            ("numbers", &self.numbers),
            ("notes", self.notes.store()),
            ("outbound", self.outbound.store()),
            ("texting", self.texting.store()),
            ("trials", self.trials.store()),
            ("chats", self.chats.store()),
            ("alerts", self.alerts.store()),
            ("webhooks", self.webhooks.store()),
            ("messaging", self.messaging.store()),
        ]
    }

    /// Lets this many conversations arrive a minute from the next minute on.
    pub(crate) fn set_traffic(&self, per_minute: u32) {
        self.traffic.set_rate(per_minute, self.clock.now_ms(), || self.live_deployment());
    }

    /// All conversations there are at `now_ms`: past, traffic and live.
    pub(crate) fn catalog(&self, now_ms: i64) -> Catalog {
        Catalog::new(self, now_ms)
    }

    /// Drops every socket and forgets every session; their tasks end by themselves.
    pub(crate) fn close_sessions(&self) {
        for (_, session) in lock(&self.sessions).drain() {
            session.try_send(Command::DropSockets);
        }
    }

    /// What runs live of the agent that answers; empty when it was deleted or never released.
    pub(crate) fn live_deployment(&self) -> String {
        self.deployment(Stage::Live)
    }

    /// What runs of it in an environment.
    pub(crate) fn deployment(&self, stage: Stage) -> String {
        let agents = lock(&self.agents);
        let active = agents
            .find(self.account.project_id)
            .ok()
            .and_then(|agent| agent.deployments.active(stage));
        active.map(|deployment| deployment.id.clone()).unwrap_or_default()
    }

    /// A fresh id with a prefix, as the platform makes them.
    pub(crate) fn id(&self, prefix: &str) -> String {
        format!("{prefix}-{:08X}", self.random() >> 32)
    }

    /// A fresh opaque text after a prefix: 22 letters and digits.
    pub(crate) fn opaque(&self, prefix: &str) -> String {
        let mut dice = lock(&self.dice);
        prefix.chars().chain((0..22).map(|_| dice.alphanumeric())).collect()
    }

    /// A fresh UUID that sorts by `now_ms` (version 7).
    pub(crate) fn uuid_v7(&self, now_ms: i64) -> String {
        let (time, random) = (now_ms.unsigned_abs() & 0xffff_ffff_ffff, self.random());
        format!(
            "{:08x}-{:04x}-7{:03x}-{:04x}-{:012x}",
            time >> 16,
            time & 0xffff,
            random >> 52,
            (random >> 36) & 0x3fff | 0x8000,
            self.random() >> 16,
        )
    }

    /// A fresh UUID.
    pub(crate) fn uuid(&self) -> String {
        uuid(lock(&self.dice).u128(..))
    }

    /// A fresh random number.
    pub(crate) fn random(&self) -> u64 {
        lock(&self.dice).u64(..)
    }
}

impl std::fmt::Debug for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Platform(..)")
    }
}
