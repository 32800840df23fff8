//! Against the lists of errors and regions.

use std::collections::BTreeMap;

use perch_api::error::{CATALOGUE, ErrorBody, Repeat};
use perch_api::operation::Host;
use perch_api::region::{Region, StudioLink};

use super::{facts, list, text};

#[test]
fn error_codes_agree() {
    let Some(errors) = facts("errors.json") else { return };
    let theirs: BTreeMap<_, _> = list(&errors, "codes")
        .iter()
        .map(|code| (text(code, "code"), (code["id"].as_u64(), code["http"].as_u64())))
        .collect();
    // One code stands in an example of the envelope and in no list.
    let ours: BTreeMap<_, _> = CATALOGUE
        .iter()
        .filter(|entry| entry.code != "SCHEMA_VALIDATION_FAILED")
        .map(|entry| (entry.code, (entry.number.map(u64::from), Some(u64::from(entry.status)))))
        .collect();
    assert_eq!(ours, theirs);
    assert_eq!(ours.len(), 63);
    for code in list(&errors, "codes") {
        let name = text(code, "code");
        let entry = CATALOGUE.iter().find(|entry| entry.code == name).unwrap();
        assert_eq!(code["retryable"] == true, entry.repeat != Repeat::Never, "{name}");
    }
}

#[test]
fn every_shape_of_error_says_something() {
    let Some(errors) = facts("errors.json") else { return };
    let shapes = list(&errors, "body_shapes");
    assert!(shapes.len() >= 8);
    for shape in shapes {
        let read = ErrorBody::parse(400, shape["example"].to_string().as_bytes());
        let says = read.message.is_some() || !read.fields.is_empty() || !read.conflicts.is_empty();
        assert!(says, "{}: {read:?}", text(shape, "id"));
        for name in ["code", "error_code"] {
            if let Some(code) = shape["example"][name].as_str() {
                assert_eq!(read.code.as_deref(), Some(code), "{}", text(shape, "id"));
            }
        }
    }
}

#[test]
fn hosts_agree() {
    let Some(regions) = facts("regions.json") else { return };
    let mut seen = 0;
    for region in list(&regions, "regions") {
        let Ok(ours) = Region::parse(text(region, "code")) else { continue };
        seen += 1;
        for &kind in Host::ALL {
            assert_eq!(
                ours.host(kind),
                region["hosts"][kind.as_str()].as_str(),
                "{ours:?} {kind:?}"
            );
        }
        assert_eq!(Some(ours.studio_host()), region["hosts"]["studio"].as_str());
        let link = format!("https://{}/acme-uk/acme-team-4", ours.studio_host());
        assert_eq!(StudioLink::parse(&link).unwrap().region, Some(ours));
    }
    assert_eq!(seen, Region::ALL.len());
    for (alias, code) in regions["sdk_region_aliases"].as_object().unwrap() {
        assert_eq!(Region::parse(alias).map(Region::code).ok(), code.as_str(), "{alias}");
    }
}
