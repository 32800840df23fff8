//! Shows one conversation: who, when, what was said and how long the visitor waited.
//!
//! ```sh
//! cargo run -p perch-client --example read_conversation -- CONVERSATION
//! ```

#[path = "shared/connection.rs"]
mod connection;

use anyhow::Result;
use clap::Parser;
use perch_api::families::conversations::{Detail, DetailPath, Get, Latency, Summary, Turn};
use perch_api::model::{Channel, ConversationId, Timestamp};
use perch_api::operation::{Empty, Nothing};

use self::connection::{Connection, advice};

/// Shows one conversation in full.
#[derive(Parser)]
struct Arguments {
    /// Its id, as `list_conversations` and Studio show it
    #[arg(value_parser = ConversationId::parse)]
    conversation: ConversationId,
    #[command(flatten)]
    connection: Connection,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let Arguments { conversation, connection } = Arguments::parse();
    let path = DetailPath { agent_id: connection.agent()?, conversation_id: conversation };
    let client = connection.client()?;
    let detail = client.send(Get, &path, &Nothing {}, &Empty).await.map_err(advice)?.0;
    show(&detail);
    Ok(())
}

fn show(detail: &Detail) {
    let text = |field: Option<&String>| field.map_or("?", String::as_str).to_owned();
    println!("{}", detail.conversation_id);
    println!("  started   {}", detail.started_at.as_ref().map_or("?", Timestamp::as_str));
    println!("  channel   {}", detail.channel.as_ref().map_or("?", Channel::as_str));
    println!("  language  {}", text(detail.language.as_ref()));
    println!("  length    {} s", detail.total_duration.0.unwrap_or_default());
    if detail.handoff.0 == Some(true) {
        let (to, why) = (detail.handoff_destination.as_ref(), detail.handoff_reason.as_ref());
        println!("  handed to {} ({})", text(to), text(why));
    }
    match detail.short_summary.as_ref() {
        Some(Summary::Text(text)) => println!("  about     {text}"),
        Some(Summary::Parts { heading, .. }) => println!("  about     {heading}"),
        None => {}
    }
    for (number, turn) in detail.turns.0.iter().flatten().enumerate() {
        println!("{}", said(number + 1, turn));
    }
    let latencies = || {
        let turns = detail.turns.0.iter().flatten();
        turns.filter_map(|turn| turn.latency.as_ref().and_then(Latency::seconds))
    };
    if let Some(longest) = latencies().reduce(f64::max) {
        println!("\nlongest wait {longest:.2} s over {} answers", latencies().count());
    }
}

/// One exchange. The first turn has no visitor's words: it is the greeting.
fn said(number: usize, turn: &Turn) -> String {
    let visitor = turn.user_input.as_ref().filter(|words| !words.is_empty());
    let visitor = visitor.map_or(String::new(), |words| format!("visitor  {words}\n    "));
    let agent = turn.agent_response.as_ref().map_or("", String::as_str);
    let wait = turn.latency.as_ref().and_then(Latency::seconds);
    let wait = wait.map_or(String::new(), |seconds| format!("  [{seconds:.2} s]"));
    format!("\n{number:>3} {visitor}agent    {agent}{wait}")
}
