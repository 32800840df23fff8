//! Builds what runs (web pages, edge worker, simulator) and what is published (the npm package).

mod stamp;

use std::{path::PathBuf, time::SystemTime};

use anyhow::Result;
use clap::ValueEnum;

use crate::{
    build::stamp::Stamp,
    process::run_logged,
    progress::{Progress, Work, side_by_side},
    setup,
    workspace::Workspace,
};

/// The Cargo profile of everything that is downloaded or runs at the edge.
pub(crate) const WASM_PROFILE: &str = "wasm-release";

/// `cargo xtask build`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// What to build; everything if nothing is named.
    parts: Vec<Part>,
}

/// Something that can be built alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Loader, widget and console, into `dist`.
    Web,
    /// The edge worker, into `edge-worker/build`.
    Worker,
    /// The simulator, natively.
    Simulator,
    /// The npm package, into `dist-npm`.
    Js,
    /// The edge worker with a route that panics, for the test of what a panic does to others.
    Probe,
}

/// What the compiler and wasm-bindgen use, as worker-build tells wasm-opt.
const WASM_FEATURES: [&str; 7] = [
    "mutable-globals",
    "sign-ext",
    "nontrapping-float-to-int",
    "bulk-memory",
    "multivalue",
    "reference-types",
    "exception-handling",
];

/// Where the worker with the panic probe goes.
pub(crate) const PROBE_BUILD: &str = "edge-worker/build-probe";

/// What every build reads.
const SHARED_INPUTS: [&str; 7] = [
    "crates/api",
    "crates/json",
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    "package-lock.json",
    "crates/xtask/src/build.rs",
];

/// Everything, slowest first.
pub(crate) const ALL: [Part; 4] = [Part::Web, Part::Worker, Part::Js, Part::Simulator];

/// What `dev` starts, the simulator last: not everybody needs it.
pub(crate) const RUNNING: [Part; 3] = [Part::Web, Part::Worker, Part::Simulator];

/// Installs what is missing, then builds.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let parts = if options.parts.is_empty() { &ALL } else { options.parts.as_slice() };
    let progress = Progress::new(setup::steps() + parts.len());
    setup::install(workspace, &progress)?;
    build(workspace, parts, &progress)
}

/// Builds `parts` side by side: linking and optimising use one core each, so two builds overlap well.
pub(crate) fn build(workspace: &Workspace, parts: &[Part], progress: &Progress) -> Result<()> {
    side_by_side(parts.iter().map(|part| {
        let build = || part.ensure(workspace, progress);
        Box::new(build) as Work<'_>
    }))
}

impl Part {
    fn label(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Worker => "edge worker",
            Self::Js => "npm package",
            Self::Simulator => "simulator",
            Self::Probe => "edge worker with panic probe",
        }
    }

    /// Builds unless nothing changed since the last time; Cargo would know, the optimisers would not.
    fn ensure(self, workspace: &Workspace, progress: &Progress) -> Result<()> {
        let stamp = Stamp::new(workspace.state().join("built").join(self.label()));
        let inputs =
            || self.inputs().iter().chain(&SHARED_INPUTS).map(|path| workspace.root().join(path));
        let output = self.output(workspace);
        if output.is_file() && stamp.is_newer_than(inputs())? {
            progress.present(self.label());
            return Ok(());
        }
        progress.step(self.label(), || {
            let begun = SystemTime::now();
            self.build(workspace, progress)?;
            stamp.set(begun)
        })
    }

    /// A file that the build writes.
    fn output(self, workspace: &Workspace) -> PathBuf {
        match self {
            Self::Web => workspace.root().join("dist/perch.js"),
            Self::Worker => workspace.root().join("edge-worker/build/index.js"),
            // Beside `dist`, which Trunk empties.
            Self::Js => workspace.root().join("dist-npm/package.json"),
            Self::Probe => workspace.root().join(PROBE_BUILD).join("index.js"),
            Self::Simulator => workspace.binary("perch-simulator"),
        }
    }

    /// Files and folders the build reads, besides the shared ones.
    fn inputs(self) -> &'static [&'static str] {
        match self {
            Self::Web => &["web", "crates/client", "Trunk.toml"],
            Self::Worker | Self::Probe => &["edge-worker/src", "edge-worker/Cargo.toml"],
            Self::Js => &["crates/js", "crates/client"],
            Self::Simulator => &["crates/simulator"],
        }
    }

    fn build(self, workspace: &Workspace, progress: &Progress) -> Result<()> {
        let mut command = match self {
            Self::Web => {
                let mut trunk = workspace.command(workspace.tools().join("bin/trunk"));
                // Trunk takes NO_COLOR for a flag of its own and refuses values other than true and false.
                trunk.args(["build", "--config", "Trunk.toml"]).env_remove("NO_COLOR");
                trunk
            }
            Self::Js => {
                let mut node = workspace.command(workspace.node());
                node.arg("crates/js/build.mjs");
                node
            }
            Self::Worker | Self::Probe => {
                let tools = workspace.tools().join("bin");
                let mut build = workspace.command(tools.join("worker-build"));
                build
                    .args(["--profile", WASM_PROFILE])
                    .current_dir(workspace.root().join("edge-worker"))
                    // worker-build looks at these before it tries to download.
                    .env("WASM_BINDGEN_BIN", tools.join("wasm-bindgen"))
                    .env("ESBUILD_BIN", workspace.npm_bin("esbuild"))
                    .env("WASM_OPT_BIN", workspace.npm_bin("wasm-opt"));
                if self == Self::Probe {
                    build.args(["--out-dir", "build-probe", "--features", "panic-probe"]);
                }
                build
            }
            Self::Simulator => {
                // The dev profile, because the tests need the same dependencies in it.
                let mut cargo = workspace.cargo();
                cargo.args(["build", "--locked", "--package", "perch-simulator"]);
                cargo
            }
        };
        run_logged(self.label(), &mut command, &workspace.log(self.label()), progress)?;
        match self {
            Self::Worker | Self::Probe => {
                self.strip(workspace, progress)?;
                self.wrap(workspace, progress)
            }
            _ => Ok(()),
        }
    }

    /// Drops the names that worker-build has kept: a tenth of the program.
    fn strip(self, workspace: &Workspace, progress: &Progress) -> Result<()> {
        let program = self.output(workspace).with_file_name("index_bg.wasm");
        let mut wasm_opt = workspace.command(workspace.npm_bin("wasm-opt"));
        wasm_opt
            .arg(&program)
            .arg("-o")
            .arg(&program)
            .args(["--strip-debug", "--strip-producers"])
            .args(WASM_FEATURES.map(|feature| format!("--enable-{feature}")));
        run_logged("worker names", &mut wasm_opt, &workspace.log("worker-names"), progress)
    }

    /// Puts our entry in place of worker-build's, into the same file.
    fn wrap(self, workspace: &Workspace, progress: &Progress) -> Result<()> {
        let built = self.output(workspace);
        let mut esbuild = workspace.command(workspace.npm_bin("esbuild"));
        esbuild
            .current_dir(workspace.root().join("edge-worker"))
            .args(["src/js/entry.js", "--bundle", "--minify", "--format=esm"])
            // The generated glue says one thing twice, which is its own affair.
            .args(["--external:*.wasm", "--external:cloudflare:*", "--log-level=error"])
            .arg(format!("--alias:built={}", built.display()))
            .arg(format!("--outfile={}", built.display()))
            .arg("--allow-overwrite");
        run_logged("worker entry", &mut esbuild, &workspace.log("worker-entry"), progress)
    }
}
