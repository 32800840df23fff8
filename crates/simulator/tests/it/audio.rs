//! The audio cache and the voice library, with files that can be played.

use perch_api::families::agents::audio_cache::{DetailsUpload, MAX_FILE, Settings, Tuning};
use perch_api::operation::Payload as _;
use serde_json::{Value, json};

use crate::harness::{Answer, Sim};

const AGENT: &str = "PROJECT-4E5B8A10";
const INVALID: (u16, &str) = (400, "SCHEMA_VALIDATION_FAILED");

async fn send(sim: &Sim, method: &str, path: &str, body: Option<Value>) -> Answer {
    let url = format!("{}/v1/agents/{AGENT}/audio-cache{path}", sim.running.build());
    sim.send(method, &url, &[("X-API-KEY", "sim-workspace")], body).await
}

async fn done(sim: &Sim, method: &str, path: &str, body: Option<Value>) -> Value {
    let answer = send(sim, method, path, body).await;
    assert_eq!(answer.status, 200, "{method} {path}: {}", answer.body);
    answer.body
}

fn assert_refused(answer: &Answer, expected: (u16, &str), what: &str) {
    let code = answer.body["error_code"].as_str().unwrap_or_default();
    assert_eq!((answer.status, code), expected, "{what}: {}", answer.body);
    assert_eq!(answer.body["success"], false, "{what}");
}

/// Sends bytes of any type.
async fn upload(
    sim: &Sim,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Vec<u8>,
) -> Answer {
    let url = format!("{}/v1/agents/{AGENT}/audio-cache{path}", sim.running.build());
    let headers = [&[("X-API-KEY", "sim-workspace")], headers].concat();
    sim.send_bytes(method, &url, &headers, body).await
}

async fn file(sim: &Sim, url: &str) -> Result<Vec<u8>, u16> {
    let response = sim.http.get(url).header("x-api-key", "sim-workspace").send().await.unwrap();
    let status = response.status().as_u16();
    if status != 200 {
        return Err(status);
    }
    assert_eq!(response.headers()["content-type"], "audio/wav");
    Ok(response.bytes().await.unwrap().to_vec())
}

fn entry_file(sim: &Sim, id: &str) -> String {
    format!("{}/v1/agents/{AGENT}/audio-cache/{id}/file", sim.running.build())
}

/// A WAV file of so many samples at 8 kHz, all of the same height.
fn wav(samples: usize, height: u8) -> Vec<u8> {
    let data = u32::try_from(samples * 2).unwrap();
    let mut file = b"RIFF".to_vec();
    file.extend((data + 36).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data");
    file.extend(data.to_le_bytes());
    file.extend(vec![height; samples * 2]);
    file
}

/// Seconds of a file as the simulator writes them.
fn seconds(file: &[u8]) -> f64 {
    assert_eq!((&file[..4], &file[8..16]), (&b"RIFF"[..], &b"WAVEfmt "[..]));
    let data = u32::from_le_bytes(file[40..44].try_into().unwrap());
    assert_eq!(data as usize, file.len() - 44);
    f64::from(data) / 16_000.0
}

#[tokio::test]
async fn the_cache_is_listed_in_pages_and_orders() {
    let sim = Sim::start(20).await;
    let first = done(&sim, "GET", "", None).await;
    let total = first["totalCount"].as_u64().unwrap();
    let entries = first["entries"].as_array().unwrap();
    assert!(total > 60 && entries.len() == 50, "fifty on a page");
    let times: Vec<_> = entries.iter().map(|one| one["cachedAt"].as_str().unwrap()).collect();
    assert!(times.is_sorted_by(|one, other| one >= other), "the newest first");
    for entry in entries {
        assert!(entry["id"].as_str().unwrap().parse::<u64>().is_ok());
        assert!(entry["duration"].as_f64().unwrap() > 0.5 && entry["hitCount"].is_u64());
        let unchanged = (&entry["audioFilename"], &entry["imported"], &entry["regenerated"]);
        assert_eq!(unchanged, (&Value::Null, &json!(false), &json!(false)));
        assert!(["eleven_labs", "google"].contains(&entry["provider"].as_str().unwrap()));
    }
    let mut seen = Vec::new();
    for offset in (0..total).step_by(30) {
        let query = format!("?limit=30&offset={offset}&sort=hit_count:desc");
        let page = done(&sim, "GET", &query, None).await;
        assert_eq!(page["totalCount"], total);
        seen.extend(page["entries"].as_array().unwrap().iter().cloned());
    }
    let hits: Vec<_> = seen.iter().map(|one| one["hitCount"].as_u64().unwrap()).collect();
    let ids: std::collections::BTreeSet<_> = seen.iter().map(|one| one["id"].as_str()).collect();
    assert!(hits.is_sorted_by(|one, other| one >= other) && ids.len() as u64 == total);
    let past = done(&sim, "GET", "?offset=9999&filter=ignored", None).await;
    assert_eq!(past, json!({ "entries": [], "totalCount": total }));
    for odd in ["limit=0", "limit=201", "limit=x", "offset=-1", "sort=hitCount:desc", "sort=id"] {
        assert_refused(&send(&sim, "GET", &format!("?{odd}"), None).await, INVALID, odd);
    }
    assert_eq!(send(&sim, "GET", "?limit=200", None).await.status, 200);
}

#[tokio::test]
async fn an_entry_plays_as_long_as_it_says() {
    let sim = Sim::start(20).await;
    let list = done(&sim, "GET", "?limit=3&sort=duration:asc", None).await;
    for entry in list["entries"].as_array().unwrap() {
        let played = file(&sim, &entry_file(&sim, entry["id"].as_str().unwrap())).await.unwrap();
        let letters = entry["transcript"].as_str().unwrap().chars().count();
        assert!((seconds(&played) - entry["duration"].as_f64().unwrap()).abs() < 1e-6);
        assert!(
            (seconds(&played) - f64::from(u32::try_from(letters).unwrap()) * 0.06).abs() < 1e-6
        );
        assert!(played[44..].iter().any(|byte| *byte != 0), "it is heard");
    }
    assert_eq!(file(&sim, &entry_file(&sim, "1")).await, Err(404));
    let odd = send(&sim, "GET", "/one/file", None).await;
    assert_refused(&odd, INVALID, "no number");
    assert_eq!(odd.body["error_message"], "Invalid ID");
}

#[tokio::test]
async fn a_recording_replaces_the_voice_for_one_agent() {
    let sim = Sim::start(20).await;
    let newest = done(&sim, "GET", "?limit=1", None).await["entries"][0].clone();
    let id = newest["id"].as_str().unwrap();
    let path = format!("/{id}/file");
    let own = wav(12_000, 9);
    let kind = ("Content-Type", "audio/wav");
    let answer = upload(&sim, "PATCH", &path, &[kind], own.clone()).await;
    assert_eq!((answer.status, answer.body), (204, Value::Null));
    assert_eq!(file(&sim, &entry_file(&sim, id)).await.unwrap(), own, "byte for byte");
    let entry = done(&sim, "GET", "?limit=1&sort=imported:desc", None).await["entries"][0].clone();
    assert_eq!(entry["audioFilename"], format!("{id}.wav"));
    assert_eq!(
        (&entry["imported"], &entry["duration"], &entry["transcript"]),
        (&json!(true), &json!(1.5), &newest["transcript"])
    );
    let named = [kind, ("X-Filename", "greeting, take 2.wav")];
    assert_eq!(upload(&sim, "PATCH", &path, &named, wav(8_000, 1)).await.status, 204);
    let entry = done(&sim, "GET", "?limit=1&sort=imported:desc", None).await["entries"][0].clone();
    assert_eq!(
        (&entry["audioFilename"], &entry["duration"]),
        (&json!("greeting, take 2.wav"), &json!(1.0))
    );

    for (what, body, text) in [
        ("nothing", Vec::new(), "The file is empty."),
        ("no sound", b"{\"file\": 1}".to_vec(), "The file is no WAV file."),
        ("too large", wav(MAX_FILE / 2, 1), "The file must be at most 6 MB."),
        ("far too large", wav(MAX_FILE * 2, 1), "The file must be at most 6 MB."),
    ] {
        let answer = upload(&sim, "PATCH", &path, &[kind], body).await;
        assert_refused(&answer, INVALID, what);
        assert_eq!(answer.body["error_message"], text);
    }
    let largest = wav((MAX_FILE - 44) / 2, 1);
    assert_eq!(upload(&sim, "PATCH", &path, &[kind], largest).await.status, 204);
    assert_refused(
        &upload(&sim, "PATCH", "/1/file", &[kind], own.clone()).await,
        (404, "NOT_FOUND"),
        "gone",
    );
    assert_refused(
        &upload(&sim, "PATCH", "/x/file", &[kind], own.clone()).await,
        INVALID,
        "odd id",
    );

    // Another agent has a cache of its own.
    let agent = format!("{}/v1/agents/{AGENT}/duplicate", sim.running.build());
    let key = [("X-API-KEY", "sim-workspace")];
    let copy = json!({ "newAgentName": "Two", "newAgentId": "two" });
    assert_eq!(sim.send("POST", &agent, &key, Some(copy)).await.status, 200);
    let two = format!("{}/v1/agents/two/audio-cache", sim.running.build());
    let empty = sim.send("GET", &two, &key, None).await.body;
    assert_eq!(empty, json!({ "entries": [], "totalCount": 0 }));
    assert_eq!(file(&sim, &format!("{two}/{id}/file")).await, Err(404));
    let bulk = Some(json!({ "ids": [id] }));
    let failed = sim.send("POST", &format!("{two}/bulk-delete"), &key, bulk).await.body;
    assert_eq!(failed, json!({ "deleted": [], "failed": [id] }));
    assert!(file(&sim, &entry_file(&sim, id)).await.is_ok());
    assert_eq!(sim.send("GET", &two.replace("two", "none"), &key, None).await.status, 404);
    let foreign = sim.send("GET", &two, &[("X-API-KEY", "sim-conversations")], None).await;
    assert_refused(&foreign, (403, "ACCOUNT_INSUFFICIENT_PERMISSIONS"), "another key");
}

#[tokio::test]
async fn words_and_recording_change_together() {
    let sim = Sim::start(20).await;
    let id = done(&sim, "GET", "?limit=1", None).await["entries"][0]["id"].clone();
    let id = id.as_str().unwrap();
    let path = format!("/{id}/details");
    let settings = Settings {
        text: Some("We are closed today.".to_owned()),
        config: Some(Tuning { speed: Some(1.2), ..Tuning::default() }),
    };
    let form = DetailsUpload::new(wav(4_000, 3), &settings, 7);
    let kind = form.content_type().unwrap().into_owned();
    let kind = [("Content-Type", kind.as_str())];
    let answer = upload(&sim, "PUT", &path, &kind, form.encode()).await;
    assert_eq!((answer.status, answer.body), (204, Value::Null));
    let list = done(&sim, "GET", "?sort=regenerated:desc&limit=1", None).await;
    let entry = list["entries"][0].clone();
    assert_eq!(
        (&entry["id"], &entry["transcript"], &entry["duration"], &entry["regenerated"]),
        (&json!(id), &json!("We are closed today."), &json!(0.5), &json!(true))
    );
    assert_eq!(file(&sim, &entry_file(&sim, id)).await.unwrap(), wav(4_000, 3));

    let part = |name: &str, content: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{content}\r\n")
    };
    let form_of = |parts: &[String]| format!("{}--b--\r\n", parts.concat()).into_bytes();
    let sound = String::from_utf8(wav(0, 0)).unwrap_or_default();
    let large = DetailsUpload::new(wav(MAX_FILE / 2, 1), &settings, 7).encode();
    for (what, body) in [
        ("no form", b"{}".to_vec()),
        ("nothing", Vec::new()),
        ("no file", form_of(&[part("settings", "{}")])),
        ("no settings", form_of(&[part("file", "RIFF")])),
        ("no sound", form_of(&[part("file", "x"), part("settings", "{}")])),
        ("no JSON", form_of(&[part("file", &sound), part("settings", "{")])),
        ("too large", large),
    ] {
        let answer = upload(&sim, "PUT", &path, &kind, body).await;
        assert_refused(&answer, INVALID, what);
    }
    let fine = form.encode();
    assert_refused(
        &upload(&sim, "PUT", "/1/details", &kind, fine.clone()).await,
        (404, "NOT_FOUND"),
        "gone",
    );
    assert_refused(&upload(&sim, "PUT", "/x/details", &kind, fine).await, INVALID, "odd id");
}

#[tokio::test]
async fn a_preview_sounds_and_is_not_kept() {
    let sim = Sim::start(20).await;
    let before = done(&sim, "GET", "", None).await;
    let id = before["entries"][0]["id"].as_str().unwrap();
    let url = format!("{}/v1/agents/{AGENT}/audio-cache/{id}/synthesize", sim.running.build());
    let speak = async |body: Value| {
        let key = ("x-api-key", "sim-workspace");
        let request = sim.http.post(&url).header(key.0, key.1).json(&body);
        let response = request.send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "audio/wav");
        response.bytes().await.unwrap().to_vec()
    };
    let short = speak(json!({ "text": "Ten chars.", "config": {} })).await;
    assert!((seconds(&short) - 0.6).abs() < 1e-6);
    let fast = json!({ "text": "Ten chars.", "config": { "speed": 2.0 }, "language": "en-GB" });
    assert!((seconds(&speak(fast).await) - 0.3).abs() < 1e-6);
    assert_eq!(speak(json!({ "text": "", "config": {}, "colour": "red" })).await.len(), 44);
    let endless = speak(json!({ "text": "a".repeat(500_000), "config": {} })).await;
    assert!(endless.len() <= MAX_FILE, "no longer than what the cache takes");
    assert_eq!(done(&sim, "GET", "", None).await, before);
    let path = format!("/{id}/synthesize");
    for odd in [json!({ "text": "x" }), json!({ "config": {} }), json!({ "text": 1, "config": {} })]
    {
        assert_refused(
            &send(&sim, "POST", &path, Some(odd.clone())).await,
            INVALID,
            &odd.to_string(),
        );
    }
    let body = json!({ "text": "x", "config": {} });
    let gone = send(&sim, "POST", "/1/synthesize", Some(body.clone())).await;
    assert_refused(&gone, (404, "NOT_FOUND"), "gone");
    assert_refused(&send(&sim, "POST", "/x/synthesize", Some(body)).await, INVALID, "odd id");
}

#[tokio::test]
async fn entries_are_forgotten_one_by_one_or_together() {
    let sim = Sim::start(20).await;
    let list = done(&sim, "GET", "?limit=4", None).await;
    let total = list["totalCount"].as_u64().unwrap();
    let ids: Vec<_> =
        list["entries"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    let path = format!("/{}", ids[0]);
    assert_eq!(done(&sim, "DELETE", &path, None).await, json!({ "success": true }));
    assert_refused(&send(&sim, "DELETE", &path, None).await, (404, "NOT_FOUND"), "gone");
    assert_refused(&send(&sim, "DELETE", "/abc", None).await, INVALID, "odd id");
    let body = json!({ "ids": [ids[1], ids[0], "abc", ids[2], ids[2]] });
    assert_eq!(
        done(&sim, "POST", "/bulk-delete", Some(body)).await,
        json!({ "deleted": [ids[1], ids[2]], "failed": [ids[0], "abc", ids[2]] })
    );
    assert_eq!(done(&sim, "GET", "", None).await["totalCount"], total - 3);
    for ids in [json!([]), json!(vec!["1"; 21]), json!("1"), json!([1])] {
        let answer = send(&sim, "POST", "/bulk-delete", Some(json!({ "ids": ids }))).await;
        assert_refused(&answer, INVALID, "bulk");
    }
    let twenty = send(&sim, "POST", "/bulk-delete", Some(json!({ "ids": vec!["1"; 20] }))).await;
    assert_eq!(twenty.body["failed"].as_array().unwrap().len(), 20);
}

async fn voices(sim: &Sim, method: &str, path: &str, body: Option<Value>) -> Answer {
    let url = format!("{}/v1/accounts/ws-7f3a9c21/voice-library{path}", sim.running.build());
    sim.send(method, &url, &[("X-API-KEY", "sim-workspace")], body).await
}

#[tokio::test]
async fn the_voice_library_grows_and_is_searched() {
    let sim = Sim::start(20).await;
    let all = voices(&sim, "GET", "", None).await.body;
    let count = |body: &Value| body["voices"].as_array().unwrap().len();
    for (query, expected) in [
        ("?language=en-GB", 4),
        ("?language=en-GB&gender=male", 1),
        ("?provider=ELEVENLABS", 2),
        ("?isPolyVoice=false", 2),
        ("?isPolyVoice=true&language=fr-FR", 1),
        ("?provider=NOBODY", 0),
        ("?colour=red", count(&all)),
    ] {
        assert_eq!(count(&voices(&sim, "GET", query, None).await.body), expected, "{query}");
    }
    for odd in ["?gender=old", "?isPolyVoice=maybe"] {
        assert_refused(&voices(&sim, "GET", odd, None).await, INVALID, odd);
    }

    let body = json!({
        "name": "Quarry", "provider": "HUME", "config": { "speed": 0.9 }, "providerVoiceId": "q-1",
        "voiceMetadata": { "language": "cy-GB", "gender": "neutral" }, "colour": "ignored",
    });
    let made = voices(&sim, "POST", "", Some(body)).await;
    let voice = made.body["voice"].clone();
    assert_eq!((made.status, &voice["isPolyVoice"]), (200, &json!(false)));
    assert_eq!(voice["metadata"], json!({ "language": "cy-GB", "gender": "neutral" }));
    assert!(voice.get("voiceMetadata").is_none());
    let path = format!("/{}", voice["id"].as_str().unwrap());
    assert_eq!(voices(&sim, "GET", &path, None).await.body["voice"], voice);
    assert_eq!(count(&voices(&sim, "GET", "?language=cy-GB", None).await.body), 1);
    let change = json!({ "name": "Quarry two" });
    let changed = voices(&sim, "PATCH", &path, Some(change)).await.body["voice"].clone();
    assert_eq!((&changed["name"], &changed["config"]), (&json!("Quarry two"), &voice["config"]));

    for odd in [
        json!({ "name": "x", "provider": "HUME", "config": {} }),
        json!({ "name": "x", "provider": "HUME", "config": null, "providerVoiceId": "q" }),
        json!({ "name": "x", "provider": "HUME", "config": [], "providerVoiceId": "q" }),
    ] {
        assert_refused(
            &voices(&sim, "POST", "", Some(odd.clone())).await,
            INVALID,
            &odd.to_string(),
        );
    }
    let odd = voices(&sim, "PATCH", &path, Some(json!({ "name": 7 }))).await;
    assert_refused(&odd, INVALID, "a name");
    let own = Some(json!({ "name": "Mine" }));
    let vendors = voices(&sim, "PATCH", "/VOICE-0A61C3E7", own.clone()).await;
    assert_refused(&vendors, (403, "ACCOUNT_INSUFFICIENT_PERMISSIONS"), "the vendor's");
    for (method, path, body) in
        [("GET", "/VOICE-0", None), ("PATCH", "/VOICE-0", own), ("GET", "/VOICE-0/sample", None)]
    {
        assert_refused(&voices(&sim, method, path, body).await, (404, "NOT_FOUND"), path);
    }
    let other = format!("{}/v1/accounts/quayside-books/voice-library", sim.running.build());
    let foreign = sim.send("GET", &other, &[("X-API-KEY", "sim-workspace")], None).await;
    assert_refused(&foreign, (403, "ACCOUNT_INSUFFICIENT_PERMISSIONS"), "another workspace");
    let nobodys = other.replace("quayside-books", "ws-00000000");
    let nobodys = sim.send("GET", &nobodys, &[("X-API-KEY", "sim-workspace")], None).await;
    assert_refused(&nobodys, (404, "ACCOUNT_NOT_FOUND"), "no workspace");
    let theirs = sim.send("GET", &other, &[("X-API-KEY", "sim-second-workspace")], None).await.body;
    assert_eq!(count(&theirs), 6, "the vendor's voices, and none of ours");
    let sample = format!("{other}/VOICE-0A61C3E7/sample");
    let sample =
        sim.send("GET", &sample, &[("X-API-KEY", "sim-second-workspace")], None).await.body;
    assert!(file(&sim, sample["sampleUrl"].as_str().unwrap()).await.is_ok());
}

#[tokio::test]
async fn a_sample_is_heard_for_a_while() {
    let sim = Sim::start(20).await;
    let sample = voices(&sim, "GET", "/VOICE-60C7294D/sample", None).await.body;
    assert_eq!(sample["voiceId"], "VOICE-60C7294D");
    let url = sample["sampleUrl"].as_str().unwrap();
    let letters = sample["text"].as_str().unwrap().chars().count();
    let played = file(&sim, url).await.unwrap();
    assert!((seconds(&played) - f64::from(u32::try_from(letters).unwrap()) * 0.06).abs() < 1e-6);
    let other = voices(&sim, "GET", "/VOICE-1B72D4F8/sample", None).await.body;
    assert_ne!(file(&sim, other["sampleUrl"].as_str().unwrap()).await.unwrap(), played);

    assert_eq!(file(&sim, &url.replace("60C7294D", "71D83A5E")).await, Err(403), "not signed");
    assert_eq!(file(&sim, url.split('?').next().unwrap()).await, Err(403));
    let lifetime = sample["expiresInSeconds"].as_u64().unwrap();
    let advance = json!({ "advance_ms": lifetime * 1_000 });
    assert_eq!(sim.control("POST", "/control/clock", Some(advance)).await.status, 200);
    assert_eq!(file(&sim, url).await, Err(403), "over");
}
