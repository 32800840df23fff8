//! Progress for people: one line when a step starts, one when it ends; on a terminal a live clock between.

use std::{
    io::{IsTerminal, Write, stderr},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use anyhow::Result;

/// Writes a line to standard error; a closed terminal is no reason to fail.
pub(crate) fn say(line: &str) {
    let _ = writeln!(stderr(), "{line}");
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
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    started: usize,
    running: Vec<(usize, String, Instant)>,
    drawn: Option<Instant>,
}

impl Progress {
    /// Progress over `total` steps.
    pub(crate) fn new(total: usize) -> Self {
        Self { total, live: stderr().is_terminal(), state: Mutex::default() }
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
        let outcome = if result.is_ok() { "done" } else { "stopped" };
        let time = human(begun.elapsed());
        self.line(&mut state, &format!("[{number}/{}] {label}: {outcome} in {time}", self.total));
        result
    }

    /// Redraws the live line, at most once a second; waiting loops call it.
    pub(crate) fn tick(&self) {
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
    fn times_read_naturally() {
        assert_eq!(human(Duration::from_millis(7_420)), "7.4 s");
        assert_eq!(human(Duration::from_secs(185)), "3 min 05 s");
    }
}
