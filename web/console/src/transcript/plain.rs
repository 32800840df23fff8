//! The transcript as plain text, for the clipboard.

use std::fmt::Write as _;

use super::model::{Line, Mark, Transcript};
use crate::text;

/// Writes the conversation; `moment` writes a time, `contact` a number as it may be shown.
pub(super) fn write(
    shown: &Transcript,
    moment: impl Fn(i64) -> String,
    contact: impl Fn(&str) -> String,
) -> String {
    let mut out = String::new();
    let mut fact = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{name}: {value}");
        }
    };
    fact("Conversation", Some(shown.id.clone()));
    fact("Started", shown.started.map(&moment));
    fact("Channel", shown.channel.as_ref().map(|channel| text::channel(channel).to_owned()));
    fact("From", shown.from.as_deref().map(&contact));
    fact("To", shown.to.as_deref().map(&contact));
    fact("Duration", shown.duration.map(text::duration));
    let handed = shown.handoff.as_ref().map(|handoff| {
        let to = handoff.destination.as_deref().unwrap_or("unknown destination");
        handoff.reason.as_ref().map_or_else(|| to.to_owned(), |reason| format!("{to} ({reason})"))
    });
    fact("Handed off to", handed);
    fact("Summary", shown.summary.clone());
    out.push('\n');
    for turn in &shown.turns {
        for mark in &turn.marks {
            let _ = writeln!(out, "[{}]", label(mark));
        }
        say(&mut out, "Caller", turn.caller.as_ref());
        for call in &turn.functions {
            let _ = writeln!(out, "[function {}]", call.name);
        }
        say(&mut out, "Agent", turn.agent.as_ref());
    }
    if shown.live {
        out.push_str("[still in progress]\n");
    }
    out
}

/// A mark in words.
pub(super) fn label(mark: &Mark) -> String {
    match mark {
        Mark::Silence => "Silence".to_owned(),
        Mark::OutOfDomain => "Out of domain".to_owned(),
        Mark::BargeIn => "Barge-in".to_owned(),
        Mark::Keys(keys) => format!("Keys {keys}"),
    }
}

fn say(out: &mut String, who: &str, line: Option<&Line>) {
    let Some(line) = line else { return };
    let _ = writeln!(out, "{who}: {}", text::legible(&line.text));
    if let Some(english) = &line.english {
        let _ = writeln!(out, "  (English: {})", text::legible(english));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copy_holds_what_the_screen_shows() {
        let detail = r#"{"conversationId":"C1","fromNumber":"+441","handoff":true,"handoffDestination":"Store","inProgress":true,
            "turns":[{"agent_response":"Welcome"},{"user_input":"Hola","translated_user_input":"Hello","is_ood":true,"agent_response":"Hi"}],
            "functionEvents":{"2":[{"name":"greet"}]}}"#;
        let shown = Transcript::of_detail(&serde_json::from_str(detail).unwrap(), None);
        let copied = write(&shown, |at| at.to_string(), |_| "masked".to_owned());
        assert_eq!(
            copied,
            "Conversation: C1\nFrom: masked\nHanded off to: Store\n\nAgent: Welcome\n[Out of domain]\nCaller: Hola\n  (English: Hello)\n[function greet]\nAgent: Hi\n[still in progress]\n"
        );
    }
}
