//! A platform that costs next to nothing: answers every GET with as many kilobytes as `limit` says.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    thread,
};

use anyhow::{Context, Result};

/// Sizes that can be asked for, in kilobytes.
pub(crate) const SIZES_KB: [usize; 2] = [1, 100];

/// Starts answering on a free port; threads end with the process.
pub(crate) fn start() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("opening the bench upstream")?;
    let port = listener.local_addr()?.port();
    let bodies = SIZES_KB.map(answer);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let bodies = bodies.clone();
            // A connection that breaks is the client's business.
            thread::spawn(move || serve(stream, &bodies));
        }
    });
    Ok(port)
}

/// The length of the body for `kilobytes`.
pub(crate) fn body_bytes(kilobytes: usize) -> usize {
    kilobytes * 1024
}

fn answer(kilobytes: usize) -> Vec<u8> {
    let (head, tail) = (r#"{"conversations":[],"padding":""#, r#""}"#);
    let length = body_bytes(kilobytes);
    let padding = "x".repeat(length.saturating_sub(head.len() + tail.len()));
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{head}{padding}{tail}"
    )
    .into_bytes()
}

fn serve(stream: TcpStream, bodies: &[Vec<u8>; 2]) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut writer = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    let mut large = false;
    let mut line = String::new();
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        if line.starts_with("GET ") {
            large = line.contains("limit=100");
        }
        if line == "\r\n" {
            let [small, big] = bodies;
            writer.write_all(if large { big } else { small })?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::http::Connection, *};

    #[test]
    fn the_limit_chooses_the_size() {
        let mut connection = Connection::open(start().unwrap()).unwrap();
        for kilobytes in SIZES_KB {
            let request = format!("GET /v3/a/p/conversations?limit={kilobytes} HTTP/1.1\r\n\r\n");
            let answer = connection.send(request.as_bytes()).unwrap();
            assert_eq!(answer.body.len(), body_bytes(kilobytes));
            assert!(serde_json::from_slice::<serde_json::Value>(&answer.body).is_ok());
        }
    }
}
