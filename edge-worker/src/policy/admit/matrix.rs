//! Every operation for every role, generated from the table.

use perch_api::operation::{self, Audience, Safety};

use super::{Admitted, admit};
use crate::config::fixture::config;
use crate::error::Refusal;
use crate::policy::identity::Identity;
use crate::policy::identity::tests::ada;
use crate::policy::personal::Filter;
use crate::router::Method;

const ROLES: [Audience; 5] =
    [Audience::Viewer, Audience::Analyst, Audience::Operator, Audience::Publisher, Audience::Admin];

fn sample(path: &str) -> String {
    let ids = [("account_id", "ws-1"), ("accountId", "ws-1"), ("project_id", "PROJECT-1")];
    let ids = ids.into_iter().chain([("agentId", "PROJECT-1"), ("version", "v1")]);
    let named =
        ids.fold(path.to_owned(), |path, (name, id)| path.replace(&format!("{{{name}}}"), id));
    named.replace('{', "x-").replace('}', "")
}

fn try_it(id: &str, role: Audience, pii: bool) -> Result<Admitted, Refusal> {
    let spec = operation::by_id(id).unwrap();
    let who = Identity { role, pii, ..ada() };
    let method = Method::parse(spec.method.as_str()).unwrap();
    let path = sample(spec.path);
    admit(&config(), &who, method, (spec.host.as_str(), &path, ""), None)
}

#[test]
fn t63_each_role_is_admitted_to_what_the_table_says() {
    for spec in operation::all() {
        let needed = ROLES.iter().position(|role| *role == spec.audience);
        for (at, role) in ROLES.into_iter().enumerate() {
            let answer = try_it(spec.id, role, true).map(|admitted| admitted.spec.id);
            let expected = match needed {
                None => Err(Refusal::UnknownRoute),
                Some(needed) if at < needed => Err(Refusal::RoleTooLow),
                Some(_) => Ok(spec.id),
            };
            assert_eq!(answer, expected, "{} by {role:?}", spec.id);
        }
        let nobody = try_it(spec.id, Audience::Nobody, true).err();
        assert!(matches!(nobody, Some(Refusal::RoleTooLow | Refusal::UnknownRoute)), "{}", spec.id);
    }
}

#[test]
fn t63_no_change_goes_unrecorded_and_no_danger_without_presence() {
    for spec in operation::all().filter(|spec| spec.audience != Audience::Nobody) {
        let duty = try_it(spec.id, Audience::Admin, true).unwrap().duty;
        let is_change = spec.safety != Safety::Read;
        assert!(!is_change || duty.is_recorded && !duty.is_plain(), "{}", spec.id);
        let is_final = matches!(spec.safety, Safety::Destructive | Safety::Cost);
        assert!(!is_final || duty.needs_presence, "{}", spec.id);
    }
}

#[test]
fn t64_without_the_right_nothing_personal_leaves_as_it_is() {
    for spec in operation::all().filter(|spec| spec.audience != Audience::Nobody) {
        let open = try_it(spec.id, Audience::Admin, true).unwrap();
        let closed = try_it(spec.id, Audience::Admin, false);
        let is_personal = open.duty.is_recorded && !open.duty.controls.is_change;
        match closed {
            Err(refusal) => assert_eq!((refusal, is_personal), (Refusal::PersonalData, true)),
            Ok(closed) if is_personal => {
                let is_redacted = closed.url.ends_with("?redacted=true");
                assert!(closed.duty.filter == Filter::Mask || is_redacted, "{}", spec.id);
                assert!(!closed.duty.is_recorded, "{}", spec.id);
            }
            Ok(closed) => assert_eq!(closed.url, open.url, "{}", spec.id),
        }
    }
}
