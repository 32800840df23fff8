//! The reference pages: one per family of operations and an index, kept in `docs/reference`.

use std::{collections::BTreeMap, fs, path::PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::{generated::example, workspace::Workspace};

/// Pages by file name.
type Pages = BTreeMap<String, String>;

/// Writes the pages, and removes those of families that are gone.
pub(crate) fn write(workspace: &Workspace) -> Result<()> {
    let pages = generated(workspace)?;
    let folder = folder(workspace);
    fs::create_dir_all(&folder).context("making the folder of the reference pages")?;
    for name in kept(workspace)?.keys().filter(|name| !pages.contains_key(*name)) {
        fs::remove_file(folder.join(name)).with_context(|| format!("removing {name}"))?;
    }
    for (name, text) in pages {
        fs::write(folder.join(&name), text).with_context(|| format!("writing {name}"))?;
    }
    Ok(())
}

/// Fails when the pages are not what the declarations say.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let (generated, kept) = (generated(workspace)?, kept(workspace)?);
    let names = generated.keys().chain(kept.keys());
    let stale: Vec<_> = names.filter(|name| generated.get(*name) != kept.get(*name)).collect();
    if let Some(first) = stale.first() {
        bail!(
            "docs/reference/{first} is not what the operations say: \
             run `cargo xtask docs` and look at the difference."
        );
    }
    Ok(())
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.root().join("docs/reference")
}

fn kept(workspace: &Workspace) -> Result<Pages> {
    let folder = folder(workspace);
    let entries = fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))?;
    let mut pages = Pages::new();
    for entry in entries {
        let path = entry.context("reading the reference pages")?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).with_context(|| format!("reading {name}"))?;
        pages.insert(name, text);
    }
    Ok(pages)
}

fn generated(workspace: &Workspace) -> Result<Pages> {
    split(&example(workspace, "reference", true)?)
}

/// Pages come one after the other, each with a line `FILE name` before it.
fn split(text: &str) -> Result<Pages> {
    let (before, pages) = text.split_once("FILE ").context("the generator wrote no page")?;
    ensure!(before.is_empty(), "the generator wrote something before the first page");
    let page = |page: &str| {
        let (name, text) = page.split_once('\n').context("a page without a name")?;
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let stem = name.strip_suffix(".md").filter(|stem| stem.chars().all(plain));
        ensure!(stem.is_some(), "odd name of a page: {name}");
        Ok((name.to_owned(), format!("{}\n", text.trim_end())))
    };
    pages.split("\nFILE ").map(page).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_split_at_their_names() {
        let pages = split("FILE a.md\n# A\n\ntext\nFILE b-c.md\n# B\n").unwrap();
        let pages: Vec<_> =
            pages.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        assert_eq!(pages, [("a.md", "# A\n\ntext\n"), ("b-c.md", "# B\n")]);
        for odd in ["", "# A\n", "FILE ../a.md\nx", "FILE a.sh\nx"] {
            assert!(split(odd).is_err(), "{odd}");
        }
    }
}
