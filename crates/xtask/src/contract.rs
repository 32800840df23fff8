//! The simulator against the vendor's OpenAPI files, by Schemathesis: no answer of a kind that they do
//! not describe, and no 5xx, outside a list of exceptions.
//!
//! The files are no part of this repository. They are looked for in `shared/polyai/openapi` beside the
//! checkout, or below where `PERCH_ORACLE` points; without them this says so and passes.

mod edge;
mod findings;

use std::{
    env, fs,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result};

use self::findings::{Exceptions, Finding};
use crate::{
    build,
    dev::Service,
    process::{Job, create_log, tail},
    progress::{Progress, say},
    python,
    test::Count,
    workspace::Workspace,
};

const FOLDER: &str = "tests/contract";
const START_LIMIT: Duration = Duration::from_mins(1);
/// Violations of what the files say. Statuses that they leave out are not among them: they leave out
/// most refusals. Nor is what they would have accepted or refused: bounds in prose are narrower.
const CHECKS: &str = "not_a_server_error,content_type_conformance,response_headers_conformance,\
                      response_schema_conformance,unsupported_method";

/// `cargo xtask schemathesis`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Test cases made up for each operation, besides those that follow from its schema.
    #[arg(long, default_value_t = EXAMPLES)]
    examples: u32,
    /// Decides what is made up.
    #[arg(long, default_value_t = 7)]
    seed: u32,
    /// One of the vendor's files, `agents` for example; all by default.
    #[arg(long)]
    file: Option<String>,
    /// Through the worker, where only a 5xx is a finding, instead of to the simulator.
    #[arg(long)]
    edge: bool,
}

/// Few, because CI has two cores and an hour for everything.
const EXAMPLES: u32 = 12;

impl Options {
    /// The short run through the worker.
    pub(crate) fn edge() -> Self {
        Self { examples: 2, edge: true, ..Self::default() }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self { examples: EXAMPLES, seed: 7, file: None, edge: false }
    }
}

/// One of the vendor's files, or a part of it: which of the simulator's hosts serves it, with which keys.
struct Subject {
    file: &'static str,
    host: &'static str,
    paths: &'static str,
    headers: &'static [&'static str],
}

/// Whom a file is tried against, as whom, and what would be wrong.
struct Call<'a> {
    label: &'a str,
    url: &'a str,
    headers: &'a [String],
    checks: &'a str,
}

const ALL: &str = "^/";
const SUBJECTS: [Subject; 15] = [
    Subject::new("agents", "build", ALL, &["X-API-KEY: sim-workspace"]),
    Subject::new("alerts", "build", ALL, &["X-API-KEY: sim-workspace"]),
    Subject::new("chat", "platform", ALL, &["X-API-KEY: sim-chat", "X-TOKEN: sim-chat_connector"]),
    Subject::new("concurrent-calls", "platform", ALL, &["x-api-key: sim-conversations"]),
    Subject::new("conversations-v1", "platform", ALL, &["x-api-key: sim-conversations_legacy"]),
    // One file, two hosts.
    Subject::new("conversations-v3", "platform", "^/v3/", &["x-api-key: sim-conversations"]),
    Subject::new("conversations-v3", "build", "^/v1/", &["x-api-key: sim-workspace"]),
    Subject::new("data", "build", ALL, &["X-API-KEY: sim-workspace"]),
    Subject::new("debug-chat", "build", ALL, &["X-API-KEY: sim-workspace"]),
    Subject::new("dni", "platform", ALL, &["x-api-key: sim-dni"]),
    Subject::new("external-events", "platform", ALL, &["X-Api-Key: sim-external_events"]),
    Subject::new("handoff", "platform", ALL, &["x-api-key: sim-handoff"]),
    Subject::new("outbound", "platform", ALL, &["X-PolyAi-Auth-Token: sim-outbound"]),
    Subject::new("webhooks", "build", ALL, &["x-api-key: sim-workspace"]),
    Subject::new("webrtc-gateway", "webrtc", ALL, &["Authorization: Bearer sim-web_calling"]),
];

/// `cargo xtask schemathesis`: prints what was found, and fails when that is more than the exceptions.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let count = check(workspace, options)?;
    say(&format!("{} passed, {} failed, {} skipped", count.passed, count.failed, count.skipped));
    let whose =
        if options.edge { "the worker fails" } else { "the simulator departs from the files" };
    anyhow::ensure!(count.failed == 0, "{whose}");
    Ok(())
}

/// Checks every file, or the chosen one. Each counts as one test for each host that serves it.
pub(crate) fn check(workspace: &Workspace, options: &Options) -> Result<Count> {
    let Some(folder) = files(workspace) else {
        say("skipped: the vendor's OpenAPI files are not beside the checkout");
        return Ok(Count { skipped: 1, ..Count::default() });
    };
    let progress = Progress::new(2);
    let program = python::schemathesis(workspace, &progress)?;
    build::build(workspace, &[build::Part::Simulator], &progress)?;
    let mut exceptions = Exceptions::read(&workspace.root().join(FOLDER).join("exceptions.txt"))?;
    if options.edge {
        return edge::check(workspace, options, (&folder, &program), &mut exceptions);
    }
    let mut count = Count::default();
    for subject in &SUBJECTS {
        if options.file.as_deref().is_some_and(|file| file != subject.file) {
            continue;
        }
        let found = subject.examine(workspace, options, &folder, &program)?;
        let excess: Vec<_> = found.iter().filter(|found| !exceptions.cover(found)).collect();
        let name = format!("{} on the {} host", subject.file, subject.host);
        say(&format!(
            "{name}: {} findings, {} of them exceptions",
            found.len(),
            found.len() - excess.len()
        ));
        for found in &excess {
            say(&format!("    {found}"));
        }
        count = count + if excess.is_empty() { Count::SUCCESS } else { Count::FAILURE };
    }
    // No failure: ids are new in every run, and so not every run comes by everything.
    if options.file.is_none() {
        for line in exceptions.unused() {
            say(&format!("    this time nothing needed the exception: {line}"));
        }
    }
    Ok(count)
}

fn files(workspace: &Workspace) -> Option<PathBuf> {
    let beside = || workspace.root().join("../shared/polyai");
    let facts = env::var_os("PERCH_ORACLE").map_or_else(beside, PathBuf::from);
    Some(facts.join("openapi")).filter(|folder| folder.is_dir())
}

impl Subject {
    const fn new(
        file: &'static str,
        host: &'static str,
        paths: &'static str,
        headers: &'static [&'static str],
    ) -> Self {
        Self { file, host, paths, headers }
    }

    fn source(&self, folder: &Path) -> Result<PathBuf> {
        let sources = ["json", "yaml"].map(|kind| folder.join(self.file).with_extension(kind));
        let found = sources.into_iter().find(|path| path.is_file());
        found.with_context(|| format!("the vendor's files have no {}", self.file))
    }

    /// Lets Schemathesis loose on a simulator of its own, so that no file finds what another left.
    fn examine(
        &self,
        workspace: &Workspace,
        options: &Options,
        folder: &Path,
        program: &Path,
    ) -> Result<Vec<Finding>> {
        let mut simulator = workspace.command(workspace.binary("perch-simulator"));
        simulator.args(["--port", "0", "--conversations", "300", "--stop-with-stdin"]);
        let log = workspace.log("contract-simulator");
        let simulator = Service::start("simulator", &mut simulator, &log, START_LIMIT)?;
        let url = simulator.address(self.host).context("the simulator names no such host")?;

        let call = Call { label: "contract", url, headers: &[], checks: CHECKS };
        self.run(workspace, options, (folder, program), &call)
    }

    fn run(
        &self,
        workspace: &Workspace,
        options: &Options,
        (folder, program): (&Path, &Path),
        call: &Call<'_>,
    ) -> Result<Vec<Finding>> {
        let name = format!("{}-{}-{}", call.label, self.file, self.host);
        let (log, report) =
            (workspace.log(&name), workspace.state().join(format!("{name}.ndjson")));
        let mut schemathesis = workspace.command(program);
        schemathesis
            .arg("--config-file")
            .arg(workspace.root().join(FOLDER).join("schemathesis.toml"))
            .arg("run")
            .arg(self.source(folder)?)
            .args([
                "--url",
                call.url,
                "--checks",
                call.checks,
                "--phases",
                "examples,coverage,fuzzing",
            ])
            .args(["--include-path-regex", self.paths, "--continue-on-failure", "--no-shrink"])
            .args(["--warnings", "off", "--report", "ndjson", "--report-ndjson-path"])
            .arg(&report)
            .args(["--max-examples", &options.examples.to_string()])
            .args(["--seed", &options.seed.to_string()])
            // Hypothesis would leave its database in the checkout.
            .current_dir(workspace.state())
            .env("NO_COLOR", "1");
        // The worker has keys of its own.
        let own: Vec<&str> = call.headers.iter().map(String::as_str).collect();
        for header in if own.is_empty() { self.headers } else { &own } {
            schemathesis.args(["--header", header]);
        }
        let file = create_log(&log)?;
        let copy = file.try_clone().context("sharing a log file")?;
        let status =
            Job::start("schemathesis", schemathesis.stdout(file).stderr(copy))?.wait(|| Ok(()))?;
        // 1 means that it found something, which is ours to judge.
        if !matches!(status.code(), Some(0 | 1)) {
            anyhow::bail!(
                "schemathesis failed ({status}). The end of {}:\n{}",
                log.display(),
                tail(&log)
            );
        }
        let text = fs::read_to_string(&report).context("reading what schemathesis reports")?;
        findings::read(self.file, &text)
    }
}
