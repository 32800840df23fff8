//! Starting and stopping the whole.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use perch_api::operation::Host;
use perch_api::region::Region;
use serde::Serialize;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::accounts::Accounts;
use crate::alerts;
use crate::clock::Clock;
use crate::control;
use crate::families;
use crate::faults::line::{Cut, Lines};
use crate::host::{self, HostState};
use crate::keys::Keys;
use crate::platform::Platform;
use crate::snapshot::{self, SnapshotError};
use crate::webhooks;
use crate::world::SMALL;

/// How long running requests may take after a stop.
const PATIENCE: Duration = Duration::from_secs(1);

/// How a simulator is to be.
#[derive(Debug, Clone)]
pub struct Options {
    /// Port of the control listener; the four hosts take the next four. 0 means five free ones.
    pub port: u16,
    /// Decides the seeded world.
    pub seed: u64,
    /// How many conversations the past holds.
    pub conversations: usize,
    /// How many more arrive in a simulated minute.
    pub traffic: u32,
    /// Keys of the first account.
    pub keys: Keys,
    /// The region it plays; keys of another region are refused.
    pub region: Region,
    /// Whether webhook endpoints may be on this machine, with `http`; elsewhere `https` is needed.
    pub local_webhooks: bool,
    /// Whether webhook deliveries are stamped with the machine's time and not with the simulated one:
    /// for receivers that compare with their own clock after time was moved.
    pub machine_stamps: bool,
    /// The present, Unix milliseconds; the machine's time when absent.
    pub now_ms: Option<i64>,
    /// State to start from, as [`Running::snapshot`] gives it; seed, size and moment are then its own.
    pub snapshot: Option<Value>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 4_100,
            seed: 7,
            conversations: SMALL,
            traffic: 0,
            keys: Keys::default(),
            region: Region::Us,
            local_webhooks: true,
            machine_stamps: false,
            now_ms: None,
            snapshot: None,
        }
    }
}

/// Where a running simulator listens: `http://127.0.0.1:4100` and so on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Addresses {
    /// Control API and page.
    pub control: String,
    /// Build host.
    pub build: String,
    /// Platform host.
    pub platform: String,
    /// Messaging host.
    pub messaging: String,
    /// WebRTC host.
    pub webrtc: String,
}

/// Why a simulator did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// A port could not be had.
    #[error("could not listen on 127.0.0.1:{port}")]
    Listen {
        /// The port; 0 means any free one.
        port: u16,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Five ports in a row do not fit below 65536.
    #[error("port {0} leaves no room for the four ports after it")]
    Port(u16),
    /// It could not be started from the snapshot.
    #[error("could not start from the snapshot")]
    Snapshot(#[from] SnapshotError),
}

/// The simulator.
#[derive(Debug)]
pub struct Simulator;

impl Simulator {
    /// Starts five listeners on 127.0.0.1.
    pub async fn start(options: Options) -> Result<Running, StartError> {
        let mut listeners = Vec::with_capacity(5);
        for offset in 0..5 {
            let port = match options.port {
                0 => 0,
                first => first.checked_add(offset).ok_or(StartError::Port(first))?,
            };
            listeners.push(listen(port).await?);
        }
        let urls: Vec<String> =
            listeners.iter().map(|(_, address)| format!("http://{address}")).collect();
        let url = |at: usize| urls.get(at).cloned().unwrap_or_default();
        let addresses = Addresses {
            control: url(0),
            build: url(1),
            platform: url(2),
            messaging: url(3),
            webrtc: url(4),
        };
        let mut options = options;
        let snapshot = options.snapshot.take();
        if let Some(snapshot) = &snapshot {
            snapshot::prepare(&mut options, snapshot)?;
        }
        let clock = options.now_ms.map_or_else(Clock::start, Clock::starting_at);
        let Options { seed, conversations, traffic, keys, region, .. } = options;
        let Options { local_webhooks, machine_stamps, .. } = options;
        let media = addresses.control.clone();
        let first = Platform::new(clock, seed, conversations, keys, media);
        first.set_traffic(traffic);
        let accounts = Arc::new(Accounts::new(first, region));
        for platform in accounts.iter() {
            platform.webhooks.set_up(local_webhooks, machine_stamps);
        }
        if let Some(snapshot) = &snapshot {
            snapshot::restore(&accounts, snapshot)?;
        }
        let router = Arc::new(families::router());

        let hosts = [Host::Build, Host::Platform, Host::Messaging, Host::Webrtc].map(|host| {
            let (accounts, router) = (Arc::clone(&accounts), Arc::clone(&router));
            host::service(HostState { host, accounts, router })
        });
        let control = control::service(Arc::clone(&accounts), addresses.clone());
        let services = std::iter::once(control).chain(hosts);
        let (stop, stopped) = watch::channel(());
        let mut tasks = JoinSet::new();
        for ((listener, _), service) in listeners.into_iter().zip(services) {
            let mut stopped = stopped.clone();
            tasks.spawn(async move {
                let service = service.into_make_service_with_connect_info::<Cut>();
                axum::serve(Lines(listener), service)
                    .with_graceful_shutdown(async move {
                        // The sender is gone or has spoken: both mean stop.
                        let _ = stopped.changed().await;
                    })
                    .await
            });
        }
        // Whatever they do may be left half done: they are cut off when the simulator ends.
        let mut drivers = JoinSet::new();
        for platform in accounts.iter() {
            drivers.spawn(alerts::watch(Arc::clone(platform)));
            drivers.spawn(webhooks::send(Arc::clone(platform)));
        }
        Ok(Running { addresses, accounts, stop, tasks, drivers })
    }
}

async fn listen(port: u16) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |source| StartError::Listen { port, source };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

/// A running simulator; it stops when this is dropped.
#[derive(Debug)]
pub struct Running {
    addresses: Addresses,
    accounts: Arc<Accounts>,
    stop: watch::Sender<()>,
    tasks: JoinSet<std::io::Result<()>>,
    drivers: JoinSet<()>,
}

impl Running {
    /// Where it listens.
    pub const fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// Address of the control listener.
    pub fn control(&self) -> &str {
        &self.addresses.control
    }

    /// Address of the build host.
    pub fn build(&self) -> &str {
        &self.addresses.build
    }

    /// Address of the platform host.
    pub fn platform(&self) -> &str {
        &self.addresses.platform
    }

    /// Address of the messaging host.
    pub fn messaging(&self) -> &str {
        &self.addresses.messaging
    }

    /// Address of the WebRTC host.
    pub fn webrtc(&self) -> &str {
        &self.addresses.webrtc
    }

    /// The time, to be frozen, moved and sped up.
    pub fn clock(&self) -> &Clock {
        &self.accounts.first().clock
    }

    /// Lets this many conversations arrive a minute from the next minute on; 0 ends it.
    pub fn set_traffic(&self, per_minute: u32) {
        self.accounts.first().set_traffic(per_minute);
    }

    /// The state as it is now, without keys and tokens, for [`Options::snapshot`] and
    /// [`Running::restore`].
    pub fn snapshot(&self) -> Result<Value, SnapshotError> {
        snapshot::take(&self.accounts)
    }

    /// Goes on from a state that a simulator of the same seed had. Sockets are dropped.
    pub fn restore(&self, snapshot: &Value) -> Result<(), SnapshotError> {
        snapshot::restore(&self.accounts, snapshot)
    }

    /// Stops listening, drops every socket and lets running requests end, for a second at most.
    pub async fn shutdown(mut self) {
        self.accounts.close_sessions();
        self.drivers.shutdown().await;
        // Nobody listening any more is as good as a stop.
        let _ = self.stop.send(());
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        // What takes longer is cut off when the tasks are dropped.
        let _ = tokio::time::timeout(PATIENCE, ended).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.accounts.close_sessions();
    }
}
