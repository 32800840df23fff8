//! Progress for people: one line when a step starts, one when it ends; on a terminal a live clock between.

use std::{
    fmt,
    io::{IsTerminal, Write, stderr},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, anyhow};

use crate::process::check_interrupted;

/// Writes a line to standard error; a closed terminal is no reason to fail.
pub(crate) fn say(line: &str) {
    let _ = writeln!(stderr(), "{line}");
}

/// A piece of work that may run on a thread of its own.
pub(crate) type Work<'a> = Box<dyn FnOnce() -> Result<()> + Send + 'a>;

/// Runs jobs on threads of their own; one failure gives up the others.
pub(crate) fn side_by_side<'a>(jobs: impl IntoIterator<Item = Work<'a>>) -> Result<()> {
    let results: Vec<Result<()>> = thread::scope(|scope| {
        let running: Vec<_> = jobs.into_iter().map(|job| scope.spawn(job)).collect();
        let join = |job: thread::ScopedJoinHandle<'_, Result<()>>| {
            job.join().unwrap_or_else(|_| Err(anyhow!("a step broke off")))
        };
        running.into_iter().map(join).collect()
    });
    check_interrupted()?;
    // What failed by itself tells more than what was stopped because of it.
    let errors = results.into_iter().filter_map(Result::err);
    let (given_up, failed): (Vec<_>, Vec<_>) = errors.partition(anyhow::Error::is::<GivenUp>);
    failed.into_iter().chain(given_up).next().map_or(Ok(()), Err)
}

/// `7.4 s` or `3 min 05 s`.
pub(crate) fn human(time: Duration) -> String {
    if time.as_secs() < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {:02} s", time.as_secs() / 60, time.as_secs() % 60)
    }
}

/// Numbers the steps of one task; steps may run on several threads.
#[derive(Debug)]
pub(crate) struct Progress {
    total: usize,
    live: bool,
    failed: AtomicBool,
    state: Mutex<State>,
}

/// This step was stopped because another one failed.
#[derive(Debug)]
struct GivenUp;

impl fmt::Display for GivenUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("stopped because another step failed")
    }
}

impl std::error::Error for GivenUp {}

#[derive(Debug, Default)]
struct State {
    started: usize,
    running: Vec<(usize, String, Instant)>,
    drawn: Option<Instant>,
}

impl Progress {
    /// Progress over `total` steps.
    pub(crate) fn new(total: usize) -> Self {
        Self {
            total,
            live: stderr().is_terminal(),
            failed: AtomicBool::new(false),
            state: Mutex::default(),
        }
    }

    /// Counts a step that had nothing to do.
    pub(crate) fn present(&self, label: &str) {
        let mut state = self.state();
        state.started += 1;
        let number = state.started;
        self.line(&mut state, &format!("[{number}/{}] {label}: present", self.total));
    }

    /// Runs one step and says how long it took.
    pub(crate) fn step<T>(&self, label: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let begun = Instant::now();
        let number = {
            let mut state = self.state();
            state.started += 1;
            let number = state.started;
            state.running.push((number, label.to_owned(), begun));
            if !self.live {
                self.line(&mut state, &format!("[{number}/{}] {label} ...", self.total));
            }
            number
        };
        let result = work();
        let mut state = self.state();
        state.running.retain(|(other, ..)| *other != number);
        if result.is_err() {
            self.failed.store(true, Ordering::Relaxed);
        }
        let outcome = if result.is_ok() { "done" } else { "stopped" };
        let time = human(begun.elapsed());
        self.line(&mut state, &format!("[{number}/{}] {label}: {outcome} in {time}", self.total));
        result
    }

    /// For waiting loops: redraws the live line once a second, and fails once any step has failed.
    pub(crate) fn tick(&self) -> Result<()> {
        self.draw();
        if self.failed.load(Ordering::Relaxed) { Err(GivenUp.into()) } else { Ok(()) }
    }

    fn draw(&self) {
        let mut state = self.state();
        let due = state.drawn.is_none_or(|at| at.elapsed() >= Duration::from_secs(1));
        if !self.live || !due || state.running.is_empty() {
            return;
        }
        let running: Vec<String> = state
            .running
            .iter()
            .map(|(_, label, begun)| format!("{label} {} s", begun.elapsed().as_secs()))
            .collect();
        let _ = write!(stderr(), "\r\x1b[K      {}", running.join(", "));
        let _ = stderr().flush();
        state.drawn = Some(Instant::now());
    }

    fn line(&self, state: &mut State, text: &str) {
        if self.live && state.drawn.take().is_some() {
            let _ = write!(stderr(), "\r\x1b[K");
        }
        say(text);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_failed_step_is_told_and_the_others_give_up() {
        let progress = Progress::new(2);
        let patient = || {
            progress.step("patient", || {
                loop {
                    progress.tick()?;
                    thread::sleep(Duration::from_millis(5));
                }
            })
        };
        let broken = || progress.step("broken", || Err(anyhow!("the reason")));
        let error = side_by_side([Box::new(patient) as Work<'_>, Box::new(broken)]).unwrap_err();
        assert_eq!(error.to_string(), "the reason");
    }

    #[test]
    fn times_read_naturally() {
        assert_eq!(human(Duration::from_millis(7_420)), "7.4 s");
        assert_eq!(human(Duration::from_secs(185)), "3 min 05 s");
    }
}
