//! Whatever a server sends: errors keep what helps and nothing that could be a secret.

use perch_api::families::conversations::{self, DetailPath};
use perch_api::model::{ConversationId, ProjectId};
use perch_api::operation::{Empty, Nothing};
use perch_client::{Body, Client, ClientError, Failure, RetryPolicy};
use proptest::prelude::*;

use crate::scripted::Scripted;

/// Stands for a key, a token or a person's words.
const CANARY: &str = "canary7f3a";

async fn both(status: u16, body: &str) -> Vec<ClientError> {
    let platform = Scripted::new();
    let headers =
        [("x-polyai-correlation-id", "c-9"), ("set-cookie", CANARY), ("content-type", "text/html")];
    platform.answer_with(status, &headers, body).answer_with(status, &headers, body);
    let client = Client::edge(platform, "").with_retry(RetryPolicy::NONE);
    let path = DetailPath {
        agent_id: ProjectId::parse("PROJECT-1").unwrap(),
        conversation_id: ConversationId::parse("CA7").unwrap(),
    };
    let typed = client.send(conversations::Get, &path, &Nothing {}, &Empty).await.unwrap_err();
    let names = [("agentId", "PROJECT-1"), ("conversationId", "CA7")];
    // Without types, any JSON is an answer, and so is none.
    let erased = client.call("conversations.get", &names, &[], Body::Empty).await.err();
    std::iter::once(typed).chain(erased).collect()
}

fn told(error: &ClientError) -> String {
    format!("{error} {error:?} {} {}", error.failure, error.remedy())
}

#[tokio::test]
async fn an_error_keeps_status_name_and_first_plain_words() {
    for (status, body, words) in [
        (200, "<html><title>Gateway down</title> key canary7f3a", Some("Gateway down key")),
        (200, "Service restarting, token=canary7f3a", Some("Service restarting,")),
        (200, r#"{"conversationId": "canary7f3a", "turns": [tru"#, None),
        (200, r#""canary""#, None),
        (200, "", None),
        (502, "<html><h1>502 Bad Gateway</h1>canary7f3a", Some("502 Bad Gateway")),
        (401, "canary7f3a", None),
    ] {
        for error in both(status, body).await {
            assert_eq!(error.status(), Some(status), "{body}");
            assert_eq!(error.correlation_id.as_deref(), Some("c-9"));
            let found = match &error.failure {
                Failure::Decode(answer) => answer.words.as_deref(),
                Failure::Refused(answer) => answer.message.as_deref(),
                other => panic!("{other}"),
            };
            assert_eq!(found, words, "{body}");
            assert!(!told(&error).contains("canary"), "{}", told(&error));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_garbage_panics_or_carries_a_secret_away(
        before in "[ -~\n]{0,40}",
        after in "\\PC{0,40}",
        status in prop::sample::select(vec![200_u16, 400, 404, 500]),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        // A JSON error body may say what it likes in its message; anything else may not.
        prop_assume!(!before.trim_start().starts_with('{'));
        let body = format!("{before}{CANARY}{after}");
        for error in runtime.block_on(both(status, &body)) {
            prop_assert_eq!(error.status(), Some(status));
            prop_assert!(!told(&error).contains(CANARY));
        }
    }
}
