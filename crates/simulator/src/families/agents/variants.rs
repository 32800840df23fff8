//! Variants on a branch.

use perch_api::families::agents::variants as api;
use perch_api::model::VariantId;
use perch_api::operation::Json;

use super::at_once;
use crate::refusal::Refusal;
use crate::router::{Answered, Call, Router};
use crate::studio::{Draft, Variant, filled, missing, room};
use crate::sync::lock;

pub(super) fn routes(router: Router) -> Router {
    router
        .on(api::List, list)
        .on(api::Create, create)
        .on(api::Update, update)
        .on(api::Delete, delete)
}

fn list(call: &Call<'_, api::List>) -> Answered<api::List> {
    let agents = lock(&call.platform.agents);
    let draft = agents.find(call.path.agent_id.as_str())?.draft(call.path.branch_id.as_str())?;
    let variants = draft.variants.keys().map(|id| shown(draft, id)).collect::<Result<_, _>>()?;
    at_once(Json(api::Variants { variants, ..api::Variants::default() }))
}

fn create(call: &Call<'_, api::Create>) -> Answered<api::Create> {
    let Json(body) = &call.request;
    filled("name", &body.name)?;
    let id = call.platform.id("VARIANT");
    let mut agents = lock(&call.platform.agents);
    let agent = agents.grow(call.path.agent_id.as_str(), call.now_ms)?;
    let draft = agent.draft_mut(call.path.branch_id.as_str())?;
    room(draft.variants.len())?;
    draft.free_variant_name(&body.name, None)?;
    let values = body.attribute_values.as_ref().map(|given| draft.values(&given.values));
    let variant = Variant {
        name: body.name.clone(),
        is_default: false,
        values: values.transpose()?.unwrap_or_default(),
    };
    // An agent with variants always has a default one, so the first becomes it.
    let is_default = body.is_default.unwrap_or(false) || draft.variants.is_empty();
    draft.variants.insert(id.clone(), variant);
    if is_default {
        draft.make_default(&id);
    }
    at_once(Json(shown(draft, &id)?))
}

fn update(call: &Call<'_, api::Update>) -> Answered<api::Update> {
    let Json(body) = &call.request;
    let id = call.path.variant_id.as_str();
    let mut agents = lock(&call.platform.agents);
    let agent = agents.grow(call.path.agent_id.as_str(), call.now_ms)?;
    let draft = agent.draft_mut(call.path.branch_id.as_str())?;
    let mut variant = draft.variants.get(id).ok_or_else(|| missing("Variant"))?.clone();
    if let Some(name) = &body.name {
        filled("name", name)?;
        draft.free_variant_name(name, Some(id))?;
        variant.name.clone_from(name);
    }
    if let Some(given) = &body.attribute_values {
        variant.values = draft.values(&given.values)?;
    }
    if body.is_default == Some(false) && variant.is_default {
        return Err(default_stays());
    }
    draft.variants.insert(id.to_owned(), variant);
    if body.is_default == Some(true) {
        draft.make_default(id);
    }
    at_once(Json(shown(draft, id)?))
}

fn delete(call: &Call<'_, api::Delete>) -> Answered<api::Delete> {
    let id = call.path.variant_id.as_str();
    let mut agents = lock(&call.platform.agents);
    let agent = agents.change(call.path.agent_id.as_str(), call.now_ms)?;
    let draft = agent.draft_mut(call.path.branch_id.as_str())?;
    if draft.variants.get(id).ok_or_else(|| missing("Variant"))?.is_default {
        return Err(default_stays());
    }
    draft.variants.remove(id);
    let id = call.path.variant_id.clone().into();
    at_once(Json(api::DeletedVariant { id, ..api::DeletedVariant::default() }))
}

fn default_stays() -> Refusal {
    let text = "The default variant cannot be removed; make another one the default first.";
    Refusal::new(400, "VARIANTS_REMOVE_DEFAULT_ERROR", text)
}

/// A variant with a value for every attribute of the branch.
fn shown(draft: &Draft, id: &str) -> Result<api::Variant, Refusal> {
    let variant = draft.variants.get(id).ok_or_else(|| missing("Variant"))?;
    let value = |id: &String| variant.values.get(id).cloned().unwrap_or_default();
    let values = draft.attributes.keys().map(|id| (id.clone(), value(id)));
    let values = values.collect::<std::collections::BTreeMap<_, _>>().into();
    Ok(api::Variant {
        id: VariantId::parse(id).ok().map_or_else(Default::default, Into::into),
        name: variant.name.clone().into(),
        is_default: variant.is_default.into(),
        attribute_values: api::Values { values, ..api::Values::default() }.into(),
        ..api::Variant::default()
    })
}
