//! What a list of sessions says about the browser: its kind and system, from a closed list of words.

const BROWSERS: [(&str, &str); 5] = [
    // In this order: each of them names those after it, too.
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMS: [(&str, &str); 6] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
];

/// The class of a `User-Agent`, such as `Chrome on Linux`.
pub fn class(agent: &str) -> String {
    let find = |list: &[(&str, &'static str)]| {
        list.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "Unknown".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::class;

    #[test]
    fn browsers_are_told_apart() {
        let base = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)";
        for (agent, expected) in [
            (format!("{base} Chrome/141.0.0.0 Safari/537.36"), "Chrome on Linux"),
            (format!("{base} Chrome/141.0.0.0 Safari/537.36 Edg/141.0"), "Edge on Linux"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/605.1"
                    .to_owned(),
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Firefox/140.0".to_owned(),
                "Firefox on Windows",
            ),
            ("curl/8.5".to_owned(), "Unknown"),
            ("<script>".to_owned(), "Unknown"),
            (String::new(), "Unknown"),
        ] {
            assert_eq!(class(&agent), expected, "{agent}");
        }
    }
}
