//! Child processes. Each leads a process group of its own, and no group outlives its [`Job`]:
//! not after Ctrl-C, not after an error, not after a panic here.

use std::{
    collections::VecDeque,
    fmt,
    fs::{self, File},
    io::{self, BufRead, BufReader},
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};

use crate::progress::Progress;

const POLL: Duration = Duration::from_millis(25);
const GRACE: Duration = Duration::from_secs(6);
/// Lines of a log shown when a step fails.
const TAIL: usize = 40;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// The user asked to stop (Ctrl-C, SIGTERM or a closed terminal).
#[derive(Debug)]
pub(crate) struct Interrupted;

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("stopped on request")
    }
}

impl std::error::Error for Interrupted {}

/// Turns SIGINT, SIGTERM and SIGHUP into [`Interrupted`] at the next wait.
pub(crate) fn watch_signals() -> Result<()> {
    ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::Relaxed)).context("watching signals")
}

/// Fails once the user asked to stop.
pub(crate) fn check_interrupted() -> Result<()> {
    if INTERRUPTED.load(Ordering::Relaxed) { Err(Interrupted.into()) } else { Ok(()) }
}

/// A running program and all that it started.
#[derive(Debug)]
pub(crate) struct Job {
    name: String,
    child: Child,
}

impl Job {
    /// Starts `command` as the leader of a new process group.
    pub(crate) fn start(name: &str, command: &mut Command) -> Result<Self> {
        check_interrupted()?;
        let child = command.process_group(0).spawn().with_context(|| {
            format!("starting {name} ({})", command.get_program().to_string_lossy())
        })?;
        Ok(Self { name: name.to_owned(), child })
    }

    /// What people call it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The process id of the group's leader.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The piped standard output, once.
    pub(crate) fn take_stdout(&mut self) -> Option<ChildStdout> {
        self.child.stdout.take()
    }

    /// The piped standard input, once.
    pub(crate) fn take_stdin(&mut self) -> Option<ChildStdin> {
        self.child.stdin.take()
    }

    /// The exit status, if it has ended.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.child.try_wait().with_context(|| format!("waiting for {}", self.name))
    }

    /// Waits for the end, for the user's wish to stop, or for `tick` to fail.
    pub(crate) fn wait(&mut self, mut tick: impl FnMut() -> Result<()>) -> Result<ExitStatus> {
        loop {
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            check_interrupted()?;
            tick()?;
            thread::sleep(POLL);
        }
    }

    /// Ends the whole group: first politely, then not.
    pub(crate) fn stop(&mut self) {
        let Ok(pid) = i32::try_from(self.child.id()) else { return };
        let group = Pid::from_raw(pid);
        let asked = Instant::now();
        let mut gone = killpg(group, Signal::SIGTERM).is_err();
        while !gone && asked.elapsed() < GRACE {
            let _ = self.child.try_wait();
            gone = killpg(group, None).is_err();
            thread::sleep(POLL);
        }
        if !gone {
            let _ = killpg(group, Signal::SIGKILL);
        }
        let _ = self.child.wait();
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Runs a step quietly: its output goes to `log`, and the end of it into the error if the step fails.
pub(crate) fn run_logged(
    name: &str,
    command: &mut Command,
    log: &Path,
    progress: &Progress,
) -> Result<()> {
    let file = create_log(log)?;
    let copy = file.try_clone().context("sharing a log file")?;
    let status = Job::start(name, command.stdout(file).stderr(copy))?.wait(|| progress.tick())?;
    if !status.success() {
        bail!("{name} failed ({status}). The end of {}:\n{}", log.display(), tail(log));
    }
    Ok(())
}

/// Runs a command on this terminal, handing each line of its output to `read` as well.
pub(crate) fn run_shown(
    name: &str,
    command: &mut Command,
    mut read: impl FnMut(&str) + Send,
) -> Result<ExitStatus> {
    let mut job = Job::start(name, command.stdout(Stdio::piped()))?;
    let stdout = job.take_stdout();
    thread::scope(|scope| {
        scope.spawn(move || {
            for line in stdout.into_iter().flat_map(|out| lossy_lines(BufReader::new(out))) {
                // A closed standard output must not stop the reading, or the child would hang.
                let _ = io::Write::write_all(&mut io::stdout(), format!("{line}\n").as_bytes());
                read(&line);
            }
        });
        let status = job.wait(|| Ok(()));
        job.stop();
        status
    })
}

/// Creates a log file and its folder.
pub(crate) fn create_log(path: &Path) -> Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
    }
    File::create(path).with_context(|| format!("creating {}", path.display()))
}

/// The last lines of a log.
pub(crate) fn tail(log: &Path) -> String {
    let Ok(file) = File::open(log) else { return String::new() };
    let mut last = VecDeque::new();
    for line in lossy_lines(BufReader::new(file)) {
        if last.len() == TAIL {
            last.pop_front();
        }
        last.push_back(format!("    {line}"));
    }
    Vec::from(last).join("\n")
}

/// Lines of a reader, whatever their encoding.
pub(crate) fn lossy_lines(reader: impl BufRead) -> impl Iterator<Item = String> {
    reader
        .split(b'\n')
        .map_while(io::Result::ok)
        .map(|line| String::from_utf8_lossy(&line).trim_end_matches('\r').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stopped_job_takes_its_children_with_it() {
        let mut shell = Command::new("sh");
        shell.args(["-c", "sleep 60 & echo $!; wait"]).stdout(Stdio::piped());
        let mut job = Job::start("shell", &mut shell).unwrap();
        let out = job.take_stdout().unwrap();
        let inner = lossy_lines(BufReader::new(out)).next().unwrap();
        let inner = Pid::from_raw(inner.parse().unwrap());
        assert!(nix::sys::signal::kill(inner, None).is_ok());
        drop(job);
        // The orphan may wait a moment for init to reap it; a zombie still answers signal 0.
        let state = fs::read_to_string(format!("/proc/{inner}/stat")).unwrap_or_default();
        assert!(state.is_empty() || state.contains(") Z "), "still running: {state}");
    }

    #[test]
    fn a_failing_step_shows_the_end_of_its_log() {
        let log = std::env::temp_dir().join(format!("perch-xtask-{}.log", std::process::id()));
        let mut shell = Command::new("sh");
        shell.args(["-c", "echo first; echo the reason >&2; exit 3"]);
        let error = run_logged("shell", &mut shell, &log, &Progress::new(1)).unwrap_err();
        let _ = fs::remove_file(&log);
        assert!(error.to_string().contains("the reason"), "{error}");
        assert!(error.to_string().contains("exit status: 3"), "{error}");
    }
}
