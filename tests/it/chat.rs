//! Chat over plain requests.

use perch_api::families::chat::{
    ChatPath, Close, CloseBody, Create, CreateBody, Respond, RespondBody,
};
use perch_api::families::conversations::Get;
use perch_api::model::{AccountId, ProjectId};
use perch_api::operation::{Empty, Json, Nothing};

use crate::world::{ACCOUNT, PROJECT, World, detail_path};

#[tokio::test]
async fn a_chat_is_held_handed_over_and_recorded() {
    let world = World::start(20).await;
    let client = world.client();
    let path = ChatPath {
        version: "v1".to_owned(),
        account_id: AccountId::parse(ACCOUNT).unwrap(),
        project_id: ProjectId::parse(PROJECT).unwrap(),
    };
    let created =
        client.send(Create, &path, &Nothing {}, &Json(CreateBody::default())).await.unwrap().0;
    assert!(!created.response.is_empty());
    let conversation_id = created.conversation_id.0.unwrap();
    let say = |message: &str| {
        let body = RespondBody {
            conversation_id: conversation_id.clone(),
            message: message.to_owned(),
            metadata: serde_json::Map::new(),
            extra: serde_json::Map::new(),
        };
        let (client, path) = (client.clone(), path.clone());
        async move { client.send(Respond, &path, &Nothing {}, &Json(body)).await.unwrap().0 }
    };
    let answer = say("What is your return policy?").await;
    assert!(!answer.end_conversation && answer.response.to_lowercase().contains("return"));
    let answer = say("I want to talk to a person").await;
    assert!(answer.end_conversation && answer.handoff.is_some());

    let close = Json(CloseBody { conversation_id: conversation_id.clone() });
    assert!(client.send(Close, &path, &Nothing {}, &close).await.unwrap().0.success);
    let record = client
        .send(Get, &detail_path(conversation_id.as_str()), &Nothing {}, &Empty)
        .await
        .unwrap()
        .0;
    assert_eq!(record.handoff.0, Some(true));
    let turns = record.turns.0.unwrap();
    let said: Vec<_> =
        turns.iter().filter_map(|turn| turn.user_input.as_ref()).map(String::as_str).collect();
    assert!(said.contains(&"What is your return policy?"), "{said:?}");
}
