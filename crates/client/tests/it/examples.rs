//! The example programs, run as their users run them, against a simulator.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use perch_simulator::{Options, Running, Simulator};

/// Monday, 23 November 2026, 14:20 UTC: the same past in every run.
const NOW: i64 = 1_795_443_600_000;

struct Stage(Running);

struct Outcome {
    success: bool,
    stdout: String,
    stderr: String,
}

impl Stage {
    async fn start() -> Self {
        let options =
            Options { port: 0, conversations: 300, now_ms: Some(NOW), ..Options::default() };
        Self(Simulator::start(options).await.unwrap())
    }

    /// Runs an example with `input` on its standard input.
    async fn run(&self, example: &str, arguments: &[&str], input: &str) -> Outcome {
        let mut command = Command::new(binary(example));
        command
            .args(arguments)
            .env("PERCH_BUILD_URL", self.0.build())
            .env("PERCH_PLATFORM_URL", self.0.platform())
            .env("PERCH_MESSAGING_URL", self.0.messaging())
            .env("RUST_BACKTRACE", "0");
        for own in ["PERCH_REGION", "PERCH_ACCOUNT_ID", "PERCH_PROJECT_ID", "PERCH_X_HOST"] {
            command.env_remove(own);
        }
        let input = input.to_owned();
        let run = move || {
            let piped = || Stdio::piped();
            let mut child = command.stdin(piped()).stdout(piped()).stderr(piped()).spawn().unwrap();
            // A program that does not read closes its end, which is no fault of this test.
            let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
            let output = child.wait_with_output().unwrap();
            let text = |bytes| mask(&String::from_utf8(bytes).unwrap());
            let success = output.status.success();
            Outcome { success, stdout: text(output.stdout), stderr: text(output.stderr) }
        };
        tokio::task::spawn_blocking(run).await.unwrap()
    }

    /// What an example says when all is well, compared with what it said before.
    async fn golden(&self, name: &str, example: &str, arguments: &[&str]) -> String {
        let outcome = self.run(example, arguments, "").await;
        assert!(outcome.success, "{example}: {}", outcome.stderr);
        compare(name, &outcome.stdout);
        outcome.stdout
    }
}

/// Where Cargo puts the examples of the package whose tests run.
///
/// It leaves them as they are when it is given the name of a test, so an old one is an error.
fn binary(example: &str) -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let path = own.ancestors().nth(2).unwrap().join("examples").join(example);
    let written = |path: &Path| fs::metadata(path).and_then(|file| file.modified());
    // Cargo writes beside it which sources it was made of.
    let sources = fs::read_to_string(path.with_extension("d")).unwrap_or_default();
    let is_current = written(&path).is_ok_and(|binary| {
        let mut sources = sources.split_whitespace().skip(1);
        sources.all(|source| written(Path::new(source)).is_ok_and(|source| source <= binary))
    });
    assert!(is_current, "{example} is not built: run `cargo build -p perch-client --examples`");
    path
}

/// Hides what differs from run to run: ids made in it, and ports behind the local address.
fn mask(text: &str) -> String {
    let inside = |c: char| c.is_ascii_alphanumeric() || "-.:/".contains(c);
    let words = text.split_inclusive(|c| !inside(c));
    words
        .map(|part| {
            let word = part.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
            let rest = &part[word.len()..];
            let is_uuid = word.len() == 36 && word.matches('-').count() == 4;
            let is_made = ["BRANCH-", "perch-"].iter().any(|start| word.starts_with(start));
            let local = word.strip_prefix("http://127.0.0.1:").and_then(|at| at.split_once('/'));
            match local {
                _ if is_uuid || is_made => format!("<id>{rest}"),
                Some((_, path)) => format!("http://<here>/{path}{rest}"),
                None => part.to_owned(),
            }
        })
        .collect()
}

fn compare(name: &str, said: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/examples").join(name);
    if std::env::var_os("PERCH_ACCEPT").is_some() {
        fs::write(&path, said).unwrap();
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(said, golden, "accept {name} with PERCH_ACCEPT=1 if the new text is right");
}

#[tokio::test]
async fn a_list_is_shown_and_one_of_it_read() {
    let stage = Stage::start().await;
    stage
        .golden("list.txt", "list_conversations", &["--show", "12", "--to", "2026-11-23T12:00:00Z"])
        .await;
    let many = stage.run("list_conversations", &["--show", "130"], "").await;
    assert!(many.stdout.ends_with("\n130 shown\n"), "more than one page: {}", many.stdout);
    let found = stage
        .golden(
            "search.txt",
            "list_conversations",
            &[
                "--channel",
                "webchat",
                "--channel",
                "voice",
                "--handed-over",
                "--search",
                "real person",
                "--from",
                "2026-10-01",
                "--to",
                "2026-11-20",
            ],
        )
        .await;
    assert!(found.lines().count() > 2, "{found}");
    let call = stage.run("list_conversations", &["--channel", "voice", "--handed-over"], "").await;
    let id = call.stdout.lines().nth(1).unwrap().split_whitespace().last().unwrap();
    stage.golden("read.txt", "read_conversation", &[id]).await;
}

#[tokio::test]
async fn a_conversation_is_held_line_by_line() {
    let stage = Stage::start().await;
    let said = "what is your return policy?\n\nrecommend a jacket\n";
    let outcome = stage.run("chat", &[], said).await;
    assert!(outcome.success, "{}", outcome.stderr);
    let answers: Vec<_> = outcome.stdout.split("agent: ").skip(1).collect();
    assert_eq!(answers.len(), 3, "greeting and two answers: {}", outcome.stdout);
    assert!(answers[0].contains("Fernhill") && answers[1].contains("return"), "{answers:?}");
    assert!(outcome.stdout.ends_with("(the conversation is over)\n"), "{}", outcome.stdout);
    // An agent that ends the conversation ends the program, whatever else was to be said.
    let ended = stage.run("chat", &[], "goodbye\nnot heard any more\n").await;
    assert_eq!(ended.stdout.matches("agent: ").count(), 2, "{}", ended.stdout);
}

#[tokio::test]
async fn a_change_is_released() {
    let stage = Stage::start().await;
    let before = stage.golden("agents.txt", "agents", &["list"]).await;
    let change = ["release", "--behavior", "Be brief.", "--message", "Shorter"];
    stage.golden("release.txt", "agents", &[&change[..], &["--to", "live"]].concat()).await;
    let after = stage.run("agents", &["list"], "").await.stdout;
    let versions = |text: &str| -> Vec<_> {
        let lines = text.lines().filter_map(|line| line.strip_prefix("  live "));
        lines.map(str::to_owned).collect()
    };
    assert_ne!(versions(&before), versions(&after));
    // The same change again: there is nothing left to promote.
    let again = stage.run("agents", &[&change[..], &["--to", "live"]].concat(), "").await;
    assert!(
        !again.success && again.stderr.contains("runs this version already"),
        "{}",
        again.stderr
    );
}

#[tokio::test]
async fn a_receiver_verifies_and_explains() {
    let stage = Stage::start().await;
    let arguments = ["--try-it", "--listen", "127.0.0.1:0"];
    stage.golden("webhook.txt", "webhook_receiver", &arguments).await;
    let empty = stage.run("webhook_receiver", &["--secret", " ", "--try-it"], "").await;
    assert!(!empty.success && empty.stderr.contains("the signing secret is empty"));
}

#[tokio::test]
async fn mistakes_are_explained() {
    let stage = Stage::start().await;
    let long = "x".repeat(101);
    let mut said = Vec::new();
    for (example, arguments) in [
        ("list_conversations", &["--conversations-key", "nonsense"][..]),
        ("list_conversations", &["--conversations-key", "sim-chat"]),
        ("list_conversations", &["--account", "ws-00000000"]),
        ("list_conversations", &["--environment", "moon"]),
        ("list_conversations", &["--search", "jacket"]),
        ("list_conversations", &["--region", "mars"]),
        ("list_conversations", &["--region", "uk"]),
        ("read_conversation", &["CA-none"]),
        ("read_conversation", &["a/b"]),
        ("agents", &["list", "--workspace-key", "sim-conversations"]),
        ("agents", &["list", "--account", "ws-00000000"]),
        ("agents", &["release", "--behavior", ""]),
        ("agents", &["release", "--behavior", "x", "--branch", &long]),
        ("agents", &["release", "--behavior", "x", "--agent", "PROJECT-00000000"]),
        ("agents", &["release", "--behavior", "x", "--to", "production"]),
        ("chat", &["--messaging-connector", "nonsense"]),
        ("chat", &["--x-host", "evil.example"]),
        ("chat", &["--messaging-url", "http://127.0.0.1:1"]),
        ("webhook_receiver", &["--listen", "here"]),
    ] {
        let outcome = stage.run(example, arguments, "").await;
        assert!(!outcome.success, "{example} {arguments:?}");
        said.push(format!("$ {example} {}\n{}", arguments.join(" "), outcome.stderr));
    }
    compare("mistakes.txt", &said.join("\n"));
}

#[tokio::test]
async fn help_names_every_flag_and_no_key() {
    let stage = Stage::start().await;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut examples = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let help = stage.run(&name, &["--help"], "").await;
        assert!(help.success && help.stdout.contains("Usage:"), "{name}");
        assert!(!help.stdout.contains("sim-"), "{name} shows a key");
        examples += 1;
    }
    assert!(examples >= 5, "{examples} examples");
}
