//! Installs what is missing: Rust's wasm target, three tools, crate sources, npm parts, and Chromium for tests.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{
    npm, prerequisites,
    prerequisites::answer,
    process::run_logged,
    progress::{Progress, Work, side_by_side},
    tools::{self, TOOLS},
    workspace::Workspace,
};

const WASM: &str = "wasm32-unknown-unknown";
/// Wasm target, crate sources and npm parts, besides the tools.
const OTHER_STEPS: usize = 3;

/// `cargo xtask setup`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Also installs Chromium, which the browser tests need.
    #[arg(long)]
    browser: bool,
}

/// Installs what is missing and stops.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let progress = Progress::new(steps() + usize::from(options.browser));
    install(workspace, &progress)?;
    if options.browser {
        chromium(workspace, &progress)?;
    }
    Ok(())
}

/// How many steps [`install`] reports.
pub(crate) fn steps() -> usize {
    TOOLS.len() + OTHER_STEPS
}

/// Installs all that builds need.
pub(crate) fn install(workspace: &Workspace, progress: &Progress) -> Result<()> {
    prerequisites::check()?;
    wasm_target(workspace, progress)?;
    // npm and Cargo's downloads wait for the network, and linkers use one core.
    let mut jobs: Vec<Work<'_>> = vec![
        Box::new(|| npm::ensure(workspace, progress)),
        Box::new(|| fetch(workspace, progress)),
    ];
    for tool in &TOOLS {
        jobs.push(Box::new(|| tool.ensure(workspace, progress)));
    }
    side_by_side(jobs)?;
    tools::forget_build(workspace);
    Ok(())
}

/// Installs Chromium if there is none, and says where it is.
pub(crate) fn chromium(workspace: &Workspace, progress: &Progress) -> Result<PathBuf> {
    const LABEL: &str = "Chromium";
    if let Some(found) = find_chromium() {
        progress.present(LABEL);
        return Ok(found);
    }
    progress.step(LABEL, || {
        apt(workspace, progress, LABEL, &["chromium"])
            .context("setting CHROMIUM to the path of one would do as well")?;
        find_chromium().context("apt-get installed Chromium, but it is not on the PATH")
    })
}

/// Installs Debian packages, or says how to.
pub(crate) fn apt(
    workspace: &Workspace,
    progress: &Progress,
    label: &str,
    packages: &[&str],
) -> Result<()> {
    let root = answer("id", &["-u"]).is_some_and(|id| id == "0");
    if !root || answer("apt-get", &["--version"]).is_none() {
        bail!(
            "{label} is missing and cannot be installed from here: run \
             `sudo apt-get update && sudo apt-get install -y --no-install-recommends {}`.",
            packages.join(" ")
        );
    }
    let install = ["install", "-y", "-qq", "--no-install-recommends"];
    for arguments in [["update", "-qq"].to_vec(), [&install[..], packages].concat()] {
        let mut apt = workspace.command("apt-get");
        apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        run_logged("apt-get", &mut apt, &workspace.log("apt"), progress)?;
    }
    Ok(())
}

/// Adds Rust's wasm target if it is missing.
pub(crate) fn wasm_target(workspace: &Workspace, progress: &Progress) -> Result<()> {
    let label = format!("Rust target {WASM}");
    let libraries = answer("rustc", &["--target", WASM, "--print", "target-libdir"]);
    if libraries.is_some_and(|folder| Path::new(&folder).is_dir()) {
        progress.present(&label);
        return Ok(());
    }
    if answer("rustup", &["--version"]).is_none() {
        bail!(
            "rustup is not on the PATH and the target {WASM} is missing: install rustup from https://rustup.rs."
        );
    }
    progress.step(&label, || {
        let mut rustup = workspace.command("rustup");
        rustup.args(["target", "add", WASM]);
        run_logged("rustup", &mut rustup, &workspace.log("rustup"), progress)
    })
}

/// Downloads crate sources once, because Trunk builds offline.
fn fetch(workspace: &Workspace, progress: &Progress) -> Result<()> {
    const LABEL: &str = "crate sources";
    let fetch = |offline: bool| {
        let mut cargo = workspace.cargo();
        cargo.args(["fetch", "--locked", "--quiet"]);
        if offline {
            cargo.arg("--offline");
        }
        cargo
    };
    if fetch(true).output().is_ok_and(|output| output.status.success()) {
        progress.present(LABEL);
        return Ok(());
    }
    progress.step(LABEL, || {
        run_logged("cargo fetch", &mut fetch(false), &workspace.log("fetch"), progress)
    })
}

fn find_chromium() -> Option<PathBuf> {
    if let Some(named) = env::var_os("CHROMIUM").filter(|path| !path.is_empty()) {
        return Some(PathBuf::from(named));
    }
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH")?).collect();
    ["chromium", "chromium-browser", "google-chrome"]
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|path| path.is_file())
}
