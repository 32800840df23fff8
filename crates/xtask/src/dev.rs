//! `cargo xtask dev`: from a fresh clone to three links, and nothing left behind after Ctrl-C.

mod config;
mod ports;
mod service;

use std::{
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{
    build,
    process::{Interrupted, check_interrupted},
    progress::{Progress, human, say},
    setup,
    workspace::Workspace,
};
pub(crate) use config::{Keys, PROJECT_ID, random as random_text, vars as worker_vars};
pub(crate) use ports::Ports;

use config::RealKeys;
pub(crate) use service::{Service, status_of};

const WATCH: Duration = Duration::from_millis(100);
/// Starting the simulator seeds its world, which an unoptimised build takes a while for.
const START_LIMIT: Duration = Duration::from_secs(90);

/// `cargo xtask dev`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// First port to try: console and worker; the demo shop takes the next one.
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// First of the simulator's five ports to try.
    #[arg(long, default_value_t = 4100)]
    simulator_port: u16,
    /// Starts what was built last.
    #[arg(long)]
    no_build: bool,
    /// Conversations in the simulated past.
    #[arg(long, default_value_t = 5000)]
    conversations: u32,
    /// Seed of the simulated world; equal seeds give equal worlds.
    #[arg(long, default_value_t = 7)]
    seed: u64,
}

/// Installs, builds, starts, prints the links, and waits for Ctrl-C or for a part to end.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let begun = Instant::now();
    let real = RealKeys::read(workspace)?;
    prepare(workspace, options, real.is_some())?;
    let ports = Ports::choose(options.port, options.simulator_port)?;
    let keys = Keys::generate(workspace)?;

    let simulator = match real {
        Some(_) => None,
        None => Some(start_simulator(workspace, options, &ports)?),
    };
    let hosts = simulator.as_ref().map(Service::greeting);
    let config = config::write(workspace, &ports, &keys, hosts, real.as_ref())?;
    let edge = start_edge(workspace, &config)?;

    let control =
        simulator.as_ref().and_then(|simulator| simulator.address("control")).map(str::to_owned);
    print_links(&ports, &keys, control.as_deref(), begun.elapsed());
    let mut services: Vec<Service> = [Some(edge), simulator].into_iter().flatten().collect();
    let reason = watch(&mut services);
    say("Stopping.");
    drop(services);
    reason
}

fn prepare(workspace: &Workspace, options: &Options, real: bool) -> Result<()> {
    if options.no_build {
        return Ok(());
    }
    let parts: &[build::Part] = match build::RUNNING.split_last() {
        Some((_simulator, others)) if real => others,
        _ => &build::RUNNING,
    };
    let progress = Progress::new(setup::steps() + parts.len());
    setup::install(workspace, &progress)?;
    build::build(workspace, parts, &progress)
}

fn start_simulator(workspace: &Workspace, options: &Options, ports: &Ports) -> Result<Service> {
    let program = workspace.binary("perch-simulator");
    if !program.is_file() {
        bail!("The simulator is not built: run `cargo xtask dev` without --no-build.");
    }
    let mut command = workspace.command(program);
    command
        .args(["--port", &ports.simulator.to_string()])
        .args(["--seed", &options.seed.to_string()])
        .args(["--conversations", &options.conversations.to_string()])
        .arg("--keys")
        .arg(config::keys_file(workspace))
        .arg("--stop-with-stdin");
    Service::start("simulator", &mut command, &workspace.log("simulator-run"), START_LIMIT)
}

fn start_edge(workspace: &Workspace, config: &Path) -> Result<Service> {
    let worker = workspace.root().join("edge-worker/build/index.js");
    if !worker.is_file() || !workspace.root().join("dist/perch.js").is_file() {
        bail!("Web or worker is not built: run `cargo xtask dev` without --no-build.");
    }
    let mut node = workspace.command(workspace.node());
    node.arg("edge-worker/runtime/serve.mjs").arg("--config").arg(config);
    let edge = Service::start("edge", &mut node, &workspace.log("edge-run"), START_LIMIT)?;
    let address = edge.address("edge").context("the edge names no address")?;
    service::wait_until_healthy(address, Duration::from_secs(15))?;
    Ok(edge)
}

fn print_links(ports: &Ports, keys: &Keys, control: Option<&str>, took: Duration) {
    say(&format!("\nPerch is up after {}.\n", human(took)));
    println!("  Demo shop    http://localhost:{}/", ports.demo);
    println!("  Console      http://localhost:{}/console/#setup={}", ports.edge, keys.setup_token);
    match control {
        Some(control) => println!("  Simulator    {control}/"),
        None => println!("  Platform     the real one, with the keys of .dev.vars"),
    }
    say("\nThe console link signs in once; start again for a new one. Ctrl-C stops everything.");
}

/// Waits for the user's wish to stop (success) or for the end of any part (an error).
fn watch(services: &mut [Service]) -> Result<()> {
    loop {
        match check_interrupted() {
            Err(error) if error.is::<Interrupted>() => return Ok(()),
            other => other?,
        }
        for service in &mut *services {
            service.check()?;
        }
        thread::sleep(WATCH);
    }
}

/// Writes a file that only its owner can read.
pub(crate) fn write_private(path: &Path, value: &Value) -> Result<()> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};

    let write = || -> Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        // Removed first: the mode counts only when a file is created.
        let _ = fs::remove_file(path);
        let mut file =
            fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(serde_json::to_string_pretty(value)?.as_bytes())?;
        Ok(())
    };
    write().with_context(|| format!("writing {}", path.display()))
}
