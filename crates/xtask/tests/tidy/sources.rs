//! Rules for source files.

use std::path::Path;

/// Files are meant to have 50 to 300 lines; past this one they must be split.
const LONGEST: usize = 600;

/// What would let the interface crate read a clock, roll dice or do I/O.
const IMPURE: [&str; 7] = [
    "Instant::now",
    "SystemTime",
    "std::net",
    "std::fs",
    "std::env::var",
    "std::thread",
    "std::process",
];

/// A source without its tests, which come last in a file.
fn without_tests(text: &str) -> &str {
    text.split_once("\n#[cfg(test)]\nmod tests {").map_or(text, |(code, _)| code)
}

fn is_test(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "tests" || part.as_os_str() == "tests.rs")
}

#[test]
fn files_stay_short() {
    for (path, text) in super::rust_files() {
        let lines = without_tests(&text).lines().count();
        assert!(is_test(&path) || lines <= LONGEST, "{} has {lines} lines", path.display());
    }
}

#[test]
fn modules_are_named_files() {
    for (path, _) in super::rust_files() {
        let name = path.file_name().unwrap();
        assert!(name != "mod.rs", "{}: name the file after its module", path.display());
    }
}

#[test]
fn the_interface_crate_has_no_clock_and_no_io() {
    for (path, text) in super::rust_files() {
        if !path.starts_with("crates/api/src") || is_test(&path) {
            continue;
        }
        for word in IMPURE {
            assert!(!without_tests(&text).contains(word), "{} uses {word}", path.display());
        }
    }
}

#[test]
fn nothing_is_left_for_later() {
    let words = ["todo", "fixme", "xxx"].map(|word| format!("{}:", word.to_uppercase()));
    let skipped = format!("#[{}", "ignore");
    for (path, text) in super::files() {
        for word in &words {
            assert!(!text.contains(word.as_str()), "{} has a {word}", path.display());
        }
        assert!(!text.contains(&skipped), "{} skips a test", path.display());
    }
}

#[test]
fn the_cut_finds_the_tests() {
    let source = "fn code() {}\n\n#[cfg(test)]\nmod tests {\n    fn test() {}\n}\n";
    assert_eq!(without_tests(source), "fn code() {}\n");
}
