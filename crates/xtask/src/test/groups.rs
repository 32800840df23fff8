//! The groups of tests, cheapest first.

use std::{
    fs,
    io::{IsTerminal, stdout},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use super::count::Count;
use crate::{
    build, contract, docs, generated,
    process::run_shown,
    progress::{Progress, say},
    setup,
    workspace::Workspace,
};

/// Members that run in the browser or at the edge.
const WASM_MEMBERS: [&str; 11] = [
    "perch-client",
    "perch-ui",
    "perch-widget",
    "perch-console",
    "perch-edge-worker",
    "perch-js",
    "perch-js-chat",
    "perch-js-explain",
    "perch-js-shared",
    "perch-js-sign",
    "perch-js-stream",
];
/// No single browser or edge test takes this long unless it hangs.
const NODE_TEST_LIMIT_MS: u32 = 300_000;

/// Tests that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Group {
    /// Formatting, lints for native and wasm, the documents and lists made from the table of operations.
    Style,
    /// Unit, integration and doc tests of all members, run natively, and the checks on the repository itself.
    Unit,
    /// The worker in real workerd and the npm package in Node, against the simulator.
    Edge,
    /// The simulator, and the worker before it, against the vendor's OpenAPI files, where they are beside the
    /// checkout.
    Contract,
    /// The whole story in Chromium.
    Browser,
}

impl Group {
    /// Every group, in the order in which a failure is found fastest.
    pub(crate) const ALL: [Self; 5] =
        [Self::Style, Self::Unit, Self::Contract, Self::Edge, Self::Browser];

    /// Its name on the command line.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Style => "style",
            Self::Unit => "unit",
            Self::Contract => "contract",
            Self::Edge => "edge",
            Self::Browser => "browser",
        }
    }

    /// Installs what the group needs and runs it; `built` remembers across groups that builds are fresh.
    pub(crate) fn run(self, workspace: &Workspace, built: &mut bool) -> Result<Count> {
        match self {
            Self::Style => return style(workspace),
            Self::Unit => return unit(workspace),
            Self::Contract => {
                let direct = contract::check(workspace, &contract::Options::default())?;
                return Ok(direct + contract::check(workspace, &contract::Options::edge())?);
            }
            Self::Edge | Self::Browser => {}
        }
        let builds = if *built { 0 } else { setup::steps() + build::ALL.len() };
        let progress = Progress::new(builds + 1);
        if !*built {
            setup::install(workspace, &progress)?;
            build::build(workspace, &build::ALL, &progress)?;
            *built = true;
        }
        let mut files = test_files(workspace, &Path::new("tests").join(self.label()))?;
        if self == Self::Browser {
            let chromium = setup::chromium(workspace, &progress)?;
            return node(workspace, self.label(), &files, ("CHROMIUM", &chromium));
        }
        // After the worker: the two share all but the last crate, and worker-build's cache.
        build::build(workspace, &[build::Part::Probe], &progress)?;
        files.extend(test_files(workspace, Path::new("edge-worker/runtime"))?);
        files.extend(test_files(workspace, Path::new("tests/js"))?);
        let probe = workspace.root().join(build::PROBE_BUILD);
        let edge = node(workspace, self.label(), &files, ("PERCH_PROBE_BUILD", &probe))?;
        Ok(edge + web(workspace)?)
    }
}

fn style(workspace: &Workspace) -> Result<Count> {
    setup::wasm_target(workspace, &Progress::new(1))?;
    let mut count = check(workspace, &["fmt", "--all", "--check"])?;
    let strict = ["--", "-D", "warnings"];
    let native = [&["clippy", "--locked", "--workspace", "--all-targets"][..], &strict].concat();
    count = count + check(workspace, &native)?;
    let wasm = ["clippy", "--locked", "--target", "wasm32-unknown-unknown"];
    let members: Vec<_> = WASM_MEMBERS.iter().flat_map(|member| ["--package", member]).collect();
    count = count + check(workspace, &[&wasm[..], &members, &strict].concat())?;
    let figures = ["--package", "perch-figures", "--examples"];
    count = count + check(workspace, &[&wasm[..], &figures, &strict].concat())?;
    count = count + generated::OPERATIONS.check(workspace).map(|()| Count::SUCCESS)?;
    count = count + docs::check(workspace).map(|()| Count::SUCCESS)?;
    let documented =
        ["doc", "--locked", "--no-deps", "--package=perch-api", "--package=perch-client"];
    count = count + check_with(workspace, &documented, &[("RUSTDOCFLAGS", "-D warnings")])?;
    count = count + generated::NEEDS.check(workspace).map(|()| Count::SUCCESS)?;
    Ok(count + generated::TYPES.check(workspace).map(|()| Count::SUCCESS)?)
}

fn unit(workspace: &Workspace) -> Result<Count> {
    cargo_test(workspace, &["--workspace", "--no-fail-fast"], &[])
}

/// The client on the web's own platform, in Node.
fn web(workspace: &Workspace) -> Result<Count> {
    let arguments = ["--package=perch-client", "--target=wasm32-unknown-unknown", "--test=web"];
    let runner = workspace.tools().join("bin/wasm-bindgen-test-runner");
    cargo_test(workspace, &arguments, &[("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", &runner)])
}

/// `cargo test` with its tests counted.
fn cargo_test(
    workspace: &Workspace,
    arguments: &[&str],
    variables: &[(&str, &Path)],
) -> Result<Count> {
    let arguments = [&["test", "--locked"], arguments].concat();
    say(&format!("cargo {}", arguments.join(" ")));
    let mut count = Count::default();
    let mut cargo = coloured(workspace.cargo());
    cargo.args(arguments).envs(variables.iter().copied());
    let status = run_shown("cargo test", &mut cargo, |line| {
        count = count + Count::from_cargo(line).unwrap_or_default();
    })?;
    Ok(count.with_status(status.success()))
}

/// Hands test files to Node's test runner, with one variable of their own.
fn node(
    workspace: &Workspace,
    label: &str,
    files: &[PathBuf],
    (name, value): (&str, &Path),
) -> Result<Count> {
    let output = workspace.root().join("test-output");
    fs::create_dir_all(&output).context("creating the folder for test output")?;
    let report = output.join(format!("{label}.tap"));

    let mut node = workspace.command(workspace.node());
    node.args(["--test", "--test-concurrency=1"])
        .arg(format!("--test-timeout={NODE_TEST_LIMIT_MS}"))
        .args(["--test-reporter=spec", "--test-reporter-destination=stdout"])
        .arg("--test-reporter=tap")
        .arg(format!("--test-reporter-destination={}", report.display()))
        .args(files)
        .env("PERCH_ROOT", workspace.root())
        .env("PERCH_SIM_BIN", workspace.binary("perch-simulator"))
        .env("PERCH_OUTPUT", &output)
        .env(name, value);
    let status = run_shown("node --test", &mut node, |_| ())?;
    let text = fs::read_to_string(&report).unwrap_or_default();
    Ok(Count::from_tap(&text).with_status(status.success()))
}

/// A Cargo command that only passes or fails.
fn check(workspace: &Workspace, arguments: &[&str]) -> Result<Count> {
    check_with(workspace, arguments, &[])
}

/// The same with variables of its own.
fn check_with(
    workspace: &Workspace,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> Result<Count> {
    say(&format!("cargo {}", arguments.join(" ")));
    let mut cargo = coloured(workspace.cargo());
    cargo.args(arguments).envs(variables.iter().copied());
    let status = run_shown("cargo", &mut cargo, |_| ())?;
    if !status.success() {
        bail!("`cargo {}` found something", arguments.join(" "));
    }
    Ok(Count::SUCCESS)
}

/// Cargo writes diagnostics to our standard error; through `run_shown` it must be told of colours.
fn coloured(mut cargo: Command) -> Command {
    if stdout().is_terminal() {
        cargo.env("CARGO_TERM_COLOR", "always");
    }
    cargo
}

fn test_files(workspace: &Workspace, folder: &Path) -> Result<Vec<PathBuf>> {
    let folder = workspace.root().join(folder);
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
