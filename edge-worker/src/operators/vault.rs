//! `/operator/vault`: keys that are put in, replaced and removed while the worker runs, and never shown.

use perch_api::model::Secret;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

use super::Identity;
use super::dutiful::{change, present};
use super::session::identify;
use crate::call::Call;
use crate::config::{Config, Tenant};
use crate::error::Refusal;
use crate::keys::{self, Slot};
use crate::policy::tenancy;
use crate::router::{Method, Target};
use crate::vault::{self, Item, Listed, Removed, fingerprint};

/// Longest key, in bytes.
const LONGEST: usize = 4_096;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    value: Secret,
}

/// A key of the deployment or of the vault.
#[derive(Serialize)]
struct Shown<'a> {
    tenant: &'a str,
    kind: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    id: &'a str,
    /// `deployment` or `vault`; the latter comes first where both have a key.
    source: &'a str,
    fingerprint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    set_by: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    set_at: Option<u64>,
    /// Until when it is honoured beside its successor; nothing for the current one.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<u64>,
}

/// Lists all keys by their fingerprints.
pub(super) async fn list(call: &Call) -> Result<JsValue, Refusal> {
    administrator(call).await?;
    let config = call.config()?;
    let kept = vault::listed(call).await?;
    let mut shown: Vec<Shown<'_>> = kept.iter().map(of_vault).collect();
    let accounts = config.accounts.iter().map(|account| &account.tenant);
    let mut tenants: Vec<&Tenant> = accounts.map(|tenant| &**tenant).collect();
    tenants.extend(config.projects.iter().map(|project| &*project.tenant));
    tenants.sort_by(|one, other| one.name.cmp(&other.name));
    tenants.dedup_by(|one, other| one.name == other.name);
    for tenant in tenants {
        for &slot in Slot::ALL {
            shown.extend(keys::deployed(&config, tenant, slot).map(|key| Shown {
                tenant: &tenant.name,
                kind: slot.as_str(),
                id: "",
                source: "deployment",
                fingerprint: fingerprint(key),
                set_by: None,
                set_at: None,
                until: None,
            }));
        }
    }
    let body = serde_json::json!({ "keys": shown });
    Ok(call.json(200, "", &body.to_string()))
}

/// Puts a key in or removes it.
pub(super) async fn key(
    call: &Call,
    method: Method,
    target: &Target<'_>,
) -> Result<JsValue, Refusal> {
    let who = administrator(call).await?;
    let config = call.config()?;
    let slot = Slot::parse(target.last_segment()).ok_or(Refusal::UnknownRoute)?;
    let tenant = tenant(call, &config, target.query)?;
    let about = format!("kind={} tenant={}", slot.as_str(), tenant.name);
    if method == Method::Delete {
        present(call, &who, "vault.remove", &about).await?;
        let removed = Removed {
            tenant: tenant.name.clone(),
            kind: slot.as_str().to_owned(),
            id: String::new(),
        };
        return change(call, &who, ("vault.remove", &about), async {
            if vault::remove(call, &removed).await? {
                Ok(call.respond(204, "cache-control\nno-store", None))
            } else {
                Err(Refusal::UnknownRoute)
            }
        })
        .await;
    }
    present(call, &who, "vault.put", &about).await?;
    let Given { value } = call.body().await?;
    if !is_key(value.expose()) {
        return Err(Refusal::VaultRefused);
    }
    change(call, &who, ("vault.put", &about), async {
        let item = Item { tenant: &tenant.name, kind: slot.as_str(), id: "", old_until: None };
        let fingerprint = vault::put(call, &config, &who.subject, item, &value).await?;
        let body = serde_json::json!({
            "tenant": tenant.name, "kind": slot.as_str(), "fingerprint": fingerprint,
        });
        Ok(call.json(200, "", &body.to_string()))
    })
    .await
}

/// Administrators only.
pub(super) async fn administrator(call: &Call) -> Result<std::rc::Rc<Identity>, Refusal> {
    let who = identify(call).await?;
    if who.is_admin() { Ok(who) } else { Err(Refusal::RoleTooLow) }
}

// The account is the one that is named or the only one; `?project=` narrows it down.
fn tenant(call: &Call, config: &Config, query: &str) -> Result<std::rc::Rc<Tenant>, Refusal> {
    let project = match query.split_once('=') {
        None if query.is_empty() => None,
        Some(("project", id)) if !id.contains('&') => Some(id),
        _ => return Err(Refusal::QueryNotAllowed),
    };
    tenancy::resolve(config, None, project, call.account())
}

// Keys go into header lines.
fn is_key(value: &str) -> bool {
    (1..=LONGEST).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_graphic())
}

fn of_vault(kept: &Listed) -> Shown<'_> {
    Shown {
        tenant: &kept.tenant,
        kind: &kept.kind,
        id: &kept.id,
        source: "vault",
        fingerprint: kept.fingerprint.clone(),
        set_by: Some(&kept.subject),
        set_at: Some(kept.at),
        until: kept.until,
    }
}
