//! Session ids of the gateway, with the mark of the visitor's session that they belong to.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;

use crate::token::{begins_mac_of, mac_of};

/// Longest id of the gateway that is passed on.
const ID_BYTES: usize = 160;
/// Bytes of a mark: no one can guess as many.
const MARK_BYTES: usize = 16;

/// Writes and reads marked ids.
pub(super) struct Marks(Vec<[u8; 32]>);

impl Marks {
    /// The first key writes, all read.
    pub(super) fn new(keys: Vec<[u8; 32]>) -> Self {
        Self(keys)
    }

    /// `id.mark`; the bare id where there is no key, which nobody can use.
    pub(super) fn write(&self, id: &str) -> String {
        self.0.first().map_or_else(|| id.to_owned(), |key| format!("{id}.{}", mark(key, id)))
    }

    /// The id, if this visitor's session was given it.
    pub(super) fn read(&self, marked: &str) -> Option<String> {
        let (id, given) = marked.rsplit_once('.')?;
        let mut bytes = [0; MARK_BYTES];
        let length = BASE64.decode_slice(given, &mut bytes).ok()?;
        let known = length == MARK_BYTES
            && self.0.iter().any(|key| begins_mac_of(key, id.as_bytes(), &bytes));
        known.then(|| id.to_owned())
    }
}

/// Whether an id may be passed on at all.
pub(super) fn is_plain(id: &str) -> bool {
    (1..=ID_BYTES).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic())
}

fn mark(key: &[u8; 32], id: &str) -> String {
    let mac = mac_of(key, id.as_bytes());
    BASE64.encode(mac.first_chunk::<MARK_BYTES>().map_or(&[][..], |chunk| &chunk[..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_own_mark_is_read() {
        let (one, two) = (Marks::new(vec![[1; 32]]), Marks::new(vec![[2; 32], [1; 32]]));
        let marked = one.write("a.b-c");
        assert!(marked.starts_with("a.b-c."));
        assert_eq!(one.read(&marked).as_deref(), Some("a.b-c"));
        assert_eq!(two.read(&marked).as_deref(), Some("a.b-c"), "a key that is being replaced");
        assert_eq!(one.read(&two.write("a.b-c")), None);
        for at in 0..marked.len() {
            let mut forged = marked.clone().into_bytes();
            forged[at] ^= 1;
            assert_eq!(one.read(std::str::from_utf8(&forged).unwrap_or_default()), None, "{at}");
        }
        for odd in ["", ".", "a.b-c", "a.b-c.", &marked[..marked.len() - 1], &format!("{marked}A")]
        {
            assert_eq!(one.read(odd), None, "{odd}");
        }
        assert_eq!(Marks::new(Vec::new()).read("a."), None);
    }
}
