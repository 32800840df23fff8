//! Verifies an export of the audit log.
//!
//! `cargo run -p perch-edge-worker --example audit_verify -- FILE [SEQ:HASH ...]`: heads that were noted
//! elsewhere, in the worker's log or in a bucket, show whether the whole log was written anew.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::process::ExitCode;

use perch_edge_worker::policy::audit::Head;
use perch_edge_worker::policy::audit::chain::verify;

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(text) => {
            eprintln!("{text}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut arguments: impl Iterator<Item = String>) -> Result<String, String> {
    let path = arguments.next().ok_or("Name the exported file.")?;
    let anchors: Vec<Head> = arguments
        .map(|text| anchor(&text).ok_or(format!("{text} is not SEQ:HASH.")))
        .collect::<Result<_, _>>()?;
    let file = File::open(&path).map_err(|error| format!("Opening {path}: {error}."))?;
    // Line by line: a log may be larger than memory. What cannot be read is a line that cannot be right.
    let lines = BufReader::new(file).lines().map(Result::unwrap_or_default);
    let verified = verify(lines, &anchors).map_err(|broken| format!("{path}: {broken}."))?;
    let (first, head) = (verified.first, verified.head);
    let rows = head.seq.saturating_sub(first).saturating_add(1);
    Ok(format!(
        "{rows} rows, {first} to {}, follow from each other; {} of {} anchors lie among them.\n\
         The head is {}:{}.",
        head.seq,
        verified.anchors,
        anchors.len(),
        head.seq,
        head.hash
    ))
}

fn anchor(text: &str) -> Option<Head> {
    let (seq, hash) = text.split_once(':')?;
    Some(Head { seq: seq.parse().ok()?, hash: hash.to_owned() })
}
