//! How long a developer waits for the compiler after an edit.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context, Result, bail};

use super::{figure::Figure, median, runtime};
use crate::workspace::Workspace;

/// A file in the middle of the largest crate.
const EDITED: &str = "crates/api/src/families/conversations/list.rs";
const ROUNDS: usize = 5;

/// `cargo check` after an edit of `crates/api`: of that crate, and of all default members.
pub(crate) fn measure(workspace: &Workspace) -> Result<Vec<Figure>> {
    let edit = Edit::new(workspace.root().join(EDITED))?;
    let mut figures = Vec::new();
    for (name, budget, arguments) in [
        ("perch-api", Some(2.0), ["check", "--locked", "--package", "perch-api"].as_slice()),
        ("default members", None, ["check", "--locked"].as_slice()),
    ] {
        let mut times = Vec::new();
        let cpu = runtime::children_seconds()?;
        // The first one finds out what has to be compiled at all.
        for round in 0..=ROUNDS {
            edit.make(round)?;
            let begun = Instant::now();
            let output = workspace.cargo().args(arguments).output().context("starting cargo")?;
            if !output.status.success() {
                bail!("cargo check: {}", String::from_utf8_lossy(&output.stderr));
            }
            times.push(begun.elapsed().as_secs_f64());
        }
        let cpu = (runtime::children_seconds()? - cpu) / f64::from(u32::try_from(times.len())?);
        let time = median(times.into_iter().skip(1));
        let figure = Figure::new("check", format!("{name} after an edit"), time, "s");
        figures.push(Figure::new("check", format!("{name}, CPU of the compiler"), cpu, "s"));
        figures.push(match budget {
            Some(budget) => figure.at_most(budget),
            None => figure,
        });
    }
    Ok(figures)
}

/// A file that is put back, whatever happens.
struct Edit {
    path: PathBuf,
    text: String,
}

impl Edit {
    fn new(path: PathBuf) -> Result<Self> {
        let text = fs::read_to_string(&path).context("reading the file to edit")?;
        Ok(Self { path, text })
    }

    /// Another function each time: a comment alone would spare the compiler its work.
    fn make(&self, round: usize) -> Result<()> {
        let text = format!("{}\n#[allow(dead_code)]\nfn edit_{round}() {{}}\n", self.text);
        write(&self.path, &text)
    }
}

impl Drop for Edit {
    fn drop(&mut self) {
        // Nothing better can be done than to leave the edit to Git.
        let _ = write(&self.path, &self.text);
    }
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("writing {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_is_undone() {
        let path = std::env::temp_dir().join(format!("perch-edit-{}", std::process::id()));
        fs::write(&path, "before\n").unwrap();
        let edit = Edit::new(path.clone()).unwrap();
        edit.make(3).unwrap();
        assert!(fs::read_to_string(&path).unwrap().contains("fn edit_3"));
        drop(edit);
        assert_eq!(fs::read_to_string(&path).unwrap(), "before\n");
        fs::remove_file(&path).unwrap();
    }
}
