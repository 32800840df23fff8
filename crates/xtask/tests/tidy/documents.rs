//! Rules for documents and for what must never be committed.

use std::path::Path;

/// Targets of `[text](target)` links, without fenced code.
fn links(markdown: &str) -> Vec<&str> {
    let mut fenced = false;
    let mut found = Vec::new();
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if !fenced {
            let targets = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
            found.extend(targets);
        }
    }
    found
}

/// The anchor GitHub gives a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().trim().to_lowercase().replace(' ', "-")
}

fn anchors(markdown: &str) -> Vec<String> {
    let headings = markdown.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| anchor(line.trim_start_matches('#'))).collect()
}

#[test]
fn links_between_documents_lead_somewhere() {
    let root = super::root();
    let mut checked = 0;
    for (path, text) in super::files() {
        if path.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        for link in links(&text) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            checked += 1;
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let here = path.parent().unwrap_or(Path::new(""));
            let target =
                if file.is_empty() { root.join(&path) } else { root.join(here).join(file) };
            assert!(target.exists(), "{} links to {link}", path.display());
            if !heading.is_empty() {
                let there = anchors(&std::fs::read_to_string(&target).unwrap());
                assert!(there.contains(&heading.to_owned()), "{} links to {link}", path.display());
            }
        }
    }
    assert!(checked > 5, "only {checked} links found");
}

#[test]
fn the_readme_names_every_command() {
    let readme = std::fs::read_to_string(super::root().join("README.md")).unwrap();
    let ci = std::fs::read_to_string(super::root().join(".ci/run")).unwrap();
    for command in ["cargo xtask dev", "cargo xtask test", "cargo xtask bench"] {
        assert!(readme.contains(command), "README.md does not mention {command}");
    }
    assert!(ci.contains("cargo xtask test"), ".ci/run does not run the README's test command");
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    // Put together here, so that this file passes its own check.
    let folders = ["home", "root", "Users", "work"].map(|folder| format!("/{folder}/"));
    let starts = ["\"", "'", "`", " ", "=", "("];
    for (path, text) in super::files() {
        for folder in &folders {
            for start in starts {
                let word = format!("{start}{folder}");
                assert!(!text.contains(&word), "{} holds {word}", path.display());
            }
        }
    }
}

#[test]
fn no_private_key_is_committed() {
    let mark = format!("-----BEGIN {}", "PRIVATE KEY-----");
    for (path, text) in super::files() {
        let keys = path.file_name().is_some_and(|name| name == ".dev.vars" || name == ".env");
        assert!(!text.contains(&mark) && !keys, "{} holds a secret", path.display());
    }
}

#[test]
fn links_and_anchors_are_read() {
    let text = "See [a](A.md#top-of-it) and [b](b.rs).\n```\n[c](no)\n```\n";
    assert_eq!(links(text), ["A.md#top-of-it", "b.rs"]);
    assert_eq!(anchor(" Top of `it`!"), "top-of-it");
}
