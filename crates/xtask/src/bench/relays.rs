//! What relayed sockets cost: CPU per frame, and memory of many and over time. The load is JavaScript in
//! `crates/xtask/bench`, on the tests' own platform and visitors; the worker runs in raw workerd.
//!
//! T91 memory stays flat, with many sockets and over time.

use std::process::Stdio;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, de::DeserializeOwned};

use super::figure::Figure;
use crate::{progress::say, workspace::Workspace};

/// How much a process may have grown by the fitted line, as a part of what it had when it settled.
const FLAT: f64 = 0.1;

#[derive(Debug, Deserialize)]
struct Frames {
    up: Sides,
    down: Sides,
}

/// Microseconds of CPU per frame.
#[derive(Debug, Deserialize)]
struct Sides {
    perch: f64,
    plain: f64,
}

/// The process's memory in megabytes, sampled every five seconds; the line is fitted through all but the
/// first fifth of the samples.
#[derive(Debug, Deserialize)]
struct Memory {
    settled: f64,
    last: f64,
    most: f64,
    slope: f64,
    grown: f64,
}

#[derive(Debug, Deserialize)]
struct Many {
    count: f64,
    open: f64,
    empty: f64,
    frames: f64,
    #[serde(flatten)]
    memory: Memory,
}

#[derive(Debug, Deserialize)]
struct Mixed {
    rest: f64,
    refused: f64,
    chats: f64,
    calls: f64,
    #[serde(flatten)]
    memory: Memory,
}

/// CPU per frame against the least relay in plain JavaScript.
pub(crate) fn cpu(workspace: &Workspace) -> Result<Vec<Figure>> {
    say("relay: two ways, 500 sockets each, in turns");
    let Frames { up, down } = load(workspace, "relay.mjs", &[])?;
    let mut figures = Vec::new();
    for (way, sides) in [("from visitors", up), ("to visitors", down)] {
        let name = format!("CPU per frame {way}, Perch / plain JS");
        figures.push(Figure::ratio("relay", name, sides.perch, sides.plain).at_most(1.4));
    }
    Ok(figures)
}

/// Memory of many open relays with a little traffic.
pub(crate) fn open(workspace: &Workspace, count: u32, minutes: f64) -> Result<Vec<Figure>> {
    say(&format!("relays: {count} open for {minutes} minutes"));
    let arguments = [count.to_string(), minutes.to_string()];
    let found: Many = load(workspace, "relays.mjs", &arguments)?;
    let figure = |name: &str, value: f64, unit| Figure::new("relays", name, value, unit);
    let mut figures = vec![
        figure("open relays", found.open, ""),
        figure("lost on the way", found.count - found.open, "").at_most(0.0),
        figure("frames", found.frames, ""),
        figure("memory of each", (found.memory.settled - found.empty) * 1024.0 / found.count, "KB"),
    ];
    figures.extend(found.memory.figures("relays"));
    Ok(figures)
}

/// Memory while visitors chat and call and operators read, all mixed.
pub(crate) fn soak(workspace: &Workspace, minutes: f64) -> Result<Vec<Figure>> {
    say(&format!("soak: requests, chats and calls for {minutes} minutes"));
    let found: Mixed = load(workspace, "soak.mjs", &[minutes.to_string()])?;
    let done = [
        ("lists read", found.rest),
        ("requests refused", found.refused),
        ("chats", found.chats),
        ("calls", found.calls),
    ];
    let mut figures: Vec<_> =
        done.into_iter().map(|(name, count)| Figure::new("soak", name, count, "")).collect();
    figures.extend(found.memory.figures("soak"));
    Ok(figures)
}

impl Memory {
    fn figures(&self, group: &'static str) -> [Figure; 5] {
        let figure = |name: &str, value: f64| Figure::new(group, name, value, "MB");
        [
            figure("memory when settled", self.settled),
            figure("memory at the end", self.last),
            figure("most memory", self.most),
            Figure::new(group, "slope", self.slope, "MB/h"),
            figure("growth by that slope", self.grown).at_most(self.settled * FLAT),
        ]
    }
}

/// Runs a script that tells how it goes on its standard error and prints JSON at the end.
fn load<T: DeserializeOwned>(
    workspace: &Workspace,
    script: &str,
    arguments: &[String],
) -> Result<T> {
    let mut node = workspace.command(workspace.node());
    node.arg(workspace.root().join("crates/xtask/bench").join(script))
        .args(arguments)
        .env("PERCH_ROOT", workspace.root())
        .env("PERCH_SIM_BIN", workspace.binary("perch-simulator"))
        .stderr(Stdio::inherit());
    let output = node.output().context("starting a bench")?;
    if !output.status.success() {
        bail!("{script} failed");
    }
    serde_json::from_slice(&output.stdout).with_context(|| format!("reading {script}'s figures"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_over_when_it_is_a_tenth_of_the_whole() {
        let memory = |grown| Memory { settled: 200.0, last: 0.0, most: 0.0, slope: 0.0, grown };
        assert!(memory(19.0).figures("soak").iter().all(|figure| !figure.is_over()));
        assert!(memory(21.0).figures("soak").iter().any(Figure::is_over));
    }
}
