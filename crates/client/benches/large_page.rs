//! How much memory a page of 300 MB takes when it is read row by row, over a real socket.
//!
//! ```sh
//! cargo bench -p perch-client --bench large_page
//! ```
//!
//! It prints one JSON object: bytes, rows, seconds, and the most memory the process ever had
//! (`VmHWM` of Linux), with the server in the same process. It fails above 64 MB.

use std::{fs, process::ExitCode, sync::Arc, time::Instant};

use anyhow::{Context as _, Result, ensure};
use futures_util::{StreamExt as _, stream};
use perch_api::families::conversations::{List, ListPath, ListQuery};
use perch_api::model::{AccountId, ProjectId, Secret};
use perch_api::operation::Empty;
use perch_client::{Client, Credentials, Hosts, NativePlatform};

const PAGE: usize = 300 * 1024 * 1024;
const MOST_KB: u64 = 64 * 1024;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match measure().await {
        Ok(figures) => {
            println!("{figures}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn measure() -> Result<serde_json::Value> {
    let base = serve().await?;
    let platform = Arc::new(NativePlatform::new()?);
    let credentials = Credentials {
        conversations: Some(Secret::new("bench".to_owned())),
        ..Credentials::default()
    };
    let hosts = Hosts::custom(&base, &base, &base, &base);
    let client = Client::direct(platform.clone(), hosts, credentials).streaming(platform);
    let path = ListPath {
        account_id: AccountId::parse("ws-1")?,
        project_id: ProjectId::parse("PROJECT-1")?,
    };
    let begun = Instant::now();
    let mut rows = std::pin::pin!(client.rows(List, path, ListQuery::default(), Empty));
    let (mut count, mut turns) = (0_u64, 0_usize);
    while let Some(row) = rows.next().await {
        turns += row?.turns.0.map_or(0, |turns| turns.len());
        count += 1;
    }
    let seconds = begun.elapsed().as_secs_f64();
    ensure!(turns > 1_000, "the rows hold no turns");
    let peak = peak_kb()?;
    ensure!(peak <= MOST_KB, "{peak} KB were needed, more than {MOST_KB}");
    Ok(serde_json::json!({ "bytes": PAGE, "rows": count, "seconds": seconds, "peak_kb": peak }))
}

/// A server that makes its one page up while it sends it.
async fn serve() -> Result<String> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let base = format!("http://{}", listener.local_addr()?);
    let app = axum::Router::new().fallback(|| async {
        let row = row();
        let rows = PAGE / row.len();
        let body = stream::iter(0..=rows).map(move |at| {
            Ok::<_, std::convert::Infallible>(match at {
                0 => r#"{"conversations":["#.to_owned(),
                at if at == rows => format!("{row}],\"cursor\":null}}"),
                _ => format!("{row},"),
            })
        });
        axum::body::Body::from_stream(body)
    });
    tokio::spawn(async move { axum::serve(listener, app).await });
    Ok(base)
}

/// A conversation of 60 turns.
fn row() -> String {
    let turn = format!(
        r#"{{"user_input":"{}","agent_response":"{}","latency":{{"perceived_latency":0.8}},"is_ood":false}}"#,
        "where is my order ".repeat(8),
        "let me look that up for you ".repeat(8),
    );
    let turns = vec![turn; 60].join(",");
    format!(
        r#"{{"id":"CA0123456789","channel":"voice","started_at":"2026-11-01T10:00:00Z","num_turns":60,"turns":[{turns}]}}"#
    )
}

fn peak_kb() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status").context("read /proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    let number = line.trim().split(' ').next().unwrap_or_default();
    number.parse().with_context(|| format!("read {line}"))
}
