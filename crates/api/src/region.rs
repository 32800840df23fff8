//! Regions: what they are called, and which host serves what.
//!
//! EU is spelled `eu` on one domain and `euw-1` on the other, so hosts come from a table and never
//! from pasting names together.

mod hosts;
mod studio;

pub use hosts::{HostFault, identify};
pub use studio::{StudioLink, StudioLinkError};

use crate::operation::Host;

/// A region of the platform. A key works only in the region it was made in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Region {
    /// United States, `us-1`.
    Us,
    /// United Kingdom, `uk-1`.
    Uk,
    /// European Union, `euw-1`.
    Eu,
    /// The self-serve Studio cluster.
    Studio,
}

/// The name fits no region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown region: write one of us-1, uk-1, euw-1, studio")]
pub struct UnknownRegion;

impl Region {
    /// Every region.
    pub const ALL: &'static [Self] = &[Self::Us, Self::Uk, Self::Eu, Self::Studio];

    /// Reads a region by its code or one of the aliases the vendor's own clients accept.
    pub fn parse(text: &str) -> Result<Self, UnknownRegion> {
        match text.trim().to_ascii_lowercase().as_str() {
            "us" | "us-1" => Ok(Self::Us),
            "uk" | "uk-1" => Ok(Self::Uk),
            "eu" | "euw" | "euw-1" => Ok(Self::Eu),
            "studio" => Ok(Self::Studio),
            _ => Err(UnknownRegion),
        }
    }

    /// The region's code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Us => "us-1",
            Self::Uk => "uk-1",
            Self::Eu => "euw-1",
            Self::Studio => "studio",
        }
    }

    /// The host name for a kind of host, or nothing where none is known.
    pub const fn host(self, kind: Host) -> Option<&'static str> {
        Some(match (self, kind) {
            (Self::Us, Host::Build) => "api.us.poly.ai",
            (Self::Us, Host::Platform) => "api.us-1.platform.polyai.app",
            (Self::Us, Host::Messaging) => "messaging.us-1.poly.ai",
            (Self::Us | Self::Studio, Host::Webrtc) => "webrtc-gateway.us-1.platform.polyai.app",
            (Self::Uk, Host::Build) => "api.uk.poly.ai",
            (Self::Uk, Host::Platform) => "api.uk-1.platform.polyai.app",
            (Self::Uk, Host::Messaging) => "messaging.uk-1.poly.ai",
            (Self::Uk, Host::Webrtc) => "webrtc-gateway.uk-1.platform.polyai.app",
            (Self::Eu, Host::Build) => "api.eu.poly.ai",
            (Self::Eu, Host::Platform) => "api.euw-1.platform.polyai.app",
            (Self::Eu, Host::Messaging) => "messaging.euw-1.poly.ai",
            (Self::Eu, Host::Webrtc) => "webrtc-gateway.euw-1.platform.polyai.app",
            (Self::Studio, Host::Build | Host::Platform) => "api.studio.poly.ai",
            (Self::Studio, Host::Messaging) => return None,
        })
    }

    /// The host of Studio, where people work and where this region's keys are made.
    pub const fn studio_host(self) -> &'static str {
        match self {
            Self::Us => "studio.us.poly.ai",
            Self::Uk => "studio.uk.poly.ai",
            Self::Eu => "studio.eu.poly.ai",
            Self::Studio => "studio.poly.ai",
        }
    }

    /// What to tell people whose key is refused (401) in this region.
    pub const fn key_advice(self) -> &'static str {
        match self {
            Self::Us => {
                "Keys for us-1 are made on studio.us.poly.ai; a key of another region is refused here."
            }
            Self::Uk => {
                "Keys for uk-1 are made on studio.uk.poly.ai; a key of another region is refused here."
            }
            Self::Eu => {
                "Keys for euw-1 are made on studio.eu.poly.ai; a key of another region is refused here."
            }
            Self::Studio => {
                "Keys for the self-serve cluster are made on studio.poly.ai; a key of another region is refused here."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_lead_to_the_code() {
        for (alias, code) in [
            ("us", "us-1"),
            ("EU", "euw-1"),
            ("euw", "euw-1"),
            (" uk-1 ", "uk-1"),
            ("studio", "studio"),
        ] {
            assert_eq!(Region::parse(alias).map(Region::code), Ok(code));
        }
        assert_eq!(Region::parse("eu-1"), Err(UnknownRegion));
        assert_eq!(Region::parse("us-1.evil.example"), Err(UnknownRegion));
    }

    #[test]
    fn every_host_stands_under_a_domain_of_the_vendor() {
        for region in Region::ALL {
            for kind in Host::ALL {
                if let Some(host) = region.host(*kind) {
                    assert!(
                        host.ends_with(".poly.ai") || host.ends_with(".platform.polyai.app"),
                        "{host}"
                    );
                }
            }
        }
        assert_eq!(Region::Studio.host(Host::Messaging), None);
    }

    #[test]
    fn the_advice_names_the_place() {
        for region in Region::ALL {
            assert!(region.key_advice().contains(region.studio_host()), "{region:?}");
        }
    }
}
