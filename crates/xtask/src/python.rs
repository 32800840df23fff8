//! Python tools, each in an environment of its own in the tool cache.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};

use crate::{
    prerequisites::answer, process::run_logged, progress::Progress, setup, workspace::Workspace,
};

/// What is installed, to the last dependency.
const REQUIREMENTS: &str = "tests/contract/requirements.txt";

/// Installs Schemathesis unless its version is there already, and says where it is.
pub(crate) fn schemathesis(workspace: &Workspace, progress: &Progress) -> Result<PathBuf> {
    let requirements = workspace.root().join(REQUIREMENTS);
    let text = fs::read_to_string(&requirements).context("reading the list of Python packages")?;
    let version = version(&text).context("Schemathesis is not on the list of Python packages")?;
    let label = format!("schemathesis {version}");
    let folder = workspace.tools().join(format!("schemathesis-{version}"));
    let program = folder.join("bin/schemathesis");
    // The list is copied last: an environment without it was left half-made.
    let stamp = folder.join("requirements.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == text) {
        progress.present(&label);
        return Ok(program);
    }
    progress.step(&label, || {
        if answer("python3", &["-m", "ensurepip", "--version"]).is_none() {
            setup::apt(workspace, progress, "Python with venv", &["python3", "python3-venv"])?;
        }
        let log = workspace.log("schemathesis");
        let mut venv = workspace.command("python3");
        venv.args(["-m", "venv", "--clear"]).arg(&folder);
        run_logged("python3 -m venv", &mut venv, &log, progress)?;
        let mut pip = workspace.command(folder.join("bin/pip"));
        pip.args(["install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r"]);
        run_logged("pip", pip.arg(&requirements), &log, progress)?;
        fs::write(&stamp, &text).context("noting what was installed")
    })?;
    Ok(program)
}

fn version(requirements: &str) -> Option<&str> {
    requirements.lines().find_map(|line| line.strip_prefix("schemathesis=="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_is_pinned() {
        let text = include_str!("../../../tests/contract/requirements.txt");
        assert!(version(text).is_some());
        let mut packages = text.lines().filter(|line| !line.starts_with('#'));
        assert!(packages.all(|line| line.split_once("==").is_some_and(|(_, v)| !v.is_empty())));
    }
}
