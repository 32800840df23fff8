//! Lists conversations as a table, page after page, until enough are shown.
//!
//! ```sh
//! cargo run -p perch-client --example list_conversations -- --channel webchat --handed-over
//! ```

#[path = "shared/connection.rs"]
mod connection;

use std::pin::pin;

use anyhow::Result;
use clap::Parser;
use futures_util::TryStreamExt as _;
use perch_api::families::conversations::{List, ListItem, ListPath, ListQuery, MAX_LIMIT};
use perch_api::model::{Channel, Environment, Timestamp};
use perch_api::operation::Empty;
use perch_client::PageError;

use self::connection::{Connection, advice};

/// Lists conversations of an agent, the newest first.
#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    connection: Connection,
    /// How many to show
    #[arg(long, default_value_t = 10)]
    show: usize,
    /// Only this channel: voice, webchat, chat, sms, rcs, whatsapp; may be repeated
    #[arg(long, value_parser = |text: &str| Ok::<_, String>(Channel::parse(text)))]
    channel: Vec<Channel>,
    /// sandbox, pre-release or live
    #[arg(long, default_value = "live")]
    environment: String,
    /// Only those handed to people
    #[arg(long)]
    handed_over: bool,
    /// Only those started at or after this moment, for example 2026-11-01T00:00:00Z
    #[arg(long, value_name = "MOMENT")]
    from: Option<String>,
    /// Only those started before this moment
    #[arg(long, value_name = "MOMENT")]
    to: Option<String>,
    /// Only those in whose transcript these words were said
    #[arg(long, value_name = "WORDS", requires = "from", requires = "to")]
    search: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let path = ListPath {
        account_id: arguments.connection.account()?,
        project_id: arguments.connection.agent()?,
    };
    let query = ListQuery {
        channel: arguments.channel,
        client_env: Some(Environment::parse(&arguments.environment)),
        start_time: arguments.from.map(Timestamp::new),
        end_time: arguments.to.map(Timestamp::new),
        query_type: arguments.search.is_some().then(|| "transcript".to_owned()),
        query: arguments.search,
        // Rows carry whole transcripts, so pages are kept small.
        limit: Some(MAX_LIMIT.min(100)),
        ..ListQuery::default()
    };

    let client = arguments.connection.client()?;
    let mut pages = pin!(client.pages(List, path, query, Empty));
    let mut shown = 0;
    println!(
        "{:<20} {:<10} {:>5} {:>8}  {:<22} ID",
        "STARTED", "CHANNEL", "TURNS", "LENGTH", "HANDED TO"
    );
    while shown < arguments.show
        && let Some(page) = pages.try_next().await.map_err(explain)?
    {
        let wanted = |row: &&ListItem| !arguments.handed_over || row.handoff.0 == Some(true);
        for row in page.0.conversations.iter().filter(wanted).take(arguments.show - shown) {
            println!("{}", line(row));
            shown += 1;
        }
    }
    println!("{shown} shown");
    Ok(())
}

/// One row; anything may be missing from it.
fn line(row: &ListItem) -> String {
    let started = row.started_at.as_ref().map_or("?", |at| at.as_str().get(..19).unwrap_or("?"));
    let channel = row.channel.as_ref().map_or("?", Channel::as_str);
    let turns = row.num_turns.0.unwrap_or_default();
    let seconds = row.total_duration.0.unwrap_or_default();
    let handed_to = row.handoff_destination.as_ref().map_or("", String::as_str);
    let length = format!("{}:{:02}", seconds / 60, seconds % 60);
    format!("{started:<20} {channel:<10} {turns:>5} {length:>8}  {handed_to:<22} {}", row.id)
}

fn explain(error: PageError) -> anyhow::Error {
    match error {
        PageError::Call(error) => advice(error),
        other => other.into(),
    }
}
