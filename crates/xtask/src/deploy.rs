//! `cargo xtask deploy`: from answers to a worker that runs at Cloudflare, or to the plan of it.

mod answers;
mod config;
mod plan;
mod secrets;

use std::{
    fs,
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::{
    bench::{files_below, sizes},
    build,
    dev::{Service, random_text, status_of, write_private},
    process::{Job, check_interrupted, tail},
    progress::{Progress, say},
    setup,
    workspace::Workspace,
};
use answers::Answers;
use plan::Measured;
use secrets::Secrets;

/// The sign-in link of a first deployment is good for so long.
const SETUP_LIFE: Duration = Duration::from_mins(15);
const START_LIMIT: Duration = Duration::from_mins(1);
const READY_LIMIT: Duration = Duration::from_secs(15);

/// `cargo xtask deploy`.
#[derive(Debug, clap::Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct Options {
    /// The answers; asked for on the terminal, and written there, if there is no such file.
    #[arg(long, value_name = "FILE", default_value = "perch.toml")]
    config: PathBuf,
    /// Shows the plan, lets wrangler check it, and changes nothing. Needs no account.
    #[arg(long)]
    dry_run: bool,
    /// A first deployment, or a new sign-in link: also sets a new set-up token and, where the
    /// environment has none, a new root key.
    #[arg(long)]
    first: bool,
    /// Deploys what was built last.
    #[arg(long)]
    no_build: bool,
    /// Does not ask before it deploys.
    #[arg(long)]
    yes: bool,
}

/// Asks, builds, rehearses, shows the plan, deploys.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let file = workspace.root().join(&options.config);
    let mut answers = match file.exists() {
        true => Answers::read(&file)?,
        false if io::stdin().is_terminal() => Answers::ask(&file)?,
        false => bail!("{} is not there, and nobody is here to answer", file.display()),
    };
    if !options.no_build {
        let parts = [build::Part::Web, build::Part::Worker];
        let progress = Progress::new(setup::steps() + parts.len());
        setup::install(workspace, &progress)?;
        build::build(workspace, &parts, &progress)?;
    }
    if options.first {
        let expires = SystemTime::now().duration_since(UNIX_EPOCH)? + SETUP_LIFE;
        let expires = Value::from(expires.as_secs().to_string());
        answers.vars.insert("PERCH_SETUP_EXPIRES".to_owned(), expires);
    }
    let secrets = Secrets::gather(options.first)?;
    let ready_ms = rehearse(workspace, &answers)?;
    let worker = files_below(&workspace.root().join("edge-worker/build"))?;
    let measured = Measured {
        worker_gzip: sizes(workspace, "worker", &worker)?.gzip.into(),
        files: files_below(&workspace.root().join("dist"))?.len(),
        ready_ms,
    };
    let folder = workspace.state().join("deploy");
    fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
    let wrangler = Wrangler { workspace, config: folder.join(format!("{}.json", answers.name)) };
    let document = config::merge(config::base(workspace.root())?, &answers, "../..");
    fs::write(&wrangler.config, format!("{document:#}\n"))
        .with_context(|| format!("writing {}", wrangler.config.display()))?;

    print!("{}", plan::plan(&document, &secrets.fingerprints(), Some(&measured)));
    let out = folder.join("out");
    wrangler.run("wrangler deploy --dry-run", &["deploy", "--dry-run", "--outdir"], Some(&out))?;
    say("wrangler accepts it.");
    if options.dry_run {
        return Ok(());
    }
    if !options.yes && !confirmed("Deploy it? [y/N] ")? {
        bail!("nothing was deployed");
    }
    wrangler.run("wrangler deploy", &["deploy"], None)?;
    if !secrets.fingerprints().is_empty() {
        wrangler.bulk(&secrets)?;
    }
    say(&format!("\nDeployed. Is it up?  curl https://{}/health/ready", answers.console_host));
    if let Some(token) = secrets.setup_token().filter(|_| options.first) {
        say("Sign in within 15 minutes; the link works once:");
        println!("  https://{}/console/#setup={token}", answers.console_host);
    }
    Ok(())
}

/// Lets the built worker read the variables, with a root key of its own: what it refuses is not deployed.
fn rehearse(workspace: &Workspace, answers: &Answers) -> Result<u128> {
    let mut vars = answers.texts();
    vars.insert("PERCH_ROOT_KEY".to_owned(), random_text(32)?);
    let file = workspace.state().join("rehearsal.json");
    let settings = json!({ "port": 0, "host": "127.0.0.1", "assets": "dist", "vars": vars });
    write_private(&file, &settings)?;
    let log = workspace.log("rehearsal");
    let begun = Instant::now();
    let mut node = workspace.command(workspace.node());
    node.arg("edge-worker/runtime/serve.mjs").arg("--config").arg(&file);
    let edge = Service::start("rehearsal", &mut node, &log, START_LIMIT)?;
    let address = edge.address("edge").context("the rehearsal names no address")?;
    loop {
        match status_of(address, "/health/ready") {
            Ok(200) => return Ok(begun.elapsed().as_millis()),
            Err(_) if begun.elapsed() < READY_LIMIT => check_interrupted()?,
            _ => bail!("The worker does not accept the configuration:\n{}", tail(&log)),
        }
    }
}

fn confirmed(question: &str) -> Result<bool> {
    let mut stderr = io::stderr();
    write!(stderr, "{question}").and_then(|()| stderr.flush()).context("asking")?;
    let mut line = String::new();
    io::stdin().read_line(&mut line).context("reading an answer")?;
    Ok(matches!(line.trim(), "y" | "Y" | "yes"))
}

/// The pinned wrangler with one configuration.
struct Wrangler<'a> {
    workspace: &'a Workspace,
    config: PathBuf,
}

impl Wrangler<'_> {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.workspace.command(self.workspace.npm_bin("wrangler"));
        command
            .args(arguments)
            .env("WRANGLER_SEND_METRICS", "false")
            .env("WRANGLER_LOG_PATH", self.workspace.state().join("logs"));
        command
    }

    fn run(&self, name: &str, arguments: &[&str], out: Option<&Path>) -> Result<()> {
        let mut command = self.command(arguments);
        command.args(out).arg("--config").arg(&self.config);
        let log = self.workspace.log("wrangler");
        let file = crate::process::create_log(&log)?;
        let errors = file.try_clone().context("sharing a log file")?;
        let status = Job::start(name, command.stdout(file).stderr(errors))?.wait(|| Ok(()))?;
        if !status.success() {
            bail!("{name} failed ({status}):\n{}", tail(&log));
        }
        Ok(())
    }

    /// Hands the secrets over on standard input: they are in no file and in no list of processes.
    fn bulk(&self, secrets: &Secrets) -> Result<()> {
        let mut command = self.command(&["secret", "bulk", "--config"]);
        command.arg(&self.config).stdin(Stdio::piped());
        let mut job = Job::start("wrangler secret bulk", &mut command)?;
        let mut input = job.take_stdin().context("wrangler without standard input")?;
        input
            .write_all(secrets.document().to_string().as_bytes())
            .context("handing the secrets over")?;
        drop(input);
        let status = job.wait(|| Ok(()))?;
        if !status.success() {
            bail!("setting the secrets failed ({status}); the worker runs without the new ones");
        }
        Ok(())
    }
}
