//! A long run of exchanges between hostile callers and a hostile platform, with a marker for every key.

use anyhow::{Result, ensure};

use crate::{build, process::run_shown, progress::Progress, setup, workspace::Workspace};

/// `cargo xtask canary`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// How many.
    #[arg(long, default_value_t = 100_000)]
    exchanges: u32,
    /// Decides what they are.
    #[arg(long, default_value_t = 1)]
    seed: u32,
    /// The number of a single one, to see it again.
    #[arg(long)]
    only: Option<u32>,
}

/// Builds the worker, and fails when anything is found.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let progress = Progress::new(setup::steps() + 1);
    setup::install(workspace, &progress)?;
    build::build(workspace, &[build::Part::Worker], &progress)?;
    let mut node = workspace.command(workspace.node());
    node.arg("tests/canary.mjs")
        .args(["--exchanges", &options.exchanges.to_string()])
        .args(["--seed", &options.seed.to_string()])
        .env("PERCH_ROOT", workspace.root());
    if let Some(only) = options.only {
        node.args(["--only", &only.to_string()]);
    }
    let status = run_shown("canary", &mut node, |_| ())?;
    ensure!(status.success(), "something came out that must not");
    Ok(())
}
