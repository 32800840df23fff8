//! Addresses: Studio's, as people copy them, and hosts.

use perch_api::{
    operation::Host,
    region::{StudioLink, identify},
};

/// An address of any text.
pub fn studio_url(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(link) = StudioLink::parse(text) {
        // Only hosts of the vendor lead anywhere, whatever stands around them.
        let rest = text.trim();
        let rest = rest.split_once("://").map_or(rest, |(_, rest)| rest);
        let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
        let host = authority.rsplit('@').next().unwrap_or_default().to_ascii_lowercase();
        let host = host.split(':').next().unwrap_or_default();
        let host = host.strip_suffix('.').unwrap_or(host);
        assert!(host.ends_with(".poly.ai") || host == "jupiter.polyai.app", "{host}");
        if let Some(url) = link.url() {
            // What stands behind an agent that has no conversation is not kept, so nothing is added.
            assert_eq!(StudioLink::parse(&url), Ok(link.clone()));
            assert_eq!(StudioLink::parse(&format!(" {url}?tab=1#turn-2 ")), Ok(link));
        }
    }
    if let Ok((region, kind)) = identify(text, None) {
        let host = region.host(kind).expect("it was just found");
        assert_eq!(identify(host, Some(kind)).map(|(again, _)| again), Ok(region));
        for other in Host::ALL.iter().filter(|other| region.host(**other) != Some(host)) {
            assert!(identify(text, Some(*other)).is_err());
        }
    }
}
