//! The TypeScript types of all operations, generated and kept beside the package that ships them.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;

/// `cargo xtask types`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Writes the types to `crates/js/npm/operations.d.ts`.
    #[arg(long)]
    accept: bool,
}

/// Prints the types, or accepts them.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let types = generated(workspace)?;
    if options.accept {
        fs::write(accepted(workspace), types).context("writing the types of all operations")
    } else {
        print!("{types}");
        Ok(())
    }
}

/// Fails when the types are not the accepted ones.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let kept = fs::read_to_string(accepted(workspace)).unwrap_or_default();
    if generated(workspace)? != kept {
        bail!(
            "The types of the operations differ from crates/js/npm/operations.d.ts: \
             accept them with `cargo xtask types --accept` and look at the difference."
        );
    }
    Ok(())
}

fn accepted(workspace: &Workspace) -> PathBuf {
    workspace.root().join("crates/js/npm/operations.d.ts")
}

/// Asks the interface crate itself, in a process of its own, as for the list of operations.
fn generated(workspace: &Workspace) -> Result<String> {
    let output = workspace
        .cargo()
        .args(["run", "--quiet", "--locked", "--package", "perch-api"])
        .args(["--features", "schema", "--example", "typescript"])
        .output()
        .context("starting cargo")?;
    if !output.status.success() {
        bail!("generating the types failed:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8(output.stdout).context("reading the generated types")
}
