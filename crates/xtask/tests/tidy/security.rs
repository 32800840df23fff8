//! The index of security tests: every id of the threat model, what is shown for it, and where.
//!
//! What is shown is written by hand; kinds and files are read from the titles of the tests. After tests were
//! added or moved: `PERCH_UPDATE=1 cargo test -p xtask --test tidy security`

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
    path::Path,
};

const INDEX: &str = "docs/security-tests.md";
/// The ids of the threat model; the gaps are its own.
const IDS: [RangeInclusive<u8>; 10] =
    [1..=9, 10..=17, 20..=29, 30..=37, 40..=44, 50..=59, 60..=67, 70..=79, 80..=88, 90..=94];
const UPDATE: &str = "PERCH_UPDATE=1 cargo test -p xtask --test tidy security";
/// A row that no test here stands behind says so with these words, and why.
const ABSENT: &str = "Not here:";

type Found = BTreeMap<u8, BTreeSet<String>>;

/// Every id in the titles of tests, with the files.
fn titles() -> Found {
    let mut found = Found::new();
    for (path, text) in super::files() {
        let name = path.to_string_lossy().replace('\\', "/");
        for id in ids_in(&name, &text) {
            found.entry(id).or_default().insert(name.clone());
        }
    }
    found
}

fn ids_in(name: &str, text: &str) -> BTreeSet<u8> {
    let lines = text.lines();
    if name.ends_with(".test.mjs") {
        // The title is the first text of a call.
        let title = |line: &str| {
            let (call, rest) = line.trim_start().split_once('(')?;
            let quote = rest.chars().next().filter(|quote| "\"`'".contains(*quote))?;
            let called = call.chars().all(char::is_alphanumeric);
            called.then(|| rest.chars().skip(1).take_while(|one| *one != quote).collect::<String>())
        };
        return lines.filter_map(title).flat_map(|title| words(&title, 'T')).collect();
    }
    if name.starts_with("crates/xtask/src/bench/") {
        // What has a budget instead of a test says so where it is measured.
        let stated = |line: &str| line.strip_prefix("//! ").map(str::to_owned);
        return lines.filter_map(stated).flat_map(|line| words(&line, 'T')).collect();
    }
    if Path::new(name).extension().is_some_and(|extension| extension == "rs") {
        let function = |line: &str| {
            let (_, rest) = line.trim_start().split_once("fn ")?;
            Some(rest.split('(').next()?.replace('_', " "))
        };
        return lines.filter_map(function).flat_map(|name| words(&name, 't')).collect();
    }
    BTreeSet::new()
}

/// The ids at the beginning of a title: `T14 T16 every change ...`.
fn words(title: &str, letter: char) -> Vec<u8> {
    let id = |word: &str| word.strip_prefix(letter).filter(|id| id.len() == 2)?.parse().ok();
    title.split(' ').map_while(id).collect()
}

fn kind(file: &str) -> &'static str {
    match file {
        _ if file.starts_with("tests/browser") => "browser",
        _ if file.starts_with("tests/edge") || file.starts_with("edge-worker/runtime") => "workerd",
        _ if file.starts_with("tests/js") => "node",
        _ if file.starts_with("crates/xtask/src/bench/") => "bench",
        _ => "native",
    }
}

/// The rows of the table: id, what is shown.
fn rows(index: &str) -> Vec<(u8, String)> {
    let row = |line: &str| {
        let mut cells = line.strip_prefix("| T")?.split(" | ");
        let id = cells.next()?.trim().parse().ok()?;
        let shown = cells.next()?.trim_end_matches('|').trim().to_owned();
        Some((id, shown))
    };
    index.lines().filter_map(row).collect()
}

fn written(id: u8, shown: &str, found: &Found) -> String {
    let files = found.get(&id).into_iter().flatten();
    let kinds: BTreeSet<_> = files.clone().map(|file| kind(file)).collect();
    let links = files.map(|file| {
        let name = file.rsplit('/').next().unwrap().trim_end_matches(".test.mjs");
        format!("[{name}](../{file})")
    });
    let (kinds, links): (Vec<_>, Vec<_>) = (kinds.into_iter().collect(), links.collect());
    format!("| T{id:02} | {shown} | {} | {} |", kinds.join(", "), links.join(", "))
}

#[test]
fn security_tests_are_indexed() {
    let file = super::root().join(INDEX);
    let index = std::fs::read_to_string(&file).unwrap();
    let found = titles();
    let rows = rows(&index);
    let expected: Vec<u8> = IDS.into_iter().flatten().collect();
    let listed: Vec<u8> = rows.iter().map(|(id, _)| *id).collect();
    assert_eq!(listed, expected, "one row for every id, in order");
    for id in found.keys() {
        assert!(expected.contains(id), "the threat model has no T{id:02}: {:?}", found[id]);
    }
    for (id, shown) in &rows {
        assert!(shown.len() > 20, "T{id:02} says nothing");
        let absent = shown.contains(ABSENT);
        assert!(found.contains_key(id) || absent, "no test shows T{id:02}, and no reason is given");
    }
    let shown: BTreeMap<u8, String> = rows.into_iter().collect();
    for line in index.lines().filter(|line| line.starts_with("| ")) {
        // Rows of other tables end with ids.
        let last = line.trim_end_matches('|').rsplit('|').next().unwrap_or_default().trim();
        for id in words(last, 'T') {
            let is_known = found.contains_key(&id) || shown[&id].contains(ABSENT);
            assert!(is_known, "no test shows T{id:02}: {line}");
        }
    }
    let now: String = index
        .lines()
        .map(|line| {
            let id = line.strip_prefix("| T").and_then(|rest| rest.get(..2)?.parse().ok());
            id.map_or_else(|| line.to_owned(), |id| written(id, &shown[&id], &found)) + "\n"
        })
        .collect();
    if std::env::var_os("PERCH_UPDATE").is_some() {
        std::fs::write(&file, &now).unwrap();
    }
    // A new test may be missing in a row that has others; a row never names what is not there.
    let then = std::fs::read_to_string(&file).unwrap();
    for line in then.lines() {
        let id = line.strip_prefix("| T").and_then(|rest| rest.get(..2)?.parse().ok());
        let Some(id): Option<u8> = id else { continue };
        let named: Vec<&str> =
            line.split("](../").skip(1).map(|rest| rest.split(')').next().unwrap()).collect();
        let is_shown = found.contains_key(&id);
        let absent = line.contains(ABSENT);
        assert!(
            !is_shown || absent || !named.is_empty(),
            "{INDEX} names no test of T{id:02}; {UPDATE}"
        );
        for name in named {
            let holds = found.get(&id).is_some_and(|files| files.contains(name));
            assert!(holds, "{name} has no test of T{id:02}; {UPDATE}");
        }
    }
}

#[test]
fn security_ids_are_read_from_titles() {
    let script =
        "test(\"T14 T16 both\", () => {});\n  own(`T65 one T66`, {});\nassert(x, \"T99\");";
    assert_eq!(ids_in("a.test.mjs", script), BTreeSet::from([14, 16, 65]));
    // Put together here, so that this file has no such test.
    let source = ["    f", "n t94_a_chain() {\nf", "n t1_x() {}\nlet t20 = 1;"].concat();
    assert_eq!(ids_in("a.rs", &source), BTreeSet::from([94]));
}
