//! Static files: the loader, the widget's hashed files and the console.

use js_sys::{Promise, Reflect};
use wasm_bindgen::JsCast as _;

use crate::call::Call;
use crate::error::Refusal;
use crate::glue;
use crate::policy::files::plan;
use crate::router::Target;

/// Answers with a file of the `ASSETS` binding.
pub(crate) fn serve(call: &Call, target: &Target<'_>) -> Result<Promise, Refusal> {
    if target.path == "/console" {
        let moved = call.respond(308, "location\n/console/\ncache-control\nno-store", None);
        return Ok(Promise::resolve(&moved));
    }
    let service = Reflect::get(call.env.unchecked_ref(), &"ASSETS".into())
        .ok()
        .filter(|binding| !binding.is_undefined())
        .ok_or(Refusal::NotConfigured)?;
    let (file, headers) = plan(target.path);
    let url = format!("{}://{}{file}", target.scheme, target.authority);
    Ok(glue::asset(&service, &call.request, &url, &headers, &call.id, call.secure))
}
