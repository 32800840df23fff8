//! The page for people without a session.

use leptos::prelude::*;

use crate::{
    dom::{El, button, el},
    failure::Failure,
    location::Location,
    notice,
    session::{Auth, Sessions, Why, token_of},
    shell::mark,
};

/// Says why nobody is signed in and how to change that.
pub(crate) fn page(location: Location, sessions: Sessions) -> El {
    document().set_title("Sign in · Perch console");
    el("main", "sign-in").child(el("p", "brand").child(mark()).text("Perch")).place(move || {
        Some(match sessions.auth.get() {
            Auth::Out(why) => out(why, location, sessions),
            Auth::Checking | Auth::In(_) => el("p", "checking")
                .attr("role", "status")
                .child(el("span", "ui-spinner").attr("aria-hidden", "true"))
                .text("Checking your session"),
        })
    })
}

fn out(why: Why, location: Location, sessions: Sessions) -> El {
    let (title, text) = match &why {
        Why::Never => ("Sign in", "You need a sign-in link to open this console."),
        Why::Ended => {
            ("Your session has ended", "Sign in again; you will come back to where you were.")
        }
        Why::SignedOut => ("You are signed out", "Use a new sign-in link to come back."),
        Why::LinkRefused(_) => (
            "This sign-in link does not work",
            "It has been used already, or it has expired. A link works once, for a short time.",
        ),
        Why::Unreachable(..) => ("The server did not answer", "Nothing is lost; try again."),
    };
    let heading = el("h1", "").attr("id", "sign-in-title").attr("tabindex", "-1").text(title);
    let focused = heading.html();
    request_animation_frame(move || {
        let _ = focused.focus();
    });
    let card = el("section", "card")
        .attr("aria-labelledby", "sign-in-title")
        .child(heading)
        .child(el("p", "").text(text));
    match why {
        Why::Unreachable(failure, token) => {
            card.children(retry(&failure, token, location, sessions))
        }
        Why::LinkRefused(failure) => {
            card.child(notice::reference(&failure)).child(paste(location, sessions)).child(help())
        }
        Why::Never | Why::Ended | Why::SignedOut => {
            card.child(paste(location, sessions)).child(help())
        }
    }
}

fn retry(
    failure: &Failure,
    token: Option<String>,
    location: Location,
    sessions: Sessions,
) -> Vec<El> {
    let again = button("ui-button primary", "Try again", move || {
        if let Some(token) = token.clone() {
            sessions.redeem(token, location);
        } else {
            sessions.auth.set(Auth::Checking);
            sessions.check(location);
        }
    });
    let mut parts = vec![el("p", "").text(&failure.message)];
    parts.extend(notice::reference(failure));
    parts.push(again);
    parts
}

fn paste(location: Location, sessions: Sessions) -> El {
    let wrong = RwSignal::new(false);
    let field = el("input", "field")
        .attr("id", "sign-in-link")
        .attr("type", "password")
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .attr("aria-describedby", "sign-in-wrong")
        .attr_with("aria-invalid", move || wrong.get().then(|| "true".to_owned()));
    let typed = field.input();
    let alert =
        el("p", "wrong").attr("id", "sign-in-wrong").attr("role", "alert").text_with(move || {
            let words = "That is no sign-in link. It ends in #setup= and a token.";
            if wrong.get() { words.to_owned() } else { String::new() }
        });
    el("form", "paste")
        .attr("novalidate", "")
        .child(el("label", "").attr("for", "sign-in-link").text("Paste a sign-in link"))
        .child(el("div", "").child(field).child(el("button", "ui-button primary").text("Sign in")))
        .child(alert)
        .on("submit", move |event| {
            event.prevent_default();
            if let Some(token) = token_of(&typed.value()) {
                sessions.redeem(token, location);
            } else {
                wrong.set(true);
                let _ = typed.focus();
            }
        })
}

fn help() -> El {
    let own = el("li", "")
        .text("On your own machine: ")
        .child(el("code", "").text("cargo xtask dev"))
        .text(" prints a fresh one each time it starts.");
    let shared = el("li", "").text("On a shared installation: ask the person who runs it.");
    el("div", "help")
        .child(el("h2", "").text("How to get a link"))
        .child(el("ul", "").child(own).child(shared))
        .child(el("p", "").text(
            "If you open the link in another tab, this one follows as soon as you come back to it.",
        ))
}
