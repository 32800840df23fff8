//! The shell's composer: draft, typing signal, language, end.

use leptos::prelude::*;
use perch_client::driver::Command;

use super::listener::listen;
use crate::{
    chat::{Chat, Phase},
    host::Shell,
};

/// Ties the composer to the chat for as long as the panel lives.
pub(super) fn wire(chat: Chat, shell: &Shell) {
    // What was typed before the panel came goes before what an earlier page left.
    if shell.area.value().is_empty()
        && let Some(draft) = chat.store(|store| store.draft()).flatten()
    {
        shell.area.set_value(&draft);
    }

    let area = shell.area.clone();
    listen(&shell.area, "input", move || {
        let text = area.value();
        chat.store(|store| store.keep_draft(&text));
        chat.command(Command::Typing(!text.is_empty()));
        chat.notice.set(None);
    });

    Effect::new(move || {
        let labels = chat.labels.get();
        chat.shell(|shell| shell.speak(labels));
    });

    Effect::new(move || {
        let over = chat.over() || chat.phase.get() == Phase::Refused;
        chat.shell(|shell| {
            // The focus must not be lost with the composer.
            let had_focus = shell.composing();
            shell.form.set_hidden(over);
            if over && had_focus {
                let _ = shell.dialog.focus();
            }
        });
    });
}
