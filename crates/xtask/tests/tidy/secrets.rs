//! T07: what is secret is compared in constant time, by the functions made for it.

/// What would compare byte by byte and stop at the first difference. To look for a leaked secret in what the
/// platform said is another matter.
const COMPARISONS: [&str; 9] = [
    "==",
    "!=",
    ".eq(",
    ".ne(",
    ".cmp(",
    ".starts_with(",
    ".ends_with(",
    ".expose().contains(",
    "matches!(",
];

/// Words for values that must never be compared in a script of the worker.
const SECRET_WORDS: [&str; 6] = ["token", "secret", "key", "cookie", "signature", "mac"];

fn code(text: &str) -> &str {
    text.split_once("\n#[cfg(test)]\nmod tests {").map_or(text, |(code, _)| code)
}

/// Statements that look at a secret's text and compare something.
fn comparisons(text: &str) -> Vec<String> {
    let statements = code(text).split([';', '{', '}']);
    let one_line = |part: &str| part.split_whitespace().collect::<Vec<_>>().join(" ");
    let looks = |part: &String| {
        let Some((_, after)) = part.split_once(".expose()") else { return false };
        // A length and a look at every byte tell nothing of where a difference is.
        let counted = after.starts_with(".len()") || after.starts_with(".bytes().all(");
        !counted && COMPARISONS.iter().any(|way| part.contains(way))
    };
    statements.map(one_line).filter(looks).collect()
}

#[test]
fn t07_no_secret_is_compared_but_in_constant_time() {
    let mut looked = 0;
    for (path, text) in super::rust_files() {
        let is_test =
            path.components().any(|part| part.as_os_str() == "tests" || part.as_os_str() == "fuzz");
        let shipped =
            ["edge-worker", "crates/api", "crates/client"].iter().any(|one| path.starts_with(one));
        if is_test || !shipped {
            continue;
        }
        looked += usize::from(text.contains(".expose()"));
        assert_eq!(comparisons(&text), Vec::<String>::new(), "{}", path.display());
    }
    assert!(looked > 5, "only {looked} files expose a secret: looked in the wrong place?");
}

#[test]
fn t07_no_script_of_the_worker_compares_a_secret() {
    for (path, text) in super::files() {
        if !path.starts_with("edge-worker/src/js") || path.extension() != Some("js".as_ref()) {
            continue;
        }
        for line in text.lines().filter(|line| line.contains("===") || line.contains("!==")) {
            let lower = line.to_lowercase();
            // Whether there is one at all is no secret.
            let absent = ["=== null", "!== null", "undefined", "typeof"]
                .iter()
                .any(|word| lower.contains(word));
            let secret = SECRET_WORDS.iter().any(|word| lower.contains(word));
            assert!(absent || !secret, "{}: {line}", path.display());
        }
    }
}

#[test]
fn t07_the_search_sees_a_comparison() {
    assert_eq!(comparisons("if token.expose()\n    == given { x }").len(), 1);
    assert_eq!(comparisons("let a = key.expose().starts_with(b);").len(), 1);
    assert!(comparisons("if key.expose().len() < 20 && a == b { }").is_empty());
}
