//! Opens sessions and drives them, one after another.

use std::{sync::Arc, time::Duration};

use leptos::prelude::*;
use perch_api::messaging::client::{ClientSession, Config, PendingMessage};
#[cfg(not(target_family = "wasm"))]
use perch_client::NativePlatform;
#[cfg(target_family = "wasm")]
use perch_client::WebPlatform;
use perch_client::{
    Platform,
    driver::{self, Command, Finish, Handle},
    visitor::{Visitor, VisitorError},
};
use wasm_bindgen::JsValue;

use super::{Chat, Phase};
use crate::store::Store;

/// Runs until the conversation is over or the panel is gone.
pub(super) async fn run(chat: Chat) {
    let Some(platform) = platform() else { return };
    let mut outbox = chat.store(Store::take_outbox).unwrap_or_default();
    for losses in 0_u32.. {
        let visitor = match open(chat, &platform).await {
            Some(Ok(visitor)) => visitor,
            Some(Err(error)) => return fail(chat, &error, &outbox),
            None => return,
        };
        let config = Config { resumed: visitor.resumed(), ..Config::default() };
        let mut session = ClientSession::new(config, platform.random());
        session.restore(outbox);
        let (handle, commands) = driver::handle();
        if !begin(chat, &visitor, handle) {
            return;
        }
        let finish =
            driver::drive(&mut session, &*platform, &visitor, commands, |session, event| {
                // A panel that went away took its handle along; the driver is about to stop.
                if !chat.rows.is_disposed() {
                    chat.observe(session, event);
                }
            })
            .await;
        if chat.rows.is_disposed() {
            return;
        }
        chat.handle.set_value(None);
        if finish != Finish::Lost {
            return;
        }
        outbox = session.outbox();
        chat.store(Store::forget_session);
        chat.session.update_value(|own| *own += 1);
        // Sessions that are lost as soon as they are made must not become a storm of requests.
        platform.sleep(Duration::from_secs(u64::from(losses.min(6)) * 5)).await;
    }
}

#[cfg(target_family = "wasm")]
#[allow(clippy::unnecessary_wraps, reason = "the native one may fail")]
fn platform() -> Option<Arc<dyn Platform>> {
    Some(Arc::new(WebPlatform))
}

/// Only so that the crate's pure parts can be tested natively.
#[cfg(not(target_family = "wasm"))]
fn platform() -> Option<Arc<dyn Platform>> {
    Some(Arc::new(NativePlatform::new().ok()?))
}

/// Opens a session; `None` when the panel went away meanwhile.
async fn open(chat: Chat, platform: &Arc<dyn Platform>) -> Option<Result<Visitor, VisitorError>> {
    let (edge, site) =
        chat.host.try_with_value(|(_, options)| (options.edge.clone(), options.site.clone()))?;
    let resume = chat.store(Store::resume)?;
    let opened = Visitor::open(platform.clone(), &edge, &site, resume.as_deref()).await;
    (!chat.rows.is_disposed()).then_some(opened)
}

/// Makes a session the current one and says what waited for it; false when the panel is gone.
fn begin(chat: Chat, visitor: &Visitor, handle: Handle) -> bool {
    chat.store(|store| store.keep_resume(&visitor.resume_handle()));
    chat.emit("accent", &JsValue::from_str(&visitor.site().accent));
    // The page's listeners ran just now, and may have removed the panel.
    if chat.rows.is_disposed() {
        return false;
    }
    for text in chat.waiting.get_untracked() {
        handle.command(Command::Send(text));
    }
    chat.waiting.set(Vec::new());
    chat.site.set(Some(visitor.site().clone()));
    chat.phase.set(Phase::Running);
    chat.handle.set_value(Some(handle));
    true
}

fn fail(chat: Chat, error: &VisitorError, outbox: &[PendingMessage]) {
    chat.store(|store| store.keep_outbox(outbox));
    let refused = matches!(error, VisitorError::Refused { status: 400 | 403 | 404, .. });
    if let VisitorError::Refused { code, remedy, request_id, .. } = error {
        // For whoever sets the page up; visitors get a sentence.
        leptos::logging::warn!("perch: {code}: {remedy} (request {request_id})");
    }
    chat.phase.set(if refused { Phase::Refused } else { Phase::Failed });
}
