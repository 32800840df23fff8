//! What the simulator takes for its largest tasks: a list out of a million conversations, 5,000
//! messaging sockets at once, and its start.
//!
//! ```sh
//! cargo bench -p perch-simulator --bench scale
//! ```
//!
//! It starts the simulator as a program of its own, so that its memory is its own, and prints one JSON
//! object. It takes half a minute.

#![allow(clippy::indexing_slicing, reason = "indexing a JSON value gives null, and no panic")]

#[path = "scale/program.rs"]
mod program;
#[path = "scale/sockets.rs"]
mod sockets;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::program::Program;

const LIST: &str = "/v3/ws-7f3a9c21/PROJECT-4E5B8A10/conversations";
const PAGES: usize = 200;
const ROWS: usize = 1_000;
const STARTS: usize = 5;
const SOCKETS: usize = 5_000;

#[tokio::main(worker_threads = 2)]
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

async fn measure() -> Result<Value> {
    perch_simulator::open_files::raise();
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        starts.push(Program::start(&["--world", "small"])?.started_ms);
    }
    let large = Program::start(&["--world", "large"])?;
    let pages = pages(&large, "").await?;
    let range = "start_time=2000-01-01T00:00:00Z&end_time=2100-01-01T00:00:00Z";
    let search =
        pages_of(&large, &format!("query_type=transcript&query=fh%20104&{range}"), 20).await?;
    let meaning =
        pages_of(&large, &format!("query_type=semantic&query=broken%20zip&{range}"), 20).await?;
    let (large_ms, large_kb) = (large.started_ms, large.peak_kb()?);
    drop(large);
    let small = Program::start(&["--world", "small"])?;
    let sockets = sockets::measure(&small, SOCKETS).await?;
    Ok(json!({
        "start_small_ms": middle(&mut starts),
        "start_large_s": large_ms / 1_000.0,
        "large_kb": large_kb,
        "page_p50_ms": percentile(&pages, 50),
        "page_p99_ms": percentile(&pages, 99),
        "transcript_p99_ms": percentile(&search, 99),
        "semantic_p99_ms": percentile(&meaning, 99),
        "sockets": sockets.count,
        "sockets_open_s": sockets.opened_s,
        "sockets_answered_s": sockets.answered_s,
        "sockets_kb": small.peak_kb()?,
    }))
}

/// How long each page took, one after the other along the cursors, with all of its bytes.
async fn pages(program: &Program, query: &str) -> Result<Vec<f64>> {
    pages_of(program, query, PAGES).await
}

async fn pages_of(program: &Program, query: &str, count: usize) -> Result<Vec<f64>> {
    let http = reqwest::Client::builder().no_proxy().build()?;
    let (mut times, mut cursor) = (Vec::new(), None::<String>);
    while times.len() < count {
        let after = cursor.map_or(String::new(), |cursor| format!("&cursor={cursor}"));
        let url = format!("{}{LIST}?limit={ROWS}&{query}{after}", program.platform);
        let begun = Instant::now();
        let request = http.get(url).header("x-api-key", "sim-conversations");
        let body = request.send().await?.error_for_status()?.bytes().await?;
        times.push(begun.elapsed().as_secs_f64() * 1_000.0);
        let page: Value = serde_json::from_slice(&body)?;
        let rows = page["conversations"].as_array().context("a page without rows")?.len();
        cursor = page["cursor"].as_str().map(str::to_owned);
        ensure!(rows == ROWS || cursor.is_none(), "{rows} rows on a page that is not the last");
        ensure!(!query.is_empty() || cursor.is_some(), "the list came to its end");
    }
    times.sort_by(f64::total_cmp);
    Ok(times)
}

fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let rank = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(rank).copied().unwrap_or(f64::NAN)
}

fn middle(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    percentile(values, 50)
}
