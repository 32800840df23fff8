//! Rules about the repository itself that no compiler checks.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

mod arrows;
mod documents;
mod secrets;
mod security;
mod sources;

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Build outputs, installed parts and run state; not part of the repository.
const IGNORED: [&str; 8] =
    [".git", "target", "node_modules", "dist", ".perch", "test-output", "build", ".wrangler"];

/// Top of the checkout.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

/// Every text file of the repository with its path from the top.
fn files() -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut open = vec![root()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                let ignored =
                    IGNORED.contains(&name.as_str()) || path.join("CACHEDIR.TAG").exists();
                if !ignored {
                    open.push(path);
                }
            } else if let Ok(text) = fs::read_to_string(&path) {
                files.push((path.strip_prefix(root()).unwrap().to_owned(), text));
            }
        }
    }
    assert!(files.len() > 50, "only {} files: looked in the wrong place?", files.len());
    files
}

/// The Rust sources among [`files`].
fn rust_files() -> Vec<(PathBuf, String)> {
    files().into_iter().filter(|(path, _)| path.extension().is_some_and(|e| e == "rs")).collect()
}
