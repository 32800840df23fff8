//! Text messages that open a conversation.

use perch_api::families::sms::Send;
use perch_api::model::PhoneNumber;
use perch_api::operation::{Empty, Json};

use crate::refusal::Refusal;
use crate::router::{Answered, Call, Router};
use crate::sms::Ends;
use crate::sync::lock;

/// Before the number of who gets rich messages.
const RICH: &str = "rcs:";

pub(super) fn routes(router: Router) -> Router {
    router.on(Send, send)
}

fn send(call: &Call<'_, Send>) -> Answered<Send> {
    let Json(body) = &call.request;
    let rich = body.user_number.strip_prefix(RICH);
    if PhoneNumber::parse(rich.unwrap_or(&body.user_number)).is_err() {
        return Err(invalid("user_number is not in valid E.164 format"));
    }
    let agent = match (rich, &body.messaging_service_sid) {
        (Some(_), Some(service)) if !service.is_empty() => service.clone(),
        (Some(_), _) => return Err(invalid("messaging_service_sid is needed for RCS")),
        (None, _) => sender(call, body.agent_number.as_deref())?,
    };
    let ends = Ends { agent, user: body.user_number.clone() };
    let message = body.message.as_deref().filter(|text| !text.is_empty());
    call.platform.texting.send(call.platform, &ends, message, call.now_ms)?;
    Ok((Empty, 0))
}

/// The number it comes from: the one asked for, or the agent's first one.
fn sender(call: &Call<'_, Send>, wanted: Option<&str>) -> Result<String, Refusal> {
    if wanted.is_some_and(|number| PhoneNumber::parse(number).is_err()) {
        return Err(invalid("agent_number is not in valid E.164 format"));
    }
    let agents = lock(&call.platform.agents);
    let mut own = agents
        .lines
        .numbers(call.platform.account.project_id)
        .map(|(number, ..)| number)
        .peekable();
    if own.peek().is_none() {
        return Err(Refusal::new(404, "", "The project has no numbers"));
    }
    let found = own.find(|number| wanted.is_none_or(|wanted| wanted == *number));
    let not_ours = || invalid("agent_number is not provisioned for this project");
    found.map(str::to_owned).ok_or_else(not_ours)
}

fn invalid(text: &str) -> Refusal {
    Refusal::new(400, "SCHEMA_VALIDATION_FAILED", text)
}
