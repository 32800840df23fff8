//! The README's commands about lists, time, traffic and state, as they stand there.

use std::collections::HashMap;

use crate::harness::Sim;

const README: &str = include_str!("../../README.md");

/// A command's words; single quotes keep words together.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('\'').zip([false, true].into_iter().cycle());
    parts
        .flat_map(|(part, quoted)| {
            if quoted {
                vec![part.to_owned()]
            } else {
                part.split_whitespace().map(str::to_owned).collect()
            }
        })
        .collect()
}

/// Sends what `curl` would send; `-o` and `-T` write and read files that are kept here.
async fn curl(sim: &Sim, line: &str, files: &mut HashMap<String, String>) {
    let (mut method, mut url, mut body, mut file) = (None, String::new(), None, None);
    let mut headers = Vec::new();
    let mut words = words(line).into_iter().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "-s" => {}
            "-X" => method = words.next(),
            "-d" => body = words.next(),
            "-o" => file = words.next(),
            "-T" => {
                method = Some("PUT".to_owned());
                body = files.get(&words.next().unwrap()).cloned();
            }
            "-H" => headers.extend(words.next()),
            _ => url = word,
        }
    }
    for (port, host) in [(4_100, sim.running.control()), (4_102, sim.running.platform())] {
        url = url.replace(&format!("http://127.0.0.1:{port}"), host);
    }
    let method = method.as_deref().unwrap_or("GET").parse().unwrap();
    let mut request = sim.http.request(method, &url);
    for (name, value) in headers.iter().map(|header| header.split_once(": ").unwrap()) {
        request = request.header(name, value);
    }
    let response = request.body(body.unwrap_or_default()).send().await.unwrap();
    assert!(response.status().is_success(), "{}: {line}", response.status());
    let text = response.text().await.unwrap();
    if url.contains("/conversations") {
        assert!(text.contains(r#""id":"#), "{line} finds something");
    }
    if let Some(file) = file {
        files.insert(file, text);
    }
}

#[tokio::test]
async fn its_commands_do_what_it_says() {
    let sim = Sim::start(500).await;
    let mut files = HashMap::new();
    let (_, block) = README.split_once("## Lists, time, traffic and state\n").unwrap();
    let block = block.split("```").nth(1).unwrap();
    let commands: Vec<_> = block.lines().filter(|line| line.starts_with("curl ")).collect();
    assert!(commands.len() >= 8, "{commands:?}");
    for line in commands {
        curl(&sim, line, &mut files).await;
    }
    let clock = sim.control("GET", "/control/clock", None).await.body;
    assert_eq!((&clock["speed"], &clock["frozen"]), (&60.into(), &false.into()));
}
