//! Raw workerd with a generated configuration: no wrangler, no miniflare, nothing between socket and worker.

use std::{
    fmt::Write,
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};

use super::http::Connection;
use crate::{
    process::{Job, check_interrupted, create_log, tail},
    workspace::Workspace,
};

const START_LIMIT: Duration = Duration::from_secs(20);
/// Linux reports process times in hundredths of a second.
const TICKS_PER_SECOND: f64 = 100.0;

/// A workerd process with one worker.
#[derive(Debug)]
pub(crate) struct Runtime {
    job: Job,
    port: u16,
}

/// What a worker is made of.
#[derive(Debug)]
pub(crate) struct Worker<'a> {
    /// Short and unique; also its folder.
    pub(crate) name: &'a str,
    /// The entry module first.
    pub(crate) modules: Vec<PathBuf>,
    pub(crate) vars: Map<String, Value>,
    /// Binding and class of each Durable Object.
    pub(crate) objects: &'a [(&'a str, &'a str)],
}

impl Runtime {
    /// Writes the configuration, starts workerd and waits until it accepts connections.
    pub(crate) fn start(workspace: &Workspace, worker: &Worker<'_>) -> Result<Self> {
        let folder = workspace.state().join("bench").join(worker.name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("objects")).context("creating the bench folder")?;
        let port = free_port()?;
        let config = folder.join("config.capnp");
        fs::write(&config, worker.config(workspace, &folder, port)?)
            .context("writing the bench configuration")?;

        let log = workspace.log(&format!("bench-{}", worker.name));
        let errors = create_log(&log)?;
        let output = errors.try_clone().context("sharing a log file")?;
        // The program itself, not its npm wrapper: CPU time is read by process.
        let mut command = workspace.command(workerd(workspace)?);
        command.arg("serve").arg(&config).stdin(Stdio::null()).stdout(output).stderr(errors);
        let mut runtime = Self { job: Job::start(worker.name, &mut command)?, port };
        runtime.wait_until_open(&log)?;
        Ok(runtime)
    }

    /// The port on `127.0.0.1`.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// CPU seconds the process has used so far, in all its threads.
    pub(crate) fn cpu_seconds(&self) -> Result<f64> {
        let path = format!("/proc/{}/stat", self.job.pid());
        let stat = fs::read_to_string(&path).with_context(|| format!("reading {path}"))?;
        cpu_seconds(&stat).with_context(|| format!("understanding {path}"))
    }

    fn wait_until_open(&mut self, log: &Path) -> Result<()> {
        let begun = Instant::now();
        while Connection::open(self.port).is_err() {
            if self.job.ended()?.is_some() || begun.elapsed() > START_LIMIT {
                bail!("workerd did not start:\n{}", tail(log));
            }
            check_interrupted()?;
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Worker<'_> {
    fn config(&self, workspace: &Workspace, folder: &Path, port: u16) -> Result<String> {
        let mut modules = String::new();
        for path in &self.modules {
            let name = path.file_name().context("a module without a name")?.to_string_lossy();
            // Cap'n Proto embeds only what lies below the configuration.
            fs::copy(path, folder.join(&*name)).with_context(|| format!("copying {name}"))?;
            let kind = if name.ends_with(".wasm") { "wasm" } else { "esModule" };
            write!(modules, "\n    (name = {name:?}, {kind} = embed {name:?}),")?;
        }
        fs::copy(
            workspace.root().join("crates/xtask/bench/no-assets.mjs"),
            folder.join("no-assets.mjs"),
        )
        .context("copying a bench module")?;
        let mut bindings = String::from("\n    (name = \"ASSETS\", service = \"assets\"),");
        for (name, value) in &self.vars {
            // JSON text is Cap'n Proto text.
            write!(bindings, "\n    (name = {name:?}, text = {value}),")?;
        }
        let mut namespaces = String::new();
        for (binding, class) in self.objects {
            write!(bindings, "\n    (name = {binding:?}, durableObjectNamespace = {class:?}),")?;
            write!(
                namespaces,
                "\n    (className = {class:?}, uniqueKey = {class:?}, enableSql = true),"
            )?;
        }
        let settings = fs::read_to_string(workspace.root().join("edge-worker/wrangler.toml"))
            .context("reading edge-worker/wrangler.toml")?;
        let date = setting(&settings, "compatibility_date")?;
        let flags = setting(&settings, "compatibility_flags")?;
        let objects = folder.join("objects");
        let objects = objects.to_string_lossy();
        Ok(format!(
            r#"using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "assets", worker = .assets),
    (name = "objects", disk = (path = {objects:?}, writable = true)),
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:{port}", http = (), service = "main")],
);

const assets :Workerd.Worker = (
  modules = [(name = "no-assets.mjs", esModule = embed "no-assets.mjs")],
  compatibilityDate = {date},
);

const main :Workerd.Worker = (
  modules = [{modules}
  ],
  compatibilityDate = {date},
  compatibilityFlags = {flags},
  bindings = [{bindings}
  ],
  durableObjectNamespaces = [{namespaces}
  ],
  durableObjectStorage = (localDisk = "objects"),
);
"#
        ))
    }
}

/// The native program inside the npm package of this platform.
fn workerd(workspace: &Workspace) -> Result<PathBuf> {
    let arch = match std::env::consts::ARCH {
        "x86_64" => "64",
        "aarch64" => "arm64",
        other => bail!("workerd does not exist for {other}"),
    };
    let system = if cfg!(target_os = "macos") { "darwin" } else { "linux" };
    Ok(workspace
        .root()
        .join(format!("node_modules/@cloudflare/workerd-{system}-{arch}/bin/workerd")))
}

/// The value of a top-level line `name = value`; its TOML is Cap'n Proto text, too.
fn setting<'a>(settings: &'a str, name: &str) -> Result<&'a str> {
    settings
        .lines()
        .find_map(|line| line.strip_prefix(name)?.trim_start().strip_prefix('='))
        .map(str::trim)
        .with_context(|| format!("edge-worker/wrangler.toml has no {name}"))
}

/// CPU seconds of the processes that this one started and that have ended.
pub(crate) fn children_seconds() -> Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat").context("reading /proc/self/stat")?;
    two_times(&stat, 13).context("understanding /proc/self/stat")
}

/// User and system time, fields 14 and 15.
fn cpu_seconds(stat: &str) -> Option<f64> {
    two_times(stat, 11)
}

/// Two neighbouring fields, counted behind the name; it may hold spaces and brackets.
fn two_times(stat: &str, at: usize) -> Option<f64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(at);
    let user: u32 = fields.next()?.parse().ok()?;
    let system: u32 = fields.next()?.parse().ok()?;
    Some(f64::from(user + system) / TICKS_PER_SECOND)
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0)).context("looking for a free port")?.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn process_times_are_read_past_an_odd_name() {
        let stat = "7 (a) b (c) S 1 7 7 0 -1 0 10 0 0 0 250 50 0 0 20 0 9 0 100";
        assert_eq!(cpu_seconds(stat), Some(3.0));
        assert_eq!(two_times(stat, 13), Some(0.0));
    }

    #[test]
    fn settings_keep_their_notation() {
        let toml = "name = \"edge\"\ncompatibility_date = \"2026-04-26\"\ncompatibility_flags = [\"a\", \"b\"]\n";
        assert_eq!(setting(toml, "compatibility_date").unwrap(), "\"2026-04-26\"");
        assert_eq!(setting(toml, "compatibility_flags").unwrap(), "[\"a\", \"b\"]");
        assert!(setting(toml, "main").is_err());
    }
}
