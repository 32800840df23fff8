//! A PolyAI client for browsers, workers and native programs.
//!
//! [`Client`] sends the operations of `perch-api`, either straight to the platform with credentials
//! (on servers only) or to a Perch edge worker without any. [`visitor`] is the anonymous side: a
//! session, a one-use ticket, a socket. [`driver`] gives a messaging session a socket and a timer.
//!
//! Everything from outside comes through one object, [`Platform`], so that retry, back-off and jitter
//! are the same code in a browser, at the edge, natively and under a virtual clock.

pub mod driver;
pub mod visitor;

mod budget;
mod call;
mod cancel;
mod client;
mod credentials;
mod error;
mod exchange;
mod options;
mod pages;
mod platform;
mod retry;
mod route;
mod socket;
mod streaming;

pub use call::{Answer, AnswerBody, Body};
pub use cancel::CancelToken;
pub use client::Client;
pub use credentials::{Credentials, MissingCredential};
pub use error::{ClientError, Failure, Unreadable};
pub use options::CallOptions;
pub use pages::PageError;
pub use perch_api::operation::{InputError, InputFault, InputPart};
#[cfg(not(target_family = "wasm"))]
pub use platform::NativePlatform;
#[cfg(target_family = "wasm")]
pub use platform::WebPlatform;
pub use platform::{
    BoxFuture, Chunks, HttpRequest, HttpResponse, HttpStream, OwnPlatform, Platform, Sockets,
    Streams, TransportError,
};
pub use retry::RetryPolicy;
pub use route::Hosts;
pub use socket::{Incoming, Socket, SocketError, SocketIo};
pub use streaming::{DownloadOptions, PageRows, Recording, RowError, RowTexts, Streaming};
