//! Calls from browsers: health, servers for firewalls, and the signalling socket.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

use crate::harness::{Sim, Stream};

const TOKEN: &str = "sim-web_calling";
const SDP: &str = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n\
    m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:abcd\r\n\
    a=ice-pwd:0123456789012345678901\r\na=fingerprint:sha-256 00:11\r\na=setup:actpass\r\n\
    a=mid:0\r\na=sendrecv\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n";

struct Phone(Stream);

impl Phone {
    async fn dial(sim: &Sim) -> Self {
        let url = format!("{}/api/v1/webrtc/signal", sim.running.webrtc().replace("http", "ws"));
        Self(connect_async(url).await.unwrap().0)
    }

    async fn send(&mut self, frame: Value) {
        self.0.send(Message::text(frame.to_string())).await.unwrap();
    }

    async fn offer(&mut self, fields: Value) {
        let mut frame = json!({ "type": "offer", "sessionId": "", "authToken": TOKEN,
            "data": { "type": "offer", "sdp": SDP } });
        frame.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        self.send(frame).await;
    }

    async fn next(&mut self) -> Option<Message> {
        let next = tokio::time::timeout(Duration::from_secs(20), self.0.next());
        next.await.unwrap().and_then(Result::ok)
    }

    async fn frame(&mut self) -> Value {
        match self.next().await {
            Some(Message::Text(text)) => serde_json::from_str(&text).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    async fn refused(&mut self) -> String {
        let frame = self.frame().await;
        assert_eq!(frame["type"], "error", "{frame}");
        assert!(frame["data"]["message"].is_string());
        frame["data"]["code"].as_str().unwrap().to_owned()
    }

    /// Calls and takes the answer with its addresses; gives the session.
    async fn answered(&mut self, fields: Value) -> Value {
        self.offer(fields).await;
        let answer = self.frame().await;
        assert_eq!(
            (&answer["type"], &answer["data"]["type"]),
            (&json!("answer"), &json!("answer"))
        );
        for _ in 0..2 {
            let candidate = self.frame().await;
            assert_eq!(
                (&candidate["type"], &candidate["sessionId"]),
                (&json!("ice-candidate"), &answer["sessionId"])
            );
        }
        answer
    }

    async fn close_code(&mut self) -> Option<u16> {
        loop {
            match self.next().await {
                Some(Message::Close(frame)) => return frame.map(|frame| frame.code.into()),
                Some(_) => {}
                None => return None,
            }
        }
    }
}

async fn active(sim: &Sim) -> u64 {
    let health = sim.send("GET", &format!("{}/health", sim.running.webrtc()), &[], None).await;
    assert_eq!(health.body["status"], "healthy");
    health.body["activeSessions"].as_u64().unwrap()
}

async fn until_active(sim: &Sim, count: u64) {
    for _ in 0..400 {
        if active(sim).await == count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{} calls, not {count}", active(sim).await);
}

#[tokio::test]
async fn a_call_is_answered_counted_recorded_and_hung_up() {
    let sim = Sim::start(0).await;
    let mut phone = Phone::dial(&sim).await;
    let fields = json!({ "callSid": "web-1", "caller": "+447700900001", "callee": "+442079460142",
        "accountId": "ws-7f3a9c21", "projectId": "PROJECT-4E5B8A10", "mode": "agent",
        "variantId": "VARIANT-93D7F508" });
    let answer = phone.answered(fields).await;
    let sdp = answer["data"]["sdp"].as_str().unwrap();
    assert!(sdp.starts_with("v=0\r\n") && sdp.contains("opus/48000/2"), "{sdp}");
    assert_eq!(active(&sim).await, 1);
    phone.send(json!({ "type": "ping" })).await;
    assert_eq!(phone.frame().await, json!({ "type": "pong" }));
    let own = json!({ "candidate": "candidate:1 1 UDP 1 192.0.2.7 5 typ host", "sdpMid": null,
        "sdpMLineIndex": null });
    let session = &answer["sessionId"];
    phone.send(json!({ "type": "ice-candidate", "sessionId": session, "data": own })).await;

    let row = sim.rows("limit=1&in_progress=true").await.remove(0);
    assert_eq!(
        (&row["channel"], &row["from_number"]),
        (&json!("VOICE-SIP"), &json!("+447700900001"))
    );
    assert_eq!(row["variant_id"], "VARIANT-93D7F508");
    phone.send(json!({ "type": "close", "sessionId": session })).await;
    until_active(&sim, 0).await;
    assert_eq!(sim.rows("limit=1").await[0]["in_progress"], false);

    let mut again = Phone::dial(&sim).await;
    again.answered(json!({ "sessionId": null })).await;
    let hung = sim.control("POST", "/control/calls/hang-up", None).await;
    assert_eq!(hung.body, json!({ "ended": 1 }));
    assert_eq!(again.frame().await["type"], "close");
    assert_eq!(again.close_code().await, Some(1000));
    assert_eq!(sim.control("GET", "/control/calls", None).await.body, json!({ "active": 0 }));
}

#[tokio::test]
async fn offers_are_refused_with_the_documented_codes() {
    let sim = Sim::start(0).await;
    let mut phone = Phone::dial(&sim).await;
    for (fields, code) in [
        (json!({ "authToken": "" }), "UNAUTHORIZED"),
        (json!({ "authToken": "nonsense" }), "UNAUTHORIZED"),
        (json!({ "authToken": "sim-workspace" }), "UNAUTHORIZED"),
        (json!({ "mode": "echo" }), "FORBIDDEN"),
        (json!({ "projectId": "PROJECT-9C07F3D2" }), "FORBIDDEN"),
        (json!({ "mode": "telepathy" }), "INVALID_ARGUMENT"),
        (json!({ "variantId": "VARIANT-0" }), "INVALID_ARGUMENT"),
        (
            json!({ "agentVersionOverride": { "artifactVersion": "x", "lambdaDeploymentVersion": "y" } }),
            "INVALID_ARGUMENT",
        ),
        (json!({ "data": { "type": "offer", "sdp": "v=0" } }), "INVALID_ARGUMENT"),
        (json!({ "authToken": "sim-second-web_calling" }), "AGENT_FAILURE"),
    ] {
        phone.offer(fields.clone()).await;
        assert_eq!(phone.refused().await, code, "{fields}");
    }
    phone.0.send(Message::text("{")).await.unwrap();
    assert_eq!(phone.refused().await, "INVALID_MESSAGE");
    let stray = json!({ "type": "ice-candidate", "sessionId": "x", "data": { "candidate": "" } });
    phone.send(stray).await;
    assert_eq!(phone.refused().await, "INVALID_ARGUMENT");
    // The connector's token of messaging opens calls as well, and the connection is still there.
    phone.answered(json!({ "authToken": "sim-messaging_connector" })).await;
    phone.0.send(Message::binary(vec![1])).await.unwrap();
    assert_eq!(phone.close_code().await, Some(1003));
}

#[tokio::test]
async fn silent_connections_are_closed_and_lost_calls_end() {
    let sim = Sim::start(0).await;
    let mut silent = Phone::dial(&sim).await;
    let mut phone = Phone::dial(&sim).await;
    let answer = phone.answered(json!({})).await;
    sim.control("POST", "/control/clock", Some(json!({ "advance_ms": 31_000 }))).await;
    assert_eq!(silent.close_code().await, Some(1008));
    sim.control("POST", "/control/sockets/drop", None).await;
    assert_eq!(phone.close_code().await, None);
    assert_eq!(active(&sim).await, 1, "a call outlives its socket for a while");
    let mut other = Phone::dial(&sim).await;
    let data = json!({ "candidate": "candidate:1 1 UDP 1 192.0.2.7 5 typ host" });
    let frame = json!({ "type": "ice-candidate", "sessionId": answer["sessionId"], "data": data });
    other.send(frame).await;
    assert_eq!(other.frame().await["type"], "ice-candidate", "taken up on another socket");
    drop(other);
    // Whichever comes first, the socket's end or the moment: it is over in the end.
    for _ in 0..100 {
        sim.control("POST", "/control/clock", Some(json!({ "advance_ms": 21_000 }))).await;
        if active(&sim).await == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    until_active(&sim, 0).await;
}

#[tokio::test]
async fn servers_for_firewalls_need_a_token() {
    let sim = Sim::start(0).await;
    let url = format!("{}/api/v1/ice-servers", sim.running.webrtc());
    let bearer = [("Authorization", "Bearer sim-web_calling")];
    let listed = sim.send("GET", &url, &bearer, None).await;
    assert_eq!(listed.status, 200, "{}", listed.body);
    let turn = &listed.body["iceServers"][1];
    assert!(turn["username"].as_str().unwrap().ends_with(":webrtc-gateway"));
    assert_eq!(turn["credential"].as_str().unwrap().len(), 28, "20 bytes as base64");
    let by_query = sim.send("GET", &format!("{url}?token={TOKEN}"), &[], None).await;
    assert_eq!(by_query.status, 200);
    for (url, headers) in [
        (url.clone(), &[][..]),
        (format!("{url}?token=x"), &[]),
        (url.clone(), &[("Authorization", "Bearer sim-workspace")]),
    ] {
        let refused = sim.send("GET", &url, headers, None).await;
        assert_eq!((refused.status, refused.body), (401, json!({ "error": "invalid auth token" })));
    }
    let plain = format!("{}/api/v1/webrtc/signal", sim.running.webrtc());
    assert_eq!(sim.send("GET", &plain, &[], None).await.status, 400, "no handshake");
    let health = format!("{}/health", sim.running.platform());
    assert_eq!(sim.send("GET", &health, &[], None).await.body["status"], "healthy");
}
