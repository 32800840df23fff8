//! Calls the agent places: the newer way through the agent, the older way with a token of its own.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use perch_api::families::agents::outbound as newer;
use perch_api::families::outbound as older;
use perch_api::model::CallSid;
use perch_api::operation::Json;

use crate::agent::Language;
use crate::conversation::{Channel, Conversation, VARIANTS};
use crate::outbound::{Fate, Progress, Request, dialled};
use crate::platform::Platform;
use crate::refusal::Refusal;
use crate::router::{Answered, Call, Router};
use crate::studio::{Stage, invalid};
use crate::sync::lock;
use crate::world::called;

/// Ids of these calls begin with this.
pub(crate) const PREFIX: &str = "OUT-";
/// The environment that the older family's token belongs to.
const OLDER: Stage = Stage::Live;
/// How a call may travel, in the newer family's words.
const ENCRYPTIONS: [&str; 4] = ["tls_srtp", "tls_rtp", "udp_srtp", "udp_rtp"];

pub(super) fn routes(router: Router) -> Router {
    router
        .on(newer::Place, place)
        .on(newer::Status, status)
        .on(older::Place, place_older)
        .on(older::Status, status_older)
}

fn place(call: &Call<'_, newer::Place>) -> Answered<newer::Place> {
    let Json(body) = &call.request;
    let stage = Stage::parse(body.environment.as_str())?;
    let encryption = body.encryption.as_deref().map(str::to_ascii_lowercase);
    if encryption.is_some_and(|given| !ENCRYPTIONS.contains(&given.as_str())) {
        return Err(invalid("encryption must be tls_srtp, tls_rtp, udp_srtp or udp_rtp."));
    }
    let variant = body.variant_id.as_ref().map(perch_api::model::VariantId::as_str);
    let wanted = Wanted {
        agent: call.path.agent_id.as_str(),
        stage,
        variant,
        number: (&body.to_number, body.country_code.as_deref()),
        metadata: body.metadata.as_ref(),
    };
    let sid = wanted.place(call.platform, call.now_ms)?;
    let placed = newer::PlacedCall {
        call_sid: sid.into(),
        status: newer::CallStatus::Queued.into(),
        ..newer::PlacedCall::default()
    };
    Ok((Json(placed), 0))
}

fn status(call: &Call<'_, newer::Status>) -> Answered<newer::Status> {
    let environment = call.query.environment.as_ref();
    let environment = environment.ok_or_else(|| invalid("environment is needed."))?;
    let stage = Stage::parse(environment.as_str())?;
    let sid = &call.path.call_sid;
    let agent = lock(&call.platform.agents).find(call.path.agent_id.as_str())?.id.clone();
    let known = call.platform.outbound.progress(sid.as_str(), &agent, stage, call.now_ms);
    // This family declares no 404 for a call.
    let progress = known.ok_or_else(|| invalid("No call has this SID in this environment."))?;
    let (status, reason) = match progress {
        Progress::Queued => (newer::CallStatus::Queued, ""),
        Progress::Calling => (newer::CallStatus::Calling, ""),
        Progress::Answered => (newer::CallStatus::Success, ""),
        Progress::Failed(reason) => (newer::CallStatus::Failure, reason),
    };
    let told = newer::CallState {
        call_sid: sid.clone().into(),
        status: status.into(),
        reason: reason.to_owned().into(),
        ..newer::CallState::default()
    };
    Ok((Json(told), 0))
}

fn place_older(call: &Call<'_, older::Place>) -> Answered<older::Place> {
    let Json(body) = &call.request;
    if body.encryption.as_ref().is_some_and(|given| !given.is_known()) {
        return Err(invalid("encryption must be UDP/RTP, UDP/SRTP, TLS/RTP or TLS/SRTP."));
    }
    let wanted = Wanted {
        agent: call.platform.account.project_id,
        stage: OLDER,
        variant: None,
        number: (&body.to_number, body.country_code.as_deref()),
        metadata: body.metadata.as_ref(),
    };
    let sid = wanted.place(call.platform, call.now_ms).map_err(of_token)?;
    Ok((Json(older::PlacedCall { call_sid: sid.into(), ..older::PlacedCall::default() }), 0))
}

fn status_older(call: &Call<'_, older::Status>) -> Answered<older::Status> {
    let sid = call.path.call_sid.as_str();
    if !is_sid(sid) {
        return Err(invalid("A call SID is OUT- and a UUID."));
    }
    let known =
        call.platform.outbound.progress(sid, call.platform.account.project_id, OLDER, call.now_ms);
    let gone = || Refusal::new(404, "NOT_FOUND", "Call SID not found or its status has expired.");
    let (status, reason) = match known.ok_or_else(gone)? {
        Progress::Queued => (older::CallStatus::Queued, ""),
        Progress::Calling => (older::CallStatus::Calling, ""),
        Progress::Answered => (older::CallStatus::Success, ""),
        Progress::Failed(reason) => (older::CallStatus::Failure, reason),
    };
    let told = older::CallState {
        status: status.into(),
        reason: reason.to_owned().into(),
        ..older::CallState::default()
    };
    Ok((Json(told), 0))
}

/// A call as either family asks for it.
struct Wanted<'a> {
    agent: &'a str,
    stage: Stage,
    variant: Option<&'a str>,
    number: (&'a str, Option<&'a str>),
    metadata: Option<&'a BTreeMap<String, String>>,
}

impl Wanted<'_> {
    fn place(&self, platform: &Platform, now_ms: i64) -> Result<CallSid, Refusal> {
        let (number, country) = self.number;
        let to = dialled(number, country).ok_or_else(|| {
            let text = "The number must be E.164, or national with its two-letter country code.";
            Refusal::new(400, "PHONE_NUMBERS_INVALID_PHONE_NUMBER_FORMAT", text)
        })?;
        let headers = self.metadata.map(headers).transpose()?;
        let (request, caller) = self.resolve(platform, to)?;
        let text = format!("{PREFIX}{}", platform.uuid());
        let sid = CallSid::parse(&text)
            .map_err(|error| Refusal::new(500, "INTERNAL_SERVER_ERROR", error.to_string()))?;
        let talk = |answered_ms| {
            let begun = Begun { id: text.clone(), answered_ms, headers, caller };
            begun.talk(platform, &request)
        };
        platform.outbound.place(text.clone(), request.clone(), now_ms, talk)?;
        Ok(sid)
    }

    /// Finds agent, line and variant; gives the number that calls and the language spoken, too.
    fn resolve(
        &self,
        platform: &Platform,
        to: String,
    ) -> Result<(Request, (String, Language)), Refusal> {
        let agents = lock(&platform.agents);
        let agent = agents.find(self.agent)?;
        let mut lines = agents.lines.connectors(&agent.id);
        let (id, line) =
            lines.find(|(_, connector)| connector.stage == self.stage).ok_or_else(|| {
                let text = "No connector was found for this environment.";
                Refusal::new(404, "CONNECTORS_NOT_FOUND", text)
            })?;
        if agent.deployments.active(self.stage).is_none() {
            return Err(invalid("Outbound calling is not configured for this environment."));
        }
        let variant = self.variant.unwrap_or(&line.variant);
        if !variant.is_empty() && !agent.main.variants.contains_key(variant) {
            return Err(invalid("No such variant."));
        }
        // Variants made later have no place in the seeded records: the default one stands there.
        let variant = VARIANTS.iter().position(|(known, _)| *known == variant).unwrap_or(0);
        let mut numbers = agents.lines.numbers(&agent.id);
        let from = numbers.find(|(_, to, _)| *to == id).map(|(number, ..)| number.to_owned());
        let language = Language::parse(&line.listens).unwrap_or(Language::English);
        let request = Request { agent: agent.id.clone(), stage: self.stage, to, variant };
        Ok((request, (from.unwrap_or_default(), language)))
    }
}

/// A call that was answered.
struct Begun {
    id: String,
    answered_ms: i64,
    headers: Option<String>,
    caller: (String, Language),
}

impl Begun {
    /// Puts the conversation on record, as it will go; gives its end.
    fn talk(self, platform: &Platform, request: &Request) -> i64 {
        let fate = Fate::of(platform.seed, &request.to);
        let mut dice = fastrand::Rng::with_seed(fate.words);
        if request.agent != platform.account.project_id {
            // Agents that were made here leave no records.
            return self.answered_ms + dice.i64(20_000..120_000);
        }
        let (from_number, language) = self.caller;
        let environment = request.stage.into();
        let deployment = platform.deployment(request.stage);
        let begun = Conversation {
            variant: request.variant,
            from_number,
            to_number: request.to.clone(),
            ..Conversation::begun(self.id, Channel::Voice, environment, language, self.answered_ms)
        };
        let begun = Conversation { deployment: deployment.into(), ..begun };
        let mut conversation = called(&mut dice, begun);
        if let Some(headers) = self.headers {
            conversation.state.push(("sip_headers", headers));
        }
        let ended_ms = conversation.ended_ms;
        platform.live.put(conversation);
        ended_ms
    }
}

/// What reaches the agent as SIP headers.
fn headers(metadata: &BTreeMap<String, String>) -> Result<String, Refusal> {
    let json = serde_json::to_string(metadata)
        .map_err(|error| Refusal::new(500, "INTERNAL_SERVER_ERROR", error.to_string()))?;
    if BASE64.encode(&json).len() >= newer::MAX_METADATA {
        return Err(invalid("metadata must be smaller than 26 KB as base64."));
    }
    Ok(json)
}

/// The older family answers 401 for a token whose connector cannot place calls.
fn of_token(refusal: Refusal) -> Refusal {
    if refusal.status != 404 {
        return refusal;
    }
    Refusal::new(401, "UNAUTHORIZED", "The connector is not configured for outbound calling.")
}

fn is_sid(text: &str) -> bool {
    let groups: Vec<_> = text.strip_prefix(PREFIX).unwrap_or_default().split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
