//! The voice library.

use perch_api::families::agents::voices as api;
use perch_api::model::VoiceId;
use perch_api::operation::Json;

use super::at_once;
use crate::router::{Answered, Call, Router};
use crate::samples;
use crate::studio::invalid;
use crate::studio::voices::{Change, Voice, Wanted};
use crate::sync::lock;

pub(super) fn routes(router: Router) -> Router {
    router
        .on(api::List, list)
        .on(api::Create, create)
        .on(api::Get, get)
        .on(api::Update, update)
        .on(api::Listen, sample)
}

fn list(call: &Call<'_, api::List>) -> Answered<api::List> {
    let query = &call.query;
    if query.gender.as_ref().is_some_and(|gender| !gender.is_known()) {
        return Err(invalid("gender must be male, female or neutral."));
    }
    let wanted = Wanted {
        language: query.language.as_deref(),
        gender: query.gender.as_ref().map(api::Gender::as_str),
        provider: query.provider.as_deref(),
        of_vendor: query.isPolyVoice,
    };
    let agents = lock(&call.platform.agents);
    let voices = agents.voices.list(wanted).map(shown).collect();
    at_once(Json(api::Voices { voices, ..api::Voices::default() }))
}

fn create(call: &Call<'_, api::Create>) -> Answered<api::Create> {
    let Json(body) = call.request.clone();
    let voice = Voice {
        id: call.platform.id("VOICE"),
        name: body.name,
        provider: body.provider,
        provider_voice_id: body.provider_voice_id,
        config: body.config,
        metadata: body.voice_metadata.unwrap_or_default(),
        of_vendor: false,
    };
    at_once(one(lock(&call.platform.agents).voices.add(voice)?))
}

fn get(call: &Call<'_, api::Get>) -> Answered<api::Get> {
    at_once(one(lock(&call.platform.agents).voices.find(call.path.voice_id.as_str())?))
}

fn update(call: &Call<'_, api::Update>) -> Answered<api::Update> {
    let Json(body) = call.request.clone();
    let change = Change {
        name: body.name,
        provider: body.provider,
        provider_voice_id: body.provider_voice_id,
        config: body.config,
        metadata: body.voice_metadata,
    };
    let id = call.path.voice_id.as_str();
    at_once(one(lock(&call.platform.agents).voices.change(id, change)?))
}

fn sample(call: &Call<'_, api::Listen>) -> Answered<api::Listen> {
    let agents = lock(&call.platform.agents);
    let voice = agents.voices.find(call.path.voice_id.as_str())?;
    let path = call.platform.samples.path(&voice.id, call.now_ms);
    at_once(Json(api::Sample {
        voice_id: call.path.voice_id.clone().into(),
        sample_url: format!("{}{path}", call.platform.media).into(),
        expires_in_seconds: samples::SECONDS.into(),
        text: voice.sample().into(),
        ..api::Sample::default()
    }))
}

fn one(voice: &Voice) -> Json<api::OneVoice> {
    Json(api::OneVoice { voice: shown(voice).into(), ..api::OneVoice::default() })
}

fn shown(voice: &Voice) -> api::Voice {
    api::Voice {
        id: VoiceId::parse(&voice.id).ok().map_or_else(Default::default, Into::into),
        name: voice.name.clone().into(),
        provider: voice.provider.clone().into(),
        provider_voice_id: voice.provider_voice_id.clone().into(),
        config: voice.config.clone().into(),
        metadata: voice.metadata.clone().into(),
        is_poly_voice: voice.of_vendor.into(),
        ..api::Voice::default()
    }
}
