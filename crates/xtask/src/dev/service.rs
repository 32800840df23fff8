//! A long-running part: started, ready when it prints one line of JSON, watched until the end.

use std::{
    io::{BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{ChildStdin, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process::{Job, check_interrupted, create_log, lossy_lines, tail};

const POLL: Duration = Duration::from_millis(50);

/// One running part.
#[derive(Debug)]
pub(crate) struct Service {
    job: Job,
    log: PathBuf,
    greeting: Value,
    /// Held open and never written: its end tells the part that `xtask` is gone, however that happened.
    _lifeline: ChildStdin,
}

impl Service {
    /// Starts the part and waits for its ready line.
    pub(crate) fn start(
        name: &str,
        command: &mut Command,
        log: &Path,
        limit: Duration,
    ) -> Result<Self> {
        let mut file = create_log(log)?;
        let errors = file.try_clone().context("sharing a log file")?;
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(errors);
        let mut job = Job::start(name, command)?;
        let lifeline = job.take_stdin().context("a part without standard input")?;
        let stdout = job.take_stdout().context("a part without standard output")?;
        let (sender, greetings) = mpsc::channel();
        thread::spawn(move || {
            for line in lossy_lines(BufReader::new(stdout)) {
                let _ = writeln!(file, "{line}");
                if let Ok(value @ Value::Object(_)) = serde_json::from_str(&line)
                    && value.get("ready") == Some(&Value::Bool(true))
                {
                    let _ = sender.send(value);
                }
            }
        });
        let mut service =
            Self { job, log: log.to_owned(), greeting: Value::Null, _lifeline: lifeline };
        service.greeting = service.wait_for(&greetings, limit)?;
        Ok(service)
    }

    /// The ready line.
    pub(crate) fn greeting(&self) -> &Value {
        &self.greeting
    }

    /// One of the addresses in the ready line.
    pub(crate) fn address(&self, name: &str) -> Option<&str> {
        self.greeting.get(name)?.as_str()
    }

    /// Fails when the part has ended.
    pub(crate) fn check(&mut self) -> Result<()> {
        let Some(status) = self.job.ended()? else { return Ok(()) };
        let (name, log) = (self.job.name(), self.log.display());
        bail!("The {name} ended by itself ({status}). The end of {log}:\n{}", tail(&self.log))
    }

    fn wait_for(&mut self, greetings: &mpsc::Receiver<Value>, limit: Duration) -> Result<Value> {
        let begun = Instant::now();
        loop {
            if let Ok(greeting) = greetings.recv_timeout(POLL) {
                return Ok(greeting);
            }
            check_interrupted()?;
            self.check()?;
            if begun.elapsed() > limit {
                let (name, log) = (self.job.name(), self.log.display());
                bail!("The {name} was not ready after {} s; see {log}.", limit.as_secs());
            }
        }
    }
}

/// Asks `GET /health` until the answer is 200.
pub(crate) fn wait_until_healthy(address: &str, limit: Duration) -> Result<()> {
    let begun = Instant::now();
    loop {
        let answer = status_of(address, "/health");
        match &answer {
            Ok(200) => return Ok(()),
            _ if begun.elapsed() < limit => {}
            Ok(status) => bail!("The edge answers {address}/health with {status}."),
            Err(error) => bail!("The edge does not answer {address}/health: {error:#}."),
        }
        check_interrupted()?;
        thread::sleep(POLL);
    }
}

/// The status of `GET path`.
pub(crate) fn status_of(address: &str, path: &str) -> Result<u16> {
    let authority = address.strip_prefix("http://").context("the address is not http")?;
    let mut stream = TcpStream::connect(authority).context("connecting")?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n\r\n")?;
    let mut head = [0; 12];
    stream.read_exact(&mut head).context("reading the answer")?;
    let status = head.strip_prefix(b"HTTP/1.1 ").context("the answer is not HTTP/1.1")?;
    Ok(std::str::from_utf8(status)?.parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, limit: Duration) -> Result<Service> {
        static NUMBER: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let log =
            std::env::temp_dir().join(format!("perch-service-{}-{number}", std::process::id()));
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        let service = Service::start("shell", &mut command, &log, limit);
        let _ = std::fs::remove_file(log);
        service
    }

    #[test]
    fn the_ready_line_is_found_among_others() {
        let script = "echo hello; echo '{\"ready\":true,\"edge\":\"http://x\"}'; sleep 60";
        let mut service = shell(script, Duration::from_secs(20)).unwrap();
        assert_eq!(service.greeting()["edge"], "http://x");
        assert!(service.check().is_ok());
    }

    #[test]
    fn a_part_that_ends_early_is_an_error_with_its_output() {
        let error = shell("echo no luck >&2; exit 4", Duration::from_secs(20)).unwrap_err();
        assert!(error.to_string().contains("exit status: 4"), "{error}");
        assert!(error.to_string().contains("no luck"), "{error}");
    }

    #[test]
    fn a_part_that_is_never_ready_is_given_up() {
        let error = shell("sleep 60", Duration::from_millis(200)).unwrap_err();
        assert!(error.to_string().contains("not ready"), "{error}");
    }
}
