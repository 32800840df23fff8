//! The golden list of platform operations: what may be called, with which key, by whom.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;

/// `cargo xtask ops`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Writes the list to `crates/api/operations.txt`.
    #[arg(long)]
    accept: bool,
}

/// Prints the list, or accepts it as the golden one.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let list = list(workspace)?;
    if options.accept {
        fs::write(golden(workspace), list).context("writing the golden list of operations")
    } else {
        print!("{list}");
        Ok(())
    }
}

/// Fails when the list is not the golden one.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let accepted = fs::read_to_string(golden(workspace)).unwrap_or_default();
    if list(workspace)? != accepted {
        bail!(
            "The operations differ from crates/api/operations.txt: look at `cargo xtask ops`, \
             then accept them with `cargo xtask ops --accept`."
        );
    }
    Ok(())
}

fn golden(workspace: &Workspace) -> PathBuf {
    workspace.root().join("crates/api/operations.txt")
}

/// Asks the interface crate itself, in a process of its own, so that `xtask` builds even when it does not.
fn list(workspace: &Workspace) -> Result<String> {
    let output = workspace
        .cargo()
        .args(["run", "--quiet", "--locked", "--package", "perch-api", "--example", "operations"])
        .output()
        .context("starting cargo")?;
    if !output.status.success() {
        bail!("listing the operations failed:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8(output.stdout).context("reading the list of operations")
}
