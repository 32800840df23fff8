//! The groups of tests, cheapest first.

use std::{
    fs,
    io::{IsTerminal, stdout},
    path::PathBuf,
    process::Command,
};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use super::count::Count;
use crate::{
    build, ops,
    process::run_shown,
    progress::{Progress, say},
    setup,
    workspace::Workspace,
};

/// Members that run in the browser or at the edge.
const WASM_MEMBERS: [&str; 5] =
    ["perch-client", "perch-ui", "perch-widget", "perch-console", "perch-edge-worker"];
/// No single browser or edge test takes this long unless it hangs.
const NODE_TEST_LIMIT_MS: u32 = 300_000;

/// Tests that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Group {
    /// Formatting, lints for native and wasm, the golden list of operations.
    Style,
    /// Native unit, integration and doc tests, and the checks on the repository itself.
    Unit,
    /// Tests that run as wasm in Node.
    Wasm,
    /// The worker in real workerd against the simulator.
    Edge,
    /// The whole story in Chromium.
    Browser,
}

impl Group {
    /// Every group, in the order in which a failure is found fastest.
    pub(crate) const ALL: [Self; 5] =
        [Self::Style, Self::Unit, Self::Wasm, Self::Edge, Self::Browser];

    /// Its name on the command line.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Style => "style",
            Self::Unit => "unit",
            Self::Wasm => "wasm",
            Self::Edge => "edge",
            Self::Browser => "browser",
        }
    }

    /// Installs what the group needs and runs it.
    pub(crate) fn run(self, workspace: &Workspace) -> Result<Count> {
        match self {
            Self::Style => style(workspace),
            Self::Unit => unit(workspace),
            Self::Wasm => wasm(workspace),
            Self::Edge => node(workspace, "edge", false),
            Self::Browser => node(workspace, "browser", true),
        }
    }
}

fn style(workspace: &Workspace) -> Result<Count> {
    let mut count = check(workspace, &["fmt", "--all", "--check"])?;
    count =
        count + check(workspace, &["clippy", "--locked", "--all-targets", "--", "-D", "warnings"])?;
    let mut clippy = vec!["clippy", "--locked", "--target", "wasm32-unknown-unknown"];
    clippy.extend(WASM_MEMBERS.iter().flat_map(|member| ["--package", member]));
    clippy.extend(["--", "-D", "warnings"]);
    count = count + check(workspace, &clippy)?;
    Ok(count + ops::check(workspace).map(|()| Count::SUCCESS)?)
}

fn unit(workspace: &Workspace) -> Result<Count> {
    cargo_tests(workspace, &["test", "--locked", "--no-fail-fast"], |_| ())
}

fn wasm(workspace: &Workspace) -> Result<Count> {
    setup::install(workspace, &Progress::new(setup::steps()))?;
    let runner = workspace.tools().join("bin/wasm-bindgen-test-runner");
    let mut arguments = vec!["test", "--locked", "--target", "wasm32-unknown-unknown", "--lib"];
    arguments.extend(WASM_MEMBERS.iter().flat_map(|member| ["--package", member]));
    cargo_tests(workspace, &arguments, |cargo| {
        cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner);
    })
}

/// Builds everything, then hands the test files of a folder to Node's test runner.
fn node(workspace: &Workspace, folder: &str, browser: bool) -> Result<Count> {
    let files = test_files(workspace, folder)?;
    let progress = Progress::new(setup::steps() + build::ALL.len() + usize::from(browser));
    setup::install(workspace, &progress)?;
    build::build(workspace, &build::ALL, &progress)?;
    let output = workspace.root().join("test-output");
    fs::create_dir_all(&output).context("creating the folder for test output")?;
    let report = output.join(format!("{folder}.tap"));

    let mut node = workspace.command(workspace.node());
    node.args(["--test", "--test-concurrency=1"])
        .arg(format!("--test-timeout={NODE_TEST_LIMIT_MS}"))
        .args(["--test-reporter=spec", "--test-reporter-destination=stdout"])
        .arg("--test-reporter=tap")
        .arg(format!("--test-reporter-destination={}", report.display()))
        .args(files)
        .env("PERCH_ROOT", workspace.root())
        .env("PERCH_SIM_BIN", workspace.binary("perch-simulator"))
        .env("PERCH_OUTPUT", &output);
    if browser {
        node.env("CHROMIUM", setup::chromium(workspace, &progress)?);
    }
    let status = run_shown("node --test", &mut node, |_| ())?;
    let text = fs::read_to_string(&report).unwrap_or_default();
    Ok(Count::from_tap(&text).with_status(status.success()))
}

/// A Cargo command that only passes or fails.
fn check(workspace: &Workspace, arguments: &[&str]) -> Result<Count> {
    say(&format!("cargo {}", arguments.join(" ")));
    let status = run_shown("cargo", coloured(workspace.cargo()).args(arguments), |_| ())?;
    if !status.success() {
        bail!("`cargo {}` found something", arguments.join(" "));
    }
    Ok(Count::SUCCESS)
}

fn cargo_tests(
    workspace: &Workspace,
    arguments: &[&str],
    prepare: impl FnOnce(&mut Command),
) -> Result<Count> {
    say(&format!("cargo {}", arguments.join(" ")));
    let mut cargo = coloured(workspace.cargo());
    cargo.args(arguments);
    prepare(&mut cargo);
    let mut count = Count::default();
    let status = run_shown("cargo test", &mut cargo, |line| {
        count = count + Count::from_cargo(line).unwrap_or_default();
    })?;
    Ok(count.with_status(status.success()))
}

/// Cargo writes diagnostics to our standard error; through `run_shown` it must be told of colours.
fn coloured(mut cargo: Command) -> Command {
    if stdout().is_terminal() {
        cargo.env("CARGO_TERM_COLOR", "always");
    }
    cargo
}

fn test_files(workspace: &Workspace, folder: &str) -> Result<Vec<PathBuf>> {
    let folder = workspace.root().join("tests").join(folder);
    let entries =
        fs::read_dir(&folder).with_context(|| format!("looking into {}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    files.sort();
    if files.is_empty() {
        bail!("no tests in {}", folder.display());
    }
    Ok(files)
}
