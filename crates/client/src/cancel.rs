//! Ending calls from outside.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// Ends every call that it was given to. Clones are the same token; once cancelled, it stays so.
///
/// Dropping a call's future ends the call too; a token is for those who do not hold the future.
#[derive(Clone, Default)]
pub struct CancelToken(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    cancelled: bool,
    /// Those who wait, by a number of their own.
    waiting: Vec<(u64, Waker)>,
    next: u64,
}

impl CancelToken {
    /// A token that nobody has cancelled.
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends the calls that run with it, and all that are begun with it later.
    pub fn cancel(&self) {
        let waiting = {
            let mut state = self.lock();
            state.cancelled = true;
            std::mem::take(&mut state.waiting)
        };
        // Outside the lock: a waker may do anything.
        for (_, waker) in waiting {
            waker.wake();
        }
    }

    /// Whether it was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.lock().cancelled
    }

    /// Waits until it is cancelled.
    pub async fn cancelled(&self) {
        let mut place = Place::new(self);
        poll_fn(|cx| place.poll(cx)).await;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for CancelToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("CancelToken").field(&self.is_cancelled()).finish()
    }
}

/// Waits for a future or for the token, whichever comes first; nothing when it was the token.
pub(crate) fn unless_cancelled<F: Future + Unpin>(
    token: Option<&CancelToken>,
    future: F,
) -> UnlessCancelled<'_, F> {
    UnlessCancelled { place: token.map(Place::new), future }
}

/// What [`unless_cancelled`] gives; by hand, as it is many times smaller than what `async` makes of it.
pub(crate) struct UnlessCancelled<'a, F> {
    place: Option<Place<'a>>,
    future: F,
}

impl<F: Future + Unpin> Future for UnlessCancelled<'_, F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if self.place.as_mut().is_some_and(|place| place.poll(cx).is_ready()) {
            return Poll::Ready(None);
        }
        Pin::new(&mut self.future).poll(cx).map(Some)
    }
}

/// One who waits; leaves the list when dropped.
struct Place<'a> {
    token: &'a CancelToken,
    number: u64,
}

impl<'a> Place<'a> {
    fn new(token: &'a CancelToken) -> Self {
        let mut state = token.lock();
        state.next += 1;
        let number = state.next;
        drop(state);
        Self { token, number }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.token.lock();
        if state.cancelled {
            return Poll::Ready(());
        }
        match state.waiting.iter_mut().find(|(number, _)| *number == self.number) {
            Some((_, waker)) => waker.clone_from(cx.waker()),
            None => state.waiting.push((self.number, cx.waker().clone())),
        }
        Poll::Pending
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.token.lock().waiting.retain(|(number, _)| *number != self.number);
    }
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use futures_util::FutureExt as _;

    use super::*;

    #[test]
    fn a_token_ends_what_waits_for_it_and_what_comes_later() {
        let token = CancelToken::new();
        let mut waiting = Box::pin(unless_cancelled(Some(&token), std::future::pending::<()>()));
        assert_eq!(waiting.as_mut().now_or_never(), None);
        token.clone().cancel();
        assert_eq!(waiting.now_or_never(), Some(None));
        assert_eq!(unless_cancelled(Some(&token), ready(1)).now_or_never(), Some(None));
        assert_eq!(unless_cancelled(None, ready(1)).now_or_never(), Some(Some(1)));
    }

    #[test]
    fn who_stops_waiting_leaves_nothing_behind() {
        let token = CancelToken::new();
        for _ in 0..3 {
            assert!(token.cancelled().now_or_never().is_none());
        }
        assert!(token.lock().waiting.is_empty());
    }
}
