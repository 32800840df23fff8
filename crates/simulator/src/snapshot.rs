//! A simulator's state as JSON: taken from one, put into another.
//!
//! In it, though secret: what webhooks are signed with, so that receivers go on verifying. Not in it:
//! keys and access tokens, which are secrets; sockets, messaging sessions and calls in a
//! browser, which hang on connections; the list of requests. The seeded past is not written out either:
//! it follows from seed, moment and size. Restoring drops every socket.

pub(crate) mod statics;

use std::sync::{Arc, Mutex};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::accounts::Accounts;
use crate::clock::Reading;
use crate::faults::Faults;
use crate::platform::Platform;
use crate::simulator::Options;
use crate::sync::lock;
use crate::world::{LARGEST, World};

/// Version of the form.
const VERSION: u32 = 1;

/// Why a snapshot could not be taken or put back.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// A store could not be written.
    #[error("could not write down {store}")]
    Write {
        /// Its name in the snapshot.
        store: &'static str,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// It is no snapshot, or one of another version.
    #[error("this is no snapshot of version {VERSION}")]
    Form(#[source] serde_json::Error),
    /// A store could not be read; nothing was changed.
    #[error("could not read {store} in the snapshot; nothing was changed")]
    Read {
        /// Its name in the snapshot.
        store: &'static str,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// It was taken from something else.
    #[error("the snapshot is {0}; nothing was changed")]
    Unfit(&'static str),
}

/// State that goes into snapshots.
pub(crate) trait Store {
    /// The state.
    fn save(&self) -> serde_json::Result<Value>;

    /// Reads a state and gives back what puts it in place, so that all can be read before any is
    /// changed.
    fn read(&self, state: &Value) -> serde_json::Result<Box<dyn FnOnce() + '_>>;
}

impl<T: Serialize + DeserializeOwned> Store for Mutex<T> {
    fn save(&self) -> serde_json::Result<Value> {
        serde_json::to_value(&*lock(self))
    }

    fn read(&self, state: &Value) -> serde_json::Result<Box<dyn FnOnce() + '_>> {
        let state = T::deserialize(state)?;
        Ok(Box::new(move || *lock(self) = state))
    }
}

/// The whole, in the order of its members.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Snapshot {
    version: u32,
    world: Origin,
    clock: Reading,
    faults: Faults,
    /// By account id, then by store.
    accounts: Map<String, Value>,
}

/// What the seeded past follows from.
#[derive(Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Origin {
    seed: u64,
    anchor_ms: i64,
    conversations: usize,
}

impl Origin {
    fn of(world: &World) -> Self {
        let (seed, anchor_ms, conversations) = world.origin();
        Self { seed, anchor_ms, conversations }
    }
}

/// Takes a snapshot.
pub(crate) fn take(accounts: &Accounts) -> Result<Value, SnapshotError> {
    let first = accounts.first();
    let mut states = Map::new();
    for platform in accounts.iter() {
        let mut state = Map::new();
        for (name, store) in platform.stores() {
            let saved = store.save();
            let saved = saved.map_err(|source| SnapshotError::Write { store: name, source })?;
            state.insert(name.to_owned(), saved);
        }
        states.insert(platform.account.id.to_owned(), state.into());
    }
    let snapshot = Snapshot {
        version: VERSION,
        world: Origin::of(&first.world()),
        clock: first.clock.reading(),
        faults: first.faults.current(),
        accounts: states,
    };
    serde_json::to_value(snapshot).map_err(|source| SnapshotError::Write { store: "all", source })
}

/// Lets a simulator start with the world that `snapshot` is of.
pub(crate) fn prepare(options: &mut Options, snapshot: &Value) -> Result<(), SnapshotError> {
    let Snapshot { world, .. } = read(snapshot)?;
    options.seed = world.seed;
    options.conversations = world.conversations;
    options.now_ms = Some(world.anchor_ms);
    Ok(())
}

/// Puts a snapshot in place. An absent store keeps its state; an unknown one is refused.
pub(crate) fn restore(accounts: &Accounts, snapshot: &Value) -> Result<(), SnapshotError> {
    let Snapshot { world, clock, faults, accounts: states, .. } = read(snapshot)?;
    if world.seed != accounts.first().world().origin().0 {
        return Err(SnapshotError::Unfit("of a world of another seed"));
    }
    let mut ready = Vec::new();
    for (account, state) in &states {
        let platform = accounts.iter().find(|platform| platform.account.id == account);
        let (Some(platform), Value::Object(state)) = (platform, state) else {
            return Err(SnapshotError::Unfit("of other accounts"));
        };
        let stores = platform.stores();
        if state.keys().any(|name| stores.iter().all(|(own, _)| own != name)) {
            return Err(SnapshotError::Unfit("of a simulator that keeps other things"));
        }
        for (name, store) in stores {
            let Some(state) = state.get(name) else { continue };
            let read = store.read(state);
            ready.push(read.map_err(|source| SnapshotError::Read { store: name, source })?);
        }
    }
    let first = accounts.first();
    let now_ms = first.clock.now_ms();
    if first.faults.set(faults, now_ms).is_err() {
        return Err(SnapshotError::Unfit("with faults that cannot be"));
    }
    accounts.close_sessions();
    put_world(first, &world);
    for put in ready {
        put();
    }
    first.clock.show(clock);
    for platform in accounts.iter() {
        // Not before it is the right time.
        platform.alerts.wake();
        platform.webhooks.wake();
    }
    Ok(())
}

fn read(snapshot: &Value) -> Result<Snapshot, SnapshotError> {
    let snapshot = Snapshot::deserialize(snapshot).map_err(SnapshotError::Form)?;
    if snapshot.version != VERSION {
        return Err(SnapshotError::Unfit("of another version"));
    }
    if snapshot.world.conversations > LARGEST {
        return Err(SnapshotError::Unfit("of a world that is too large"));
    }
    Ok(snapshot)
}

fn put_world(platform: &Platform, origin: &Origin) {
    if *origin != Origin::of(&platform.world()) {
        let Origin { seed, anchor_ms, conversations } = *origin;
        platform.set_world(Arc::new(World::new(seed, anchor_ms, conversations)));
    }
}
