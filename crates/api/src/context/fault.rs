//! Why a token was not made, or not believed.

use super::{MAX_CONTEXT_BYTES, MAX_LIFETIME_S, MAX_TOKEN_BYTES};

/// Why a token was not minted: the field, its limit, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ContextFault {
    /// `kid` is empty, longer than 200 bytes, or has control characters.
    #[error(
        "minting a context token: kid must have 1 to 200 printable characters; use the key id that was issued with the secret"
    )]
    KeyId,
    /// The secret is empty.
    #[error("minting a context token: the secret is empty; set it, as text, as it was issued")]
    Secret,
    /// `sub` is empty: the widget gave no context id.
    #[error(
        "minting a context token: sub is empty; mint only when the widget's handler was given a contextId"
    )]
    NoContextId,
    /// The lifetime is out of range.
    #[error(
        "minting a context token: exp - iat is {lifetime_s} s, allowed are 1 to {MAX_LIFETIME_S} s; mint anew for each request instead"
    )]
    Lifetime {
        /// What was asked for.
        lifetime_s: u32,
    },
    /// The clock shows a time before 1970, or one that overflows.
    #[error(
        "minting a context token: iat is out of range; pass the time in Unix seconds, not milliseconds"
    )]
    Clock,
    /// A value is an object or a list.
    #[error(
        "minting a context token: ctx.{name} is nested, allowed are strings, numbers and booleans; flatten it"
    )]
    Nested {
        /// Its name.
        name: String,
    },
    /// `ctx` is too large.
    #[error(
        "minting a context token: ctx has {bytes} bytes as JSON, allowed are {MAX_CONTEXT_BYTES}; send references instead of records"
    )]
    ContextSize {
        /// Its size.
        bytes: usize,
    },
    /// The token is too large, which only long ids can bring about.
    #[error(
        "minting a context token: the token has {bytes} bytes, allowed are {MAX_TOKEN_BYTES}; shorten the context id"
    )]
    TokenSize {
        /// Its size.
        bytes: usize,
    },
}

/// Why a token was not believed. Nothing in it comes from the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenFault {
    /// Larger than 16 KB.
    #[error("verifying a context token: it has more than {MAX_TOKEN_BYTES} bytes")]
    Size,
    /// Not three parts of unpadded base64url with JSON objects in the first two.
    #[error("verifying a context token: it is no compact JWT")]
    Malformed,
    /// `alg` is not HS256.
    #[error("verifying a context token: its alg is not HS256")]
    Algorithm,
    /// `crit` names extensions that nobody knows here.
    #[error("verifying a context token: it has critical extensions")]
    Critical,
    /// `kid` is missing, or no key has it.
    #[error("verifying a context token: no known key has its kid")]
    UnknownKey,
    /// The signature is wrong.
    #[error("verifying a context token: the signature is wrong")]
    Signature,
    /// `sub`, `iat`, `exp` or `ctx` is missing or of the wrong type.
    #[error("verifying a context token: {0} is missing or of the wrong type")]
    Claim(&'static str),
    /// `exp - iat` is not 1 to 30 s.
    #[error("verifying a context token: it lives longer than {MAX_LIFETIME_S} s, or not at all")]
    Lifetime,
    /// It is over.
    #[error("verifying a context token: it expired {0} s ago")]
    Expired(i64),
    /// Its time has not come.
    #[error("verifying a context token: it was issued {0} s ahead of now")]
    Early(i64),
    /// `ctx` is larger than 8 KB.
    #[error("verifying a context token: ctx has more than {MAX_CONTEXT_BYTES} bytes")]
    ContextSize,
}
