//! What came in: headers and bytes, nothing read yet.

/// Names of the headers, as the platform writes them; reading ignores letter case.
pub mod header {
    /// Unix seconds at sending.
    pub const TIMESTAMP: &str = "X-PolyAI-Timestamp";
    /// The signature, 64 lower-case hex digits.
    pub const SIGNATURE: &str = "X-PolyAI-Signature";
    /// The event's id: stable across retries, not signed.
    pub const EVENT_ID: &str = "X-PolyAI-Event-ID";
}

/// A header is not there exactly once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HeaderFault {
    /// It is not there.
    #[error("the delivery has no {0} header")]
    Missing(&'static str),
    /// It is there more than once, so which one counts would be a guess.
    #[error("the delivery has more than one {0} header")]
    Duplicate(&'static str),
}

/// One HTTP delivery as received: header fields in their order and the raw body.
///
/// Header values are bytes, since a proxy may hand on anything.
#[derive(Clone)]
pub struct Delivery<'a> {
    headers: Vec<(&'a str, &'a [u8])>,
    body: &'a [u8],
}

impl<'a> Delivery<'a> {
    /// Wraps what was received. Pass every header: [`explain`](super::explain()) reads others too.
    pub fn new<N, V>(headers: impl IntoIterator<Item = (&'a N, &'a V)>, body: &'a [u8]) -> Self
    where
        N: AsRef<str> + ?Sized + 'a,
        V: AsRef<[u8]> + ?Sized + 'a,
    {
        let headers =
            headers.into_iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
        Self { headers, body }
    }

    /// The raw body.
    pub fn body(&self) -> &'a [u8] {
        self.body
    }

    /// Every header field, as it came.
    pub fn headers(&self) -> &[(&'a str, &'a [u8])] {
        &self.headers
    }

    /// The values of a header, in their order.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        self.headers.iter().filter(move |(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| *v)
    }

    /// The one value of a header.
    pub(super) fn one(&self, name: &'static str) -> Result<&'a [u8], HeaderFault> {
        let mut values = self.all(name);
        let value = values.next().ok_or(HeaderFault::Missing(name))?;
        if values.next().is_some() {
            return Err(HeaderFault::Duplicate(name));
        }
        Ok(value)
    }
}
