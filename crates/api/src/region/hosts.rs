//! From a host to its region and kind, or to words about what is wrong with it.

use super::Region;
use crate::operation::Host;

/// What is wrong with a host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HostFault {
    /// `api.poly.ai` answers nothing but errors.
    #[error(
        "api.poly.ai lacks a region and always fails: write api.us.poly.ai, api.uk.poly.ai, api.eu.poly.ai or api.studio.poly.ai"
    )]
    NoRegion,
    /// `messaging.poly.ai` serves scripts; no cluster answers there.
    #[error(
        "messaging.poly.ai is no cluster: write messaging.us-1.poly.ai, messaging.uk-1.poly.ai or messaging.euw-1.poly.ai"
    )]
    NoCluster,
    /// The region is spelled the way another kind of host spells it, or a part is missing.
    #[error("no such host; {expected} is meant")]
    Misspelt {
        /// The right spelling.
        expected: &'static str,
    },
    /// A host of the vendor, of another kind than the operation needs.
    #[error("this is the {} host; the operation lives on the {} host, {expected}", .found.as_str(), .needed.as_str())]
    WrongKind {
        /// What it is.
        found: Host,
        /// What is needed.
        needed: Host,
        /// The host of that kind in the same region.
        expected: &'static str,
    },
    /// The region has no host of the kind that is needed.
    #[error("region {} has no {} host", .region.code(), .needed.as_str())]
    NoSuchKind {
        /// The region.
        region: Region,
        /// What is needed.
        needed: Host,
    },
    /// Studio is for people.
    #[error("this is Studio, which people use; its interface is {expected}")]
    Studio {
        /// The build host of its region.
        expected: &'static str,
    },
    /// A host of the vendor's own staff.
    #[error("this cluster is internal to the vendor: keys of customers do not work there")]
    Internal,
    /// Telephone lines end here, not programs.
    #[error("this host takes SIP calls; programs use the interface of a region")]
    Telephony,
    /// Another host of the vendor, without a public interface.
    #[error("this host of the vendor has no public interface")]
    NotPublic,
    /// Somebody else's host.
    #[error("this host does not belong to the platform")]
    Foreign,
}

/// What a host is. Takes a bare host or a whole address; with `needed`, the kind must be that one.
pub fn identify(text: &str, needed: Option<Host>) -> Result<(Region, Host), HostFault> {
    let host = host_of(text);
    let (service, rest) = host.split_once('.').ok_or(HostFault::Foreign)?;
    match host.as_str() {
        "api.poly.ai" => return Err(HostFault::NoRegion),
        "messaging.poly.ai" => return Err(HostFault::NoCluster),
        _ => {}
    }
    let (place, domain) = ["platform.polyai.app", "polyai.app", "poly.ai"]
        .into_iter()
        .find_map(|domain| Some((rest.strip_suffix(domain)?, domain)))
        .filter(|(place, _)| place.is_empty() || place.ends_with('.'))
        .ok_or(HostFault::Foreign)?;
    let place = place.trim_end_matches('.');
    if ["staging", "dev"].iter().any(|inner| place.split('.').any(|label| label == *inner)) {
        return Err(HostFault::Internal);
    }
    if service == "studio" {
        let region = if place.is_empty() { Ok(Region::Studio) } else { Region::parse(place) };
        let expected = region.ok().and_then(|region| region.host(Host::Build));
        return Err(
            expected.map_or(HostFault::NotPublic, |expected| HostFault::Studio { expected })
        );
    }
    if service.starts_with("kam") {
        return Err(HostFault::Telephony);
    }
    let kind = match (service, domain) {
        ("api", "poly.ai") => Host::Build,
        ("api", _) => Host::Platform,
        ("messaging", _) => Host::Messaging,
        ("webrtc-gateway", _) => Host::Webrtc,
        _ => return Err(HostFault::NotPublic),
    };
    let region = region_of(place).ok_or(HostFault::NotPublic)?;
    let right = region.host(kind).ok_or(HostFault::NoSuchKind { region, needed: kind })?;
    if right != host {
        return Err(HostFault::Misspelt { expected: right });
    }
    let Some(needed) = needed else { return Ok((region, kind)) };
    let expected = region.host(needed).ok_or(HostFault::NoSuchKind { region, needed })?;
    // One host may be of two kinds, as in the self-serve cluster.
    if expected == host {
        Ok((region, needed))
    } else {
        Err(HostFault::WrongKind { found: kind, needed, expected })
    }
}

/// The host of an address, in lower case, without scheme, port, path and trailing dot.
pub(super) fn host_of(text: &str) -> String {
    let text = text.trim();
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = text.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase()
}

/// Any spelling of a region that shows which one is meant.
fn region_of(place: &str) -> Option<Region> {
    match place {
        "eu-1" | "euw1" => Some(Region::Eu),
        "us1" => Some(Region::Us),
        "uk1" => Some(Region::Uk),
        other => Region::parse(other).ok(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_host_of_the_table_is_known() {
        for &region in Region::ALL {
            for &kind in Host::ALL {
                let Some(host) = region.host(kind) else { continue };
                // The self-serve cluster has no signalling of its own and borrows another region's.
                let borrowed = region == Region::Studio && kind == Host::Webrtc;
                let expected = if borrowed { Region::Us } else { region };
                assert_eq!(identify(host, Some(kind)), Ok((expected, kind)), "{host}");
                assert_eq!(
                    identify(&format!("HTTPS://{host}:443/v1?a#b"), Some(kind)),
                    Ok((expected, kind))
                );
            }
        }
    }

    #[test]
    fn what_is_wrong_is_said_in_words() {
        let misspelt = |expected| HostFault::Misspelt { expected };
        for (host, fault) in [
            ("https://api.poly.ai/v1", HostFault::NoRegion),
            ("messaging.poly.ai", HostFault::NoCluster),
            ("api.us-1.poly.ai", misspelt("api.us.poly.ai")),
            ("api.euw-1.poly.ai", misspelt("api.eu.poly.ai")),
            ("api.us.platform.polyai.app", misspelt("api.us-1.platform.polyai.app")),
            ("api.eu-1.platform.polyai.app", misspelt("api.euw-1.platform.polyai.app")),
            ("messaging.eu.poly.ai", misspelt("messaging.euw-1.poly.ai")),
            ("webrtc-gateway.us-1.polyai.app", misspelt("webrtc-gateway.us-1.platform.polyai.app")),
            ("studio.uk.poly.ai", HostFault::Studio { expected: "api.uk.poly.ai" }),
            ("studio.poly.ai", HostFault::Studio { expected: "api.studio.poly.ai" }),
            ("api.staging.us-1.platform.polyai.app", HostFault::Internal),
            ("api.dev.poly.ai", HostFault::Internal),
            ("kam1.sg-1.polyai.app", HostFault::Telephony),
            ("app.poly.ai", HostFault::NotPublic),
            ("api.sg-1.platform.polyai.app", HostFault::NotPublic),
            ("analytics.us-1.platform.polyai.app", HostFault::NotPublic),
            ("api.us.poly.ai.evil.example", HostFault::Foreign),
            ("evilpoly.ai", HostFault::Foreign),
            ("api.us.evilpoly.ai", HostFault::Foreign),
            ("user@evil.example", HostFault::Foreign),
            ("", HostFault::Foreign),
        ] {
            assert_eq!(identify(host, None), Err(fault), "{host}");
        }
    }

    #[test]
    fn a_mixed_up_kind_names_the_right_host() {
        let fault = identify("api.us.poly.ai", Some(Host::Platform)).unwrap_err();
        assert_eq!(
            fault.to_string(),
            "this is the build host; the operation lives on the platform host, api.us-1.platform.polyai.app"
        );
        let fault = identify("api.studio.poly.ai", Some(Host::Messaging)).unwrap_err();
        assert_eq!(fault.to_string(), "region studio has no messaging host");
        let both =
            [Host::Build, Host::Platform].map(|kind| identify("api.studio.poly.ai", Some(kind)));
        assert!(both.iter().all(Result::is_ok));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,60}") {
            let _ = identify(&text, None);
            let _ = identify(&format!("api.{text}.poly.ai"), Some(Host::Build));
        }
    }
}
