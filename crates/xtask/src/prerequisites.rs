//! What must be on the machine before anything can be installed. One sentence each, with the command to run.

use std::process::Command;

use anyhow::{Result, bail};

/// Oldest Node that can run npm here; the pinned newer one comes with the npm parts.
const NODE_MAJOR: u32 = 20;

/// Fails with one clear sentence if Node or npm is missing or too old.
pub(crate) fn check() -> Result<()> {
    // Not from Debian 12 or Ubuntu 24.04 themselves: theirs is too old.
    let install = "curl -fsSL https://deb.nodesource.com/setup_22.x | sudo bash - && sudo apt-get install -y nodejs";
    let Some(version) = answer("node", &["--version"]) else {
        bail!("Node is not on the PATH: run `{install}`.");
    };
    if node_major(&version).is_none_or(|major| major < NODE_MAJOR) {
        bail!("Node {version} is older than {NODE_MAJOR}: run `{install}`.");
    }
    if answer("npm", &["--version"]).is_none() {
        bail!("npm is not on the PATH: run `{install}`.");
    }
    Ok(())
}

/// What a program prints first, or nothing if it cannot be run.
pub(crate) fn answer(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

fn node_major(version: &str) -> Option<u32> {
    version.trim_start_matches('v').split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_versions_are_read() {
        assert_eq!(node_major("v22.23.3"), Some(22));
        assert_eq!(node_major("v8.17.0"), Some(8));
        assert_eq!(node_major("strange"), None);
    }

    #[test]
    fn a_missing_program_is_no_answer() {
        assert_eq!(answer("perch-no-such-program", &[]), None);
    }
}
