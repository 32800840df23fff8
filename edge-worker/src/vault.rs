//! Keys that were put in while the worker runs, and the secrets that the platform signs webhooks with.
//!
//! Everything is sealed here before it is stored; nobody but this worker reads it back, and no route shows it.

mod object;

use std::rc::Rc;

use object::{BINDING, Kept, Known, NAME, Put, Read, Resealed};
pub(crate) use object::{Listed, Removed};
use perch_api::model::Secret;
use sha2::{Digest as _, Sha256};
use worker::Stub;

use crate::call::{Call, now, random};
use crate::config::Config;
use crate::durable::{ask, stub};
use crate::error::Refusal;
use crate::keys::Slot;
use crate::keys::vaulted::{self, Vaulted};
use crate::policy::audit::hex;
use crate::seal::{Record, Use};
use crate::token;

/// The kind of the secrets that the platform signs deliveries with; their ids are the endpoints'.
pub(crate) const SIGNING: &str = "webhook-signing-secret";

/// Looks the vault up, unless that was done a moment ago.
///
/// What cannot be looked up is not used: a key may have been removed.
pub(crate) async fn fresh(call: &Call, config: &Config) -> Result<(), Refusal> {
    let at = now();
    if vaulted::is_fresh(at) {
        return Ok(());
    }
    let object = object(call)?;
    let known = Known { epoch: vaulted::epoch() };
    let answer = ask(&object, "keys", &known).await.map_err(|_| Refusal::VaultDown)?;
    if answer.status != 200 {
        return Err(Refusal::VaultDown);
    }
    let read: Read = answer.read()?;
    let Some(kept) = read.keys else {
        vaulted::confirm(at);
        return Ok(());
    };
    let mut keys = Vec::new();
    for kept in &kept {
        let Some(slot) = Slot::parse(&kept.kind) else { continue };
        let value = open(&object, config, kept).await?.map(Rc::new);
        keys.push(Vaulted { tenant: kept.tenant.clone(), slot, value });
    }
    vaulted::replace(keys, read.epoch, at);
    if config.seals.previous.is_some() {
        renew(&object, config).await?;
    }
    Ok(())
}

/// What is put in.
#[derive(Clone, Copy)]
pub(crate) struct Item<'a> {
    /// The name of the account or project it belongs to.
    pub(crate) tenant: &'a str,
    pub(crate) kind: &'a str,
    /// Which one of the kind; empty where there is one only.
    pub(crate) id: &'a str,
    /// Unix seconds until which the value before stays; nothing drops it.
    pub(crate) old_until: Option<u64>,
}

/// Seals a value and stores it in place of the one before. Gives its fingerprint.
pub(crate) async fn put(
    call: &Call,
    config: &Config,
    who: &str,
    item: Item<'_>,
    value: &Secret,
) -> Result<String, Refusal> {
    let Item { tenant, kind, id, old_until } = item;
    let version = token::text(&random::<9>()?);
    let record = Record { tenant, kind, id: &format!("{id}#{version}") };
    let sealed = config
        .seals
        .seal(Use::Vault, record, random()?, value)
        .map_err(|_| Refusal::VaultRefused)?;
    let fingerprint = fingerprint(value);
    let put = Put {
        kept: Kept {
            tenant: tenant.to_owned(),
            kind: kind.to_owned(),
            id: id.to_owned(),
            version,
            sealed,
        },
        fingerprint: fingerprint.clone(),
        by: who.to_owned(),
        at: now(),
        old_until,
    };
    match ask(&object(call)?, "put", &put).await.map_err(|_| Refusal::VaultDown)?.status {
        200 => Ok(fingerprint),
        507 => Err(Refusal::VaultFull),
        _ => Err(Refusal::VaultDown),
    }
}

/// Removes what is kept under a name, also older values. False when there was nothing.
pub(crate) async fn remove(call: &Call, removed: &Removed) -> Result<bool, Refusal> {
    match ask(&object(call)?, "remove", removed).await.map_err(|_| Refusal::VaultDown)?.status {
        200 => Ok(true),
        404 => Ok(false),
        _ => Err(Refusal::VaultDown),
    }
}

/// What is in the vault, without the values.
pub(crate) async fn listed(call: &Call) -> Result<Vec<Listed>, Refusal> {
    ask(&object(call)?, "list", &now()).await.map_err(|_| Refusal::VaultDown)?.read()
}

/// Tells two secrets apart and gives neither away: the last four letters of its SHA-256 in hex.
pub(crate) fn fingerprint(value: &Secret) -> String {
    let hash = hex(&Sha256::digest(value.expose().as_bytes()));
    hash.get(hash.len().saturating_sub(4)..).unwrap_or_default().to_owned()
}

fn object(call: &Call) -> Result<Stub, Refusal> {
    stub(&call.env, BINDING, NAME).map_err(|_| Refusal::VaultDown)
}

// Everything that an older root key has sealed, so that the older one can go; once for each isolate and change.
async fn renew(object: &Stub, config: &Config) -> Result<(), Refusal> {
    let stale: Vec<Kept> = ask(object, "stale", &config.seals.mark()).await?.read()?;
    for kept in &stale {
        drop(open(object, config, kept).await?);
    }
    Ok(())
}

// Nothing when it does not open here: moved, damaged, or sealed with a root key that is gone.
async fn open(object: &Stub, config: &Config, kept: &Kept) -> Result<Option<Secret>, Refusal> {
    let id = format!("{}#{}", kept.id, kept.version);
    let record = Record { tenant: &kept.tenant, kind: &kept.kind, id: &id };
    let Ok(opened) = config.seals.open(Use::Vault, record, &kept.sealed) else {
        worker::console_error!("vault: {} of {} does not open", kept.kind, kept.tenant);
        return Ok(None);
    };
    if opened.is_stale {
        let sealed = config.seals.seal(Use::Vault, record, random()?, &opened.secret);
        let sealed = sealed.map_err(|_| Refusal::Internal)?;
        let before = kept.sealed.clone();
        let resealed = Resealed { kept: Kept { sealed, ..kept.clone() }, before };
        // It opens as it is; another time will do.
        drop(ask(object, "reseal", &resealed).await);
    }
    Ok(Some(opened.secret))
}
