//! Wire sizes: each file as the edge sends it, summed per product.
//!
//! T93 every product has a budget, the worker too.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use super::figure::Figure;
use crate::workspace::Workspace;

const GROUP: &str = "size";
/// Bytes of a kilobyte.
pub(crate) const KB: f64 = 1024.0;

/// Bytes of a file, or of several one by one.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Sizes {
    pub(crate) raw: u32,
    pub(crate) gzip: u32,
    pub(crate) brotli: u32,
}

/// Measures loader, widget, console, worker, and the modules of the npm package that pages wait for.
pub(crate) fn measure(workspace: &Workspace) -> Result<Vec<Figure>> {
    let dist = workspace.root().join("dist");
    let build = workspace.root().join("edge-worker/build");
    let npm = |module: &str| workspace.root().join(format!("dist-npm/wasm/{module}_bg.wasm"));
    let products = [
        ("loader", vec![dist.join("perch.js")]),
        ("widget", files_below(&dist.join("widget"))?),
        ("console first load", first_load(&dist.join("console"))?),
        ("worker", files_below(&build)?),
        ("npm calls", vec![npm("perch")]),
        ("npm lists, recordings", vec![npm("stream")]),
    ];
    let mut figures = Vec::new();
    for (product, files) in products {
        let total = sizes(workspace, product, &files)?;
        let figure = |kind: &str, bytes: u32| {
            Figure::new(GROUP, format!("{product} {kind}"), f64::from(bytes), "B")
        };
        let brotli = figure("brotli", total.brotli);
        let gzip = figure("gzip", total.gzip);
        figures.push(figure("raw", total.raw));
        figures.push(match product {
            "worker" => gzip.at_most(400.0 * KB),
            "npm calls" | "npm lists, recordings" => gzip.at_most(90.0 * KB),
            _ => gzip,
        });
        figures.push(match product {
            "loader" => brotli.at_most(3.0 * KB),
            "widget" => brotli.at_most(90.0 * KB),
            "console first load" => brotli.at_most(180.0 * KB),
            _ => brotli,
        });
    }
    Ok(figures)
}

/// Adds up what the files of a product weigh.
pub(crate) fn sizes(workspace: &Workspace, product: &str, files: &[PathBuf]) -> Result<Sizes> {
    if files.is_empty() {
        bail!("no files of the {product} to measure: build first");
    }
    let mut node = workspace.command(workspace.node());
    let output = node
        .arg("crates/xtask/bench/sizes.mjs")
        .args(files)
        .output()
        .context("starting Node to compress files")?;
    if !output.status.success() {
        bail!("compressing the {product}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let all: Vec<Sizes> = serde_json::from_slice(&output.stdout).context("reading sizes")?;
    Ok(all.into_iter().fold(Sizes::default(), |sum, file| Sizes {
        raw: sum.raw + file.raw,
        gzip: sum.gzip + file.gzip,
        brotli: sum.brotli + file.brotli,
    }))
}

/// The page and everything it names, directly or through what it names.
fn first_load(folder: &Path) -> Result<Vec<PathBuf>> {
    let all = files_below(folder)?;
    let mut found = BTreeSet::new();
    let mut open = vec![folder.join("index.html")];
    while let Some(file) = open.pop() {
        let text = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
        let text = String::from_utf8_lossy(&text).into_owned();
        if !found.insert(file.clone()) || has_extension(&file, "wasm") {
            continue;
        }
        open.extend(all.iter().filter(|other| names(&text, other)).cloned());
    }
    Ok(found.into_iter().collect())
}

fn names(text: &str, file: &Path) -> bool {
    file.file_name().is_some_and(|name| text.contains(&*name.to_string_lossy()))
}

/// The files of a product below a folder.
pub(crate) fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let entries =
            fs::read_dir(&folder).with_context(|| format!("looking into {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if ["js", "mjs", "css", "wasm", "html", "svg"]
                .iter()
                .any(|e| has_extension(&path, e))
            {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

fn has_extension(path: &Path, wanted: &str) -> bool {
    path.extension().is_some_and(|extension| extension == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_load_follows_names_and_leaves_the_rest() {
        let folder = std::env::temp_dir().join(format!("perch-size-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("index.html"), "<script src=/console/boot-1.js>").unwrap();
        fs::write(folder.join("boot-1.js"), "import './app-2.js'").unwrap();
        fs::write(folder.join("app-2.js"), "fetch('app-2_bg.wasm')").unwrap();
        fs::write(folder.join("app-2_bg.wasm"), "later.js").unwrap();
        fs::write(folder.join("later.js"), "").unwrap();
        let found = first_load(&folder);
        fs::remove_dir_all(&folder).unwrap();
        let found: Vec<String> = found
            .unwrap()
            .iter()
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        assert_eq!(found, ["app-2.js", "app-2_bg.wasm", "boot-1.js", "index.html"]);
    }
}
