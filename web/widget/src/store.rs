//! What outlives the page, in the host page's own storage, by site.
//!
//! Storage may be refused (privacy settings, sandboxed frames) or full; the chat then works without.

use perch_api::json::Value;
use perch_api::messaging::client::PendingMessage;
use web_sys::Storage;

/// The storage of one site's chat.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    prefix: String,
}

impl Store {
    pub(crate) fn new(site: &str) -> Self {
        Self { prefix: ["perch:", site, ":"].concat() }
    }

    /// The handle that takes an earlier session up again.
    pub(crate) fn resume(&self) -> Option<String> {
        self.read("resume")
    }

    pub(crate) fn keep_resume(&self, handle: &str) {
        self.write("resume", Some(handle));
    }

    /// The session is over: nothing of it may come back.
    pub(crate) fn forget_session(&self) {
        self.write("resume", None);
        self.write("outbox", None);
    }

    /// Takes the undelivered messages of an earlier page out, so that no second window sends them too.
    pub(crate) fn take_outbox(&self) -> Vec<PendingMessage> {
        let kept = self.read("outbox");
        self.write("outbox", None);
        let kept = kept.as_deref().and_then(Value::parse);
        kept.iter().flat_map(Value::items).filter_map(PendingMessage::from_json).collect()
    }

    pub(crate) fn keep_outbox(&self, messages: &[PendingMessage]) {
        let list: Vec<Value> = messages.iter().map(PendingMessage::to_json).collect();
        let text = (!list.is_empty()).then(|| Value::from(list).encode());
        self.write("outbox", text.as_deref());
    }

    /// What was typed and not sent.
    pub(crate) fn draft(&self) -> Option<String> {
        self.read("draft")
    }

    pub(crate) fn keep_draft(&self, text: &str) {
        self.write("draft", Some(text).filter(|text| !text.is_empty()));
    }

    fn read(&self, name: &str) -> Option<String> {
        storage()?.get_item(&[&self.prefix, name].concat()).ok()?
    }

    fn write(&self, name: &str, value: Option<&str>) {
        let Some(storage) = storage() else { return };
        let key = [&self.prefix, name].concat();
        let _ = match value {
            Some(value) => storage.set_item(&key, value),
            None => storage.remove_item(&key),
        };
    }
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}
