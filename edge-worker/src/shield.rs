//! Keeps a panic inside the request that caused it.
//!
//! On stable Rust a panic on wasm is a trap: no unwinding, and by default the generated glue then
//! gives up the whole instance with every request in flight. Here each step of Rust runs behind a
//! call through JavaScript ([`run`]), which catches the trap at that frame; the Rust frames above it
//! are intact and answer with a fixed 500. What the trapped frames held is leaked, and the instance
//! is replaced as soon as nothing runs in it. The README tells what was measured.

use std::cell::Cell;
use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

use crate::policy::frames::{forget, judge_text};
use crate::policy::signalling::{self, Way};
use crate::policy::summary;
use crate::{flow, glue};

/// The step trapped; its memory is lost and its state unknown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trapped;

/// Says that a future is pending, for as long as it is held. Belongs outside the shielded future:
/// what that one held when it trapped is never dropped.
pub(crate) struct Pending(f64);

impl Pending {
    /// From now on.
    pub(crate) fn new() -> Self {
        arm();
        Self(glue::begin())
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        glue::finish(self.0);
    }
}

/// Runs one synchronous step.
pub(crate) fn run<T>(step: impl FnOnce() -> T) -> Result<T, Trapped> {
    arm();
    let mut step = Some(step);
    let mut result = None;
    glue::shield(&mut || result = step.take().map(|step| step()));
    result.ok_or(Trapped)
}

/// A future whose every poll is one step.
pub(crate) struct Shielded<T>(Option<Pin<Box<dyn Future<Output = T>>>>);

/// Shields a future.
pub(crate) fn future<T>(inner: impl Future<Output = T> + 'static) -> Shielded<T> {
    Shielded(Some(Box::pin(inner)))
}

impl<T> Future for Shielded<T> {
    type Output = Result<T, Trapped>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(inner) = self.0.as_mut() else { return Poll::Ready(Err(Trapped)) };
        match run(|| inner.as_mut().poll(context)) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(value)) => Poll::Ready(Ok(value)),
            Err(Trapped) => {
                // Half-run: dropping it would run destructors over a state nobody knows.
                mem::forget(self.0.take());
                Poll::Ready(Err(Trapped))
            }
        }
    }
}

thread_local! {
    static ARMED: Cell<bool> = const { Cell::new(false) };
}

/// Hands the policy to the JavaScript half, once per instance: thread-locals live in its memory, so a
/// new one does it again. To be called by whatever the runtime may call first.
pub(crate) fn arm() {
    if ARMED.replace(true) {
        return;
    }
    // The runtime crate asks for a new instance at every trap; that decision is the glue's here.
    wasm_bindgen::handler::set_on_abort(|| {});
    // A frame is judged; no text says that the socket is gone.
    let judge = Closure::<dyn FnMut(u32, Option<String>, f64) -> JsValue>::new(
        |key, text: Option<String>, now| {
            if let Some(text) = text {
                #[cfg(feature = "panic-probe")]
                crate::probe::frame(&text);
                return judge_text(key, &text, now).into();
            }
            forget(key);
            JsValue::UNDEFINED
        },
    );
    // The same for calls, where both ways are judged.
    let signal = Closure::<dyn FnMut(u32, String, bool, Option<String>, f64) -> JsValue>::new(
        |key, opened: String, upwards, text: Option<String>, now| {
            let way = if upwards { Way::Up } else { Way::Down };
            if let Some(text) = text {
                #[cfg(feature = "panic-probe")]
                crate::probe::frame(&text);
                return signalling::signal(key, &opened, way, &text, now).into();
            }
            signalling::forget(key);
            JsValue::UNDEFINED
        },
    );
    let (judge, signal) = (judge.into_js_value(), signal.into_js_value());
    glue::arm(&wasm_bindgen::exports(), &summary::json(), &judge, &signal, &flow::functions());
}
