//! What is on a branch: behaviour, topics, attributes.

use perch_api::families::agents::{attributes, behavior, topics};
use perch_api::model::{AttributeId, TopicId};
use perch_api::operation::{Empty, Json};

use super::at_once;
use crate::refusal::Refusal;
use crate::router::{Answered, Call, Router};
use crate::studio::{Topic, filled, invalid, missing, room};
use crate::sync::lock;

pub(super) fn routes(router: Router) -> Router {
    router
        .on(behavior::Get, read_behavior)
        .on(behavior::Update, write_behavior)
        .on(topics::List, list_topics)
        .on(topics::Get, read_topic)
        .on(topics::Create, create_topic)
        .on(topics::Update, update_topic)
        .on(topics::Delete, delete_topic)
        .on(attributes::List, list_attributes)
        .on(attributes::Create, create_attribute)
        .on(attributes::Update, rename_attribute)
        .on(attributes::Delete, delete_attribute)
}

fn read_behavior(call: &Call<'_, behavior::Get>) -> Answered<behavior::Get> {
    let agents = lock(&call.platform.agents);
    let draft = agents.find(call.path.agent_id.as_str())?.draft(call.path.branch_id.as_str())?;
    let none = || Refusal::new(404, "", "The branch has no behavior rules.");
    let behavior = draft.behavior.clone().ok_or_else(none)?.into();
    at_once(Json(behavior::Behavior { behavior, ..behavior::Behavior::default() }))
}

fn write_behavior(call: &Call<'_, behavior::Update>) -> Answered<behavior::Update> {
    let Json(behavior::UpdateBehavior { behavior }) = &call.request;
    filled("behavior", behavior)?;
    let mut agents = lock(&call.platform.agents);
    let agent = agents.grow(call.path.agent_id.as_str(), call.now_ms)?;
    agent.draft_mut(call.path.branch_id.as_str())?.behavior = Some(behavior.clone());
    let behavior = behavior.clone().into();
    at_once(Json(behavior::Behavior { behavior, ..behavior::Behavior::default() }))
}

fn list_topics(call: &Call<'_, topics::List>) -> Answered<topics::List> {
    let agents = lock(&call.platform.agents);
    let draft = agents.find(call.path.agent_id.as_str())?.draft(call.path.branch_id.as_str())?;
    let topics = draft.topics.iter().map(|(id, topic)| shown_topic(id, topic));
    at_once(Json(topics::Topics(topics.collect())))
}

fn read_topic(call: &Call<'_, topics::Get>) -> Answered<topics::Get> {
    let agents = lock(&call.platform.agents);
    let draft = agents.find(call.path.agent_id.as_str())?.draft(call.path.branch_id.as_str())?;
    let id = call.path.topic_id.as_str();
    at_once(Json(shown_topic(id, draft.topic(id)?)))
}

fn create_topic(call: &Call<'_, topics::Create>) -> Answered<topics::Create> {
    let Json(body) = &call.request;
    filled("name", &body.name)?;
    filled("content", &body.content)?;
    let topic = Topic {
        name: body.name.clone(),
        content: body.content.clone(),
        actions: body.actions.clone().unwrap_or_default(),
        queries: queries(body.example_queries.as_ref())?.unwrap_or_default(),
        is_active: body.is_active.unwrap_or(true),
    };
    let id = call.platform.id("TOPIC");
    let mut agents = lock(&call.platform.agents);
    let agent = agents.grow(call.path.agent_id.as_str(), call.now_ms)?;
    let draft = agent.draft_mut(call.path.branch_id.as_str())?;
    room(draft.topics.len())?;
    draft.free_topic_name(&topic.name, None)?;
    let shown = shown_topic(&id, &topic);
    draft.topics.insert(id, topic);
    at_once(Json(shown))
}

fn update_topic(call: &Call<'_, topics::Update>) -> Answered<topics::Update> {
    let Json(body) = &call.request;
    let given = |name: &str, text: &Option<String>| {
        text.as_deref().map_or(Ok(()), |text| filled(name, text))
    };
    given("name", &body.name)?;
    let queries = queries(body.example_queries.as_ref())?;
    let id = call.path.topic_id.as_str();
    let mut agents = lock(&call.platform.agents);
    let agent = agents.grow(call.path.agent_id.as_str(), call.now_ms)?;
    let draft = agent.draft_mut(call.path.branch_id.as_str())?;
    let mut topic = draft.topic(id)?.clone();
    if let Some(name) = &body.name {
        draft.free_topic_name(name, Some(id))?;
        topic.name.clone_from(name);
    }
    topic.content = body.content.clone().unwrap_or(topic.content);
    topic.actions = body.actions.clone().unwrap_or(topic.actions);
    topic.queries = queries.unwrap_or(topic.queries);
    topic.is_active = body.is_active.unwrap_or(topic.is_active);
    draft.topics.insert(id.to_owned(), topic);
    at_once(Empty)
}

fn delete_topic(call: &Call<'_, topics::Delete>) -> Answered<topics::Delete> {
    let mut agents = lock(&call.platform.agents);
    let agent = agents.change(call.path.agent_id.as_str(), call.now_ms)?;
    let draft = agent.draft_mut(call.path.branch_id.as_str())?;
    draft.topics.remove(call.path.topic_id.as_str()).ok_or_else(|| missing("Topic"))?;
    at_once(Empty)
}

fn queries(given: Option<&topics::ExampleQueries>) -> Result<Option<Vec<String>>, Refusal> {
    if given.is_some_and(|given| given.queries.len() > topics::MAX_QUERIES) {
        return Err(invalid("A topic has at most 100 example queries."));
    }
    Ok(given.map(|given| given.queries.clone()))
}

fn shown_topic(id: &str, topic: &Topic) -> topics::Topic {
    let queries =
        topics::Queries { queries: topic.queries.clone().into(), ..topics::Queries::default() };
    topics::Topic {
        id: TopicId::parse(id).ok().map_or_else(Default::default, Into::into),
        name: topic.name.clone().into(),
        content: topic.content.clone().into(),
        actions: topic.actions.clone().into(),
        example_queries: queries.into(),
        is_active: topic.is_active.into(),
        ..topics::Topic::default()
    }
}

fn list_attributes(call: &Call<'_, attributes::List>) -> Answered<attributes::List> {
    let agents = lock(&call.platform.agents);
    let draft = agents.find(call.path.agent_id.as_str())?.draft(call.path.branch_id.as_str())?;
    let attributes = draft.attributes.iter().map(|(id, name)| shown_attribute(id, name)).collect();
    at_once(Json(attributes::Attributes { attributes, ..attributes::Attributes::default() }))
}

fn create_attribute(call: &Call<'_, attributes::Create>) -> Answered<attributes::Create> {
    let Json(attributes::AttributeBody { name }) = &call.request;
    filled("name", name)?;
    let id = call.platform.id("ATTRIBUTE");
    let mut agents = lock(&call.platform.agents);
    let agent = agents.grow(call.path.agent_id.as_str(), call.now_ms)?;
    let draft = agent.draft_mut(call.path.branch_id.as_str())?;
    room(draft.attributes.len())?;
    draft.free_attribute_name(name, None)?;
    draft.attributes.insert(id.clone(), name.clone());
    at_once(Json(shown_attribute(&id, name)))
}

fn rename_attribute(call: &Call<'_, attributes::Update>) -> Answered<attributes::Update> {
    let Json(attributes::AttributeBody { name }) = &call.request;
    filled("name", name)?;
    let id = call.path.attribute_id.as_str();
    let mut agents = lock(&call.platform.agents);
    let agent = agents.grow(call.path.agent_id.as_str(), call.now_ms)?;
    let draft = agent.draft_mut(call.path.branch_id.as_str())?;
    draft.free_attribute_name(name, Some(id))?;
    draft.attributes.get_mut(id).ok_or_else(|| missing("Attribute"))?.clone_from(name);
    at_once(Json(shown_attribute(id, name)))
}

fn delete_attribute(call: &Call<'_, attributes::Delete>) -> Answered<attributes::Delete> {
    let id = call.path.attribute_id.as_str();
    let mut agents = lock(&call.platform.agents);
    let agent = agents.change(call.path.agent_id.as_str(), call.now_ms)?;
    let draft = agent.draft_mut(call.path.branch_id.as_str())?;
    draft.attributes.remove(id).ok_or_else(|| missing("Attribute"))?;
    for variant in draft.variants.values_mut() {
        variant.values.remove(id);
    }
    let id = call.path.attribute_id.clone().into();
    at_once(Json(attributes::DeletedAttribute { id, ..attributes::DeletedAttribute::default() }))
}

fn shown_attribute(id: &str, name: &str) -> attributes::Attribute {
    attributes::Attribute {
        id: AttributeId::parse(id).ok().map_or_else(Default::default, Into::into),
        name: name.to_owned().into(),
        ..attributes::Attribute::default()
    }
}
