//! Buttons, badges and placeholders.

use leptos::{html::Div, prelude::*};

use crate::{Glyph, rich::Surface};

/// How much a button stands out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// An outline.
    #[default]
    Plain,
    /// Filled: the one thing to do here.
    Primary,
    /// No outline until hovered.
    Quiet,
    /// Ends or destroys something.
    Danger,
}

impl ButtonKind {
    fn class(self) -> &'static str {
        match self {
            Self::Plain => "ui-button",
            Self::Primary => "ui-button primary",
            Self::Quiet => "ui-button quiet",
            Self::Danger => "ui-button danger",
        }
    }
}

/// A button that submits nothing.
#[component]
pub fn Button(
    /// How much it stands out.
    #[prop(optional)]
    kind: ButtonKind,
    /// Whether it cannot be pressed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Called on every press.
    on_press: impl Fn() + 'static,
    /// Its words.
    children: Children,
) -> impl IntoView {
    view! {
        <button type="button" class=kind.class() disabled=disabled on:click=move |_| on_press()>
            {children()}
        </button>
    }
}

/// What a badge's colour says; the words must say it too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing in particular.
    #[default]
    Neutral,
    /// Belongs to the product.
    Accent,
    /// Went well.
    Good,
    /// Needs a look.
    Warn,
    /// Went wrong.
    Danger,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Neutral => "ui-badge",
            Self::Accent => "ui-badge accent",
            Self::Good => "ui-badge good",
            Self::Warn => "ui-badge warn",
            Self::Danger => "ui-badge danger",
        }
    }
}

/// A word or two about the thing beside it.
#[component]
pub fn Badge(
    /// Its colour.
    #[prop(optional)]
    tone: Tone,
    /// Its words.
    children: Children,
) -> impl IntoView {
    view! { <span class=tone.class()>{children()}</span> }
}

/// Something is under way; `label` says what.
#[component]
pub fn Spinner(
    /// For those who cannot see it.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    view! { <span class="ui-spinner" role="img" aria-label=label></span> }
}

/// Grey bars where text will be.
#[component]
pub fn Skeleton(
    /// How many.
    #[prop(default = 3)]
    lines: usize,
) -> impl IntoView {
    view! {
        <div class="ui-skeletons" aria-hidden="true">
            {(0..lines).map(|_| view! { <span class="ui-skeleton"></span> }).collect_view()}
        </div>
    }
}

/// Words for assistive technology only.
#[component]
pub fn Hidden(
    /// The words.
    children: Children,
) -> impl IntoView {
    view! { <span class="ui-hidden">{children()}</span> }
}

/// An icon in the colour and size of the text around it, hidden from assistive technology: what it
/// means has to be said in words beside it or by the control it sits in.
#[component]
pub fn Icon(
    /// Which one.
    glyph: Glyph,
) -> impl IntoView {
    view! {
        <svg class="ui-icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d=glyph.path()></path>
        </svg>
    }
}

/// A message's text; see [`Surface`].
#[component]
pub fn Rich(
    /// Markdown.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    let node = NodeRef::<Div>::new();
    let surface = StoredValue::new_local(None::<Surface>);
    Effect::new(move || {
        let Some(root) = node.get() else { return };
        surface.update_value(|surface| {
            surface.get_or_insert_with(|| Surface::new(root.into())).show(&text.get());
        });
    });
    view! { <div class="ui-rich" node_ref=node></div> }
}
