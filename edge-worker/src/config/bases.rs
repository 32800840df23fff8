//! Where the platform is, region by region. Nothing else can be dialled.

use std::rc::Rc;

use perch_api::operation::Host;
use perch_api::region::Region;
use serde::Deserialize;

use super::ConfigError;
use crate::policy::origin;

/// One region's base addresses, one per kind of host; by default it has none.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Bases([Option<String>; 4]);

/// The base addresses of every region: the vendor's own table, or simulators.
pub enum Regions {
    /// The vendor's regions.
    Real,
    /// One simulator stands for every region.
    Simulator(Rc<Bases>),
    /// A simulator for each region by name.
    Simulators(Vec<(String, Rc<Bases>)>),
}

const HOSTS: [Host; 4] = [Host::Build, Host::Platform, Host::Messaging, Host::Webrtc];
const SIMULATOR: &str = "PERCH_SIMULATOR";

impl Regions {
    /// Reads the simulators' addresses; `simulator` is nothing where the real platform is meant.
    pub(super) fn read(simulator: Option<&str>) -> Result<Self, ConfigError> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Given {
            One(Addresses),
            Each(std::collections::BTreeMap<String, Addresses>),
        }
        let Some(text) = simulator else { return Ok(Self::Real) };
        match serde_json::from_str(text).map_err(|_| ConfigError(SIMULATOR))? {
            Given::One(addresses) => Ok(Self::Simulator(addresses.bases()?)),
            Given::Each(regions) => regions
                .into_iter()
                .map(|(name, addresses)| Ok((name, addresses.bases()?)))
                .collect::<Result<_, _>>()
                .map(Self::Simulators),
        }
    }

    /// The region's own name and its addresses; nothing for an unknown region.
    pub(super) fn find(&self, name: &str) -> Option<(String, Rc<Bases>)> {
        match self {
            Self::Real => {
                let region = Region::parse(name).ok()?;
                let bases = HOSTS.map(|host| Some(format!("https://{}", region.host(host)?)));
                Some((region.code().to_owned(), Rc::new(Bases(bases))))
            }
            Self::Simulator(bases) => Some((name.to_owned(), Rc::clone(bases))),
            Self::Simulators(regions) => regions
                .iter()
                .find(|(own, _)| own == name)
                .map(|(own, bases)| (own.clone(), Rc::clone(bases))),
        }
    }
}

impl Bases {
    /// The base address, such as `https://api.us.poly.ai`.
    pub fn of(&self, host: Host) -> Option<&str> {
        let [build, platform, messaging, webrtc] = &self.0;
        match host {
            Host::Build => build,
            Host::Platform => platform,
            Host::Messaging => messaging,
            Host::Webrtc => webrtc,
        }
        .as_deref()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Addresses {
    build: Option<String>,
    platform: Option<String>,
    messaging: Option<String>,
    webrtc: Option<String>,
}

impl Addresses {
    fn bases(self) -> Result<Rc<Bases>, ConfigError> {
        let bases = [self.build, self.platform, self.messaging, self.webrtc];
        if bases.iter().flatten().all(|base| is_loopback(base)) {
            Ok(Rc::new(Bases(bases)))
        } else {
            Err(ConfigError(SIMULATOR))
        }
    }
}

// A simulator runs on this machine; a slip here must not send a real key over a network.
pub(super) fn is_loopback(base: &str) -> bool {
    let local = ["http://127.0.0.1:", "http://localhost:"];
    origin::is_well_formed(base) && local.iter().any(|start| base.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_regions_have_the_vendors_hosts() {
        let of = |name: &str, host| {
            let (code, bases) = Regions::Real.find(name)?;
            Some((code, bases.of(host)?.to_owned()))
        };
        let found = |code: &str, base: &str| Some((code.to_owned(), base.to_owned()));
        assert_eq!(of("euw-1", Host::Build), found("euw-1", "https://api.eu.poly.ai"));
        assert_eq!(of("eu", Host::Build), found("euw-1", "https://api.eu.poly.ai"));
        let platform = "https://api.euw-1.platform.polyai.app";
        assert_eq!(of("euw-1", Host::Platform), found("euw-1", platform));
        assert_eq!(of("studio", Host::Messaging), None);
        assert_eq!(of("mars", Host::Build), None);
    }

    #[test]
    fn one_simulator_or_one_for_each_region() {
        let one = Regions::read(Some(r#"{"build":"http://127.0.0.1:1"}"#)).ok().unwrap();
        for name in ["us-1", "simulator"] {
            let (own, bases) = one.find(name).unwrap();
            assert_eq!((own.as_str(), bases.of(Host::Build)), (name, Some("http://127.0.0.1:1")));
        }
        let each =
            r#"{"us-1":{"build":"http://127.0.0.1:1"},"uk-1":{"build":"http://127.0.0.1:2"}}"#;
        let each = Regions::read(Some(each)).ok().unwrap();
        assert_eq!(each.find("uk-1").unwrap().1.of(Host::Build), Some("http://127.0.0.1:2"));
        assert!(each.find("euw-1").is_none());
    }

    #[test]
    fn simulators_are_local() {
        for base in [
            "https://evil.example",
            "http://127.0.0.1.evil.example:80",
            "http://127.0.0.1:41/x",
            "http://127.0.0.1",
            "http://user@localhost:1",
        ] {
            let one = format!(r#"{{"build":"{base}"}}"#);
            let each = format!(r#"{{"us-1":{one}}}"#);
            for text in [one, each] {
                assert_eq!(Regions::read(Some(&text)).err(), Some(ConfigError(SIMULATOR)));
            }
        }
        for odd in ["", "[]", "7", r#"{"us-1":7}"#] {
            assert_eq!(Regions::read(Some(odd)).err(), Some(ConfigError(SIMULATOR)), "{odd}");
        }
    }
}
