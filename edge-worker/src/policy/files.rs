//! Which file answers a static address, and with which headers.

use super::headers::CONSOLE_CSP;

const OPEN: &str = "access-control-allow-origin\n*\ncross-origin-resource-policy\ncross-origin";
const FOREVER: &str = "public, max-age=31536000, immutable";

/// The file a path stands for, and its headers: names and values, one per line.
pub fn plan(path: &str) -> (&str, String) {
    if path == "/perch.js" {
        return (path, format!("{OPEN}\ncache-control\npublic, max-age=300"));
    }
    if path.starts_with("/widget/") {
        return (path, format!("{OPEN}\ncache-control\n{FOREVER}"));
    }
    let is_file = path.rsplit_once('/').is_some_and(|(_, name)| name.contains('.'));
    // Every address of the console that is no file is a view of it.
    let file = if is_file { path } else { "/console/index.html" };
    let cache = if is_file && is_hashed(file) { FOREVER } else { "no-cache" };
    (file, format!("content-security-policy\n{CONSOLE_CSP}\ncache-control\n{cache}"))
}

// The build's file hashes: twelve hex digits or more between dashes, dots or underscores.
fn is_hashed(file: &str) -> bool {
    file.split(['-', '.', '_', '/'])
        .any(|part| part.len() >= 12 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_of_the_console_are_its_page() {
        for view in ["/console/", "/console/conversations", "/console/conversations/CA-1"] {
            let (file, headers) = plan(view);
            assert_eq!(file, "/console/index.html");
            assert!(headers.contains("no-cache") && headers.contains("wasm-unsafe-eval"));
        }
        let (file, headers) = plan("/console/console-0123456789abcdef_bg.wasm");
        assert_eq!(file, "/console/console-0123456789abcdef_bg.wasm");
        assert!(headers.contains("immutable"));
        assert!(plan("/console/boot-939346f16cc9.js").1.contains("immutable"));
        assert!(plan("/console/boot.js").1.contains("no-cache"));
    }

    #[test]
    fn only_the_widget_is_open_to_other_origins() {
        assert!(plan("/perch.js").1.contains("max-age=300") && plan("/perch.js").1.contains(OPEN));
        assert!(plan("/widget/h/widget.js").1.contains("immutable"));
        assert!(!plan("/console/").1.contains("access-control"));
    }
}
