//! The simulator as a program. The first line on stdout is JSON and says where it listens.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Parser;
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
    /// How many conversations the past sixty days hold.
    #[arg(long, default_value_t = 5_000)]
    conversations: usize,
    /// JSON file with the accepted credentials; missing ones are `sim-` and their name.
    #[arg(long)]
    keys: Option<PathBuf>,
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
    let Arguments { port, seed, conversations, .. } = arguments;
    let running =
        Simulator::start(Options { port, seed, conversations, keys, now_ms: None }).await?;
    announce(&running).context("could not write to stdout")?;
    stop_signal().await;
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

async fn stop_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // Without a way to hear signals only the process's end is left, which needs no hearing.
    let _ = tokio::signal::ctrl_c().await;
}
