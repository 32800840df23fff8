use serde_json::json;

use super::*;

const NOW: u64 = 1_000_000;
const US: Parties<'static> = Parties { issuer: "https://id.example", audience: "perch" };

fn with(changes: &Value) -> Result<Claims, Unacceptable> {
    let mut claims = json!({
        "iss": US.issuer, "aud": US.audience, "sub": "u-1", "exp": NOW + 60, "iat": NOW - 1, "nonce": "n",
        "email": "Ada@Example.com", "email_verified": true, "groups": ["staff", "voice"], "type": "app",
    });
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    Claims::read(claims.to_string().as_bytes())
}

fn id(changes: &Value) -> Result<Person, Unacceptable> {
    with(changes)?.id_token(US, "n", "groups", NOW)
}

fn access(changes: &Value) -> Result<Person, Unacceptable> {
    with(changes)?.access(US, NOW)
}

#[test]
fn an_id_token_names_a_person() {
    let person = id(&json!({})).unwrap();
    assert_eq!((person.subject.as_str(), person.expires), ("ada@example.com", NOW + 60));
    assert_eq!(person.groups, ["staff", "voice"]);
    let unverified = id(&json!({ "email_verified": false })).unwrap();
    assert_eq!((unverified.subject.as_str(), unverified.email), ("u-1", None));
    assert!(id(&json!({ "aud": ["perch"] })).is_ok());
    assert!(id(&json!({ "aud": ["perch", "other"], "azp": "perch" })).is_ok());
    assert_eq!(id(&json!({ "groups": "one" })).unwrap().groups, ["one"]);
}

#[test]
fn t04_t61_every_claim_counts() {
    for changes in [
        json!({ "iss": "https://id.example/" }),
        json!({ "iss": "https://evil.example" }),
        json!({ "iss": null }),
        json!({ "aud": "other" }),
        json!({ "aud": ["other"] }),
        json!({ "aud": [] }),
        json!({ "aud": null }),
        json!({ "exp": NOW }),
        json!({ "exp": NOW - 1 }),
        json!({ "exp": null }),
        json!({ "exp": "soon" }),
        json!({ "exp": -1 }),
        json!({ "nbf": NOW + 61 }),
        json!({ "nbf": "long ago" }),
        json!({ "iat": [] }),
        json!({ "iss": [US.issuer] }),
        json!({ "sub": 7 }),
        json!({ "iat": NOW + 61 }),
        json!({ "sub": null, "email": null }),
        json!({ "sub": "" }),
        json!({ "sub": "two words" }),
        json!({ "sub": "setup", "email": null }),
        json!({ "sub": "x".repeat(129) }),
    ] {
        assert_eq!(id(&changes), Err(Unacceptable), "{changes}");
        assert_eq!(access(&changes), Err(Unacceptable), "{changes}");
    }
    for changes in [
        json!({ "aud": ["perch", "other"] }),
        json!({ "azp": "other" }),
        json!({ "iat": null }),
        json!({ "nonce": "m" }),
        json!({ "nonce": null }),
    ] {
        assert_eq!(id(&changes), Err(Unacceptable), "{changes}");
    }
    assert_eq!(access(&json!({ "type": "org" })), Err(Unacceptable));
    assert_eq!(access(&json!({ "type": null })), Err(Unacceptable));
    let custom = access(&json!({ "custom": { "groups": ["x"] }, "groups": null })).unwrap();
    assert_eq!(custom.groups, ["x"]);
}

#[test]
fn freshness_needs_the_time_of_the_sign_in() {
    assert!(!with(&json!({})).unwrap().is_fresh(NOW));
    assert!(!with(&json!({ "auth_time": NOW - 61 })).unwrap().is_fresh(NOW));
    assert!(with(&json!({ "auth_time": NOW - 60 })).unwrap().is_fresh(NOW));
}

#[test]
fn t63_the_highest_role_that_applies_and_nothing_by_default() {
    let rules: Vec<Rule> = serde_json::from_value(json!([
        { "group": "staff", "role": "viewer" },
        { "group": "voice", "role": "operator", "pii": false },
        { "email": "ADA@example.com", "role": "analyst" },
        { "group": "root", "role": "admin" },
    ]))
    .unwrap();
    assert!(rules.iter().all(Rule::is_sound));
    let person = |email: Option<&str>, groups: &[&str]| Person {
        subject: "x".to_owned(),
        email: email.map(str::to_owned),
        groups: groups.iter().map(|group| (*group).to_owned()).collect(),
        expires: 0,
    };
    for (email, groups, expected) in [
        (None, &["staff"][..], Some((Audience::Viewer, false))),
        (None, &["staff", "voice"], Some((Audience::Operator, false))),
        (Some("ada@EXAMPLE.com"), &["voice"], Some((Audience::Operator, true))),
        (Some("ada@example.com"), &[], Some((Audience::Analyst, true))),
        (Some("eve@example.com"), &["Staff", "ROOT", ""], None),
        (None, &[], None),
    ] {
        assert_eq!(role(&rules, &person(email, groups)), expected, "{email:?} {groups:?}");
    }
    for rule in [
        json!({ "role": "viewer" }),
        json!({ "group": "", "role": "viewer" }),
        json!({ "group": "x", "role": "nobody" }),
        json!({ "group": "x", "role": "root" }),
    ] {
        assert!(!serde_json::from_value::<Rule>(rule.clone()).unwrap().is_sound(), "{rule}");
    }
}
