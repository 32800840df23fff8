//! Opens sessions and drives them, one after another.

use std::{rc::Weak, sync::Arc, time::Duration};

use perch_api::messaging::client::{ClientSession, Config, PendingMessage};
#[cfg(not(target_family = "wasm"))]
use perch_client::NativePlatform;
#[cfg(target_family = "wasm")]
use perch_client::WebPlatform;
use perch_client::{
    Sockets,
    driver::{self, Command, Finish, Handle},
    visitor::{Entry, Solved, Visitor, VisitorError},
};
use wasm_bindgen::JsValue;

use super::Chat;
use crate::host::detail;
use crate::state::Phase;

/// Checks that are tried before the panel says that the chat cannot be opened.
const CHECKS: u32 = 3;

/// Runs until the conversation is over or the panel is gone.
pub(super) async fn run(own: Weak<Chat>) {
    // Dropping the panel drops the handle, which ends `drive`.
    if let Some(platform) = platform() {
        let _ = sessions(&own, &platform).await;
    }
}

/// `None` when the panel went away.
async fn sessions(own: &Weak<Chat>, platform: &Arc<dyn Sockets>) -> Option<()> {
    let mut outbox = own.upgrade()?.store.take_outbox();
    for losses in 0_u32.. {
        let visitor = match enter(own, platform).await? {
            Ok(visitor) => visitor,
            Err(error) => return own.upgrade().map(|chat| chat.failed(&error, &outbox)),
        };
        let config = Config { resumed: visitor.resumed(), ..Config::default() };
        let mut session = ClientSession::new(config, platform.random());
        session.restore(outbox);
        let (handle, commands) = driver::handle();
        own.upgrade()?.begin(&visitor, handle);
        let observe = |session: &ClientSession, event| {
            if let Some(chat) = own.upgrade() {
                chat.observe(session, event);
            }
        };
        let finish = driver::drive(&mut session, &**platform, &visitor, commands, observe).await;
        {
            let chat = own.upgrade()?;
            chat.handle.replace(None);
            if finish != Finish::Lost {
                return Some(());
            }
            outbox = session.outbox();
            chat.store.forget_session();
            chat.state.borrow_mut().session += 1;
        }
        // Sessions that are lost as soon as they are made must not become a storm of requests.
        platform.sleep(Duration::from_secs(u64::from(losses.min(6)) * 5)).await;
    }
    None
}

/// Opens a session, or takes one up again; solves the site's checks on the way.
async fn enter(
    own: &Weak<Chat>,
    platform: &Arc<dyn Sockets>,
) -> Option<Result<Visitor, VisitorError>> {
    let (edge, mut entry) = {
        let chat = own.upgrade()?;
        let options = &chat.options;
        let entry = Entry {
            site: options.site.clone(),
            resume: chat.store.resume(),
            agent: options.agent.clone(),
            language: Some(options.lang.clone()),
            context: options.context(),
            check: None,
        };
        (options.edge.clone(), entry)
    };
    for _ in 0..CHECKS {
        match Visitor::enter(platform.clone(), &edge, &entry).await {
            Err(VisitorError::Check(check)) => {
                let solving = {
                    let chat = own.upgrade()?;
                    let label = chat.state.borrow().labels.check;
                    chat.options.check(&check.frame, label)
                };
                let Some(answer) = solving.await else {
                    return Some(Err(VisitorError::Check(check)));
                };
                entry.check = Some(Solved { challenge: check.challenge, answer });
            }
            result => return Some(result),
        }
    }
    Some(Visitor::enter(platform.clone(), &edge, &entry).await)
}

impl Chat {
    /// Makes a session the current one and says what waited for it.
    fn begin(self: &std::rc::Rc<Self>, visitor: &Visitor, handle: Handle) {
        self.store.keep_resume(&visitor.resume_handle());
        {
            let mut state = self.state.borrow_mut();
            for text in state.waiting.drain(..) {
                handle.command(Command::Send(text));
            }
            state.site = Some(visitor.site().clone());
            state.phase = Phase::Running;
        }
        self.handle.replace(Some(handle));
        self.paint();
        let site = visitor.site();
        let theme = &site.theme;
        self.emit("accent", &JsValue::from_str(&site.accent));
        self.emit(
            "theme",
            &detail(&[
                ("mode", &theme.mode),
                ("accentDark", &theme.accent_dark),
                ("position", &theme.position),
            ]),
        );
        if let Some(verified) = visitor.verified() {
            self.emit("verified", &JsValue::from_bool(verified));
        }
    }

    fn failed(self: &std::rc::Rc<Self>, error: &VisitorError, outbox: &[PendingMessage]) {
        self.store.keep_outbox(outbox);
        let refused = matches!(error, VisitorError::Refused { status: 400 | 403 | 404, .. });
        if let VisitorError::Refused { code, remedy, request_id, .. } = error {
            // For whoever sets the page up; visitors get a sentence.
            let words = ["perch: ", code, ": ", remedy, " (request ", request_id, ")"].concat();
            web_sys::console::warn_1(&JsValue::from_str(&words));
        }
        self.state.borrow_mut().phase = if refused { Phase::Refused } else { Phase::Failed };
        self.paint();
    }
}

#[cfg(target_family = "wasm")]
#[allow(clippy::unnecessary_wraps, reason = "the native one may fail")]
fn platform() -> Option<Arc<dyn Sockets>> {
    Some(Arc::new(WebPlatform))
}

/// Only so that the crate's pure parts can be tested natively.
#[cfg(not(target_family = "wasm"))]
fn platform() -> Option<Arc<dyn Sockets>> {
    Some(Arc::new(NativePlatform::new().ok()?))
}
