//! Builds, runs, tests and measures Perch: `cargo xtask dev`, `cargo xtask test`, and their parts.
//!
//! Deliberately small in dependencies, because every fresh clone compiles it before anything else.

mod audit;
mod bench;
mod build;
mod canary;
mod contract;
mod deploy;
mod dev;
mod docs;
mod generated;
mod npm;
mod prerequisites;
mod process;
mod progress;
mod python;
mod setup;
mod test;
mod tools;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

/// Builds, runs, tests and measures Perch.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Installs what is missing, builds everything, starts it and prints the links.
    Dev(dev::Options),
    /// Runs all tests, or the named groups.
    Test(test::Options),
    /// Builds everything, or the named parts.
    Build(build::Options),
    /// Installs what is missing and stops.
    Setup(setup::Options),
    /// Sets up and deploys the worker, or shows what that would do.
    Deploy(deploy::Options),
    /// Measures, and prints a table.
    Bench(bench::Options),
    /// Lets visitors chat and call and operators read for a long time; fails when memory is not flat.
    Soak(bench::Soak),
    /// Lets Schemathesis compare the simulator with the vendor's OpenAPI files.
    Schemathesis(contract::Options),
    /// Looks for keys in what comes out of the worker, over many hostile exchanges.
    Canary(canary::Options),
    /// Checks an export of the audit log.
    Audit(audit::Options),
    /// Measures wire sizes and fails when one is over its budget.
    Size,
    /// Writes the reference pages of all operations.
    Docs,
    /// Prints the list of platform operations.
    Ops(generated::Options),
    /// Prints the TypeScript types of all operations.
    Types(generated::Options),
    /// Prints what request bodies cannot do without.
    Needs(generated::Options),
    /// Removes what builds and runs left behind; the tool cache stays.
    Clean,
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is::<process::Interrupted>() => ExitCode::from(130),
        Err(error) => {
            progress::say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<()> {
    process::watch_signals()?;
    let workspace = Workspace::locate()?;
    match cli.task {
        Task::Dev(options) => dev::run(&workspace, &options),
        Task::Test(options) => test::run(&workspace, &options),
        Task::Build(options) => build::run(&workspace, &options),
        Task::Setup(options) => setup::run(&workspace, &options),
        Task::Deploy(options) => deploy::run(&workspace, &options),
        Task::Bench(options) => bench::run(&workspace, &options),
        Task::Soak(options) => bench::soak(&workspace, &options),
        Task::Schemathesis(options) => contract::run(&workspace, &options),
        Task::Canary(options) => canary::run(&workspace, &options),
        Task::Audit(options) => audit::run(&workspace, &options),
        Task::Size => bench::run(&workspace, &bench::Options::size_check()),
        Task::Docs => docs::write(&workspace),
        Task::Ops(options) => generated::OPERATIONS.run(&workspace, &options),
        Task::Types(options) => generated::TYPES.run(&workspace, &options),
        Task::Needs(options) => generated::NEEDS.run(&workspace, &options),
        Task::Clean => workspace.clean(),
    }
}
