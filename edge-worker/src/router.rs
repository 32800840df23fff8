//! Which plane and route a request belongs to: one static match, deny by default.

use crate::error::Refusal;
use crate::policy::path;

/// The methods the edge knows; any other is refused before routing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are HTTP's own")]
pub enum Method {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
    Options,
}

impl Method {
    /// Reads the exact upper-case spelling.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "GET" => Self::Get,
            "HEAD" => Self::Head,
            "POST" => Self::Post,
            "PUT" => Self::Put,
            "PATCH" => Self::Patch,
            "DELETE" => Self::Delete,
            "OPTIONS" => Self::Options,
            _ => return None,
        })
    }

    /// The spelling on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
        }
    }
}

/// The request target, split once. Both parts are as the caller spelled them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target<'a> {
    /// `http` or `https`.
    pub scheme: &'a str,
    /// Host and port.
    pub authority: &'a str,
    /// The raw path, with its leading slash.
    pub path: &'a str,
    /// The raw query without `?`; empty when there is none.
    pub query: &'a str,
}

impl<'a> Target<'a> {
    /// Splits an absolute URL as the runtime reports it.
    pub fn parse(url: &'a str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let slash = rest.find('/')?;
        let (authority, rest) = rest.split_at_checked(slash)?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        Some(Self { scheme, authority, path, query })
    }

    /// What stands after the path's last slash.
    pub fn last_segment(&self) -> &'a str {
        self.path.rsplit('/').next().unwrap_or_default()
    }
}

/// A route of the visitor plane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "one variant per documented route")]
pub enum Visitor {
    Session,
    Ticket,
    Socket,
    ChatCreate,
    ChatRespond,
    ChatClose,
    CallTicket,
    CallSocket,
    IceServers,
    End,
    Check,
}

impl Visitor {
    /// Its only method.
    pub const fn method(self) -> Method {
        match self {
            Self::Socket | Self::CallSocket | Self::Check => Method::Get,
            _ => Method::Post,
        }
    }
}

/// A route of the operator plane that is answered here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "one variant per documented route")]
pub enum Operator {
    Session,
    SignIn,
    SignedIn,
    Sessions,
    OneSession,
    Audit,
    AuditExport,
    Metrics,
    VisitorSession,
    Site,
    Vault,
    VaultKey,
    Webhooks,
    WebhookRotation,
}

/// What is asked about the edge's health by anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "one variant per documented route")]
pub enum Health {
    Live,
    Ready,
}

/// Where a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route<'a> {
    /// `GET /health/live`, also `/health`, and `GET /health/ready`.
    Health(Health),
    /// The CORS preflight of a visitor route.
    Preflight,
    /// A visitor route with its only method.
    Visitor(Visitor),
    /// `POST /site/{id}/context`, for the site's own backend.
    Context {
        /// The site's id, not yet checked.
        site: &'a str,
    },
    /// A route of the operator plane that is answered here.
    Operator(Operator),
    /// `/api/{host}/...`: the host kind and the platform's path with its leading slash.
    Api {
        /// The host kind's text, not yet checked.
        host: &'a str,
        /// The platform's raw path.
        path: &'a str,
    },
    /// A static file.
    Asset,
}

/// Finds the route, or says why there is none.
pub fn route<'a>(method: Method, target: &Target<'a>) -> Result<Route<'a>, Refusal> {
    path::check(target.path)?;
    if let Some(rest) = target.path.strip_prefix("/api/") {
        let slash = rest.find('/').ok_or(Refusal::UnknownRoute)?;
        let (host, path) = rest.split_at_checked(slash).ok_or(Refusal::UnknownRoute)?;
        return Ok(Route::Api { host, path });
    }
    if let Some(visitor) = visitor(target.path) {
        let only = visitor.method();
        return match method {
            Method::Options if only == Method::Post => Ok(Route::Preflight),
            method if method == only => Ok(Route::Visitor(visitor)),
            _ => Err(Refusal::MethodNotAllowed),
        };
    }
    if let Some(site) = context(target.path) {
        return match method {
            Method::Post => Ok(Route::Context { site }),
            _ => Err(Refusal::MethodNotAllowed),
        };
    }
    if let Some((operator, allowed)) = operator(target.path) {
        return if allowed.contains(&method) {
            Ok(Route::Operator(operator))
        } else {
            Err(Refusal::MethodNotAllowed)
        };
    }
    let route = match target.path {
        "/health" | "/health/live" => Route::Health(Health::Live),
        "/health/ready" => Route::Health(Health::Ready),
        path if is_asset(path) => Route::Asset,
        _ => return Err(Refusal::UnknownRoute),
    };
    if matches!(method, Method::Get | Method::Head) {
        Ok(route)
    } else {
        Err(Refusal::MethodNotAllowed)
    }
}

fn operator(path: &str) -> Option<(Operator, &'static [Method])> {
    use Method::{Delete, Get, Post, Put};
    if let Some(id) = path.strip_prefix("/operator/sessions/") {
        return is_id(id).then_some((Operator::OneSession, &[Delete]));
    }
    if let Some(id) = path.strip_prefix("/operator/visitors/") {
        return is_id(id).then_some((Operator::VisitorSession, &[Delete]));
    }
    if let Some(id) = path.strip_prefix("/operator/sites/") {
        return is_id(id).then_some((Operator::Site, &[Get, Put]));
    }
    if let Some(id) = path.strip_prefix("/operator/vault/webhooks/") {
        let id = id.strip_suffix("/rotate").filter(|id| is_id(id));
        return id.map(|_| (Operator::WebhookRotation, [Post].as_slice()));
    }
    if path == "/operator/vault/webhooks" {
        return Some((Operator::Webhooks, &[Post]));
    }
    if let Some(kind) = path.strip_prefix("/operator/vault/") {
        return is_id(kind).then_some((Operator::VaultKey, &[Put, Delete]));
    }
    Some(match path {
        "/operator/vault" => (Operator::Vault, &[Get]),
        "/operator/session" => (Operator::Session, &[Get, Post, Delete]),
        "/operator/oidc" => (Operator::SignIn, &[Get]),
        // Where providers send browsers back; the only one of these that other sites' pages lead to.
        "/signed-in" => (Operator::SignedIn, &[Get]),
        "/operator/sessions" => (Operator::Sessions, &[Get, Delete]),
        "/operator/audit" => (Operator::Audit, &[Get]),
        "/operator/audit/export" => (Operator::AuditExport, &[Get]),
        "/operator/metrics" => (Operator::Metrics, &[Get]),
        _ => return None,
    })
}

// Fingerprints, credential ids and names of sites: URL-safe base64, one segment.
fn is_id(text: &str) -> bool {
    let lawful = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (1..=1_400).contains(&text.len()) && text.bytes().all(lawful)
}

fn context(path: &str) -> Option<&str> {
    path.strip_prefix("/site/")?.strip_suffix("/context").filter(|site| is_id(site))
}

fn visitor(path: &str) -> Option<Visitor> {
    Some(match path {
        "/visitor/session" => Visitor::Session,
        "/visitor/ticket" => Visitor::Ticket,
        "/visitor/socket" => Visitor::Socket,
        "/visitor/chat/create" => Visitor::ChatCreate,
        "/visitor/chat/respond" => Visitor::ChatRespond,
        "/visitor/chat/close" => Visitor::ChatClose,
        "/visitor/call/ticket" => Visitor::CallTicket,
        "/visitor/call/socket" => Visitor::CallSocket,
        "/visitor/call/ice-servers" => Visitor::IceServers,
        "/visitor/end" => Visitor::End,
        "/visitor/check" => Visitor::Check,
        _ => return None,
    })
}

fn is_asset(path: &str) -> bool {
    path == "/perch.js"
        || path == "/console"
        || path.starts_with("/console/")
        || path.starts_with("/widget/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(method: &str, path: &str) -> Result<Route<'static>, Refusal> {
        let url: &'static str = Box::leak(format!("http://edge.test{path}").into_boxed_str());
        route(Method::parse(method).unwrap(), &Target::parse(url).unwrap())
    }

    #[test]
    fn targets_split_without_interpretation() {
        let target = Target::parse("https://a.test:8787/x/y?z=1?2").unwrap();
        assert_eq!(
            (target.scheme, target.authority, target.path, target.query),
            ("https", "a.test:8787", "/x/y", "z=1?2")
        );
        assert_eq!(Target::parse("https://a.test"), None);
        assert_eq!(Target::parse("/x"), None);
    }

    #[test]
    fn every_route_and_nothing_else() {
        assert_eq!(at("GET", "/health"), Ok(Route::Health(Health::Live)));
        assert_eq!(at("GET", "/health/ready"), Ok(Route::Health(Health::Ready)));
        assert_eq!(at("POST", "/visitor/session"), Ok(Route::Visitor(Visitor::Session)));
        assert_eq!(at("OPTIONS", "/visitor/ticket"), Ok(Route::Preflight));
        assert_eq!(at("POST", "/visitor/call/ticket"), Ok(Route::Visitor(Visitor::CallTicket)));
        assert_eq!(at("GET", "/visitor/socket?ticket=x"), Ok(Route::Visitor(Visitor::Socket)));
        assert_eq!(at("DELETE", "/operator/session"), Ok(Route::Operator(Operator::Session)));
        assert_eq!(
            at("GET", "/api/build/v1/agents/a/conversations/c"),
            Ok(Route::Api { host: "build", path: "/v1/agents/a/conversations/c" })
        );
        assert_eq!(at("GET", "/visitor/check?site=x"), Ok(Route::Visitor(Visitor::Check)));
        assert_eq!(at("POST", "/site/shop/context"), Ok(Route::Context { site: "shop" }));
        assert_eq!(at("PUT", "/operator/sites/shop"), Ok(Route::Operator(Operator::Site)));
        assert_eq!(
            at("DELETE", "/operator/visitors/AAAA"),
            Ok(Route::Operator(Operator::VisitorSession))
        );
        for asset in ["/perch.js", "/console", "/console/", "/console/a/b", "/widget/h/widget.js"] {
            assert_eq!(at("GET", asset), Ok(Route::Asset), "{asset}");
        }
        for unknown in [
            "/",
            "/api",
            "/api/",
            "/api/build",
            "/visitor",
            "/visitor/",
            "/visitor/session/",
            "/operator",
            "/operator/sessions/",
            "/operator/sessions/a/b",
            "/Health",
            "/health/",
            "/perch.js/",
            "/widget",
            "/site/context",
            "/site/a/b/context",
            "/operator/sites/",
            "/operator/sites/a/b",
            "/favicon.ico",
        ] {
            assert_eq!(at("GET", unknown), Err(Refusal::UnknownRoute), "{unknown}");
        }
    }

    #[test]
    fn wrong_methods_are_told_so() {
        for (method, path) in [
            ("GET", "/visitor/session"),
            ("POST", "/visitor/socket"),
            ("POST", "/visitor/call/socket"),
            ("GET", "/visitor/call/ice-servers"),
            ("OPTIONS", "/visitor/socket"),
            ("OPTIONS", "/visitor/check"),
            ("OPTIONS", "/site/shop/context"),
            ("POST", "/operator/sites/shop"),
            ("PUT", "/operator/session"),
            ("OPTIONS", "/operator/session"),
            ("POST", "/health"),
            ("POST", "/perch.js"),
        ] {
            assert_eq!(at(method, path), Err(Refusal::MethodNotAllowed), "{method} {path}");
        }
        assert_eq!(Method::parse("TRACE"), None);
        assert_eq!(Method::parse("get"), None);
    }
}
