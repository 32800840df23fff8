//! Small programs of `crates/figures`, built as products are: what they weigh and how fast they are.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, de::DeserializeOwned};

use super::{
    figure::Figure,
    size::{KB, sizes},
};
use crate::{
    build::WASM_PROFILE,
    process::run_logged,
    progress::{Progress, say},
    setup,
    workspace::Workspace,
};

const TARGET: &str = "wasm32-unknown-unknown";
const FAST_PROFILE: &str = "wasm-fast";
/// As the products are optimised: see `web/console/index.html`.
const SMALL: [&str; 3] = ["-Oz", "--one-caller-inline-max-function-size=20", "--converge"];

/// What they weigh: the wasm, as the glue depends on the page's bundler.
pub(crate) fn weigh(workspace: &Workspace) -> Result<Vec<Figure>> {
    let programs = [
        ("chat", "three operations of a chat", 40.0),
        ("three", "list, detail, chat", 40.0),
        ("erased", "any operation", 90.0),
    ];
    let mut figures = Vec::new();
    for (program, name, budget) in programs {
        let folder = build(workspace, program, WASM_PROFILE)?;
        let total = sizes(workspace, name, &[folder.join(format!("{program}_bg.wasm"))])?;
        let figure = |kind: &str, bytes: u32| {
            Figure::new("program", format!("{name} {kind}"), f64::from(bytes), "B")
        };
        figures.push(figure("raw", total.raw));
        figures.push(figure("gzip", total.gzip).at_most(budget * KB));
        figures.push(figure("brotli", total.brotli));
    }
    Ok(figures)
}

#[derive(Debug, Deserialize)]
struct Race {
    bytes: f64,
    rows: f64,
    typed: f64,
    parse: f64,
}

/// Typed decoding of a page of 1,000 conversations against `JSON.parse`, in Chromium: once built as what
/// reads large pages should be, once as everything else is. From the same bytes; copying them into wasm
/// and dropping what was read are counted, see `crates/xtask/bench/page.mjs`.
pub(crate) fn decode(workspace: &Workspace) -> Result<Vec<Figure>> {
    let chromium = setup::chromium(workspace, &Progress::new(1))?;
    let mut figures = Vec::new();
    for (profile, name, budget) in
        [(FAST_PROFILE, "for speed", Some(1.0)), (WASM_PROFILE, "for size", None)]
    {
        let folder = build(workspace, "page", profile)?;
        let wasm = sizes(workspace, name, &[folder.join("page_bg.wasm")])?;
        say("decode: two ways in turns, in Chromium");
        let mut node = workspace.command(workspace.node());
        node.env("CHROMIUM", &chromium)
            .env("PERCH_ROOT", workspace.root())
            .env("PERCH_SIM_BIN", workspace.binary("perch-simulator"));
        let race: Race = answer(node.arg("crates/xtask/bench/page.mjs").arg(folder))?;
        if (race.rows - 1_000.0).abs() > f64::EPSILON {
            bail!("the page has {} rows", race.rows);
        }
        if figures.is_empty() {
            figures.push(Figure::new("decode", "page of 1,000 conversations", race.bytes, "B"));
        }
        let gzip = f64::from(wasm.gzip);
        figures.push(Figure::new("decode", format!("program built {name}, gzip"), gzip, "B"));
        let what = format!("typed, built {name} / JSON.parse, ms");
        let ratio = Figure::ratio("decode", what, race.typed, race.parse);
        figures.push(match budget {
            Some(budget) => ratio.at_most(budget),
            None => ratio,
        });
    }
    Ok(figures)
}

#[derive(Debug, Deserialize)]
struct Explained {
    hypotheses: f64,
    ms: f64,
}

/// The search for the cause of a failed delivery, in V8's wasm.
pub(crate) fn explain(workspace: &Workspace) -> Result<Vec<Figure>> {
    let folder = build(workspace, "explain", WASM_PROFILE)?;
    let mut node = workspace.command(workspace.node());
    let Explained { hypotheses, ms } =
        answer(node.arg("crates/xtask/bench/explain.mjs").arg(folder))?;
    let per_thousand = ms / hypotheses * 1_000.0;
    Ok(vec![
        Figure::new("explain", "hypotheses, 4 KB, default effort", hypotheses, ""),
        Figure::new("explain", "all of them", ms, "ms"),
        Figure::new("explain", "1,000 hypotheses", per_thousand, "ms").at_most(50.0),
    ])
}

#[derive(Debug, Deserialize)]
struct Streamed {
    bytes: f64,
    seconds: f64,
    peak_kb: f64,
}

/// The memory that a page takes when its rows are read as they arrive; natively, by `crates/client`'s own bench.
pub(crate) fn stream(workspace: &Workspace) -> Result<Vec<Figure>> {
    say("stream: building and running a bench of perch-client");
    let mut cargo = workspace.cargo();
    cargo.args(["bench", "--quiet", "--locked", "--package", "perch-client"]);
    let Streamed { bytes, seconds, peak_kb } = answer(cargo.args(["--bench", "large_page"]))?;
    let peak = Figure::new("stream", "most memory, whole process", peak_kb / KB, "MB");
    Ok(vec![
        Figure::new("stream", "a page", bytes / KB / KB, "MB"),
        Figure::new("stream", "reading it", seconds, "s"),
        peak.at_most(64.0),
    ])
}

#[derive(Debug, Deserialize)]
struct Scale {
    start_small_ms: f64,
    start_large_s: f64,
    large_kb: f64,
    page_p50_ms: f64,
    page_p99_ms: f64,
    transcript_p99_ms: f64,
    semantic_p99_ms: f64,
    sockets: f64,
    sockets_open_s: f64,
    sockets_answered_s: f64,
    sockets_kb: f64,
}

/// What the simulator takes for its largest tasks, as a program of its own; by its own bench.
pub(crate) fn simulator(workspace: &Workspace) -> Result<Vec<Figure>> {
    say("simulator: building and running a bench of perch-simulator");
    let mut cargo = workspace.cargo();
    cargo.args(["bench", "--quiet", "--locked", "--package", "perch-simulator"]);
    let scale: Scale = answer(cargo.args(["--bench", "scale"]))?;
    let figure = |name: &str, value: f64, unit| Figure::new("simulator", name, value, unit);
    Ok(vec![
        figure("start, small world", scale.start_small_ms, "ms").at_most(1_000.0),
        figure("start, a million conversations", scale.start_large_s, "s").at_most(60.0),
        figure("most memory with them", scale.large_kb / KB, "MB").at_most(2_048.0),
        figure("1,000 rows out of them, p50", scale.page_p50_ms, "ms").at_most(50.0),
        figure("1,000 rows out of them, p99", scale.page_p99_ms, "ms").at_most(50.0),
        figure("transcript search, p99", scale.transcript_p99_ms, "ms"),
        figure("semantic search, p99", scale.semantic_p99_ms, "ms"),
        figure("sockets at once, all answered", scale.sockets, ""),
        figure("opening them", scale.sockets_open_s, "s"),
        figure("one message each, all answered", scale.sockets_answered_s, "s"),
        figure("most memory with them open", scale.sockets_kb / KB, "MB"),
    ])
}

/// Runs a program that prints JSON.
fn answer<T: DeserializeOwned>(program: &mut std::process::Command) -> Result<T> {
    let output = program.output().context("starting a bench")?;
    if !output.status.success() {
        bail!("a bench failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    serde_json::from_slice(&output.stdout).context("reading a bench's figures")
}

/// Compiles, binds and optimises; the folder has `{program}.js` and `{program}_bg.wasm`.
fn build(workspace: &Workspace, program: &str, profile: &str) -> Result<PathBuf> {
    let label = format!("bench program {program}, {profile}");
    let folder = workspace.state().join("bench").join(profile).join(program);
    let progress = Progress::new(1);
    progress.step(&label, || {
        fs::create_dir_all(&folder).context("creating the bench folder")?;
        let run = |step: &str, command: &mut std::process::Command| {
            run_logged(step, command, &workspace.log(&label), &progress)
        };
        let mut cargo = workspace.cargo();
        cargo.args(["build", "--locked", "--package", "perch-figures", "--example", program]);
        run("cargo", cargo.args(["--target", TARGET, "--profile", profile]))?;
        let compiled = workspace.artefact(TARGET, profile, &format!("examples/{program}.wasm"));
        let mut bindgen = workspace.command(workspace.tools().join("bin/wasm-bindgen"));
        bindgen.args(["--target", "web", "--no-typescript", "--out-dir"]);
        run("wasm-bindgen", bindgen.arg(&folder).arg(compiled))?;
        let flags: &[&str] = if profile == FAST_PROFILE { &["-O3"] } else { &SMALL };
        optimise(workspace, &folder.join(format!("{program}_bg.wasm")), flags, run)
    })?;
    Ok(folder)
}

fn optimise(
    workspace: &Workspace,
    wasm: &Path,
    flags: &[&str],
    run: impl Fn(&str, &mut std::process::Command) -> Result<()>,
) -> Result<()> {
    let mut optimiser = workspace.command(workspace.npm_bin("wasm-opt"));
    optimiser.args(flags).args(["--strip-debug", "--strip-producers"]);
    run("wasm-opt", optimiser.arg(wasm).arg("-o").arg(wasm))
}
