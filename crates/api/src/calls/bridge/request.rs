//! What is asked of the bridge over HTTPS.

use crate::{calls::message::WireText, model::Secret};
use std::fmt;

/// A request to the bridge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The path; it never holds a token.
    pub path: String,
    /// The credential.
    pub auth: Auth,
    /// The JSON body.
    pub body: Option<WireText>,
}

/// A request's method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// `POST`.
    Post,
    /// `DELETE`.
    Delete,
}

/// A request's credential.
#[derive(Clone)]
pub enum Auth {
    /// The site's web-calling token, as a bearer; the driver has it.
    WebCalling,
    /// The call's token, in the header `X-Call-Token`.
    CallToken(Secret),
}

impl PartialEq for Auth {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::WebCalling, Self::WebCalling) => true,
            (Self::CallToken(one), Self::CallToken(two)) => one.ct_eq(two.expose()),
            _ => false,
        }
    }
}

impl Eq for Auth {}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WebCalling => "WebCalling",
            Self::CallToken(_) => "CallToken",
        })
    }
}
