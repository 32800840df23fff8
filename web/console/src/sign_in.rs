//! The page for people without a session.

use leptos::{html, prelude::*};

use crate::{
    failure::Failure,
    location::Location,
    notice::Reference,
    session::{Auth, Sessions, Why, token_of},
    shell::Mark,
};

/// Says why nobody is signed in and how to change that.
#[component]
pub(crate) fn SignIn() -> impl IntoView {
    let sessions = expect_context::<Sessions>();
    let body = move || match sessions.auth.get() {
        Auth::Out(why) => view! { <Out why /> }.into_any(),
        Auth::Checking | Auth::In(_) => view! {
            <p class="checking" role="status">
                <span class="ui-spinner" aria-hidden="true"></span>
                "Checking your session"
            </p>
        }
        .into_any(),
    };
    Effect::new(|| document().set_title("Sign in · Perch console"));
    view! {
        <main class="sign-in">
            <p class="brand">
                <Mark />
                "Perch"
            </p>
            {body}
        </main>
    }
}

#[component]
fn Out(why: Why) -> impl IntoView {
    let (sessions, location) = (expect_context::<Sessions>(), expect_context::<Location>());
    let heading = NodeRef::<html::H1>::new();
    Effect::new(move || {
        if let Some(heading) = heading.get() {
            let _ = heading.focus();
        }
    });
    let (title, text): (_, &str) = match &why {
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
    let help = !matches!(why, Why::Unreachable(..));
    let details = match why {
        Why::LinkRefused(failure) => Some(view! { <Reference failure /> }.into_any()),
        Why::Unreachable(failure, token) => Some(retry(sessions, location, failure, token)),
        _ => None,
    };
    view! {
        <section class="card" aria-labelledby="sign-in-title">
            <h1 id="sign-in-title" tabindex="-1" node_ref=heading>
                {title}
            </h1>
            <p>{text}</p>
            {details}
            {help.then(|| view! { <Paste /> })}
            {help.then(|| view! { <Help /> })}
        </section>
    }
}

fn retry(
    sessions: Sessions,
    location: Location,
    failure: Failure,
    token: Option<String>,
) -> AnyView {
    let again = move |_| {
        if let Some(token) = token.clone() {
            sessions.redeem(token, location);
        } else {
            sessions.auth.set(Auth::Checking);
            sessions.check(location);
        }
    };
    view! {
        <p>{failure.message.clone()}</p>
        <Reference failure />
        <button class="ui-button primary" type="button" on:click=again>
            "Try again"
        </button>
    }
    .into_any()
}

#[component]
fn Paste() -> impl IntoView {
    let (sessions, location) = (expect_context::<Sessions>(), expect_context::<Location>());
    let field = NodeRef::<html::Input>::new();
    let wrong = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(field) = field.get_untracked() else { return };
        if let Some(token) = token_of(&field.value()) {
            sessions.redeem(token, location);
        } else {
            wrong.set(true);
            let _ = field.focus();
        }
    };
    view! {
        <form class="paste" on:submit=submit novalidate=true>
            <label for="sign-in-link">"Paste a sign-in link"</label>
            <div>
                <input
                    id="sign-in-link"
                    class="field"
                    type="password"
                    autocomplete="off"
                    spellcheck="false"
                    aria-invalid=move || wrong.get().then_some("true")
                    aria-describedby="sign-in-wrong"
                    node_ref=field
                />
                <button class="ui-button primary">"Sign in"</button>
            </div>
            <p id="sign-in-wrong" class="wrong" role="alert">
                {move || wrong.get().then_some("That is no sign-in link. It ends in #setup= and a token.")}
            </p>
        </form>
    }
}

#[component]
fn Help() -> impl IntoView {
    view! {
        <div class="help">
            <h2>"How to get a link"</h2>
            <ul>
                <li>
                    "On your own machine: " <code>"cargo xtask dev"</code>
                    " prints a fresh one each time it starts."
                </li>
                <li>"On a shared installation: ask the person who runs it."</li>
            </ul>
            <p>"If you open the link in another tab, this one follows as soon as you come back to it."</p>
        </div>
    }
}
