//! Design tokens and small components shared by widget and console.
//!
//! Nothing here knows the platform or the edge worker. The looks are in `css/`: the console links the
//! sheets, the widget's build puts them into constructed style sheets; class names start with `ui-`. Components
//! are a feature of the crate: the widget, where bytes decide, does not even link Leptos.

#[cfg(feature = "components")]
pub mod announcer;
pub mod icon;
#[cfg(feature = "components")]
pub mod parts;
pub mod rich;
pub mod time;

#[cfg(test)]
mod tokens;

#[cfg(feature = "components")]
pub use announcer::{Announcer, LiveRegion};
pub use icon::Glyph;
#[cfg(feature = "components")]
pub use parts::{Badge, Button, ButtonKind, Hidden, Icon, Rich, Skeleton, Spinner, Tone};
