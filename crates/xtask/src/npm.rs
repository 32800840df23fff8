//! The npm parts: pinned Node, runtime, bundler, optimiser and browser driver.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};

use crate::{process::run_logged, progress::Progress, workspace::Workspace};

const LABEL: &str = "npm parts";

/// Runs `npm ci` unless exactly this lock file is installed already.
pub(crate) fn ensure(workspace: &Workspace, progress: &Progress) -> Result<()> {
    let lock = fs::read(workspace.root().join("package-lock.json"))
        .context("reading package-lock.json")?;
    let complete = fs::read(stamp(workspace)).is_ok_and(|installed| installed == lock);
    if complete && workspace.node().is_file() {
        progress.present(LABEL);
        return Ok(());
    }
    progress.step(LABEL, || {
        let mut npm = workspace.command("npm");
        npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=warn"]);
        run_logged("npm ci", &mut npm, &workspace.log("npm"), progress)?;
        fs::write(stamp(workspace), lock).context("noting the installed lock file")
    })
}

/// A copy of the lock file that was installed; compared by content, because Git sets times anew.
fn stamp(workspace: &Workspace) -> PathBuf {
    workspace.root().join("node_modules/.perch-installed.json")
}
