//! Which operator request becomes which platform request: the operation table and nothing else.

use std::rc::Rc;

use perch_api::operation::{self, Audience, Host, Miss, OperationSpec};

use super::controls::Controls;
use super::duty::Duty;
use super::identity::Identity;
use super::{path, personal, tenancy};
use crate::config::{Config, Tenant};
use crate::error::Refusal;
use crate::router::Method;

/// A request that may go to the platform.
#[derive(Debug, PartialEq, Eq)]
pub struct Admitted {
    /// The whole address.
    pub url: String,
    /// The operation's row, which also says what key it needs.
    pub spec: &'static OperationSpec,
    /// Whose keys, in which region.
    pub tenant: Rc<Tenant>,
    /// What it is subject to.
    pub duty: Duty,
}

/// Admits a request, or says why not.
///
/// `host`, `path` and `query` are raw. The address is built from the configured base, the row's own
/// template and checked values; no byte before the path comes from the caller. `account` is the name in
/// `X-Perch-Account`, which may only choose among configured accounts.
pub fn admit(
    config: &Config,
    who: &Identity,
    method: Method,
    (host, path, query): (&str, &str, &str),
    account: Option<&str>,
) -> Result<Admitted, Refusal> {
    let host = Host::parse(host).ok_or(Refusal::UnknownRoute)?;
    let method = operation::Method::parse(method.as_str()).ok_or(Refusal::MethodNotAllowed)?;
    let found = operation::find(host, method, path).map_err(|miss| match miss {
        Miss::Malformed => Refusal::BadPath,
        Miss::Method => Refusal::MethodNotAllowed,
        _ => Refusal::UnknownRoute,
    })?;
    if found.spec.audience == Audience::Nobody {
        return Err(Refusal::UnknownRoute);
    }
    if !found.spec.audience.admits(who.role) {
        return Err(Refusal::RoleTooLow);
    }
    let tenant = tenancy::resolve(
        config,
        found.param("account_id").or_else(|| found.param("accountId")),
        found.param("project_id").or_else(|| found.param("agentId")),
        account,
    )?;
    check_query_names(found.spec.query, query)?;
    let controls = Controls::of(found.spec);
    let handling = personal::handle(found.spec, controls.personal, who.pii, query)?;
    let base = tenant.base(host).ok_or(Refusal::NotConfigured)?;
    let mut url = String::with_capacity(256);
    url.push_str(base);
    url.push_str(&found.path());
    if !handling.query.is_empty() {
        url.push('?');
        url.push_str(&handling.query);
    }
    let duty = Duty::of(controls, &handling, &found);
    Ok(Admitted { url, spec: found.spec, tenant, duty })
}

fn check_query_names(known: &[&str], query: &str) -> Result<(), Refusal> {
    path::check_query(query)?;
    for part in query.split('&').filter(|part| !part.is_empty()) {
        // Compared undecoded: an escaped name is never a known one.
        let (name, _) = part.split_once('=').unwrap_or((part, ""));
        if !known.contains(&name) {
            return Err(Refusal::QueryNotAllowed);
        }
    }
    Ok(())
}

#[cfg(test)]
mod matrix;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::fixture::config;
    use crate::policy::identity::tests::ada;
    use perch_api::operation::CredentialKind;
    use proptest::prelude::*;

    const LIST: &str = "/v3/ws-1/PROJECT-1/conversations";

    fn by(role: Audience) -> Identity {
        Identity { role, pii: role == Audience::Admin, ..ada() }
    }

    fn get(host: &str, path: &str, query: &str) -> Result<Admitted, Refusal> {
        admit(&config(), &by(Audience::Viewer), Method::Get, (host, path, query), None)
    }

    #[test]
    fn documented_reads_pass() {
        let list = get("platform", LIST, "limit=50&channel=chat&channel=voice").unwrap();
        assert_eq!(
            list.url,
            format!("http://127.0.0.1:4102{LIST}?limit=50&channel=chat&channel=voice")
        );
        assert_eq!(list.spec.credential, CredentialKind::Conversations);
        let one = get("build", "/v1/agents/PROJECT-1/conversations/CA-1", "").unwrap();
        assert_eq!(one.url, "http://127.0.0.1:4101/v1/agents/PROJECT-1/conversations/CA-1");
        assert_eq!(one.spec.credential, CredentialKind::Workspace);
    }

    #[test]
    fn other_tenants_do_not_exist() {
        for (host, path) in [
            ("platform", "/v3/ws-2/PROJECT-1/conversations"),
            ("platform", "/v3/ws-1/PROJECT-2/conversations"),
            ("platform", "/v3/WS-1/PROJECT-1/conversations"),
            ("build", "/v1/agents/PROJECT-2/conversations/CA-1"),
        ] {
            assert_eq!(get(host, path, ""), Err(Refusal::UnknownRoute), "{path}");
        }
    }

    #[test]
    fn what_has_no_row_or_no_audience_does_not_exist() {
        for (host, path) in [
            ("build", LIST),
            ("platform", "/v4/ws-1/PROJECT-1/conversations"),
            ("messaging", "/api/v1/access-token"),
            ("evil.example", LIST),
            ("", LIST),
            ("PLATFORM", LIST),
        ] {
            let refusal = get(host, path, "").unwrap_err();
            assert!(matches!(refusal, Refusal::UnknownRoute | Refusal::MethodNotAllowed), "{path}");
        }
        for (host, path) in [
            ("messaging", "/api/v1/access-token"),
            ("messaging", "/api/v1/sessions"),
            ("platform", "/v1/ws-1/PROJECT-1/chat/create"),
        ] {
            let admin =
                admit(&config(), &by(Audience::Admin), Method::Post, (host, path, ""), None);
            assert_eq!(admin, Err(Refusal::UnknownRoute), "{path}");
        }
        assert_eq!(get("platform", &format!("{LIST}/"), ""), Err(Refusal::BadPath));
        let post =
            admit(&config(), &by(Audience::Admin), Method::Post, ("platform", LIST, ""), None);
        assert_eq!(post, Err(Refusal::MethodNotAllowed));
    }

    #[test]
    fn queries_are_the_documented_ones() {
        for query in
            ["evil=1", "limit=1&evil=1", "%6cimit=1", "LIMIT=1", "limit=1&&x", "limit", "=1"]
        {
            // A limit that says nothing is no small page.
            let expected =
                if query == "limit" { Refusal::PersonalData } else { Refusal::QueryNotAllowed };
            assert_eq!(get("platform", LIST, query), Err(expected), "{query}");
        }
        assert_eq!(get("platform", LIST, "query=a%0d%0ab"), Err(Refusal::BadPath));
        assert_eq!(
            get("build", "/v1/agents/PROJECT-1/conversations/CA-1", "limit=1"),
            Err(Refusal::QueryNotAllowed)
        );
    }

    #[test]
    fn nobody_is_admitted_without_a_role() {
        let nobody =
            admit(&config(), &by(Audience::Nobody), Method::Get, ("platform", LIST, ""), None);
        assert_eq!(nobody, Err(Refusal::RoleTooLow));
    }

    #[test]
    fn a_telephone_number_crosses_as_it_is() {
        let numbers = "/v1/agents/PROJECT-1/telephony/phone-numbers";
        let one = get("build", &format!("{numbers}/%2B447700900123"), "").unwrap();
        assert_eq!(one.url, format!("http://127.0.0.1:4101{numbers}/%2B447700900123"));
        assert_eq!(get("build", &format!("{numbers}/%2B44%2F.."), ""), Err(Refusal::BadPath));
        let other = numbers.replace("PROJECT-1", "PROJECT-2");
        assert_eq!(get("build", &format!("{other}/%2B44"), ""), Err(Refusal::UnknownRoute));
    }

    #[test]
    fn each_role_has_its_own_reach() {
        let reach = |role| operation::all().filter(|spec| spec.audience.admits(role)).count();
        let all: Vec<_> = Audience::ALL.iter().map(|role| reach(*role)).collect();
        assert!(all.windows(2).skip(1).all(|pair| matches!(pair, [above, below] if above > below)));
        for (id, role) in [
            ("agents.deployments.promote", Audience::Publisher),
            ("agents.outbound.create", Audience::Publisher),
            ("sms.send", Audience::Publisher),
            ("webhooks.rotate_secret", Audience::Nobody),
            ("agents.delete", Audience::Admin),
            ("conversations.audio", Audience::Analyst),
            ("handoff.get", Audience::Analyst),
            ("webrtc.ice_servers", Audience::Nobody),
            ("dni.reserve", Audience::Nobody),
            ("external_events.webhook", Audience::Nobody),
        ] {
            assert_eq!(operation::by_id(id).map(|spec| spec.audience), Some(role), "{id}");
        }
    }

    proptest! {
        #[test]
        fn t20_no_input_moves_the_host(host in ".{0,12}", path in "/.{0,40}", query in ".{0,20}") {
            if let Ok(admitted) = get(&host, &path, &query) {
                prop_assert!(admitted.url.starts_with("http://127.0.0.1:410"));
            }
        }

        #[test]
        fn t22_no_id_leaves_its_segment(id in "[!-~]{1,24}") {
            let path = format!("/v1/agents/PROJECT-1/conversations/{id}");
            if let Ok(admitted) = get("build", &path, "") {
                let rest = admitted.url.strip_prefix("http://127.0.0.1:4101/v1/agents/PROJECT-1/conversations/");
                prop_assert!(rest.is_some_and(|rest| !rest.contains(['/', '?', '#', '\\', '@', ';'])));
            }
        }
    }
}
