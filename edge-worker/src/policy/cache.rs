//! Which answers an isolate keeps for a moment, under what name, and which it never keeps.
//!
//! Kept are lists that many look at and few change. The name holds everything an answer can depend on,
//! so nobody is given what was made for another tenant, role or right; what is no part of the name is
//! not sent to the platform for these operations.

use perch_api::operation::{OperationSpec, Safety};
use sha2::{Digest as _, Sha256};

/// Operations whose answers are kept. Changes of the same family drop them.
const KEPT: [&str; 11] = [
    "agents.attributes.list",
    "agents.branches.list",
    "agents.connectors.list",
    "agents.kb.topics.list",
    "agents.list",
    "agents.numbers.list",
    "agents.rtc.list",
    "agents.variants.list",
    "agents.voices.list",
    "alerts.rules.list",
    "webhooks.list",
];

/// How long an answer is given as it is, in milliseconds.
pub const FRESH_MS: u32 = 10_000;
/// How long after that it is still given, once, while a new one is fetched.
pub const STALE_MS: u32 = 60_000;
/// Answers kept at most.
pub const ENTRIES: u32 = 256;
/// Largest answer that is kept, in UTF-16 units.
pub const ENTRY_SIZE: u32 = 65_536;
/// All of them together.
pub const TOTAL_SIZE: u32 = 4_194_304;

/// Everything an answer can depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key<'a> {
    /// Whose it is.
    pub tenant: &'a str,
    /// What the caller may do.
    pub role: &'a str,
    /// Whether the caller may see personal data.
    pub pii: bool,
    /// The operation's id.
    pub operation: &'a str,
    /// The whole address: region, path and query as they are sent.
    pub url: &'a str,
    /// The credential's header lines: an answer to another key is another answer.
    pub credentials: &'a str,
    /// `Accept`.
    pub accept: &'a str,
    /// `Accept-Language`.
    pub language: &'a str,
}

impl Key<'_> {
    /// The name: a hash over every field behind its length, so that no field can run into the next.
    pub fn name(&self) -> [u8; 32] {
        let Self { tenant, role, pii, operation, url, credentials, accept, language } = *self;
        let pii = if pii { "1" } else { "0" };
        let mut hash = Sha256::new_with_prefix(b"perch cache v1");
        for field in [tenant, role, pii, operation, url, credentials, accept, language] {
            hash.update(u64::try_from(field.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(field.as_bytes());
        }
        hash.finalize().into()
    }
}

/// Whether answers of the operation are kept.
pub fn is_kept(spec: &OperationSpec) -> bool {
    spec.safety == Safety::Read && KEPT.contains(&spec.id)
}

/// What a platform's answer says about being kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offered<'a> {
    /// The status.
    pub status: u16,
    /// `Cache-Control`, empty without.
    pub control: &'a str,
    /// `Vary`, empty without.
    pub vary: &'a str,
    /// Whether there is a `Set-Cookie`.
    pub has_cookie: bool,
}

/// Whether this answer may be kept.
pub fn may_keep(offered: &Offered<'_>) -> bool {
    let words = |list: &str, hit: fn(&str) -> bool| {
        list.split(',').any(|word| {
            let name = word.split('=').next().unwrap_or_default().trim().to_ascii_lowercase();
            hit(&name)
        })
    };
    let is_barred = |word: &str| matches!(word, "private" | "no-store" | "no-cache");
    // Named or the same for everybody.
    let is_unnamed = |word: &str| {
        !matches!(word, "" | "accept" | "accept-language" | "accept-encoding" | "origin")
    };
    offered.status == 200
        && !offered.has_cookie
        && !words(offered.control, is_barred)
        && !words(offered.vary, is_unnamed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use perch_api::operation::{Method, by_id};
    use proptest::prelude::*;

    #[test]
    fn only_reads_are_kept() {
        for id in KEPT {
            let spec = by_id(id).unwrap();
            assert!(is_kept(spec) && spec.method == Method::Get, "{id}");
        }
        for id in
            ["conversations.v3.list", "conversations.get", "conversations.audio", "agents.create"]
        {
            assert!(!is_kept(by_id(id).unwrap()), "{id}");
        }
    }

    #[test]
    fn t42_what_is_private_or_odd_is_never_kept() {
        let plain = Offered { status: 200, control: "", vary: "", has_cookie: false };
        assert!(may_keep(&plain));
        assert!(may_keep(&Offered {
            control: "public, max-age=60",
            vary: "Accept-Encoding, Origin",
            ..plain
        }));
        for status in [201, 203, 204, 206, 301, 304, 401, 404, 429, 500, 503] {
            assert!(!may_keep(&Offered { status, ..plain }), "{status}");
        }
        for control in
            ["private", "no-store", "max-age=0, No-Store", "PRIVATE=\"x\"", "no-cache", "a,private"]
        {
            assert!(!may_keep(&Offered { control, ..plain }), "{control}");
        }
        for vary in ["*", "cookie", "accept, x-tenant", "Authorization"] {
            assert!(!may_keep(&Offered { vary, ..plain }), "{vary}");
        }
        assert!(!may_keep(&Offered { has_cookie: true, ..plain }));
    }

    fn named(fields: &[String; 7], pii: bool) -> [u8; 32] {
        let [tenant, role, operation, url, credentials, accept, language] = fields;
        Key { tenant, role, pii, operation, url, credentials, accept, language }.name()
    }

    proptest! {
        #[test]
        fn t40_every_field_counts(
            fields in prop::array::uniform7("[a-c]{0,3}"), pii: bool, at in 0..8_usize, other in "[a-c]{0,3}",
        ) {
            let mut changed = fields.clone();
            let mut turned = pii;
            match changed.get_mut(at) {
                Some(field) => *field = other,
                None => turned = !pii,
            }
            let same = changed == fields && turned == pii;
            prop_assert_eq!(named(&fields, pii) == named(&changed, turned), same);
        }

        // Moving letters over a border keeps the concatenation and must change the name.
        #[test]
        fn t41_fields_do_not_run_into_each_other(
            fields in prop::array::uniform7("[ab]{0,4}"), at in 0..6_usize, cut in 0..5_usize, pii: bool,
        ) {
            let mut moved = fields.clone();
            let joined = format!("{}{}", fields[at], fields[at + 1]);
            let (left, right) = joined.split_at(cut.min(joined.len()));
            (moved[at], moved[at + 1]) = (left.to_owned(), right.to_owned());
            prop_assert_eq!(named(&fields, pii) == named(&moved, pii), fields == moved);
        }
    }
}
