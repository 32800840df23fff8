//! Design tokens and small components shared by widget and console.
//!
//! Nothing here knows the platform or the edge worker. The looks are in `css/`: the console links the
//! sheets, the widget's build puts them into constructed style sheets; class names start with `ui-`.

pub mod announcer;
pub mod icon;
pub mod parts;
pub mod rich;
pub mod time;

#[cfg(test)]
mod tokens;

pub use announcer::{Announcer, LiveRegion};
pub use icon::{Glyph, Icon};
pub use parts::{Badge, Button, ButtonKind, Hidden, Skeleton, Spinner, Tone};
pub use rich::Rich;
