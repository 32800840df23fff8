//! Checks that fail the build, not the first request.

/// Panics at compile time unless `path` holds exactly the placeholders `names`, in that order.
///
/// # Panics
/// When the row and its path type disagree.
pub const fn placeholders(path: &str, names: &[&str]) {
    let bytes = path.as_bytes();
    assert!(!bytes.is_empty() && byte(bytes, 0) == b'/', "a path starts with a slash");
    let (mut at, mut found) = (0, 0);
    while at < bytes.len() {
        if byte(bytes, at) == b'{' {
            assert!(found < names.len(), "the path has a placeholder without a field");
            let name = name_at(names, found).as_bytes();
            let mut i = 0;
            while i < name.len() {
                assert!(
                    at + 1 + i < bytes.len() && byte(bytes, at + 1 + i) == byte(name, i),
                    "a placeholder and its field have different names"
                );
                i += 1;
            }
            at += name.len() + 1;
            assert!(
                at < bytes.len() && byte(bytes, at) == b'}',
                "a placeholder and its field have different names"
            );
            found += 1;
        }
        at += 1;
    }
    assert!(found == names.len(), "the path type has a field without a placeholder");
}

#[allow(
    clippy::indexing_slicing,
    reason = "runs at compile time; callers compare with the length first"
)]
const fn byte(bytes: &[u8], at: usize) -> u8 {
    bytes[at]
}

#[allow(
    clippy::indexing_slicing,
    reason = "runs at compile time; callers compare with the length first"
)]
const fn name_at<'a>(names: &[&'a str], at: usize) -> &'a str {
    names[at]
}

#[cfg(test)]
mod tests {
    use super::placeholders;

    #[test]
    fn agreement_passes() {
        placeholders(
            "/v1/agents/{agentId}/conversations/{conversationId}",
            &["agentId", "conversationId"],
        );
        placeholders("/ws", &[]);
    }

    #[test]
    fn every_disagreement_is_caught() {
        let cases: [(&str, &'static [&'static str]); 5] =
            [("/a/{b}", &[]), ("/a/{b}", &["c"]), ("/a/{bc}", &["b"]), ("/a", &["b"]), ("a", &[])];
        for (path, names) in cases {
            assert!(
                std::panic::catch_unwind(|| placeholders(path, names)).is_err(),
                "{path} {names:?}"
            );
        }
    }
}
