//! When something was last built from which state of the sources.

use std::{
    fs::{self, File},
    path::PathBuf,
    time::SystemTime,
};

use anyhow::{Context, Result};

/// An empty file whose time is the start of the last successful build.
#[derive(Debug)]
pub(super) struct Stamp(PathBuf);

impl Stamp {
    /// The stamp kept in this file.
    pub(super) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Notes a successful build that began at `begun`: what was edited since is newer.
    pub(super) fn set(&self, begun: SystemTime) -> Result<()> {
        let write = || -> Result<()> {
            if let Some(folder) = self.0.parent() {
                fs::create_dir_all(folder)?;
            }
            File::create(&self.0)?.set_modified(begun)?;
            Ok(())
        };
        write().with_context(|| format!("noting a build in {}", self.0.display()))
    }

    /// Whether every input, and every folder in it, is older. A folder is younger than what was removed from it.
    pub(super) fn is_newer_than(&self, inputs: impl Iterator<Item = PathBuf>) -> Result<bool> {
        let Ok(built) = fs::metadata(&self.0).and_then(|stamp| stamp.modified()) else {
            return Ok(false);
        };
        let mut open: Vec<PathBuf> = inputs.collect();
        while let Some(path) = open.pop() {
            let read = |path: &PathBuf| format!("looking at {}", path.display());
            let about = fs::metadata(&path).with_context(|| read(&path))?;
            if about.modified().with_context(|| read(&path))? >= built {
                return Ok(false);
            }
            if about.is_dir() {
                for entry in fs::read_dir(&path).with_context(|| read(&path))? {
                    open.push(entry?.path());
                }
            }
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{path::Path, time::Duration};

    #[test]
    fn an_edit_and_a_removal_are_noticed() {
        let folder = std::env::temp_dir().join(format!("perch-stamp-{}", std::process::id()));
        let source = folder.join("sources/inner/file.rs");
        fs::create_dir_all(source.parent().unwrap()).unwrap();
        fs::write(&source, "").unwrap();
        let stamp = Stamp::new(folder.join("built/web"));
        let newer = || stamp.is_newer_than([folder.join("sources")].into_iter()).unwrap();

        let now = SystemTime::now();
        let minutes_ago = |minutes| now - Duration::from_mins(minutes);
        let date = |path: &Path, time| File::open(path).unwrap().set_modified(time).unwrap();
        for path in [source.as_path(), source.parent().unwrap(), &folder.join("sources")] {
            date(path, minutes_ago(9));
        }

        assert!(!newer(), "never built");
        stamp.set(minutes_ago(5)).unwrap();
        assert!(newer());
        date(&source, minutes_ago(5));
        assert!(!newer(), "edited as the build began");
        stamp.set(minutes_ago(3)).unwrap();
        assert!(newer());
        fs::remove_file(&source).unwrap();
        assert!(!newer(), "removed");
        fs::remove_dir_all(folder).unwrap();
    }
}
