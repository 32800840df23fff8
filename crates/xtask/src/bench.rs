//! `cargo xtask bench`: every figure of the README, measured in one run each, with budgets where there are some.

mod check;
mod figure;
mod http;
mod programs;
mod proxy;
mod relays;
mod runtime;
mod size;
mod upstream;

use std::{fs, path::PathBuf, thread};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use serde_json::json;

use crate::{build, progress::Progress, setup, workspace::Workspace};
use figure::Figure;
pub(crate) use size::{files_below, sizes};

/// `cargo xtask bench`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// What to measure; everything if nothing is named.
    groups: Vec<Group>,
    /// Also writes every figure to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Fails when a figure is over its budget.
    #[arg(long)]
    check: bool,
    /// Measures what was built last.
    #[arg(long)]
    no_build: bool,
    /// How many relays are open at once, for `relays`.
    #[arg(long, default_value_t = RELAYS)]
    count: u32,
    /// How long, for `relays`.
    #[arg(long, default_value_t = RELAYS_MINUTES)]
    minutes: f64,
}

/// `cargo xtask soak`.
#[derive(Debug, clap::Args)]
pub(crate) struct Soak {
    /// How long.
    #[arg(long, default_value_t = SOAK_MINUTES)]
    minutes: f64,
}

const RELAYS: u32 = 2_000;
/// Enough to see that it works; what a long time does needs one.
const RELAYS_MINUTES: f64 = 2.0;
const SOAK_MINUTES: f64 = 120.0;

/// Figures that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Group {
    /// Bytes on the wire.
    Size,
    /// What the worker costs per proxied request.
    Proxy,
    /// What the worker costs per relayed frame.
    Relay,
    /// Memory of many relays over `--minutes`.
    Relays,
    /// Bytes of small programs over the client.
    Program,
    /// Typed decoding against `JSON.parse`.
    Decode,
    /// The search for the cause of a failed webhook delivery.
    Explain,
    /// Memory for a large page.
    Stream,
    /// The simulator's list out of a million, its sockets and its start.
    Simulator,
    /// The compiler after an edit.
    Check,
}

impl Group {
    /// What has to be built for it, besides what it builds itself.
    fn parts(self) -> &'static [build::Part] {
        match self {
            Self::Size => &[build::Part::Web, build::Part::Worker, build::Part::Js],
            Self::Proxy | Self::Relay | Self::Relays => &[build::Part::Worker],
            Self::Decode => &[build::Part::Simulator],
            Self::Program | Self::Explain | Self::Stream | Self::Simulator | Self::Check => &[],
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            groups: Vec::new(),
            json: None,
            check: false,
            no_build: false,
            count: RELAYS,
            minutes: RELAYS_MINUTES,
        }
    }
}

impl Options {
    /// Wire sizes, with their budgets enforced.
    pub(crate) fn size_check() -> Self {
        Self { groups: vec![Group::Size], check: true, ..Self::default() }
    }
}

/// Measures, prints a table, and writes the file that was asked for.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let groups: &[Group] =
        if options.groups.is_empty() { Group::value_variants() } else { &options.groups };
    if !options.no_build {
        let needed = |part: &&build::Part| groups.iter().any(|group| group.parts().contains(part));
        let parts: Vec<build::Part> = build::ALL.iter().filter(needed).copied().collect();
        let progress = Progress::new(setup::steps() + parts.len());
        setup::install(workspace, &progress)?;
        build::build(workspace, &parts, &progress)?;
    }
    let mut figures: Vec<Figure> = Vec::new();
    for group in groups {
        figures.extend(match group {
            Group::Size => size::measure(workspace)?,
            Group::Proxy => proxy::measure(workspace)?,
            Group::Relay => relays::cpu(workspace)?,
            Group::Relays => relays::open(workspace, options.count, options.minutes)?,
            Group::Program => programs::weigh(workspace)?,
            Group::Decode => programs::decode(workspace)?,
            Group::Explain => programs::explain(workspace)?,
            Group::Stream => programs::stream(workspace)?,
            Group::Simulator => programs::simulator(workspace)?,
            Group::Check => check::measure(workspace)?,
        });
    }
    print!("{}", figure::table(&figures));
    if let Some(file) = &options.json {
        let cores = thread::available_parallelism().map_or(0, std::num::NonZero::get);
        let document = json!({ "cores": cores, "figures": figures });
        fs::write(file, format!("{document:#}\n"))
            .with_context(|| format!("writing {}", file.display()))?;
    }
    let over: Vec<&str> =
        figures.iter().filter(|figure| figure.is_over()).map(Figure::name).collect();
    if options.check && !over.is_empty() {
        bail!("over budget: {}", over.join(", "));
    }
    Ok(())
}

/// Everything mixed, for a long time; fails when memory is not flat.
pub(crate) fn soak(workspace: &Workspace, options: &Soak) -> Result<()> {
    let parts = [build::Part::Worker, build::Part::Simulator];
    let progress = Progress::new(setup::steps() + parts.len());
    setup::install(workspace, &progress)?;
    build::build(workspace, &parts, &progress)?;
    let figures = relays::soak(workspace, options.minutes)?;
    print!("{}", figure::table(&figures));
    if figures.iter().any(Figure::is_over) {
        bail!("memory is not flat");
    }
    Ok(())
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
