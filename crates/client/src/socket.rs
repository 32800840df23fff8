//! A WebSocket without a runtime: text in, text out, one close.

use std::{
    future::poll_fn,
    task::{Context, Poll},
};

/// What a socket delivers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incoming {
    /// A text frame. Binary frames are dropped: the protocol has none.
    Text(String),
    /// The end; nothing follows.
    Closed {
        /// Close code, 1006 when the connection just broke.
        code: u16,
    },
}

/// Why a socket could not be opened or used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SocketError {
    /// The URL is none that a socket can be opened with.
    #[error("the socket's address is malformed")]
    Url,
    /// The handshake was refused, where the platform lets us see the status (browsers do not).
    #[error("the socket was refused with status {0}")]
    Refused(u16),
    /// The connection could not be made.
    #[error("the socket could not be opened")]
    Connect,
    /// The socket is closed.
    #[error("the socket is closed")]
    Closed,
}

/// One implementation per target; a driver owns it alone.
pub trait SocketIo {
    /// The next frame; after [`Incoming::Closed`] it stays pending.
    fn poll_incoming(&mut self, cx: &mut Context<'_>) -> Poll<Incoming>;

    /// Queues a text frame.
    fn send(&mut self, text: String) -> Result<(), SocketError>;

    /// Starts closing; what still arrives is dropped.
    fn close(&mut self, code: u16);
}

/// An open socket.
pub struct Socket(Inner);

#[cfg(not(target_family = "wasm"))]
type Inner = Box<dyn SocketIo + Send>;
#[cfg(target_family = "wasm")]
type Inner = Box<dyn SocketIo>;

impl Socket {
    /// Wraps an implementation.
    #[cfg(not(target_family = "wasm"))]
    pub fn new(io: impl SocketIo + Send + 'static) -> Self {
        Self(Box::new(io))
    }

    /// Wraps an implementation.
    #[cfg(target_family = "wasm")]
    pub fn new(io: impl SocketIo + 'static) -> Self {
        Self(Box::new(io))
    }

    /// Waits for the next frame or the end.
    pub async fn next(&mut self) -> Incoming {
        poll_fn(|cx| self.poll_incoming(cx)).await
    }

    pub(crate) fn poll_incoming(&mut self, cx: &mut Context<'_>) -> Poll<Incoming> {
        self.0.poll_incoming(cx)
    }

    /// Queues a text frame.
    pub fn send(&mut self, text: String) -> Result<(), SocketError> {
        self.0.send(text)
    }

    /// Closes; `code` is 1000 or 4000 to 4999, as browsers allow no other.
    pub fn close(mut self, code: u16) {
        self.0.close(code);
    }
}
