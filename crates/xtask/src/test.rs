//! `cargo xtask test`: style, native tests, then real workerd and real Chromium.

mod count;
mod groups;

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::{
    process::Interrupted,
    progress::{human, say},
    workspace::Workspace,
};
pub(crate) use count::Count;
use groups::Group;

/// `cargo xtask test`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// What to run; all groups if nothing is named.
    groups: Vec<Group>,
    /// Goes on with the next group after a failure.
    #[arg(long)]
    keep_going: bool,
}

/// Runs the groups, prints a summary, and fails if anything failed.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let begun = Instant::now();
    let groups = if options.groups.is_empty() { &Group::ALL } else { options.groups.as_slice() };
    let mut results: Vec<Outcome> = Vec::new();
    let mut built = false;
    for group in groups {
        let stop = !options.keep_going && results.iter().any(|result| result.count.failed > 0);
        if stop {
            break;
        }
        say(&format!("\n== {} ==", group.label()));
        let started = Instant::now();
        let count = match group.run(workspace, &mut built) {
            Ok(count) => count,
            Err(error) if error.is::<Interrupted>() => return Err(error),
            Err(error) => {
                say(&format!("error: {error:#}"));
                Count::FAILURE
            }
        };
        results.push(Outcome { group: group.label(), count, took: started.elapsed() });
    }
    let left_out = groups.get(results.len()..).unwrap_or_default();
    let total = results.iter().fold(Count::default(), |sum, result| sum + result.count);
    print_summary(&results, left_out, begun.elapsed());
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed > 0 {
        bail!("the tests failed");
    }
    Ok(())
}

#[derive(Debug)]
struct Outcome {
    group: &'static str,
    count: Count,
    took: Duration,
}

fn print_summary(results: &[Outcome], left_out: &[Group], took: Duration) {
    println!("\n{:<10} {:>7} {:>7} {:>8}  time", "group", "passed", "failed", "skipped");
    for Outcome { group, count, took } in results {
        let Count { passed, failed, skipped } = count;
        println!("{group:<10} {passed:>7} {failed:>7} {skipped:>8}  {}", human(*took));
    }
    for group in left_out {
        println!("{:<10} not run", group.label());
    }
    println!("all in {}", human(took));
}
