//! The least HTTP/1.1 client that keeps a connection: for closed-loop load without a library's own cost.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

/// One kept connection.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
}

/// What came back.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) cookies: Vec<String>,
    pub(crate) body: Vec<u8>,
}

impl Connection {
    /// Connects to `127.0.0.1`.
    pub(crate) fn open(port: u16) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).context("connecting")?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Self { stream: BufReader::with_capacity(64 * 1024, stream) })
    }

    /// Sends a ready-made request and reads the whole answer.
    pub(crate) fn send(&mut self, request: &[u8]) -> Result<Answer> {
        self.stream.get_mut().write_all(request).context("sending a request")?;
        self.answer()
    }

    fn answer(&mut self) -> Result<Answer> {
        let mut answer = Answer::default();
        let first = self.line()?;
        let status = first.split(' ').nth(1).and_then(|status| status.parse().ok());
        answer.status = status.with_context(|| format!("no status in {first:?}"))?;
        let mut length = None;
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').context("a header without a colon")?;
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = Some(value.trim().parse().context("content-length")?),
                "set-cookie" => answer.cookies.push(value.trim().to_owned()),
                _ => {}
            }
        }
        match length {
            Some(length) => self.read(length, &mut answer.body)?,
            None if answer.status == 204 => {}
            None => self.read_chunks(&mut answer.body)?,
        }
        Ok(answer)
    }

    fn read_chunks(&mut self, body: &mut Vec<u8>) -> Result<()> {
        loop {
            let size = self.line()?;
            let size = usize::from_str_radix(size.trim(), 16).context("reading a chunk's size")?;
            self.read(size, body)?;
            self.line()?;
            if size == 0 {
                return Ok(());
            }
        }
    }

    fn read(&mut self, length: usize, body: &mut Vec<u8>) -> Result<()> {
        let wanted = u64::try_from(length).context("a length")?;
        let got = self.stream.by_ref().take(wanted).read_to_end(body).context("reading a body")?;
        if got < length {
            bail!("the body ended early");
        }
        Ok(())
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line).context("reading an answer")? == 0 {
            bail!("the connection was closed");
        }
        line.truncate(line.trim_end_matches(['\r', '\n']).len());
        Ok(line)
    }
}

/// Sends `request` again and again over `connections` connections; returns every latency.
pub(crate) fn load(
    port: u16,
    request: &[u8],
    expected_bytes: usize,
    connections: usize,
    time: Duration,
) -> Result<Vec<Duration>> {
    let end = Instant::now() + time;
    let worker = || -> Result<Vec<Duration>> {
        let mut connection = Connection::open(port)?;
        let mut latencies = Vec::new();
        while Instant::now() < end {
            let begun = Instant::now();
            let answer = connection.send(request)?;
            latencies.push(begun.elapsed());
            if answer.status != 200 || answer.body.len() != expected_bytes {
                let text = String::from_utf8_lossy(answer.body.get(..300).unwrap_or(&answer.body));
                bail!("answer {} with {} bytes: {text}", answer.status, answer.body.len());
            }
        }
        Ok(latencies)
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..connections).map(|_| scope.spawn(worker)).collect();
        let mut all = Vec::new();
        for worker in workers {
            all.extend(worker.join().map_err(|_| anyhow::anyhow!("the load broke off"))??);
        }
        Ok(all)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{net::TcpListener, thread};

    #[test]
    fn both_framings_are_read() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut buffer = [0; 64];
            let answers = [
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nSet-Cookie: a=1; Secure\r\n\r\nhello",
                "HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
            ];
            for answer in answers {
                let _ = stream.read(&mut buffer).unwrap();
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        let mut connection = Connection::open(port).unwrap();
        let plain = connection.send(b"GET / HTTP/1.1\r\n\r\n").unwrap();
        assert_eq!((plain.status, plain.body.as_slice()), (200, b"hello".as_slice()));
        assert_eq!(plain.cookies, ["a=1; Secure"]);
        let chunked = connection.send(b"GET / HTTP/1.1\r\n\r\n").unwrap();
        assert_eq!((chunked.status, chunked.body.as_slice()), (403, b"abcde".as_slice()));
    }
}
