//! Two planes, and the host names that keep them apart.
//!
//! With a host name each, a page of one plane shares no origin, no cookie and no storage with the other,
//! and a mistake in one cannot be reached through the other's name.

use super::origin;

/// Whom a path is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Plane {
    /// Whoever watches whether the edge is up.
    Public,
    /// Visitors and the backends of their sites: their routes, the loader and the widget.
    Visitor,
    /// Operators: everything else, whether it exists or not.
    #[default]
    Operator,
}

/// The two host names, with a port where it is not the scheme's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planes {
    visitor: String,
    console: String,
}

impl Plane {
    /// Finds it by path alone, before any route is known.
    pub fn of(path: &str) -> Self {
        match path {
            "/health" | "/health/live" | "/health/ready" => Self::Public,
            "/perch.js" => Self::Visitor,
            _ if ["/visitor/", "/widget/", "/site/"]
                .iter()
                .any(|start| path.starts_with(start)) =>
            {
                Self::Visitor
            }
            _ => Self::Operator,
        }
    }

    /// Its name in events.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Visitor => "visitor",
            Self::Operator => "operator",
        }
    }
}

impl Planes {
    /// Reads the two names: both or none. The error is the variable that is wrong.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, &'static str> {
        const NAMES: [&str; 2] = ["PERCH_VISITOR_HOST", "PERCH_CONSOLE_HOST"];
        match NAMES.map(|name| lookup(name).filter(|value| !value.is_empty())) {
            [None, None] => Ok(None),
            [Some(visitor), Some(console)] => {
                for (name, host) in NAMES.into_iter().zip([&visitor, &console]) {
                    // The spelling of a host in an origin is that of a request's own address.
                    let plain = ["https", "http"]
                        .iter()
                        .all(|scheme| origin::is_well_formed(&format!("{scheme}://{host}")));
                    if !plain {
                        return Err(name);
                    }
                }
                let [_, name] = NAMES;
                if visitor == console { Err(name) } else { Ok(Some(Self { visitor, console })) }
            }
            [None, Some(_)] => Err("PERCH_VISITOR_HOST"),
            [Some(_), None] => Err("PERCH_CONSOLE_HOST"),
        }
    }

    /// Whether a path exists on a host.
    pub fn admits(&self, host: &str, path: &str) -> bool {
        match Plane::of(path) {
            Plane::Public => true,
            Plane::Visitor => host == self.visitor,
            Plane::Operator => host == self.console,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(visitor: Option<&str>, console: Option<&str>) -> Result<Option<Planes>, &'static str> {
        Planes::read(|name| {
            let value = if name == "PERCH_VISITOR_HOST" { visitor } else { console };
            value.map(str::to_owned)
        })
    }

    #[test]
    fn a_path_exists_on_one_host() {
        let planes = read(Some("chat.example.com"), Some("console.example.com")).unwrap().unwrap();
        for path in ["/visitor/session", "/visitor/unknown", "/perch.js", "/widget/h/widget.js"] {
            assert!(planes.admits("chat.example.com", path), "{path}");
            assert!(!planes.admits("console.example.com", path), "{path}");
        }
        let theirs = [
            "/console",
            "/operator/session",
            "/api/build/v1/agents",
            "/health/upstream",
            "/",
            "/x",
        ];
        for path in theirs {
            assert!(planes.admits("console.example.com", path), "{path}");
            assert!(!planes.admits("chat.example.com", path), "{path}");
        }
        for other in ["perch.workers.dev", "chat.example.com:8443", "CHAT.example.com", ""] {
            assert!(!planes.admits(other, "/visitor/session"), "{other}");
            assert!(!planes.admits(other, "/console/"), "{other}");
            assert!(planes.admits(other, "/health/live"), "{other}");
        }
    }

    #[test]
    fn one_name_alone_is_a_mistake() {
        assert_eq!(read(None, None), Ok(None));
        assert_eq!(read(Some(""), Some("")), Ok(None));
        assert_eq!(read(Some("a.test"), None), Err("PERCH_CONSOLE_HOST"));
        assert_eq!(read(None, Some("a.test")), Err("PERCH_VISITOR_HOST"));
        assert_eq!(read(Some("a.test"), Some("a.test")), Err("PERCH_CONSOLE_HOST"));
        assert!(read(Some("localhost:8787"), Some("127.0.0.1:8787")).is_ok());
    }

    #[test]
    fn names_are_spelled_as_browsers_do() {
        for odd in ["https://a.test", "A.test", "a.test/", "a.test:443", "a.test:80", "*.a.test"] {
            assert_eq!(read(Some(odd), Some("b.test")), Err("PERCH_VISITOR_HOST"), "{odd}");
            assert_eq!(read(Some("b.test"), Some(odd)), Err("PERCH_CONSOLE_HOST"), "{odd}");
        }
    }
}
