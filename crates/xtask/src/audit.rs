//! The audit log, looked at from outside the worker.

use std::path::PathBuf;

use anyhow::{Result, ensure};

use crate::{process::run_shown, workspace::Workspace};

/// `cargo xtask audit`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, clap::Subcommand)]
enum Task {
    /// Checks that no row of an export is missing, changed, moved or added.
    Verify {
        /// What `/operator/audit/export` gave.
        file: PathBuf,
        /// A head that was noted elsewhere, as SEQ:HASH; the log has them as `audit anchor`.
        #[arg(long)]
        anchor: Vec<String>,
    },
}

/// Runs the worker's own verifier.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let Task::Verify { file, anchor } = &options.task;
    // The command runs at the top of the checkout; the file was named from here.
    let file = std::path::absolute(file)?;
    let mut cargo = workspace.cargo();
    cargo
        .args(["run", "--quiet", "--package", "perch-edge-worker", "--example", "audit_verify"])
        .arg("--")
        .arg(file)
        .args(anchor);
    let status = run_shown("audit", &mut cargo, |_| ())?;
    ensure!(status.success(), "the audit log does not hold");
    Ok(())
}
