//! The simulator as a program. The first line on stdout is JSON and says where it listens.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::{ArgAction, Parser};
use perch_api::region::Region;
use perch_simulator::traffic::BUSIEST;
use perch_simulator::{Keys, Options, Simulator};
use serde_json::{Value, json};

/// The PolyAI platform in memory, on five local ports.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Port of the control API; the build, platform, messaging and webrtc hosts take the next four.
    /// 0 takes five free ports.
    #[arg(long, default_value_t = 4_100)]
    port: u16,
    /// Decides the seeded world.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// How much the past sixty days hold: small (2,000 conversations), medium (50,000), large (1,000,000),
    /// or a number.
    #[arg(long, default_value = "small", value_parser = perch_simulator::world::size)]
    world: usize,
    /// The same as a number.
    #[arg(long, conflicts_with = "world")]
    conversations: Option<usize>,
    /// How many conversations arrive in a simulated minute.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=i64::from(BUSIEST)))]
    traffic: u32,
    /// JSON file with the first account's keys; missing ones are `sim-` and their name.
    #[arg(long)]
    keys: Option<PathBuf>,
    /// The region it plays: us-1, uk-1, euw-1 or studio. Keys of another region are refused.
    #[arg(long, default_value = "us-1", value_parser = Region::parse)]
    region: Region,
    /// Whether webhook endpoints may be on this machine, with http; `false` leaves https alone, as the
    /// platform has it.
    #[arg(long, default_value_t = true, action = ArgAction::Set)]
    allow_local_webhooks: bool,
    /// Stamp webhook deliveries with the machine's time and not with the simulated one: for receivers
    /// that compare with their own clock after time was moved.
    #[arg(long)]
    machine_stamps: bool,
    /// Start from this snapshot, as GET /control/snapshot gives it; seed and size are its own.
    #[arg(long)]
    snapshot: Option<PathBuf>,
    /// Also stop when standard input ends, because then whoever started this is gone.
    #[arg(long)]
    stop_with_stdin: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let keys = match &arguments.keys {
        None => Keys::default(),
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("could not read the keys file {}", path.display()))?;
            // The parser's own words may quote the text, so they are left out.
            serde_json::from_str(&text)
                .map_err(|error| anyhow::anyhow!("line {}: no keys file", error.line()))
                .with_context(|| format!("could not understand {}", path.display()))?
        }
    };
    let snapshot = match &arguments.snapshot {
        None => None,
        Some(path) => {
            let text = std::fs::read(path)
                .with_context(|| format!("could not read the snapshot {}", path.display()))?;
            let snapshot = serde_json::from_slice(&text);
            Some(snapshot.with_context(|| format!("could not understand {}", path.display()))?)
        }
    };
    let Arguments { port, seed, world, conversations, traffic, region, stop_with_stdin, .. } =
        arguments;
    let conversations = conversations.unwrap_or(world);
    let options = Options {
        port,
        seed,
        conversations,
        traffic,
        keys,
        region,
        local_webhooks: arguments.allow_local_webhooks,
        machine_stamps: arguments.machine_stamps,
        now_ms: None,
        snapshot,
    };
    perch_simulator::open_files::raise();
    let running = Simulator::start(options).await?;
    // Listen for signals first: whoever reads the line may send one at once.
    let stop = StopSignal::listen().context("could not listen for signals")?;
    announce(&running).context("could not write to stdout")?;
    tokio::select! {
        () = stop.wait() => {}
        () = end_of_stdin(), if stop_with_stdin => {}
    }
    running.shutdown().await;
    Ok(())
}

fn announce(running: &perch_simulator::Running) -> std::io::Result<()> {
    let mut line = json!(running.addresses());
    if let Value::Object(fields) = &mut line {
        fields.insert("ready".to_owned(), Value::Bool(true));
    }
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()?;
    eprintln!("The simulated platform is ready. Look at it: {}", running.control());
    Ok(())
}

async fn end_of_stdin() {
    let (open, ended) = tokio::sync::oneshot::channel::<()>();
    // A thread of its own, because the runtime would wait for a blocked read of its pool at the end.
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        drop(open);
    });
    let _ = ended.await;
}

/// Ctrl-C, and on Unix the usual request to end.
struct StopSignal {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl StopSignal {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn wait(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[cfg(not(unix))]
impl StopSignal {
    #[allow(clippy::unnecessary_wraps, reason = "the same shape as on Unix")]
    fn listen() -> std::io::Result<Self> {
        Ok(Self {})
    }

    async fn wait(self) {
        // Without a way to hear Ctrl-C only the process's end is left, which needs no hearing.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
