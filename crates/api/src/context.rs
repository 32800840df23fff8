//! Verified-context tokens: a backend vouches for values that an agent's functions may read.
//!
//! A token is a JWT, HS256, with the key's id as `kid`; `sub` is the context id that the widget
//! handed out, `ctx` a flat object, and it lives for 30 seconds at most. The platform answers a bad
//! token with a plain 401, or, in the widget, with nothing at all; so every limit is enforced here,
//! before signing, and each fault names the field, the limit and the remedy.
//!
//! The secret is used as UTF-8 text, as issued: decoding its hex first is the classic mistake.
//!
//! On `null`, two pages of the vendor disagree. [`mint()`] lets it through and warns.
//!
//! Absent on purpose: a clock (`now` is an argument), and any other algorithm.
//! Source: <https://docs.poly.ai/web-chat-widget/verified-context>.

mod claims;
mod fault;
mod mint;
mod token;

pub use self::{
    claims::{Claims, ContextValue},
    fault::{ContextFault, TokenFault},
    mint::{ContextKey, MAX_CONTEXT_BYTES, MAX_LIFETIME_S, MAX_TOKEN_BYTES, Minted, Warning, mint},
    token::{VerifiedContext, verify},
};
