//! The same files through the worker: whatever is asked of an operation there, no answer is a 5xx.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Call, Exceptions, Options, START_LIMIT, SUBJECTS};
use crate::{
    build, dev::Service, progress::Progress, progress::say, setup, test::Count,
    workspace::Workspace,
};

/// What the simulator says is checked without the worker.
const CHECKS: &str = "not_a_server_error";
/// Files of operations that the worker takes from nobody.
const NOBODYS: [&str; 4] = ["chat", "dni", "external-events", "webrtc-gateway"];

/// Checks every file whose operations are open to operators, as an administrator.
pub(super) fn check(
    workspace: &Workspace,
    options: &Options,
    (folder, program): (&Path, &Path),
    exceptions: &mut Exceptions,
) -> Result<Count> {
    let progress = Progress::new(setup::steps() + 1);
    setup::install(workspace, &progress)?;
    build::build(workspace, &[build::Part::Worker, build::Part::Web], &progress)?;
    let mut node = workspace.command(workspace.node());
    node.arg("tests/contract/edge.mjs")
        .env("PERCH_ROOT", workspace.root())
        .env("PERCH_SIM_BIN", workspace.binary("perch-simulator"));
    let edge = Service::start("edge", &mut node, &workspace.log("contract-edge"), START_LIMIT)?;
    let cookie = edge.greeting().get("cookie").and_then(Value::as_str);
    let cookie = cookie.context("nobody is signed in")?;
    let address = edge.address("edge").context("the worker has no address")?;
    let headers = [format!("cookie: {cookie}"), "x-perch: 1".to_owned()];

    let mut count = Count::default();
    for subject in SUBJECTS.iter().filter(|subject| !NOBODYS.contains(&subject.file)) {
        if options.file.as_deref().is_some_and(|file| file != subject.file) {
            continue;
        }
        let url = format!("{address}/api/{}", subject.host);
        let call = Call { label: "edge", url: &url, headers: &headers, checks: CHECKS };
        let mut found = subject.run(workspace, options, (folder, program), &call)?;
        // What cannot be tried at all is known from the simulator.
        found.retain(|one| !exceptions.cover(one));
        say(&format!("{} through the worker: {} findings", subject.file, found.len()));
        for one in &found {
            say(&format!("    {one}"));
        }
        count = count + if found.is_empty() { Count::SUCCESS } else { Count::FAILURE };
    }
    Ok(count)
}
