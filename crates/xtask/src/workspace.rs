//! Where things are: the checkout, Cargo's target folder, the tool cache, and how a command is started.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::progress::say;

/// The folders one run works in.
#[derive(Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
    cache: PathBuf,
}

impl Workspace {
    /// Finds the checkout, asks Cargo for its target folder and the environment for the cache.
    pub(crate) fn locate() -> Result<Self> {
        // `cargo run` says where the crate is now; the compiled-in place serves a directly started binary.
        let manifest = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest.ancestors().nth(2).context("finding the checkout")?.to_owned();
        let mut workspace = Self { target: root.join("target"), cache: cache_folder()?, root };
        workspace.target = workspace.target_from_cargo()?;
        Ok(workspace)
    }

    /// Top of the checkout.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Installed tools; outside the checkout, shared by all checkouts.
    pub(crate) fn tools(&self) -> PathBuf {
        self.cache.join("tools")
    }

    /// Scratch state of runs: keys, configuration, logs, local storage. Ignored by Git.
    pub(crate) fn state(&self) -> PathBuf {
        self.root.join(".perch")
    }

    /// The log file of a step.
    pub(crate) fn log(&self, step: &str) -> PathBuf {
        let name: String = step
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' })
            .collect();
        self.state().join("logs").join(format!("{name}.log"))
    }

    /// The pinned Node that npm installed.
    pub(crate) fn node(&self) -> PathBuf {
        self.root.join("node_modules/node/bin/node")
    }

    /// A program of an npm package.
    pub(crate) fn npm_bin(&self, name: &str) -> PathBuf {
        self.root.join("node_modules/.bin").join(name)
    }

    /// The natively built program `name` of the dev profile.
    pub(crate) fn binary(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(name)
    }

    /// Something that Cargo built for another target.
    pub(crate) fn artefact(&self, target: &str, profile: &str, name: &str) -> PathBuf {
        self.target.join(target).join(profile).join(name)
    }

    /// A command that runs at the top of the checkout, finds the pinned tools first and reads no terminal.
    pub(crate) fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.current_dir(&self.root).env("PATH", self.search_path()).stdin(Stdio::null());
        // What `cargo run` tells *this* program would make nested builds believe that they changed.
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
                command.env_remove(&name);
            }
        }
        command
    }

    /// The Cargo that started this program.
    pub(crate) fn cargo(&self) -> Command {
        self.command(
            env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")).as_ref() as &Path
        )
    }

    /// Removes build outputs and run state.
    pub(crate) fn clean(&self) -> Result<()> {
        let folders = [
            "dist",
            "dist-npm",
            "edge-worker/build",
            "edge-worker/build-probe",
            "test-output",
            ".perch",
            "node_modules",
        ];
        for folder in folders.map(|name| self.root.join(name)).iter().chain([&self.target]) {
            match fs::remove_dir_all(folder) {
                Ok(()) => say(&format!("removed {}", folder.display())),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(error).context(format!("removing {}", folder.display())),
            }
        }
        Ok(())
    }

    fn search_path(&self) -> OsString {
        let mut folders = vec![
            self.tools().join("bin"),
            self.root.join("node_modules/node/bin"),
            self.root.join("node_modules/.bin"),
        ];
        folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
        // Only a folder name with a colon cannot be joined; then the inherited path must do.
        env::join_paths(folders).unwrap_or_else(|_| env::var_os("PATH").unwrap_or_default())
    }

    fn target_from_cargo(&self) -> Result<PathBuf> {
        let output = self
            .cargo()
            .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
            .output()
            .context("starting cargo metadata")?;
        if !output.status.success() {
            bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        let metadata: Value =
            serde_json::from_slice(&output.stdout).context("reading cargo metadata")?;
        let folder = metadata.get("target_directory").and_then(Value::as_str);
        folder.map(PathBuf::from).context("cargo metadata names no target folder")
    }
}

fn cache_folder() -> Result<PathBuf> {
    let from = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = from("PERCH_CACHE")
        .or_else(|| from("XDG_CACHE_HOME").map(|folder| folder.join("perch")))
        .or_else(|| from("HOME").map(|folder| folder.join(".cache/perch")))
        .context("no place for the tool cache: set PERCH_CACHE to a folder")?;
    std::path::absolute(folder).context("resolving the tool cache folder")
}
