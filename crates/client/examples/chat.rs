//! A conversation with an agent in the terminal: token, session, socket, and answers as they stream.
//!
//! ```sh
//! cargo run -p perch-client --example chat
//! ```

#[path = "shared/connection.rs"]
mod connection;

use std::collections::BTreeMap;
use std::io::{BufRead as _, Write as _, stdin, stdout};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use anyhow::{Context as _, Result, bail};
use clap::Parser;
use perch_api::families::messaging::{AccessToken, CreateSession, CreateSessionBody};
use perch_api::messaging::client::{ClientSession, Config, DialFailure, Event};
use perch_api::messaging::transcript::{Author, Entry, EntryKey};
use perch_api::model::Secret;
use perch_api::operation::{Json, Nothing, query};
use perch_client::driver::{Command, Dialler, Finish, Handle, drive, handle};
use perch_client::{BoxFuture, NativePlatform, Platform as _, Socket, SocketError, Sockets as _};

use self::connection::{Connection, advice};

/// Talks to an agent; every line is a message, and the end of the input ends the conversation.
#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    connection: Connection,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let Arguments { connection } = Arguments::parse();
    let nothing = Nothing {};
    let minted = connection.client()?.send(AccessToken, &nothing, &nothing, &Json(nothing)).await;
    let token = minted.map_err(advice)?.access_token;

    // The session belongs to this token: whoever reconnects with another one is refused.
    let client = connection.client_with(Some(token.clone()))?;
    let body = CreateSessionBody { streaming_enabled: true, ..CreateSessionBody::default() };
    let created = client.send(CreateSession, &nothing, &nothing, &Json(body)).await;
    let session_id = created.map_err(advice)?.0.session_id.0;
    let session_id = session_id.context("the answer names no session")?.as_str().to_owned();
    let platform = Arc::new(NativePlatform::new().context("making an HTTP client")?);
    let dialler = Direct {
        platform: Arc::clone(&platform),
        url: connection.socket_url()?,
        session_id,
        token,
    };

    let (handle, commands) = handle();
    let (answered, turns) = channel();
    std::thread::spawn(move || read_lines(&handle, &turns));
    let mut screen = Screen::default();
    let mut session = ClientSession::new(Config::default(), platform.random());
    let finish = drive(&mut session, &*platform, &dialler, commands, |session, event| {
        screen.show(session);
        if let Event::Announce(_) = event {
            // Nobody waits for it once the input has ended.
            let _ = answered.send(());
        }
    });
    match finish.await {
        Finish::Ended => println!("\n(the conversation is over)"),
        Finish::Lost => {
            bail!("the session is gone: it was idle for ten minutes, or its token died")
        }
        Finish::Dropped => println!("\n(left)"),
    }
    Ok(())
}

/// Sends a line after each whole answer, the greeting included.
fn read_lines(handle: &Handle, answered: &Receiver<()>) {
    let is_said =
        |line: &Result<String, _>| line.as_ref().is_ok_and(|line| !line.trim().is_empty());
    let mut lines = stdin().lock().lines().filter(is_said);
    while answered.recv().is_ok() {
        print!("\n> ");
        // A terminal that is gone is noticed by the shell, not here.
        let _ = stdout().flush();
        match lines.next() {
            Some(Ok(line)) => handle.command(Command::Send(line)),
            Some(Err(_)) | None => handle.command(Command::End),
        };
    }
}

/// Opens sockets of one session.
struct Direct {
    platform: Arc<NativePlatform>,
    url: String,
    session_id: String,
    token: Secret,
}

impl Dialler for Direct {
    fn dial(&self, cursor: Option<u64>) -> BoxFuture<'_, Result<Socket, DialFailure>> {
        let cursor = cursor.unwrap_or_default().to_string();
        let query = query::write([
            ("session_id", self.session_id.as_str()),
            ("access_token", self.token.expose()),
            ("cursor", cursor.as_str()),
        ]);
        let url = format!("{}/ws?{query}", self.url);
        Box::pin(async move {
            self.platform.connect(url).await.map_err(|error| match error {
                SocketError::Refused(401 | 404) => DialFailure::SessionLost,
                _ => DialFailure::Unreachable,
            })
        })
    }
}

/// What was printed of each entry; streamed ones grow.
#[derive(Default)]
struct Screen(BTreeMap<EntryKey, usize>);

impl Screen {
    fn show(&mut self, session: &ClientSession) {
        for entry in session.transcript().iter().filter(|entry| entry.author != Author::Visitor) {
            self.print(entry);
        }
        // A terminal that is gone is noticed by the shell, not here.
        let _ = stdout().flush();
    }

    fn print(&mut self, entry: &Entry) {
        let printed = self.0.get(&entry.key).copied();
        let new = entry.text.get(printed.unwrap_or_default()..).unwrap_or_default();
        if printed.is_none() {
            let author = match entry.author {
                Author::LiveAgent => entry.name.as_deref().unwrap_or("person"),
                Author::System => "system",
                _ => "agent",
            };
            print!("\n{author}: ");
        }
        print!("{new}");
        self.0.insert(entry.key, entry.text.len());
    }
}
