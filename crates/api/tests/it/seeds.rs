//! Many seeds over all cores, tallied.

use std::{ops::AddAssign, thread};

/// Runs every seed below `count` and adds up what each tells.
pub(crate) fn tally<T>(count: u64, run: fn(u64) -> T) -> T
where
    T: AddAssign + Default + Send + 'static,
{
    let threads = thread::available_parallelism().map_or(2, usize::from) as u64;
    let workers: Vec<_> = (0..threads)
        .map(|worker| {
            thread::spawn(move || {
                let mut tally = T::default();
                for seed in (worker..count).step_by(threads as usize) {
                    tally += run(seed);
                }
                tally
            })
        })
        .collect();
    let mut tally = T::default();
    for worker in workers {
        tally += worker.join().expect("a seed failed; its message is above");
    }
    tally
}
