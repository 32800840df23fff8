//! The audio cache.

use perch_api::families::agents::audio_cache as api;
use perch_api::model::{AudioEntryId, Timestamp};
use perch_api::operation::{Empty, Json, Wav};

use super::at_once;
use crate::keys::header;
use crate::recording;
use crate::refusal::Refusal;
use crate::router::{Answered, Call, Router};
use crate::studio::audio::{Sort, Upload, Utterance};
use crate::studio::invalid;
use crate::sync::lock;

/// Rows on a page when nobody says how many.
const PAGE: u32 = 50;

pub(super) fn routes(router: Router) -> Router {
    router
        .on(api::List, list)
        .on(api::Delete, delete)
        .on(api::Download, download)
        .on(api::ReplaceFile, replace_file)
        .on(api::UpdateDetails, update_details)
        .on(api::Preview, synthesize)
        .on(api::DeleteMany, delete_many)
}

fn list(call: &Call<'_, api::List>) -> Answered<api::List> {
    let limit = call.query.limit.unwrap_or(PAGE);
    if !(1..=api::MAX_LIMIT).contains(&limit) {
        return Err(invalid("limit must be between 1 and 200."));
    }
    let offset = usize::try_from(call.query.offset.unwrap_or(0)).unwrap_or(usize::MAX);
    let sort = call.query.sort.as_deref().map(Sort::parse).transpose()?.unwrap_or(Sort::NEWEST);
    let agents = lock(&call.platform.agents);
    let all = agents.find(call.path.agent_id.as_str())?.audio.sorted(sort);
    let page = all.iter().skip(offset).take(limit as usize);
    at_once(Json(api::Entries {
        entries: page.map(|(id, utterance)| shown(*id, utterance)).collect(),
        total_count: (all.len() as u64).into(),
        ..api::Entries::default()
    }))
}

fn delete(call: &Call<'_, api::Delete>) -> Answered<api::Delete> {
    let mut agents = lock(&call.platform.agents);
    let agent = agents.find_mut(call.path.agent_id.as_str())?;
    agent.audio.remove(call.path.entry_id.as_str())?;
    at_once(Json(api::Deleted { success: true.into(), ..api::Deleted::default() }))
}

fn download(call: &Call<'_, api::Download>) -> Answered<api::Download> {
    // Speaking takes a while: not while everybody waits for the agents.
    let utterance = find(call, call.path.agent_id.as_str(), call.path.entry_id.as_str())?;
    at_once(Wav(utterance.file()))
}

fn replace_file(call: &Call<'_, api::ReplaceFile>) -> Answered<api::ReplaceFile> {
    let id = call.path.entry_id.as_str();
    let name = header(call.headers, "x-filename").map(|name| name.chars().take(255).collect());
    let name = name.unwrap_or_else(|| format!("{id}.wav"));
    let mut agents = lock(&call.platform.agents);
    let cache = &mut agents.find_mut(call.path.agent_id.as_str())?.audio;
    cache.find(id)?;
    cache.replace(id, Upload::new(name, &call.request.bytes, true)?, None, None)?;
    at_once(Empty)
}

fn update_details(call: &Call<'_, api::UpdateDetails>) -> Answered<api::UpdateDetails> {
    let id = call.path.entry_id.as_str();
    let mut agents = lock(&call.platform.agents);
    let cache = &mut agents.find_mut(call.path.agent_id.as_str())?.audio;
    cache.find(id)?;
    let upload = Upload::new(format!("{id}.wav"), call.request.wav(), false)?;
    let settings = call.request.settings();
    let settings = settings.ok_or_else(|| invalid("settings must be a JSON object."))?;
    let speed = settings.config.and_then(|config| config.speed);
    cache.replace(id, upload, settings.text, speed)?;
    at_once(Empty)
}

/// Sounds as the entry's voice would; nothing is kept.
fn synthesize(call: &Call<'_, api::Preview>) -> Answered<api::Preview> {
    let Json(body) = &call.request;
    let utterance = find(call, call.path.agent_id.as_str(), call.path.entry_id.as_str())?;
    let speed = body.config.speed.unwrap_or(1.0);
    at_once(Wav(recording::words(&body.text, &utterance.voice, speed)))
}

fn delete_many(call: &Call<'_, api::DeleteMany>) -> Answered<api::DeleteMany> {
    let Json(api::BulkDelete { ids }) = &call.request;
    if !(1..=api::MAX_BULK).contains(&ids.len()) {
        return Err(invalid("ids must contain between 1 and 20 entries."));
    }
    let mut agents = lock(&call.platform.agents);
    let cache = &mut agents.find_mut(call.path.agent_id.as_str())?.audio;
    let ids = ids.iter().map(|id| id.as_str().to_owned());
    let (deleted, failed): (Vec<_>, Vec<_>) = ids.partition(|id| cache.remove(id).is_ok());
    at_once(Json(api::BulkDeleted {
        deleted: deleted.into(),
        failed: failed.into(),
        ..api::BulkDeleted::default()
    }))
}

fn find<O: perch_api::operation::Operation>(
    call: &Call<'_, O>,
    agent: &str,
    id: &str,
) -> Result<Utterance, Refusal> {
    lock(&call.platform.agents).find(agent)?.audio.find(id).cloned()
}

fn shown(id: u64, utterance: &Utterance) -> api::Entry {
    let upload = utterance.upload.as_ref();
    api::Entry {
        id: AudioEntryId::parse(&id.to_string()).ok().map_or_else(Default::default, Into::into),
        transcript: utterance.transcript.clone().into(),
        cached_at: Timestamp::from_unix_ms(utterance.cached_ms).into(),
        hit_count: u64::from(utterance.hits).into(),
        duration: utterance.seconds().into(),
        regenerated: utterance.regenerated.into(),
        provider: utterance.provider.clone().into(),
        provider_voice_id: utterance.voice.clone().into(),
        audio_filename: upload.map_or_else(Default::default, |upload| upload.name.clone().into()),
        imported: upload.is_some_and(|upload| upload.imported).into(),
        language_code: utterance.language.clone().into(),
        ..api::Entry::default()
    }
}
