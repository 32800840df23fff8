//! Odd requests to every operation, byte by byte: each gets an answer that is no 5xx, or is none of
//! HTTP and gets none; and afterwards everything answers as before.

use perch_api::operation::{CredentialKind, Host, Method, OperationSpec, all};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::harness::Sim;

/// Deeper than any stack could follow step by step.
const DEEP: usize = 200_000;

/// Sends bytes, reads until the other side closes; the status line's number. What is unfinished must
/// `hang_up`, or both sides would wait; what is finished must not, or it would not be answered.
async fn exchange(host: &str, bytes: &[u8], hang_up: bool) -> Option<u16> {
    let mut stream = TcpStream::connect(host.strip_prefix("http://").unwrap()).await.unwrap();
    let (mut reader, mut writer) = stream.split();
    let mut answer = Vec::new();
    // Whoever refuses early stops reading: then writing fails, and the answer is there all the same.
    let write = async {
        writer.write_all(bytes).await.is_ok() && hang_up && writer.shutdown().await.is_ok()
    };
    let (_, _) = tokio::join!(write, reader.read_to_end(&mut answer));
    let line = answer.strip_prefix(b"HTTP/1.1 ")?;
    String::from_utf8_lossy(line.get(..3)?).parse().ok()
}

fn credentials(kind: CredentialKind) -> String {
    let value = |name: &&str| match *name {
        "Authorization" => "Bearer x.y.z".to_owned(),
        "X-Host" => "shop.fernhill.example".to_owned(),
        "X-TOKEN" => "sim-chat_connector".to_owned(),
        "X-Token" => "sim-messaging_connector".to_owned(),
        "X-TOKEN-ID" => "sim-sms_connector".to_owned(),
        _ => format!("sim-{}", kind.as_str().replace('-', "_")),
    };
    kind.headers()
        .iter()
        .map(|name| format!("{name}: {}\r\n", value(name)))
        .collect::<Vec<_>>()
        .concat()
}

fn path(spec: &OperationSpec, odd: &str) -> String {
    let mut path = spec.path.to_owned();
    while let Some((before, rest)) = path.split_once('{') {
        let (name, after) = rest.split_once('}').unwrap();
        let value = match name {
            "accountId" | "account_id" => "ws-7f3a9c21",
            "agentId" | "project_id" => "PROJECT-4E5B8A10",
            "branchId" => "main",
            "clientEnv" => "live",
            "version" => "v1",
            _ => odd,
        };
        path = format!("{before}{value}{after}");
    }
    path
}

fn bodies() -> Vec<Vec<u8>> {
    let deep = |open: &str, close: &str| {
        format!("{{\"x\":{}1{}}}", open.repeat(DEEP), close.repeat(DEEP)).into_bytes()
    };
    let texts = [
        "",
        "{",
        "}",
        "null",
        "[]",
        "7",
        "\"x\"",
        "{}{}",
        "\u{feff}{}",
        "{\"a\":1,}",
        "{'a':1}",
        "{\"a\":\u{0}1}",
        "{\"message\":\"\\ud800\"}",
        "{\"name\":\"a\",\"name\":\"b\",\"name\":null}",
        "{\"limit\":1e999999,\"x\":-0,\"y\":1E-999999}",
        "{\"conversation_id\":{\"a\":[]},\"message\":[1]}",
        "{\"metadata\":{\"__proto__\":1},\"extra\":{}}",
        "{\"phoneNumbers\":[null,7,\"+\"]}",
    ];
    let mut bodies: Vec<_> = texts.map(|text| text.as_bytes().to_vec()).to_vec();
    bodies.push(format!("{{\"x\":{}}}", "9".repeat(5_000)).into_bytes());
    bodies.push(b"{\"name\":\"\xff\xfe\"}".to_vec());
    bodies.push(deep("[", "]"));
    bodies.push(deep("{\"x\":", "}"));
    bodies.push("[".repeat(DEEP).into_bytes());
    bodies
}

#[tokio::test]
async fn odd_bodies_are_refused_or_taken_and_break_nothing() {
    let sim = Sim::start(20).await;
    let bodies = bodies();
    for spec in all().filter(|spec| spec.method != Method::Get) {
        for body in &bodies {
            let kind = spec.sends.unwrap_or("application/json");
            let head = format!(
                "{} {} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{}content-type: {kind}\r\ncontent-length: {}\r\n\r\n",
                spec.method.as_str(),
                path(spec, "X-1"),
                credentials(spec.credential),
                body.len(),
            );
            let bytes = [head.as_bytes(), body].concat();
            let status = exchange(host(&sim, spec.host), &bytes, false).await;
            let shown = String::from_utf8_lossy(body.get(..60).unwrap_or(body)).into_owned();
            let fine = status.is_some_and(|status| status < 500 || status == 501);
            assert!(fine, "{} {shown}: {status:?} {}", spec.id, body.len());
        }
    }
    assert_eq!(sim.rows("limit=1").await.len(), 1);
}

#[tokio::test]
async fn odd_paths_queries_and_headers_are_refused_or_taken_and_break_nothing() {
    let sim = Sim::start(20).await;
    let long = "a".repeat(9_000);
    let many = (0..90).map(|n| format!("x-{n}: y\r\n")).collect::<Vec<_>>().concat();
    for spec in all() {
        let method = spec.method.as_str();
        let good = path(spec, "X-1");
        let mut lines: Vec<(Vec<u8>, String)> = Vec::new();
        for odd in
            ["%FF%FE", "%00", "%2e%2e", "%2F", "..", "%", "%zz", "", "x;y", "%F0%9F%90%A6", &long]
        {
            lines.push((path(spec, odd).into_bytes(), String::new()));
        }
        lines.push(([good.as_bytes(), b"/\xff\xfe"].concat(), String::new()));
        for query in [
            "%FF=%FE",
            "limit=%",
            "a=%00",
            "&&==&",
            "limit=99999999999999999999999&offset=-1",
            "limit=1e9&limit=2",
            "cursor=%F0%28%8C%28",
            "start_time=9999999-99-99&end_time=0",
            &long,
        ] {
            lines.push((format!("{good}?{query}").into_bytes(), String::new()));
        }
        for header in [
            "x-api-key: \u{ff}\u{fe}\r\n",
            "x-api-key: a\r\nx-api-key: b\r\n",
            "authorization: Bearer\r\n",
            "authorization: \t\r\n",
            "x-polyai-correlation-id: \u{7f}\r\n",
            "range: bytes=9-1,-,7-\r\n",
            "content-type: \"\r\n",
            &format!("x-api-key: {long}\r\n"),
            &many,
        ] {
            lines.push((good.clone().into_bytes(), header.to_owned()));
        }
        for (path, header) in lines {
            let own = if header.is_empty() { credentials(spec.credential) } else { header.clone() };
            let tail = format!(" HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{own}\r\n");
            let bytes = [method.as_bytes(), b" ", &path, tail.as_bytes()].concat();
            let status = exchange(host(&sim, spec.host), &bytes, false).await;
            let fine = status.is_some_and(|status| status < 500 || status == 501);
            let (path, header) =
                (String::from_utf8_lossy(&path), header.get(..40).unwrap_or(&header));
            assert!(fine, "{} {:.80} {header}: {status:?}", spec.id, path);
        }
    }
    assert_eq!(sim.rows("limit=1").await.len(), 1);
}

#[tokio::test]
async fn what_is_no_http_is_cut_off() {
    let sim = Sim::start(20).await;
    let list = format!("GET {} HTTP/1.1\r\nhost: x\r\n", crate::harness::LIST);
    let post = "POST /api/v1/access-token HTTP/1.1\r\nhost: x\r\n";
    let huge = format!("{list}x: {}\r\n\r\n", "a".repeat(600_000));
    let crowd = (0..300).map(|n| format!("x-{n}: y\r\n")).collect::<Vec<_>>().concat();
    for hosts in [sim.running.platform(), sim.running.messaging(), sim.running.control()] {
        for bytes in [
            "",
            "\r\n\r\n",
            "\u{0}\u{1}\u{2}",
            "GET",
            "GET / HTTP/9.9\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            &huge,
            &format!("{list}{crowd}\r\n"),
            &format!("{post}transfer-encoding: chunked\r\n\r\nZZZ\r\n{{}}\r\n0\r\n\r\n"),
            &format!("{post}transfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\n{{}}"),
            &format!("{post}transfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n{{}}"),
            &format!("{post}content-length: -1\r\n\r\n{{}}"),
            &format!("{post}content-length: 99\r\n\r\n{{}}"),
            &format!("{post}content-length: 2\r\ncontent-length: 3\r\n\r\n{{}}"),
            &format!(
                "{list}connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: x\r\n\r\n"
            ),
        ] {
            let status = exchange(hosts, bytes.as_bytes(), true).await;
            assert!(status.is_none_or(|status| status < 500), "{bytes:.60}: {status:?}");
        }
    }
    assert_eq!(sim.rows("limit=1").await.len(), 1);
    sim.access_token().await;
}

fn host(sim: &Sim, host: Host) -> &str {
    match host {
        Host::Build => sim.running.build(),
        Host::Platform => sim.running.platform(),
        Host::Messaging => sim.running.messaging(),
        Host::Webrtc => sim.running.webrtc(),
    }
}
