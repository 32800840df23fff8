//! The fetch event.
//!
//! Written against the runtime's own types: a request becomes a response or a promise in one
//! synchronous step wherever nothing has to be waited for, which is the proxy's common case.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::future_to_promise;
use web_sys::Request;
use worker::Env;

use crate::call::{Call, request_id};
use crate::error::Refusal;
use crate::operators::{self, Proxied};
use crate::policy::event::Facts;
use crate::policy::planes::{Plane, Planes};
use crate::router::{Health, Method, Route, Target, route};
use crate::{assets, glue, health, shield, visitors};

/// Answers one request with a response or the promise of one.
#[wasm_bindgen]
#[allow(unreachable_pub, reason = "exported to JavaScript, not to Rust")]
pub fn fetch(request: Request, env: Env, context: JsValue) -> JsValue {
    let mut id = String::new();
    let mut secure = false;
    let answer = shield::run(|| {
        id = request_id();
        let described = glue::describe(&request);
        let mut call = Call {
            request,
            env,
            context,
            described,
            id: id.clone(),
            secure,
            facts: RefCell::default(),
            trace: Cell::default(),
        };
        secure = call.url().starts_with("https:");
        call.secure = secure;
        let call = Rc::new(call);
        let answer = answer(&call).unwrap_or_else(|refusal| visitors::refuse(&call, refusal));
        call.tell();
        answer
    });
    answer.unwrap_or_else(|_| internal(&id, secure))
}

fn answer(call: &Rc<Call>) -> Result<JsValue, Refusal> {
    let method = Method::parse(call.method()).ok_or(Refusal::MethodNotAllowed)?;
    let target = Target::parse(call.url()).ok_or(Refusal::BadPath)?;
    #[cfg(feature = "panic-probe")]
    if let Some(answer) = crate::probe::answer(call, &target) {
        return Ok(answer);
    }
    // Before anything is known of the route: what belongs to the other host does not exist here.
    let is_elsewhere = |planes: Rc<Planes>| !planes.admits(target.authority, target.path);
    if Plane::of(target.path) != Plane::Public && call.planes()?.is_some_and(is_elsewhere) {
        return Err(Refusal::UnknownRoute);
    }
    let found = route(method, &target)?;
    *call.facts.borrow_mut() = Facts::of(target.path, &found);
    match found {
        Route::Health(Health::Live) => Ok(health::live(call)),
        Route::Health(Health::Ready) => {
            Ok(later(call, |call| async move { health::ready(&call).await }))
        }
        Route::Asset => assets::serve(call, &target).map(JsValue::from),
        Route::Preflight => visitors::preflight(call),
        Route::Api { host, path } => match operators::proxy(call, method, &target, (host, path))? {
            Proxied::Sent(promise) => Ok(promise.into()),
            Proxied::Unchecked(pending) => {
                Ok(later(call, |call| async move { pending.send(&call).await }))
            }
        },
        Route::Visitor(_) | Route::Operator(_) | Route::Context { .. } => {
            Ok(later(call, move |call| async move {
                let target = Target::parse(call.url()).ok_or(Refusal::BadPath)?;
                match route(method, &target)? {
                    Route::Visitor(visitor) => visitors::handle(&call, visitor, &target).await,
                    Route::Context { site } => visitors::vouch(&call, site).await,
                    Route::Operator(operator) => {
                        operators::handle(&call, operator, method, &target).await
                    }
                    _ => Err(Refusal::UnknownRoute),
                }
            }))
        }
    }
}

/// Goes on asynchronously, behind the shield.
pub(crate) fn later<F>(call: &Rc<Call>, work: impl FnOnce(Rc<Call>) -> F) -> JsValue
where
    F: Future<Output = Result<JsValue, Refusal>> + 'static,
{
    let call = Rc::clone(call);
    let (id, secure) = (call.id.clone(), call.secure);
    let work = work(Rc::clone(&call));
    let guarded = shield::future(async move {
        let answer = work.await.unwrap_or_else(|refusal| visitors::refuse(&call, refusal));
        call.tell();
        answer
    });
    let pending = shield::Pending::new();
    let promise: Promise = future_to_promise(async move {
        let answer = guarded.await.unwrap_or_else(|_| internal(&id, secure));
        drop(pending);
        Ok(answer)
    });
    promise.into()
}

fn internal(id: &str, secure: bool) -> JsValue {
    let refusal = Refusal::Internal;
    let headers = "content-type\napplication/json\ncache-control\nno-store";
    glue::respond(refusal.status(), headers, Some(&refusal.body(id)), id, secure)
}
