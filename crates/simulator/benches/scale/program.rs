//! The simulator as a program of its own.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result};
use serde_json::Value;

/// A running simulator; it ends when this is dropped.
pub(crate) struct Program {
    child: Child,
    /// Milliseconds from starting it until it listened.
    pub(crate) started_ms: f64,
    /// Address of the platform host.
    pub(crate) platform: String,
    /// Address of the messaging host.
    pub(crate) messaging: String,
    /// Address of the control listener.
    pub(crate) control: String,
}

impl Program {
    /// Starts it on free ports and waits until it listens.
    pub(crate) fn start(arguments: &[&str]) -> Result<Self> {
        let begun = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_perch-simulator"))
            .args(["--port", "0", "--stop-with-stdin"])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("starting the simulator")?;
        let mut line = String::new();
        let output = child.stdout.take().context("the simulator's output")?;
        BufReader::new(output).read_line(&mut line)?;
        let started_ms = begun.elapsed().as_secs_f64() * 1_000.0;
        let hosts: Value = serde_json::from_str(&line).context("the simulator did not start")?;
        let host = |name: &str| hosts[name].as_str().unwrap_or_default().to_owned();
        let (platform, messaging, control) = (host("platform"), host("messaging"), host("control"));
        Ok(Self { child, started_ms, platform, messaging, control })
    }

    /// The most memory it ever had (`VmHWM` of Linux), in kilobytes.
    pub(crate) fn peak_kb(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|rest| rest.split_whitespace().next()).context("no VmHWM")?;
        Ok(peak.parse()?)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // The end of its input ends it; nothing is left to do when that fails.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
