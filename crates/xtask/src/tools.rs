//! Cargo-installed tools, kept in the cache folder and built without optimisation: they run for
//! fractions of a second, so building them fast is worth more than running them fast.

use std::{fs, path::Path};

use anyhow::Result;

use crate::{prerequisites::answer, process::run_logged, progress::Progress, workspace::Workspace};

/// A tool at exactly one version.
#[derive(Debug)]
pub(crate) struct Tool {
    krate: &'static str,
    version: &'static str,
    /// The program whose `--version` tells what is installed.
    program: &'static str,
    default_features: bool,
}

/// Everything Cargo installs. Versions belong together: see `CONTRIBUTING.md`.
pub(crate) const TOOLS: [Tool; 3] = [
    Tool {
        krate: "wasm-bindgen-cli",
        version: "0.2.129",
        program: "wasm-bindgen",
        default_features: false,
    },
    Tool { krate: "trunk", version: "0.21.14", program: "trunk", default_features: false },
    Tool {
        krate: "worker-build",
        version: "0.8.7",
        program: "worker-build",
        default_features: true,
    },
];

impl Tool {
    /// Installs the tool unless its version is there already.
    pub(crate) fn ensure(&self, workspace: &Workspace, progress: &Progress) -> Result<()> {
        let label = format!("{} {}", self.krate, self.version);
        if self.installed(&workspace.tools().join("bin")) {
            progress.present(&label);
            return Ok(());
        }
        progress.step(&label, || self.install(workspace, progress))
    }

    fn installed(&self, folder: &Path) -> bool {
        let program = folder.join(self.program);
        answer(&program.to_string_lossy(), &["--version"])
            .is_some_and(|text| text.split_whitespace().any(|word| word == self.version))
    }

    fn install(&self, workspace: &Workspace, progress: &Progress) -> Result<()> {
        let tools = workspace.tools();
        fs::create_dir_all(&tools)?;
        let mut cargo = workspace.cargo();
        cargo
            .args(["install", self.krate, "--locked", "--force", "--version", self.version])
            .arg("--root")
            .arg(&tools)
            // A target folder each, so that they build side by side; they would share next to nothing.
            // These settings are for this command only: the application's builds must not see them.
            .env("CARGO_TARGET_DIR", tools.join("target").join(self.krate))
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
            .env("CARGO_INCREMENTAL", "0")
            .env_remove("RUSTFLAGS");
        if !self.default_features {
            cargo.arg("--no-default-features");
        }
        run_logged(self.krate, &mut cargo, &workspace.log(self.krate), progress)
    }
}

/// Drops the build folder of the tools; the tools stay.
pub(crate) fn forget_build(workspace: &Workspace) {
    // A failure here costs disk space and nothing else.
    let _ = fs::remove_dir_all(workspace.tools().join("target"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_match_the_crates_they_serve() {
        let manifest = include_str!("../../../Cargo.toml");
        let trunk = include_str!("../../../Trunk.toml");
        for (krate, tool) in [("wasm-bindgen", "wasm-bindgen-cli"), ("worker", "worker-build")] {
            let tool = TOOLS.iter().find(|other| other.krate == tool).unwrap();
            let pin = format!("\n{krate} = \"={}\"", tool.version);
            assert!(manifest.contains(&pin), "{krate} is not pinned to {}", tool.version);
        }
        let bindgen = TOOLS.iter().find(|tool| tool.krate == "wasm-bindgen-cli").unwrap();
        assert!(trunk.contains(&format!("wasm_bindgen = \"{}\"", bindgen.version)));
    }
}
